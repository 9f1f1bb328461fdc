"""Letters: whom they are about, and who wrote them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backfile.domain.document import Sighting, SightingSource
from backfile.domain.document import SightingKind as K
from backfile.domain.geometry import union_boxes
from backfile.domain.page import PageReading
from classify.identifiers import IdentifierFinder
from classify.layout import lay_out_page
from classify.letters import is_to_layman, name_letter
from classify.signers import is_nurses_note
from tests.classify.paper import RULES, look, type_page, values

LETTER = """
HARBOR EYE ASSOCIATES
May 4, 1987

{name}
61 Quay Street

Dear {greeted}:

This is to confirm your appointment for surgery on May 19. Please bring someone
to drive you home.

Sincerely,

Nora Bell, Surgical Coordinator
"""


class Eager:
    """A model that takes the date for a birth date and the writer for the patient."""

    def __init__(self, *seen: tuple[K, str, str]) -> None:
        self._seen = seen

    def find_spans(self, page: PageReading) -> tuple[Sighting, ...]:
        return tuple(self._see(page, *seen) for seen in self._seen)

    def _see(self, page: PageReading, kind: K, raw: str, value: str) -> Sighting:
        texts = [word.text for word in page.words]
        parts = raw.split()
        at = next(n for n in range(len(texts)) if texts[n : n + len(parts)] == parts)
        box = union_boxes(word.box for word in page.words[at : at + len(parts)])
        return Sighting(kind, value, raw, 0.97, 1, box, SightingSource.MODEL)


def eager(*seen: tuple[K, str, str]) -> IdentifierFinder:
    return replace(RULES, model=Eager(*seen))


def test_the_addressee_whom_the_salutation_repeats_is_the_patient() -> None:
    seen = look(LETTER.format(name="Mr. Gaston Dubois", greeted="Mr. Dubois"))
    assert values(seen, K.PATIENT_NAME) == ["Dubois, Gaston"]
    assert values(seen, K.SERVICE_DATE) == ["1987-05-04"]


@pytest.mark.parametrize(
    ("name", "greeted"), [("Dr. Gaston Dubois", "Dr. Dubois"), ("Gaston Dubois", "Ms. Hale")]
)
def test_a_letter_to_somebody_else_names_no_patient(name: str, greeted: str) -> None:
    assert values(look(LETTER.format(name=name, greeted=greeted)), K.PATIENT_NAME) == []


def test_the_model_takes_neither_the_writer_nor_the_date_of_a_letter() -> None:
    finder = eager((K.PATIENT_NAME, "Nora Bell,", "Bell, Nora"), (K.BIRTH_DATE, "May 4, 1987", "1987-05-04"))
    seen = look(LETTER.format(name="Mr. Gaston Dubois", greeted="Mr. Dubois"), finder=finder)
    assert values(seen, K.PATIENT_NAME) == ["Dubois, Gaston"]
    assert values(seen, K.BIRTH_DATE) == []


def test_the_model_s_later_dates_of_birth_are_visits() -> None:
    finder = eager((K.BIRTH_DATE, "11/17/71", "1971-11-17"), (K.BIRTH_DATE, "03/22/08", "2008-03-22"))
    seen = look(
        "Pt: DELGADO, FRANKLIN    #7004552    11/17/71\n03/22/08 2110\nDiet as tolerated\n", finder=finder
    )
    assert values(seen, K.BIRTH_DATE) == ["1971-11-17"]
    assert values(seen, K.SERVICE_DATE) == ["2008-03-22"]


def test_nobody_is_born_after_a_date_of_the_page() -> None:
    finder = eager(
        (K.BIRTH_DATE, "18 January 1973", "1973-01-18"), (K.OTHER_DATE, "8 May 1971", "1971-05-08")
    )
    seen = look(
        "ELECTROCARDIOGRAM      18 January 1973\nas in tracing No. 288 of 8 May 1971\n", finder=finder
    )
    assert values(seen, K.BIRTH_DATE) == []
    assert values(seen, K.SERVICE_DATE) == ["1973-01-18"]


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (K.PATIENT_NAME, "Moscow, Idaho", "Moscow, Idaho"),
        (K.PATIENT_NAME, "M  CATH", "CATH, M"),
        (K.MRN, "10-20-98", "102098"),
        (K.PATIENT_NAME, "Ames, Boyle, Chandra", "Ames, Boyle Chandra"),
    ],
)
def test_what_cannot_be_one_is_not_believed_of_the_model(kind: K, raw: str, value: str) -> None:
    seen = look(f"Visit   {raw}\n\nWt 152   BP 130/84\n", finder=eager((kind, raw, value)))
    assert values(seen, kind) == []


def test_a_letter_greets_by_the_first_name() -> None:
    seen = look(LETTER.format(name="Gaston Dubois", greeted="Gaston"))
    assert values(seen, K.PATIENT_NAME) == ["Dubois, Gaston"]


def test_a_letter_that_speaks_to_its_patient_is_no_report() -> None:
    letter = (
        "April 4, 2003\n\nDear Ms. Lindemann:\n\n"
        "We are pleased to let you know that the views of your right breast show no sign of cancer.\n"
        "A report has been sent to your physician. Thank you for letting us take part in your care.\n\n"
        "Sincerely,\n\nHarriet J. Moncrief, M.D.\n"
    )
    layout = lay_out_page(type_page(letter))
    assert name_letter(layout) == "correspondence"
    assert is_to_layman(layout)
    to_doctor = lay_out_page(type_page(letter.replace("Ms. Lindemann", "Dr. Ogilvie")))
    assert name_letter(to_doctor) != "correspondence"
    assert not is_to_layman(to_doctor)


@pytest.mark.parametrize(
    ("signature", "is_hers"),
    [
        ("Pauline Gervais, RN", True),
        ("N. Boyle L.P.N.", True),
        ("Pauline Gervais, RN   A. Voss, MD", False),
        ("", False),
    ],
)
def test_a_note_that_only_a_nurse_signed_is_a_nurses(signature: str, is_hers: bool) -> None:
    said = "Patient up in kitchen on arrival, using her cane, states leg feels hot.\n" * 4
    assert is_nurses_note(lay_out_page(type_page(said + signature + "\n"))) is is_hers
    assert not is_nurses_note(
        lay_out_page(type_page("Time   Pulse   Temp\n0800   88   98.6\n" + signature + "\n"))
    )
