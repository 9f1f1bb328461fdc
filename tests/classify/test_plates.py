"""Whose a page is where no label says it: blocks in its corner, deliveries, letters to a doctor."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from tests.classify.paper import look, values

BODY = "\n\nSeen today, doing well.\n"


@pytest.mark.parametrize(
    "block",
    [
        "Week 2 of 6      Adaeze Nwankwo\n                 RT-4415\n                 3/9/71    F",
        "U220 481\nMAC AULIFFE FIONA\n21.09.77   F",
        "NIGHTINGALE  ROSE\nOB 5518-20      14MAR1980",
    ],
)
def test_a_name_its_number_and_its_birth_date_stand_in_a_block(block: str) -> None:
    seen = look(block + BODY)
    assert len(values(seen, K.PATIENT_NAME)) == 1
    assert len(values(seen, K.BIRTH_DATE)) == 1
    assert values(seen, K.MRN)[0] in {"RT4415", "U220481", "OB551820"}


@pytest.mark.parametrize(
    "block",
    [
        "Seen by          Adaeze Nwankwo\n                 Main Street 4",
        "Adaeze Nwankwo\n3/9/71",
        "Adaeze Nwankwo\nRT-4415\n3/9/71    F\n\nBola Okafor\nRT-4416\n5/9/71    F",
    ],
)
def test_less_than_a_block_and_more_than_one_name_nobody(block: str) -> None:
    assert not values(look(block + BODY), K.PATIENT_NAME)


def test_the_last_name_of_a_plate_comes_first_where_the_other_is_a_given_name() -> None:
    seen = look("U220 481\nMAC AULIFFE ROSE\n21.09.77   F" + BODY)
    assert values(seen, K.PATIENT_NAME) == ["MAC AULIFFE, ROSE"]


def test_a_label_without_a_birth_date_has_the_one_beside_the_sex() -> None:
    seen = look("OKAFOR-BELL, GRACE\nMR# 77 50 214    08NOV2001 F\nDR HALL" + BODY)
    assert values(seen, K.BIRTH_DATE) == ["2001-11-08"]


def test_the_record_of_a_delivery_is_the_mothers() -> None:
    seen = look("""
HARBOR HOSPITAL                                      DELIVERY SUMMARY
Mother: KANOA, Lehua P.        Mother's DOB 5-11-71        Mother's Hosp # 81-44-09
Infant: Baby Boy Kanoa         Infant Hosp # 81-50-66
Birth date/time of infant      12/31/95   14:12
""")
    assert values(seen, K.PATIENT_NAME) == ["KANOA, Lehua P"]
    assert values(seen, K.BIRTH_DATE) == ["1971-05-11"]
    assert values(seen, K.MRN) == ["814409"]


def test_a_letter_to_a_doctor_names_its_patient_by_a_title() -> None:
    seen = look("""
Dear Doctor Hall,

This will introduce Mr. Anton Kovac (our chart K 5518, date of birth October 9, 1957), whom I would be
grateful if you would see. His sister, Mrs. Ilse Brand, comes with him.

Sincerely,
R. Meade, M.D.
""")
    assert values(seen, K.PATIENT_NAME) == ["Kovac, Anton"]
    assert values(seen, K.BIRTH_DATE) == ["1957-10-09"]
    assert values(seen, K.MRN) == ["K5518"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("I saw your patient Mrs. Emma Poole this morning.", ["Poole, Emma"]),
        ("re her husband Arne Dahl, your pt.  Still has cramps.", ["Dahl, Arne"]),
        ("I saw your patient Mrs. Emma Poole after my patient Mr. Carl Webb.", []),
        ("Her sister Emma Poole came with her.", []),
    ],
)
def test_a_text_speaks_of_one_patient(line: str, name: list[str]) -> None:
    assert values(look(line), K.PATIENT_NAME) == name


def test_a_sentence_over_a_block_tells_whose_it_is() -> None:
    seen = look("""
I,   Edith E. Ames-Ward  , born   May 17, 1924  , residing at   65 Lark Lane, declare:

I wish to designate as my surrogate:
     Name       Rev. Alton J. Hughes                Phone    555-0139
     Address    65 Lark Lane
Alternate:
     Name       Celeste Amory                       Phone    555-0171
""")
    assert values(seen, K.PATIENT_NAME) == ["Ames-Ward, Edith E"]
    assert values(seen, K.BIRTH_DATE) == ["1924-05-17"]
    assert "Hughes, Alton J" in values(seen, K.RELATIVE_NAME)
