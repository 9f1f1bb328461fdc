"""What each page of a document says of one patient, and who the patient could be taken for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from backfile.domain.document import SightingKind
from backfile.domain.evidence import PageEvidence
from backfile.domain.patient import Patient, PersonName
from classify.matching import MemoryPatientIndex
from classify.matching.levels import Field, Level
from classify.matching.lookalikes import Likeness, find_lookalikes
from classify.matching.pages import PageComparer, PageMark, mark_pages
from classify.matching.people import Person
from tests.matching.builders import JANE, RULES, numbered, page, patient, see

ROY = patient("roy", "Tillman, Roy", "00771234", "1944-02-03")
INDEX = MemoryPatientIndex([JANE, ROY])
AGREE, NONE, CONFLICT = PageMark.AGREE, PageMark.NONE, PageMark.CONFLICT


def marks(*pages: PageEvidence | None, of: Patient = JANE) -> tuple[PageMark, ...]:
    return mark_pages(pages, of, index=INDEX, rules=RULES)


def test_each_page_is_marked_on_its_own() -> None:
    hers = page(name="Harlow, Jane", mrn="00482913")
    his = page(name="Tillman, Roy", born="1944-02-03")
    bare = page(service="1999-05-01")
    assert marks(hers, bare, his) == (AGREE, NONE, CONFLICT)
    assert marks(hers, bare, his, of=ROY) == (CONFLICT, NONE, AGREE)


def test_a_page_that_could_not_be_read_says_nothing() -> None:
    assert marks(page(mrn="00482913"), None) == (AGREE, NONE)


def test_a_birth_date_alone_ties_no_page_and_another_one_conflicts() -> None:
    assert marks(page(born="1961-04-18")) == (NONE,)
    assert marks(page(born="1961-09-30")) == (CONFLICT,)


def test_the_number_of_another_patient_conflicts_though_the_name_agrees() -> None:
    assert marks(page(name="Harlow, Jane", mrn="00771234")) == (CONFLICT,)


def test_a_merged_record_is_marked_as_its_survivor() -> None:
    old = patient("old", "Harlow, Jane", "00990001", "1961-04-18", merged_into=JANE.id)
    index = MemoryPatientIndex([JANE, ROY, old])
    assert mark_pages([page(mrn="00482913")], old, index=index, rules=RULES) == (AGREE,)


def test_the_place_that_gave_a_field_its_verdict_is_named() -> None:
    first = page(name="Harlow, Jane", mrn="00482913")
    second = page(
        see("name", "Harlow, Jane"), see("born", "1950-01-01", top=0.3), see("born", "1961-04-18", top=0.5)
    )
    beside = PageComparer([first, second], index=INDEX, rules=RULES).lay_beside(JANE)
    assert beside is not None
    assert beside.has_conflict
    fields = {one.field: one for one in beside.fields}
    born = fields[Field.BIRTH_DATE]
    assert born.compared.level is Level.CONFLICT
    assert born.position == 2
    assert born.sighting is not None
    assert born.sighting.value == "1950-01-01"
    mrn = fields[Field.MRN]
    assert (mrn.position, mrn.compared.level) == (1, Level.EXACT)
    assert fields[Field.PHONE].sighting is None
    assert fields[Field.PHONE].position == 0


def test_every_compared_field_says_which_sightings_it_is_read_from() -> None:
    beside = PageComparer([page(mrn="1")], index=INDEX, rules=RULES).lay_beside(JANE)
    assert beside is not None
    assert [one.field for one in beside.fields] == list(Field)
    assert beside.fields[0].sighting is not None
    assert beside.fields[0].sighting.kind is SightingKind.MRN


def _likenesses(*others: Patient, of: Patient = JANE) -> list[Likeness]:
    index = MemoryPatientIndex([of, *others])
    return [one.likeness for one in find_lookalikes(Person(of), index)]


def test_lookalikes_are_told_by_kind_the_most_dangerous_first() -> None:
    twin = patient("twin", "Harlow, June", "00482914", "1961-04-18")
    namesake = patient("same", "Harlow, Jane", "00111222", "1990-10-10")
    assert _likenesses(namesake, twin) == [Likeness.TWIN, Likeness.NAMESAKE]
    assert _likenesses(ROY) == []


def test_father_and_son_of_one_name() -> None:
    son = patient("jr", "Tillman, Roy", "00771299", "1970-06-07")
    son = replace(son, name=PersonName("Tillman", "Roy", "", "Jr"))
    (found,) = find_lookalikes(Person(ROY), MemoryPatientIndex([ROY, son]))
    assert found.likeness is Likeness.SUFFIX
    assert found.patient_id == son.id
    assert "06/07/1970" in found.text


def test_at_most_three_lookalikes_are_told() -> None:
    many = [patient(f"n{n}", "Harlow, Jane", f"0090000{n}", f"19{n}0-01-02") for n in range(3, 9)]
    assert len(_likenesses(*many)) == 3


def test_another_number_series_makes_nobody_a_lookalike() -> None:
    other = replace(ROY, id="pat_other", identifiers=numbered("00009999"), birth_date=dt.date(1900, 1, 1))
    assert _likenesses(replace(other, name=PersonName("Quist", "Ada"))) == []
