"""Patients who are named in passing, by rule alone."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from tests.classify.paper import look, values


@pytest.mark.parametrize(
    ("line", "name", "birth", "mrn"),
    [
        ("Irena Novak   (07/04/1951)   Chart N-20881", ["Novak, Irena"], ["1951-07-04"], ["N20881"]),
        ("Nakagawa, June M     MRN J118840    F   56 yrs   (12/30/1952)", None, ["1952-12-30"], ["J118840"]),
        ("Delacroix, Yvette  DOB 8/21/1983  #70021", ["Delacroix, Yvette"], ["1983-08-21"], ["70021"]),
        ("SZYMANSKI,WALTER      M   02/08/1946    58Y       ID: W-77120", None, ["1946-02-08"], ["W77120"]),
        ("Doe, Jane      ID 5520981     DOB 16-APR-1937", ["Doe, Jane"], ["1937-04-16"], ["5520981"]),
        ("Jane Doe   b. 5/30/31", None, ["1931-05-30"], []),
        ("Caller: Petra Grun (patient)    DOB 5/17/59", ["Grun, Petra"], ["1959-05-17"], []),
        ("Patient: Jane Doe   Birth date 8/3/1979   MRN (hospital use) T661120", None, None, ["T661120"]),
    ],
)
def test_heads_without_forms(
    line: str, name: list[str] | None, birth: list[str] | None, mrn: list[str]
) -> None:
    seen = look(f"{line}\n\nSeen today for a sore throat.\n")
    assert name is None or values(seen, K.PATIENT_NAME) == name
    assert birth is None or values(seen, K.BIRTH_DATE) == birth
    assert values(seen, K.MRN) == mrn


def test_a_consent_names_the_patient_before_brackets() -> None:
    seen = look("""
I authorize Dr. Prakash Iyer and such assistants as may be selected
to perform upon Helena Wojcik (MRN 300871, date of birth 06/25/1949) the following:
""")
    assert values(seen, K.PATIENT_NAME) == ["Wojcik, Helena"]
    assert values(seen, K.BIRTH_DATE) == ["1949-06-25"]
    assert values(seen, K.MRN) == ["300871"]


def test_a_directive_names_who_made_it_and_not_the_agent() -> None:
    seen = look("""
I, Arvid Lindqvist, born December 1, 1926, being of sound mind, appoint my
daughter Karin Shaw, born March 3, 1951, as my agent.
""")
    assert values(seen, K.PATIENT_NAME) == ["Lindqvist, Arvid"]
    assert values(seen, K.BIRTH_DATE) == ["1926-12-01"]


@pytest.mark.parametrize(
    "text",
    [
        "Her daughter Karin Shaw, born March 3, 1951, lives nearby.",
        "She brought her son, born 3/3/1999, to the visit.",
        "Vaccine lot (03/04/2020) given without trouble. Refill #60021 was sent.",
        "Member ID 5520981     Group 12345",
        "Driver's License # 5520981",
    ],
)
def test_others_and_other_numbers_are_nobodys(text: str) -> None:
    seen = look(f"PROGRESS NOTE\n\n{text}\n")
    assert values(seen, K.BIRTH_DATE) == []
    assert values(seen, K.MRN) == []
    assert values(seen, K.PATIENT_NAME) == []


def test_a_number_on_the_line_of_an_insurance_is_no_mrn() -> None:
    seen = look("Patient: Jane Doe   DOB 8/3/1979   Insurance: BlueSky   ID# 55209817\n")
    assert values(seen, K.MRN) == []


def test_an_mrn_of_the_page_leaves_other_numbers_alone() -> None:
    seen = look("Doe, Jane   DOB 8/3/1979   MRN 123456   ID 5520981\n")
    assert values(seen, K.MRN) == ["123456"]


@pytest.mark.parametrize(("left", "born"), [("09/27/96", "1917-04-01"), ("09/27/2019", "2017-04-01")])
def test_the_stay_tells_the_century_of_a_birth_date(left: str, born: str) -> None:
    seen = look(f"DOE, AGATHA    00551220\nADM: 09/19/{left[6:]}    DIS: {left}    DOB: 04/01/17\n")
    assert values(seen, K.BIRTH_DATE) == [born]


@pytest.mark.parametrize(
    "text",
    [
        "To:   Elaine Prosser, M.D.                November 26, 1997\nRe:   Clyde Doe\nDOB: January 19, 1941",
        "Pt: Doe, Clyde     MRN# 870071     dob 1/19/41     11/26/1997",
        "Current Medications as of 11/26/1997\nClyde Doe   (01/19/1941)",
    ],
)
def test_the_date_in_a_cell_of_its_own_dates_the_document(text: str) -> None:
    seen = look(text)
    assert values(seen, K.SERVICE_DATE) == ["1997-11-26"]
    assert values(seen, K.BIRTH_DATE) == ["1941-01-19"]


def test_a_name_in_the_corner_beside_the_title() -> None:
    seen = look("""
