"""Numbers of charts under the names that houses give them."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind
from tests.classify.paper import look, values

NAMED = "Patient: Zimmerman, Curtis W\n"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Facility MRN: 8800417", "8800417"),
        ("Hospital MRN:   CH-5510846    Unit:  Day Hospital", "CH5510846"),
        ("CENTER MR#   HRDC-0448", "HRDC0448"),
        ("Clinic MRN: 4471223", "4471223"),
        ("Facility record number:  NH-208", "NH208"),
        ("Hospital card no:  8114/81    Born:  2/10/1956", "811481"),
        ("HRN 70-114-552    DOB: NOV 27,1938", "70114552"),
        ("Chart BHS-4471-D    Clinician: Rosamund Achebe, MD", "BHS4471D"),
        ("Unit No   RX 0088 214    Ward 3", "RX0088214"),
    ],
)
def test_a_house_announces_its_own_number(line: str, number: str) -> None:
    assert values(look(line + "\n" + NAMED), SightingKind.MRN) == [number]


@pytest.mark.parametrize(
    "line",
    ["Sending facility MRN: 4471223", "Outside MRN: 4471223", "MRN: RM-204", "Room: ICU-104", "Unit: NH-208"],
)
def test_what_is_another_houses_number_or_a_room_is_none(line: str) -> None:
    assert values(look(line + "\n" + NAMED), SightingKind.MRN) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Patient: Lucius Quinn Abernathy IV     MRN: 100672218", "Abernathy, Lucius Quinn IV"),
        ("Patient: John Smith IV fluids given", "Smith, John"),
    ],
)
def test_the_fourth_of_a_name_is_no_way_to_give_a_drug(line: str, name: str) -> None:
    assert values(look(line + "\n"), SightingKind.PATIENT_NAME) == [name]


@pytest.mark.parametrize("first", ["James", "Carrie", "Grace", "Christine", "Robin", "Lester", "Victoria"])
def test_a_given_name_is_no_damaged_label(first: str) -> None:
    form = f"LAST NAME      FIRST          MIDDLE      AGE\nTolbert        Willie         {first}      34\n"
    assert values(look(form), SightingKind.PATIENT_NAME) == [f"Tolbert, Willie {first}"]


def test_a_relative_in_the_text_has_a_birth_date_of_their_own() -> None:
    will = "I, MORDECAI S. GOLDFARB, of 44 Linden Terrace, make this statement as a directive.\n"
    kin = "My daughter, Dr. Judith Stein (born 3/3/1960), shall interpret this document.\n"
    assert values(look(will + kin), SightingKind.BIRTH_DATE) == []


def test_the_number_of_a_member_is_no_chart_number() -> None:
    card = "Member Name\nMARGUERITE A HUTCHINGS\nMember ID\nYPK 8817 40226 01\n"
    assert values(look(card), SightingKind.OTHER_NUMBER) == ["YPK88174022601"]
