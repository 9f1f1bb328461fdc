"""Dates as they stand on American medical paper, read without inventing any."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("JAN", "JANUARY"), ("FEB", "FEBRUARY"), ("MAR", "MARCH"), ("APR", "APRIL"), ("MAY",),
            ("JUN", "JUNE"), ("JUL", "JULY"), ("AUG", "AUGUST"), ("SEP", "SEPT", "SEPTEMBER"),
            ("OCT", "OCTOBER"), ("NOV", "NOVEMBER"), ("DEC", "DECEMBER"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

# What Tesseract and worn type make of digits, and of letters; one direction each, so a fold is a function.
_TO_DIGIT = str.maketrans("OoQDIil|!SsZzBG", "000011111552286")
_TO_LETTER = str.maketrans("01589|", "OLSBGI")

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SEPARATOR = r"\s*[-/.–—]\s*"
_NUMERIC = re.compile(rf"^(\w+)({_SEPARATOR}|\s+)(\w+)({_SEPARATOR}|\s+)(\w+)$")
_WORDED = (
    re.compile(r"^(?P<month>[^\W\d][\w|]*)[\s.,/-]*(?P<day>\d{1,2})(?:ST|ND|RD|TH)?[\s.,/-]+(?P<year>\d{2}|\d{4})$"),
    re.compile(r"^(?P<day>\d{1,2})(?:ST|ND|RD|TH)?(?:\s+OF)?[\s.,/-]*(?P<month>[^\W\d][\w|]*?)[\s.,/-]*(?P<year>\d{4}|\d{2})$"),
    re.compile(r"^(?P<year>\d{4})[\s.,/-]*(?P<month>[^\W\d][\w|]*?)[\s.,/-]*(?P<day>\d{1,2})$"),
)  # fmt: skip
_WEEKDAY = re.compile(
    r"^(?:MON|TUES?|WED(?:NES)?|THU(?:RS)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?[.,]?\s+", re.IGNORECASE
)
_TIME = re.compile(
    r"(?:T|\s+|,\s*|\s+AT\s+|\s*@\s*)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AP]\.?M\.?)?\s*(?:Z|[+-]\d{2}:?\d{2}|HRS)?$",
    re.IGNORECASE,
)

_OLDEST_YEAR = 1880
"""No chart is older, and no person of one was born before."""
_YEARS_AHEAD = 10
"""How far a date that is no birth date may lie ahead: cards and consents expire."""
_OLDEST_AGE = 115
"""Years after which a two-digit year of birth is no longer taken for the century before."""


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date, and whether the text says exactly that."""

    date: dt.date
    exact: bool
    """False where letters were taken for digits, day and month swapped to make it possible, the
    separators differ, or the century of a birth year is open."""


def parse_date(text: str, *, today: dt.date, is_birth: bool = False) -> dt.date | None:
    """Return the one date that ``text`` says, or None.

    Args:
        text: The date alone; a weekday before and a time of day after it are dropped.
        today: The day of reading: decides the century of two-digit years.
        is_birth: A birth date lies not in the future.
    """
    parsed = read_date(text, today=today, is_birth=is_birth)
    return parsed.date if parsed else None


def read_date(text: str, *, today: dt.date, is_birth: bool = False) -> ParsedDate | None:
    """Return the date that ``text`` says and whether it is exact; None where it says none, or several.

    American order first (03/12/1987 is 12 March); day first is taken only where the month would be
    impossible. Letters that OCR makes of digits are folded only where the text is no date as it stands.
    """
    if _ISO.fullmatch(text) and (date := _iso_or_none(text)):
        return ParsedDate(date, exact=True) if _is_possible(date, today, is_birth) else None
    plain = unicodedata.normalize("NFKC", text).strip().strip(",;:").strip()
    plain = _TIME.sub("", _WEEKDAY.sub("", plain)).strip().rstrip(",;:").strip()
    if not 6 <= len(plain) <= 30:
        return None
    return _read_plain(plain, today, is_birth) or _read_folded(plain, today, is_birth)


def _read_plain(text: str, today: dt.date, is_birth: bool) -> ParsedDate | None:
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        as_iso = _make(text[:4], text[4:6], text[6:], today, is_birth)
        return as_iso or _make(text[4:], text[:2], text[2:4], today, is_birth)
    upper = text.upper()
    for pattern in _WORDED:
        found = pattern.match(upper)
        if found and (month := _MONTHS.get(found["month"].rstrip("."))):
            return _make(found["year"], str(month), found["day"], today, is_birth)
    found = _NUMERIC.match(text)
    if not found:
        return None
    first, one, second, two, third = found.groups()
    if not all(part.isascii() and part.isdigit() for part in (first, second, third)):
        return None
    if len(first) == 4:
        parsed = _make(first, second, third, today, is_birth)
    elif len(first) <= 2 and len(second) <= 2 and len(third) in (2, 4):
        parsed = _make(third, first, second, today, is_birth)
        if parsed is None and int(first) > 12:
            swapped = _make(third, second, first, today, is_birth)
            parsed = ParsedDate(swapped.date, exact=False) if swapped else None
    else:
        return None
    if parsed and one.strip() != two.strip():
        return ParsedDate(parsed.date, exact=False)
    return parsed


def _read_folded(text: str, today: dt.date, is_birth: bool) -> ParsedDate | None:
    """Read a date whose letters and digits OCR confused; only where every part folds to one date."""
    found = set()
    parts = re.findall(r"[\w|!]+|[^\w|!]+", text)
    digits = "".join(part.translate(_TO_DIGIT) for part in parts)
    candidates = [digits]
    for at, part in enumerate(parts):
        month = part.upper().translate(_TO_LETTER)
        if month in _MONTHS:
            rest = [other.translate(_TO_DIGIT) for other in parts]
            rest[at] = month
            candidates.append("".join(rest))
    for candidate in candidates:
        parsed = _read_plain(candidate, today, is_birth)
        if parsed:
            found.add(parsed.date)
    return ParsedDate(found.pop(), exact=False) if len(found) == 1 else None


def _make(year: str, month: str, day: str, today: dt.date, is_birth: bool) -> ParsedDate | None:
    """Make a date of three digit strings; None where there is no such day or it cannot be meant."""
    if len(year) == 4:
        date = _date_or_none(int(year), int(month), int(day))
        return ParsedDate(date, exact=True) if date and _is_possible(date, today, is_birth) else None
    century = today.year // 100 * 100
    newer = _date_or_none(century + int(year), int(month), int(day))
    older = _date_or_none(century - 100 + int(year), int(month), int(day))
    if newer and newer <= today:
        # A child, or somebody of a hundred: the paper does not say.
        open_century = is_birth and older is not None and today.year - older.year <= _OLDEST_AGE
        return ParsedDate(newer, exact=not open_century)
    return ParsedDate(older, exact=True) if older and _is_possible(older, today, is_birth) else None


def _is_possible(date: dt.date, today: dt.date, is_birth: bool) -> bool:
    if is_birth:
        return date.year >= _OLDEST_YEAR and date <= today
    return _OLDEST_YEAR <= date.year <= today.year + _YEARS_AHEAD


def _iso_or_none(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _date_or_none(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
