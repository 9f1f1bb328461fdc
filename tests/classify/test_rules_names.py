"""Rules for whose name it is, and for labels that are damaged or are none."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from tests.classify.paper import look, values


@pytest.mark.parametrize(
    "line",
    [
        "Family at bedside, Mary Smith (wife) updated.",
        "Contact is SMITH, MARY - sister at home.",
        "Seen with his daughter Mary Smith today.",
        "Mary Smith, wife",
    ],
)
def test_kin_beside_a_word_of_kinship(line: str) -> None:
    seen = look(f"Patient: SMITH, JOHN   DOB: 03/12/1950\n{line}\n")
    assert [v.upper() for v in values(seen, K.RELATIVE_NAME)] == ["SMITH, MARY"]
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN"]


def test_a_list_of_towns_is_no_patient() -> None:
    seen = look("MEMPHIS, PHILADELPHIA, PITTSBURGH\nM  03/25/1974\n")
    assert values(seen, K.PATIENT_NAME) == []


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("SMITH JOHN A", "SMITH, JOHN A"),
        ("JAMES KAREN", "JAMES, KAREN"),
        ("THOMAS DIANE M", "THOMAS, DIANE M"),
        ("ROSA JOSEPHINE SALYER", "SALYER, ROSA JOSEPHINE"),
        ("DE LA CRUZ MARIA", "DE LA CRUZ, MARIA"),
        ("SMITH, JOHN", "SMITH, JOHN"),
    ],
)
def test_order_of_a_name_without_a_comma(printed: str, value: str) -> None:
    seen = look(f"Name (Last, First, MI): {printed}    DOB: 03/12/1950\n")
    assert values(seen, K.PATIENT_NAME) == [value]


def test_a_sentence_under_the_word_patient_is_no_name() -> None:
    sightings = look(
        "Name: DOYLE G MORGAN     MRN: 00433409\n"
        "PATIENT WAS TRANSITIONED FROM INTRAVENOUS TO ORAL MEDICATION. THERAPY\n"
        "EVALUATED HIM AND CLEARED HIM FOR HOME. PAIN WAS CONTROLLED\n"
    )
    assert values(sightings, K.PATIENT_NAME) == ["MORGAN, DOYLE G"]


def test_a_labelled_name_with_words_after_it_stays() -> None:
    sightings = look("Patient: SMITH, JOHN A was seen today for a cough and a cold\n")
    assert values(sightings, K.PATIENT_NAME) == ["SMITH, JOHN A"]


def test_a_title_before_a_name_is_no_label_of_the_line_below() -> None:
    seen = look("REFERRED BY:    Dr. Derek Williams\nNAME OF PT.:    JASON DIXON\nPT ID:    96411928")
    assert values(seen, K.PATIENT_NAME) == ["DIXON, JASON"]


def test_a_departments_name_owns_nothing_on_its_line() -> None:
    seen = look("EMERGENCY DEPARTMENT RECORD     Birthdt 07/13/1950 F")
    assert values(seen, K.BIRTH_DATE) == ["1950-07-13"]


def test_a_payer_on_the_line_above_has_no_birth_date() -> None:
    seen = look("Primary Insurance:    Blue Shield of the Plains\nB/D:                  January 28, 1971")
    assert values(seen, K.BIRTH_DATE) == ["1971-01-28"]


@pytest.mark.parametrize("label", ["Birth Dt#", "DOB (m/d/y)#", "Birth Dr"])
def test_labels_of_birth_dates_with_signs_and_misread(label: str) -> None:
    assert values(look(f"{label} 03/12/1950"), K.BIRTH_DATE) == ["1950-03-12"]


def test_a_surname_like_a_label_is_none() -> None:
    seen = look("Patient Name     MRN\nPayne, Tammy Kelli     56109242")
    assert values(seen, K.PATIENT_NAME) == ["Payne, Tammy Kelli"]
    assert not values(seen, K.RELATIVE_NAME)


@pytest.mark.parametrize("torn", ["06- 19-35-06", "06-19- 35-06", "06-19 -35-06"])
def test_a_number_torn_at_a_hyphen_is_whole(torn: str) -> None:
    assert values(look(f"MRN: {torn}"), K.MRN) == ["06193506"]


def test_an_initial_in_the_middle_tells_the_order_of_a_name() -> None:
    assert values(look("Name (Last, First): DEEPA S CHOPRA"), K.PATIENT_NAME) == ["CHOPRA, DEEPA S"]


def test_a_newborn_without_a_name_keeps_baby() -> None:
    seen = look("Patient Name     MRN\nBaby Boy Robinson     75410016")
    assert values(seen, K.PATIENT_NAME) == ["Robinson, Baby Boy"]


def test_a_sex_beside_a_date_makes_it_the_birth_date_on_a_card() -> None:
    seen = look("THAKKAR, BB OLIVE\n44023222\n08 APR 2024 F 31 days\nAdm 07 MAY 2024 Dr. Andersson")
    assert values(seen, K.BIRTH_DATE) == ["2024-04-08"]
    assert values(seen, K.MRN) == ["44023222"]


def test_the_zip_code_on_a_card_is_no_number() -> None:
    seen = look("WALKER, FAITH\n06/08/1965 F\nPO Box 77, Madison, WI 53768")
    assert values(seen, K.BIRTH_DATE) == ["1965-06-08"]
    assert not values(seen, K.MRN)


def test_a_damaged_hint_is_no_name() -> None:
    assert not values(look("Name (Lant, Firsts     Ortega-Cervantes"), K.PATIENT_NAME)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Marisol R Colon Fuentes", "Colon Fuentes, Marisol R"),
        ("JOHN A SMITH JR", "SMITH, JOHN A JR"),
        ("Jose M de la Cruz", "de la Cruz, Jose M"),
        ("Mary Smith", "Smith, Mary"),
    ],
)
def test_the_last_name_begins_behind_the_middle_initial(written: str, name: str) -> None:
    assert [v.upper() for v in values(look(f"Patient Name: {written}"), K.PATIENT_NAME)] == [name.upper()]


def test_a_letterhead_is_no_patient() -> None:
    page = "TALL TIMBER CLINIC\n\nPatient: JACOBS, SEAN    DOB: 09/23/1982\n\nTALL TIMBER"
    assert values(look(page), K.PATIENT_NAME) == ["JACOBS, SEAN"]


@pytest.mark.parametrize("house", ["Mission Bay Medical Group", "ST. BRENDAN'S REGIONAL MEDICAL CENTER"])
def test_the_house_over_an_empty_form_is_no_patient(house: str) -> None:
    form = f"{house}\nPat Name\nBorn:\nAcct. No.:\n"
    assert values(look(form), K.PATIENT_NAME) == []
    assert values(look(f"PATIENT NAME (LAST, FIRST):\n{house}\n"), K.PATIENT_NAME) == []
