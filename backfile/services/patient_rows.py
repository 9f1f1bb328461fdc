"""One row of the patient CSV: what it says of a patient, and what of it cannot be used."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from backfile.domain.normalize import (
    fold_name,
    normalize_number,
    normalize_phone,
    normalize_sex,
    normalize_ssn_last4,
    normalize_suffix,
    parse_name,
)
from backfile.domain.patient import (
    Address,
    IdentifierKind,
    Patient,
    PatientIdentifier,
    PersonName,
)
from backfile.services.csv_table import RowProblem, RowReading, some

REQUIRED_COLUMNS = ("mrn", "last_name", "first_name")
COLUMNS = (
    *REQUIRED_COLUMNS, "middle_name", "suffix", "birth_date", "sex", "ssn_last4", "phone", "address", "city",
    "state", "zip", "facility", "aliases", "previous_mrns", "merged_into", "death_date", "mother_mrn",
    "multiple_birth",
)  # fmt: skip

_YES = {"Y", "YES", "T", "TRUE", "X", "TWIN", "TWINS", "TRIPLET", "TRIPLETS", "MULTIPLE"}
_LISTED = re.compile(r"[;|]")
_MRN_LENGTH, _NAME_LENGTH = 64, 70


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A row that can be imported."""

    patient: Patient
    """With the id that they get where they are new; ``merged_into`` is not set."""
    merged_into: str
    """MRN of the surviving record at the same facility, "" where the record stands for itself."""
    problems: tuple[RowProblem, ...]
    key: tuple[str, str]
    """Normalised MRN and facility."""


def read_row(
    cells: Mapping[str, str], how: RowReading, *, patient_id: str = ""
) -> PatientRow | tuple[RowProblem, ...]:
    """Return the patient of a row, or the problems that forbid to import it.

    Args:
        cells: texts by column; empty ones may be missing.
        how: how the file's rows are read.
        patient_id: id of the patient, should they be new to the index.
    """
    mrn, last, first = [cells.get(column, "").strip() for column in REQUIRED_COLUMNS]
    number = normalize_number(mrn)
    wrong = _check_required(mrn, number, last, first)
    if wrong:
        return wrong
    problems: list[RowProblem] = []
    facility = how.own_or_text(cells.get("facility", ""))
    name = _name(cells, last, first)
    birth = _birth_date(cells, how, problems)
    patient = Patient(
        id=patient_id,
        name=name,
        identifiers=(
            PatientIdentifier(mrn, facility),
            *[
                PatientIdentifier(former, facility, IdentifierKind.PREVIOUS)
                for former in _numbers(cells, number, problems)
            ],
        ),
        birth_date=birth,
        sex=_sex(cells.get("sex", "")),
        ssn_last4=_ssn(cells, problems),
        phone=normalize_phone(cells.get("phone", "")),
        address=Address(
            _line(cells, "address", 200),
            _line(cells, "city", 100),
            _line(cells, "state", 50),
            _line(cells, "zip", 20),
        ),
        aliases=_aliases(cells.get("aliases", ""), name),
        death_date=_death_date(cells, birth, how, problems),
        mother_mrn=some(cells.get("mother_mrn", ""))[:_MRN_LENGTH],
        multiple_birth=_is_yes(cells.get("multiple_birth", "")),
        review_only=birth is None,
    )
    return PatientRow(patient, some(cells.get("merged_into", "")), tuple(problems), (number, facility))


def _line(cells: Mapping[str, str], column: str, limit: int) -> str:
    text = cells.get(column)
    return _tidy(text)[:limit] if text else ""


@lru_cache(maxsize=16_384)  # thousands share a city and a ZIP code
def _tidy(text: str) -> str:
    return " ".join(some(text).split())


def _check_required(mrn: str, number: str, last: str, first: str) -> tuple[RowProblem, ...]:
    if not number:
        return (RowProblem("mrn", "is missing or has no letter or digit"),)
    if len(mrn) > _MRN_LENGTH:
        return (RowProblem("mrn", f"is longer than {_MRN_LENGTH} characters"),)
    for column, text in (("last_name", last), ("first_name", first)):
        if not fold_name(text):
            return (RowProblem(column, "is missing"),)
        if len(text) > _NAME_LENGTH:
            return (RowProblem(column, f"is longer than {_NAME_LENGTH} characters"),)
    return ()


