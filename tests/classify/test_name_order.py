"""Which words of a name are the last name."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from classify.identifiers import find_evidence
from tests.classify.paper import RULES, look, type_page, values


@pytest.mark.parametrize(
    ("printed", "text", "value"),
    [
        ("Name (Last, First): MOHAN BHATT", "Mr. Bhatt was seen.", "BHATT, MOHAN"),
        ("Name (Last, First): MOHAN BHATT", "Mr. Mohan was seen.", "MOHAN, BHATT"),
        ("Patient: Daryl Calderon Zavala", "Mr. Calderon Zavala went home.", "Calderon Zavala, Daryl"),
        ("Patient: Daryl Calderon Zavala", "Seen by Mr. Jones.", "Zavala, Daryl Calderon"),
        ("Patient: Daryl Gray Jr", "Mr. Gray went home.", "Gray, Daryl Jr"),
        ("Patient: BHATT, MOHAN", "Mr. Mohan was seen.", "BHATT, MOHAN"),
    ],
)
def test_the_text_tells_the_last_name(printed: str, text: str, value: str) -> None:
    assert values(look(f"{printed}\nDOB: 03/12/1950\n\n{text}\n"), K.PATIENT_NAME) == [value]


def test_the_same_name_with_its_comma_tells_the_order() -> None:
    seen = look("Patient: BHATT, MOHAN\nDOB: 03/12/1950\n\n\nName (Last, First): MOHAN BHATT\n")
    assert values(seen, K.PATIENT_NAME) == ["BHATT, MOHAN"]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("GILBERTO A RAMOS OROZCO", "RAMOS OROZCO, GILBERTO A"),
        ("JENNIFER DEL TORO VALDES", "DEL TORO VALDES, JENNIFER"),
        ("NGUYEN THANH", "NGUYEN, THANH"),
    ],
)
def test_an_initial_or_particle_tells_the_order(printed: str, value: str) -> None:
    assert values(look(f"Name (Last, First): {printed}\nDOB: 03/12/1950\n"), K.PATIENT_NAME) == [value]


@pytest.mark.parametrize(
    ("printed", "value"), [("Mays, E1mer H", "Mays, Elmer H"), ("Robinson. W illiam", "Robinson, William")]
)
def test_damaged_names_are_mended_and_unsure(printed: str, value: str) -> None:
    seen = [s for s in look(f"Patient: {printed}\nDOB: 03/12/1950\n") if s.kind is K.PATIENT_NAME]
    assert [s.value for s in seen] == [value]
    assert not any(char.isdigit() for char in value)


@pytest.mark.parametrize(
    "line",
    [
        "PATIENT TRIED AZITHROMYCIN AT HOME WITH LITTLE BENEFIT.",
        "Boston. MA 02142",
        "(214) 229-5005   06/12/2019   Primary Insurance: Humane Gold Plus",
    ],
)
def test_what_is_no_name(line: str) -> None:
    assert values(look(f"MRN: 00412233   DOB: 03/12/1950\n{line}\n"), K.PATIENT_NAME) == []


def test_the_surgeon_under_the_label_is_no_patient() -> None:
    seen = look(
        "MRN: 00412233   DOB: 03/12/1950\n\nPhone No.    Operating Surgeon\n2142295005   Casey, Linda\n"
    )
    assert values(seen, K.PATIENT_NAME) == []
    assert values(seen, K.PROVIDER) == ["Casey, Linda"]


def test_a_house_number_is_no_mrn() -> None:
    seen = look("Chart Number   19333 S 17th Street\nH477893        Seattle, WA 98134\n")
    assert values(seen, K.MRN) == ["H477893"]


def test_the_number_of_a_visit_on_a_sticker_is_no_mrn() -> None:
    seen = look("LOPEZ, KATHY I\nV3040497161\n12-13-1945 F 76 yrs\n")
    assert values(seen, K.MRN) == []
    assert values(seen, K.ENCOUNTER) == ["V3040497161"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Patient: CANTRELL.CHARLENE", ["CANTRELL, CHARLENE"]),
        ("Patient: Ye.Karen", ["Ye, Karen"]),
        ("Patient: CANTRELL.CHARLENE M", ["CANTRELL, CHARLENE M"]),
        ("CANTRELL.CHARLENE\nDOB 12/01/1963   F   56 years", ["CANTRELL, CHARLENE"]),
        ("Patient: St.Paul", []),
        ("Patient: Med.Rec", []),
    ],
)
def test_a_full_stop_for_the_comma_without_a_space(text: str, names: list[str]) -> None:
    assert values(look(f"{text}\nMRN: 00412233\n"), K.PATIENT_NAME) == names


def test_a_name_with_a_word_that_is_hardly_one_is_none() -> None:
    page = type_page("NAME   TANTO H RSI\nMRN: 00412233\n", confidence=0.14)
    assert values(find_evidence(page, page_number=1, finder=RULES).sightings, K.PATIENT_NAME) == []


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12:01 1963", "1963-12-01"),
        ("02-Dee-1959", "1959-12-02"),
        ("Jnn 26, 1962", None),
        ("12:01", None),
        ("13:45 1963", None),
    ],
)
def test_a_birth_date_with_misread_signs_is_mended_and_unsure(printed: str, value: str | None) -> None:
    seen = [s for s in look(f"Patient: SMITH, JOHN\nDate of Birth: {printed}\n") if s.kind is K.BIRTH_DATE]
    assert [s.value for s in seen] == ([value] if value else [])
    assert all(s.confidence < 0.75 for s in seen)


def test_the_member_of_an_insurance_is_no_mrn() -> None:
    seen = look("Self pay\nMember: PATRICIA WILSON   ID: HCU114746820\nGroup No.: 876080   Product: HMO\n")
    assert values(seen, K.MRN) == []
