"""Of whom the running text speaks."""

from __future__ import annotations

import pytest

from classify.subject import find_subjects
from tests.classify.paper import type_page


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Ms. Rivera is a 62-year-old woman with fatigue.", ("RIVERA",)),
        ("Mr. Patil, a 70 yo male, was admitted.", ("PATIL",)),
        ("Mrs. Shaw-Farber tolerated it well. Mrs. Shaw-Farber was taken to recovery.", ("SHAW FARBER",)),
        ("Mr. de la Cruz denies pain. The patient slept. Mr. de la Cruz ate well.", ("DE LA CRUZ",)),
        ("Miss Garcia Lopez is an 8 year old girl.", ("GARCIA LOPEZ",)),
        ("Mr. O'Neil's wound is dry. Mr. O'Neil walked.", ("ONEIL",)),
        ("Spoke with Mrs. Yuan by telephone. The patient is a 40-year-old man.", ()),
        ("Dr. Patil saw the patient. Dr. Patil will follow.", ()),
        ("Ms. denies pain. Ms. is 40 years old.", ()),
        ("Dose 5 MS given. 20 MS later.", ()),
        ("", ()),
    ],
)
def test_the_subject_is_who_is_aged_or_spoken_of_again(text: str, subjects: tuple[str, ...]) -> None:
    assert find_subjects(type_page(text)) == subjects
