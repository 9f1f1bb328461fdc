"""What a person types to look a patient up, taken apart: numbers, a birth date, a name, in any order."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from backfile.domain.dates import parse_date
from backfile.domain.names import fold_name
from backfile.domain.normalize import normalize_number

_MAX_TEXT = 200
_SHORTEST_NUMBER = 3
_DATES = (
    re.compile(r"(?<![\w/.-])\d{1,4}([/.-])\d{1,2}\1\d{1,4}(?![\w/-])"),
    re.compile(r"\b(?:[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}[\s-][A-Za-z]{3,9}\.?,?[\s-]\d{4})\b"),
)
_LABELS = re.compile(r"\b(?:mrn|dob|born)\b(?!\s*,):?", re.IGNORECASE)
"""Words that say what a number or a date is; before a comma they are a last name."""


@dataclass(frozen=True, slots=True)
class PatientText:
    """What a person typed, taken apart."""

    number: str = ""
    """All words with digits as one number, normalised: numbers are typed in groups too."""
    numbers: tuple[str, ...] = ()
    """Each of them, normalised, where it is long enough to look for."""
    birth_date: dt.date | None = None
    name: str = ""
    """The rest as typed; a comma parts last and first name."""

    @property
    def words(self) -> tuple[str, ...]:
        """Folded parts of the name, in the order typed."""
        return tuple(fold_name(self.name).split())

    @property
    def last(self) -> str:
        """Folded last name, where a comma says which it is."""
        last, comma, _ = self.name.partition(",")
        return fold_name(last) if comma else ""

    @property
    def is_empty(self) -> bool:
        """There is nothing to look for."""
        return not (self.numbers or self.birth_date or self.words)


def read_patient_text(text: str, *, today: dt.date) -> PatientText:
    """Take apart what was typed: a date is a birth date, words with digits are numbers, the rest a name.

    Args:
        text: as typed; what lies behind 200 signs is not looked at.
        today: decides the century of two-digit years.
    """
    rest = " ".join(text[:_MAX_TEXT].split())
    birth, rest = _take_birth_date(rest, today)
    names, numbers = [], []
    for word in rest.replace("#", " ").replace(",", " , ").split():
        number = normalize_number(word)
        if any(map(str.isdigit, number)):
            numbers.append(number)
        elif word == "," or any(map(str.isalpha, word)):
            names.append(word)
    name = " ".join(names)
    if numbers or birth:
        name = _LABELS.sub(" ", name)
    long_enough = dict.fromkeys(number for number in numbers if len(number) >= _SHORTEST_NUMBER)
    return PatientText("".join(numbers), tuple(long_enough), birth, name.strip().lstrip(" ,"))


def _take_birth_date(text: str, today: dt.date) -> tuple[dt.date | None, str]:
    """Return the first date that can be one of birth, and the text without it."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            date = parse_date(found[0], today=today, is_birth=True)
            if date is not None:
                return date, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text
