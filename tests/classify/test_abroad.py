"""Papers of other countries: their labels, their numbers, and days that stand before months."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from classify.matching.facts import EXACT_FLOOR
from tests.classify.paper import look, values


@pytest.mark.parametrize(
    ("text", "name", "birth", "mrn"),
    [
        (
            "Nombre del paciente: Guadalupe Renter Salas     Fecha de nacimiento: 9 de agosto de 1975\n"
            "N.º de historia clínica: 4471902     N.º de episodio: 88120044",
            ["Salas, Guadalupe Renter"],
            ["1975-08-09"],
            ["4471902"],
        ),
        (
            "Name des Patienten: Brandt, Ute     geboren am: 14.03.1962\n"
            "Patientennummer: 4471902     Fallnummer: 20184471",
            ["Brandt, Ute"],
            ["1962-03-14"],
            ["4471902"],
        ),
        (
            "Nom du patient : LACHAPELLE, Marcel     Date de naissance : 30 octobre 1944\n"
            "N° de dossier : 4471902     N° de séjour : 88120044",
            ["LACHAPELLE, Marcel"],
            ["1944-10-30"],
            ["4471902"],
        ),
        (
            "Name             STEINER Alois\ngeboren          13. Feber 1919",
            ["STEINER, Alois"],
            ["1919-02-13"],
            [],
        ),
        ("Nom, prénom :  LACROIX Rémi     Né le :  2 septembre 1944", ["LACROIX, Rémi"], ["1944-09-02"], []),
        ("Apellidos: Guerrero Pardo     Nombre: Ramona", ["Guerrero Pardo, Ramona"], [], []),
    ],
)
def test_labels_of_other_languages(text: str, name: list[str], birth: list[str], mrn: list[str]) -> None:
    seen = look(text)
    assert values(seen, K.PATIENT_NAME) == name
    assert values(seen, K.BIRTH_DATE) == birth
    assert values(seen, K.MRN) == mrn


def test_a_damaged_label_of_another_language_is_no_name() -> None:
    assert values(
        look("NAME GES PATIENTEN     PATIENTENNUMMER\nFENOVA, ANIT     210558216"), K.PATIENT_NAME
    ) != ["PATIENTEN, GES"]


@pytest.mark.parametrize(
    ("line", "mrn"),
    [
        ("NHS number: 485 777 3456     Hospital No: 4007712", ["4007712"]),
        ("PHN: 9123 456 781     Tel (home): 01632 960 227", []),
        ("HCN: 4471 882 013", []),
        ("UR 771940", ["771940"]),
        ("U #: M000441287     ACCT #: H00084512377", ["M000441287"]),
    ],
)
def test_numbers_of_a_nation_are_no_hospitals(line: str, mrn: list[str]) -> None:
    assert values(look(f"Surname: PEMBERTON     Forename(s): Saoirse\n{line}\n"), K.MRN) == mrn


def test_where_the_day_comes_first_a_date_that_goes_either_way_is_read_so_and_never_surely() -> None:
    seen = look("NHS number: 401 023 2137\nPatient: Reginald Bamford     DOB: 04/05/1938\n")
    births = [sighting for sighting in seen if sighting.kind is K.BIRTH_DATE]
    assert [birth.value for birth in births] == ["1938-05-04"]
    assert births[0].confidence < EXACT_FLOOR


def test_one_date_that_is_day_first_may_be_misread_and_only_makes_the_others_doubtful() -> None:
    seen = look("Patient: Reginald Bamford     DOB: 04/05/1938     Visit date: 16/02/1990\n")
    births = [sighting for sighting in seen if sighting.kind is K.BIRTH_DATE]
    assert [birth.value for birth in births] == ["1938-04-05"]
    assert births[0].confidence < EXACT_FLOOR


def test_the_spelling_of_a_drug_chart_tells_its_dates() -> None:
    (birth,) = (
        s
        for s in look("Date of birth: 09/11/1946\n\nparacetamol 1 g q6h, metoprolol nocte\n")
        if s.kind is K.BIRTH_DATE
    )
    assert birth.value == "1946-11-09"
    assert birth.confidence < EXACT_FLOOR


def test_american_dates_stay_sure() -> None:
    seen = look("Patient: Reginald Bamford     DOB: 04/05/1938     Visit date: 02/16/1990\n")
    assert [(s.value, s.confidence >= EXACT_FLOOR) for s in seen if s.kind is K.BIRTH_DATE] == [
        ("1938-04-05", True)
    ]


def test_a_titled_name_over_its_birth_date_is_the_patients() -> None:
    seen = look(
        "DISCHARGE REFERRAL\nMr Nikolaos PAPADOPOULOS     UR 771940\n22 Banksia Cres     DOB 30/03/1939\n"
    )
    assert values(seen, K.PATIENT_NAME) == ["PAPADOPOULOS, Nikolaos"]