NURSES NOTES                                       Pappas, Athena
                                                   600418
                                                   Born 10-10-33
""")
    assert values(seen, K.PATIENT_NAME) == ["Pappas, Athena"]
    assert values(seen, K.MRN) == ["600418"]


def test_an_age_in_brackets_marks_the_birth_date_and_a_number_above_the_name_is_the_mrn() -> None:
    seen = look("""
ID: 770134                  02-Apr-2007  14:22:08
LOMBARDI, VINCENT
11-Nov-1940 (66 yr)   Male
""")
    assert values(seen, K.BIRTH_DATE) == ["1940-11-11"]
    assert values(seen, K.MRN) == ["770134"]


def test_visits_long_before_tell_the_century_too() -> None:
    seen = look("""
Resident: Thornton, Beulah     D.O.B.: 9-1-19     Record No.: 0019197
1-15-97 2pm   Found on floor next to bed, denies hitting head.
1-16-97 7am   Alert, no complaints.
""")
    assert values(seen, K.BIRTH_DATE) == ["1919-09-01"]


def test_words_of_a_note_are_no_labels() -> None:
    seen = look("""
OBSTETRICAL DELIVERY RECORD
GUZMAN, MARIBEL     F    7/20/1989     890720
Re: Refill of iron
Action: OK
Collected 01/09/2011 10:15
""")
    assert values(seen, K.PATIENT_NAME) == ["GUZMAN, MARIBEL"]
    assert values(seen, K.SERVICE_DATE) == ["2011-01-09"]


@pytest.mark.parametrize(
    ("line", "mrn"),
    [
        ("FARROW, NATHANIEL     351102     11/2/35     M      Path No. S92-4410", ["351102"]),
        ("I, Jocelyn Whitaker (date of birth 5/21/1991, record JW-910521), allow it", ["JW910521"]),
        ("Name: Jane Doe   Born: 10/26/1930   Medical record (facility use): CB-301026", ["CB301026"]),
    ],
)
def test_which_number_is_the_chart_s(line: str, mrn: list[str]) -> None:
    assert values(look(f"{line}\n\nSeen today.\n"), K.MRN) == mrn


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "I, Agnes Hall, a resident of this county, appoint:\nName: Douglas Hall   Relationship: son",
            "Hall, Agnes",
        ),
        (
            "This will certify that my patient, Leonard Fitch, born March 4, 1951, is disabled.",
            "Fitch, Leonard",
        ),
    ],
)
def test_who_declares_or_is_called_the_patient(text: str, name: str) -> None:
    assert values(look(text), K.PATIENT_NAME) == [name]


def test_digits_read_as_letters_are_mended_and_no_longer_sure() -> None:
    seen = [s for s in look("Patient: Jane Doe   Med. Rec. N0.:  55l0184\n") if s.kind is K.MRN]
    assert [s.value for s in seen] == ["5510184"]
    assert seen[0].confidence < 0.75
