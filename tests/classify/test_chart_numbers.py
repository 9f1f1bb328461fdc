"""The many names under which houses print the number of a chart, and the shapes that it has."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from tests.classify.paper import look, values


@pytest.mark.parametrize(
    ("label", "number", "value"),
    [
        ("Hosp. Reg. No.", "31-58-07", "315807"),
        ("Hospital record:", "32-908-17", "3290817"),
        ("Unit Record:", "41-00-72", "410072"),
        ("Inst. Record", "406-221", "406221"),
        ("CLINIC FILE NO:", "92-0447", "920447"),
        ("Pat. no.", "30-77-1450", "30771450"),
        ("Med Rec:", "BC 61-4402", "BC614402"),
        ("Unit No.", "QK/98231/K", "QK98231K"),
        ("Hosp. Reg. No.:", "05418/13", "0541813"),
        ("Expediente:", "0348816", "0348816"),
        ("REG NO", "218-55-02", "2185502"),
        ("File No.", "P5471", "P5471"),
        ("RES NO", "R-3260", "R3260"),
    ],
)
def test_numbers_of_charts(label: str, number: str, value: str) -> None:
    seen = look(f"Name: Hall, June      {label} {number}      DOB: 3/12/1950\n\nSeen today.\n")
    assert values(seen, K.MRN) == [value]


@pytest.mark.parametrize(
    "line",
    [
        "POST ANESTHESIA CARE UNIT RECORD 4410921",
        "Dr. Hall, Reg. No. 4410921",
        "MR#: RM 4021",
        "MRN: 03-12-50",
        "Health history 4410921",
    ],
)
def test_what_is_no_number_of_a_chart(line: str) -> None:
    assert not values(look(f"Seen today.\n\n{line}\n"), K.MRN)


def test_a_heading_before_a_patient_without_labels_takes_nothing_from_them() -> None:
    seen = look(
        "POST ANESTHESIA CARE UNIT RECORD\nHALL, ROSALIE      71-33-415      F   09/18/1944\n\nSeen.\n"
    )
    assert values(seen, K.MRN) == ["7133415"]


@pytest.mark.parametrize(
    ("heads", "row", "name", "birth"),
    [
        ("Hospital No.    Age / Birthdate", "183604          36    1-30-48", [], ["1948-01-30"]),
        ("PATIENT NAME AND ID        Page: 1", "HALL,EARL J JR", ["HALL, EARL J Jr"], []),
        ("Patient Name / ID            Sex/Age", "HALL, JUNE / 41220987        F/22", ["HALL, JUNE"], []),
    ],
)
def test_one_label_for_two_things(heads: str, row: str, name: list[str], birth: list[str]) -> None:
    seen = look(f"{heads}\n{row}\n\nSeen today.\n")
    assert values(seen, K.PATIENT_NAME) == name
    assert values(seen, K.BIRTH_DATE) == birth


def test_two_last_names_of_a_spanish_form() -> None:
    seen = look("""
1er APELLIDO          2º APELLIDO          NOMBRE             N.º HISTORIA CLÍNICA
GARAY                 BASTERRA             JON MIKEL          71.904
F. NACIMIENTO         EDAD                 SEXO
21-03-53              42                   V
""")
    assert values(seen, K.PATIENT_NAME) == ["GARAY BASTERRA, JON MIKEL"]
    assert values(seen, K.BIRTH_DATE) == ["1953-03-21"]


@pytest.mark.parametrize("city", ["Hadley, Michigan", "Ashland, Vt.", "Boise, Idaho"])
def test_a_city_with_its_state_names_nobody(city: str) -> None:
    assert not values(look(f"Patient: {city}\nDOB: 3/12/1950\n"), K.PATIENT_NAME)


def test_brackets_end_a_name() -> None:
    seen = look("HALL, MARIE-ANNE (Mrs. Armand)     DOB 3/12/1950\n")
    assert values(seen, K.PATIENT_NAME) == ["HALL, MARIE-ANNE"]