def _name(cells: Mapping[str, str], last: str, first: str) -> PersonName:
    """Return the name; a suffix that was typed behind the last name is put in its place."""
    suffix = normalize_suffix(text) if (text := cells.get("suffix")) else ""
    if not last.isalpha():
        head, _, tail = " ".join(last.replace(",", " ").split()).rpartition(" ")
        if head and (found := normalize_suffix(tail)) and found != "V" and suffix in ("", found):
            last, suffix = head, found
        last = " ".join(last.split())
    middle = some(cells.get("middle_name", ""))[:_NAME_LENGTH]
    return PersonName(last, " ".join(first.split()), " ".join(middle.split()), suffix)


def _birth_date(cells: Mapping[str, str], how: RowReading, problems: list[RowProblem]) -> dt.date | None:
    text = some(cells.get("birth_date", ""))
    if not text:
        return None
    parsed = how.read_date(text, is_birth=True)
    if parsed and parsed.exact:
        return parsed.date
    later = how.read_date(text)
    if parsed:
        why = "is written in a way that leaves the date open"
    elif later and later.date > how.today:
        why = "lies in the future"
    else:
        why = "is not a date"
    problems.append(RowProblem("birth_date", f"{why}; the patient was imported for review only"))
    return None


def _death_date(
    cells: Mapping[str, str], birth: dt.date | None, how: RowReading, problems: list[RowProblem]
) -> dt.date | None:
    text = some(cells.get("death_date", ""))
    if not text:
        return None
    parsed = how.read_date(text)
    if parsed is None or not parsed.exact or parsed.date > how.today:
        problems.append(RowProblem("death_date", "is not a date of the past; it was left out"))
        return None
    if birth and parsed.date < birth:
        problems.append(RowProblem("death_date", "lies before birth_date; it was left out"))
        return None
    return parsed.date


def _ssn(cells: Mapping[str, str], problems: list[RowProblem]) -> str:
    text = some(cells.get("ssn_last4", ""))
    if not text:
        return ""
    last4 = normalize_ssn_last4(text)
    if not last4 and any(char in "123456789" for char in text):
        problems.append(RowProblem("ssn_last4", "is not four digits; it was left out"))
    return last4


def _numbers(cells: Mapping[str, str], own: str, problems: list[RowProblem]) -> list[str]:
    """Return the former numbers that are not the patient's own one, which is given normalised."""
    listed = some(cells.get("previous_mrns", ""))
    if not listed:
        return []
    found: dict[str, str] = {}
    for part in _LISTED.split(listed):
        former = part.strip()
        if len(former) > _MRN_LENGTH:
            problems.append(RowProblem("previous_mrns", "has a number that is too long; it was left out"))
        elif normalize_number(former) not in ("", own):
            found.setdefault(normalize_number(former), former)
    return list(found.values())


def _aliases(text: str, name: PersonName) -> tuple[PersonName, ...]:
    """Return the other names; one that is only a last name goes with the patient's first name."""
    listed = some(text)
    if not listed:
        return ()
    found: dict[PersonName, None] = {}
    for part in _LISTED.split(listed):
        alias = parse_name(part[: 2 * _NAME_LENGTH])
        if alias and not alias.first:
            alias = PersonName(alias.last, name.first, name.middle, alias.suffix or name.suffix)
        if alias and fold_name(str(alias)) != fold_name(str(name)):
            found[_cut(alias)] = None
    return tuple(found)


def _cut(name: PersonName) -> PersonName:
    return PersonName(name.last[:_NAME_LENGTH], name.first[:_NAME_LENGTH], name.middle, name.suffix)


def _sex(text: str) -> str:
    return normalize_sex(text) or some(text).upper()[:20]


def _is_yes(text: str) -> bool:
    if not text:
        return False
    folded = text.strip().upper()
    return folded in _YES or (folded.isascii() and folded.isdigit() and int(folded) >= 1)
