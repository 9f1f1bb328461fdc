"""What is typed to look a patient up is taken apart the same on every screen."""

from __future__ import annotations

import datetime as dt

import pytest

from backfile.services.patient_text import PatientText, read_patient_text

TODAY = dt.date(2026, 11, 24)
BORN = dt.date(1961, 4, 18)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("00482913", PatientText("00482913", ("00482913",))),
        ("MRN: 0048-2913", PatientText("00482913", ("00482913",))),
        ("#00482913", PatientText("00482913", ("00482913",))),
        ("0048 2913", PatientText("00482913", ("0048", "2913"))),
        ("4/18/1961", PatientText(birth_date=BORN)),
        ("born 18-Apr-1961", PatientText(birth_date=BORN)),
        ("April 18, 1961", PatientText(birth_date=BORN)),
        ("Harlow, Jane 04-18-1961", PatientText(birth_date=BORN, name="Harlow , Jane")),
        ("00482913, Harlow", PatientText("00482913", ("00482913",), name="Harlow")),
        ("12-34-5678", PatientText("12345678", ("12345678",))),  # no day of the calendar
        ("5", PatientText("5")),
        ("Born, Max", PatientText(name="Born , Max")),
        ("Max Born", PatientText(name="Max Born")),
        ("born, max dob 4/18/61", PatientText(birth_date=BORN, name="born , max")),
    ],
)
def test_dates_numbers_and_names(text: str, read: PatientText) -> None:
    assert read_patient_text(text, today=TODAY) == read


def test_a_comma_says_which_is_the_last_name() -> None:
    assert read_patient_text("O'Brien Garcia, Niamh", today=TODAY).last == "OBRIEN GARCIA"
    assert read_patient_text("Niamh O'Brien", today=TODAY).last == ""
