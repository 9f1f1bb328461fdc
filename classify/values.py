"""Taking values from a page: what stands at a place is a name, a date, a number, or it is nothing.

Each ``take_*`` looks at the pieces from one position up to a limit and returns the value with the pieces
it takes up, or None. They are strict: half a name or a number of the wrong shape is no value.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from backfile.domain.normalize import (
    normalize_number,
    normalize_phone,
    normalize_sex,
    normalize_ssn_last4,
    read_date,
)
from classify.layout import CELL_GAP, PageLayout

_JUNK = re.compile(r"^[^\w(*#+]+$")
_DATE_START = re.compile(
    r"^[(\[]?(?:\d|[A-Za-z]{3,9}[.,]?\d{0,4}[,.]?$|[A-Za-z]{3,9}[-/. ]\d|[oOlIiSBzZ|]{1,2}[-/.])"
)
_NUMBER_CHARS = re.compile(r"[A-Z]{0,4}-?[\dOQDIlSBZG|]+(?:[-/. ][\dOQDIlSBZG|]+)*[A-Z]?")
_AFTER_LETTERS = re.compile(
    r"(?!(?:RM|BED|DR|PT|ID|NO|MR|OF|TEL|PH|EXT|FAX|DOB|AGE|SEX|APT|BOX|PO|ZIP|WT|HT|BP|ON|AT|TO)\b)"
    r"[A-Z]{1,3} (?:\d[-\d]{3,}|\d{2,5}(?: \d{2,5}){1,3})"
)
"""A number whose first word is letters of its own: "BB 61-4402", "RX 0088 214"."""
_MARKED_NUMBER = re.compile(r"(?:[A-Z]{1,3}/)?\d{4,}(?:/(?:[A-Z]{1,2}|\d{2}))?")
_HOUSE_NUMBER = re.compile(r"(?!RM|BED)[A-Z]{1,4}-\d{3,}(?:-[A-Z]{1,2})?")
"""A number with the house's letters before it, short or not: "NH-208", "HRDC-0448", "BHS-4471-D"."""
_PHONE = re.compile(r"(?:\+?1[-. ]{0,2})?[(\[]?\d{3}[)\]]?[-–. /]{0,3}\d{3}[-–. ]{0,3}\d{4}(?!\d)")
_PHONE_SHAPE = re.compile(r"^[(]?\d{3}[)]?[-. /]\d{3}[-. ]\d{4}$|^\d{3}-\d{4}$")
_SSN_SHAPE = re.compile(r"^\d{3}-\d{2}-\d{4}$")
_SSN = re.compile(r"(?:[Xx*#•\d]{3}[-– ]{0,3}[Xx*#•\d]{2}[-– ]{0,3}|[Xx*#•]{2,7}[-– ]{0,2})?\d{4}(?!\d)")
_AGE = re.compile(
    r"^\(?\d{1,3}\s*[-/]?\s*(?:y|yr|yrs|yo|y/o|yr\.|years?|m|mo|mos|d|w|wk)?\.?[,;/)]*$", re.IGNORECASE
)
_AGE_WORDS = {"Y", "YR", "YRS", "YO", "YEAR", "YEARS", "OLD", "MO", "MOS", "DAYS", "WKS", "YEAROLD"}
_PARTED_DATE = re.compile(r"(\d{1,2})[\s:;.,/-]{1,2}(\d{1,2})[\s:;.,/-]{1,2}((?:18|19|20)\d\d)")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[\s.-]{1,2}(?P<month>[A-Za-z]{3})[\s.,-]{1,2}(?P<year>(?:18|19|20)\d\d)"
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[A-Za-z]{3})[\s.-]{1,2}(?P<day>\d{1,2})[\s.,-]{1,2}(?P<year>(?:18|19|20)\d\d)"
)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_OTHER_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ENERO JANVIER JANUAR JANNER", "FEBRERO FEVRIER FEBRUAR FEBER", "MARZO MARS MARZ", "ABRIL AVRIL",
            "MAYO MAI",
            "JUNIO JUIN JUNI", "JULIO JUILLET JULI", "AGOSTO AOUT", "SEPTIEMBRE SEPTEMBRE",
            "OCTUBRE OCTOBRE OKTOBER", "NOVIEMBRE NOVEMBRE", "DICIEMBRE DECEMBRE DEZEMBER",
        )
    )
    for name in names.split()
}  # fmt: skip
"""Months in Spanish, French and German, without accents, from 0."""
_MENDED = 0.6
"""Quality of a date that had to be mended."""
_MISREAD_DIGIT = re.compile(r"(?<=\d)[lIOo|](?=[-\d])")
_MIN_NUMBER_DIGITS = 4
_MAX_NUMBER_LENGTH = 14
_MAX_NUMBER_GROUPS = 10
_DAYS = 31
_INNER_GAP = 1.9
"""Widest space, in letters, inside a number or date."""
_ABUTS = 0.4
"""Space, in letters, that is narrower than any between words."""
_MAY_GO_ON = 0.5
"""Quality of a number that may be part of a longer one: too little to count as read exactly."""


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value at its place."""

    start: int
    """First piece."""
    end: int
    """Piece after the last."""
    value: str
    """Normalised."""
    quality: float = 1.0
    """1.0 where it reads as it stands; less where letters were taken for others."""


def skip_junk(layout: PageLayout, at: int, limit: int) -> int:
    """Return the first position that holds a letter or digit, at most two pieces on."""
    for _ in range(2):
        if at < limit and _JUNK.match(layout.pieces[at].text):
            at += 1
    return at


def take_date(
    layout: PageLayout, at: int, limit: int, *, today: dt.date, is_birth: bool = False
) -> FoundValue | None:
    """Take the date that begins at a position; a time of day after it is left."""
    at = skip_junk(layout, at, limit)
    if at >= limit or not _DATE_START.match(layout.pieces[at].text):
        return None
    inexact: FoundValue | None = None
    for end in range(at + 1, min(at + 6, limit) + 1):
        if end - 1 > at and layout.pieces[end - 1].gap > CELL_GAP:
            break
        text = layout.text(at, end).strip("()[];,. ")
        digits = sum(char.isdigit() for char in text)
        if digits < 3 or len(text) > 30:
            continue
        text = to_english_month(text.replace("~", "-"))
        parsed = read_date(text, today=today, is_birth=is_birth)
        if parsed is None and is_birth and (mended := _mend_date(text)):
            parsed = read_date(mended, today=today, is_birth=True)
            if parsed is not None:
                return FoundValue(at, end, parsed.date.isoformat(), _MENDED)
        if parsed is None:
            continue
        found = FoundValue(at, end, parsed.date.isoformat(), 1.0 if parsed.exact else 0.85)
        if parsed.exact or re.search(r"\d{4}$|^\d{4}", text):
            return found
        if inexact is None:
            inexact = found
    return inexact


def to_english_month(text: str) -> str:
    """Return a date with the name of its month in English: "9 de agosto de 1975", "2. März 2018"."""
    for word in re.findall(r"[^\W\d_]{3,}", text):
        plain = "".join(char for char in unicodedata.normalize("NFD", word.upper()) if char.isalpha())
        if plain in _OTHER_MONTHS:
            text = text.replace(word, _MONTHS[_OTHER_MONTHS[plain]])
            return re.sub(r"(?<=\d)\.(?= )", "", re.sub(r"\bde\b\s*", "", text, flags=re.IGNORECASE))
    return text


def _mend_date(text: str) -> str:
    """Return a date of which the signs between the numbers, or a letter of the month, were misread; else "".

    "12:01 1963", "08 30 1942", "02-Dee-1959". The year must be whole.
    """
    if found := _PARTED_DATE.fullmatch(text):
        return "/".join(found.groups())
    for shape in (_DAY_FIRST, _MONTH_FIRST):
        found = shape.fullmatch(text)
        near = (
            [month for month in _MONTHS if OSA.distance(month, found["month"].upper()) == 1] if found else []
        )
        if found and len(near) == 1:
            return f"{near[0]} {found['day']}, {found['year']}"
    return ""


def take_sex(layout: PageLayout, at: int, limit: int) -> FoundValue | None:
    """Take a sex; of two boxes to tick only where it is plain which one is ticked."""
    at = skip_junk(layout, at, limit)
    words = [
        re.sub(r"[^A-Za-z☒☑✓✔☐□]", "", piece.text).upper() for piece in layout.pieces[at : min(at + 6, limit)]
    ]
    sexes = [(n, normalize_sex(word)) for n, word in enumerate(words) if word and normalize_sex(word)]
    if not sexes:
        return None
    first, sex = sexes[0]
    ticks = [n for n, word in enumerate(words) if word in {"X", "☒", "☑", "✓", "✔", "XX"}]
    if len({found for _, found in sexes}) > 1:
        if len(ticks) == 1 and ticks[0] == 0 and first == 1:
            return FoundValue(at, at + 2, sex, 0.9)
        return None
    if first > len(ticks) and not (first == 1 and _AGE.match(layout.pieces[at].text)):
        return None
    return FoundValue(at + first, at + first + 1, sex)


def take_age_and_sex(
    layout: PageLayout, at: int, limit: int, *, needs_age: bool = False
) -> FoundValue | None:
    """Take the sex from "47/M", "47 y M", "(47 yr old F)", "M 47Y", "F/47": the age alone says nothing."""
    at = skip_junk(layout, at, limit)
    if needs_age and not any(
        char.isdigit() for piece in layout.pieces[at : min(at + 4, limit)] for char in piece.text
    ):
        return None
    for number in range(at, min(at + 6, limit)):
        plain = re.sub(r"[()\[\],;.]", "", layout.pieces[number].text).upper()
        parts = [part for part in re.split(r"[/\-]", plain) if part]
        if glued := re.fullmatch(r"(\d{1,3})(?:YO|Y|YR|YRS)?([MF])", plain):
            parts = [glued.group(1), glued.group(2)]
        sexes = {normalize_sex(part) for part in parts} - {""}
        others = [part for part in parts if not normalize_sex(part)]
        is_age = all(_AGE.match(part) or part in _AGE_WORDS for part in others)
        if len(sexes) == 1 and is_age:
            return FoundValue(number, number + 1, sexes.pop())
        if not parts or not is_age or (number > at and layout.pieces[number].gap > 2 * CELL_GAP):
            return None
    return None


def take_phone(layout: PageLayout, at: int, limit: int) -> FoundValue | None:
    """Take a telephone number of ten digits."""
    at = skip_junk(layout, at, limit)
    for end in range(at + 1, min(at + 5, limit) + 1):
        if end - 1 > at and layout.pieces[end - 1].gap > CELL_GAP:
            break
        found = _PHONE.match(layout.text(at, end))
        if found and (value := normalize_phone(found.group())):
            return FoundValue(at, end, value)
    return None


def take_ssn(layout: PageLayout, at: int, limit: int, *, only_last: bool) -> FoundValue | None:
    """Take the last four digits of a social security number; ``only_last``: four digits alone suffice."""
    at = skip_junk(layout, at, limit)
    for end in range(at + 1, min(at + 4, limit) + 1):
        if end - 1 > at and layout.pieces[end - 1].gap > CELL_GAP:
            break
        text = layout.text(at, end).strip(".,;()")
        if _SSN.fullmatch(text) and (only_last or len(re.sub(r"[^Xx*#•\d]", "", text)) > 4):
            value = normalize_ssn_last4(text)
            if value:
                return FoundValue(at, end, value)
    return None


def take_number(
    layout: PageLayout, at: int, limit: int, *, min_digits: int = _MIN_NUMBER_DIGITS, labelled: bool = False
) -> FoundValue | None:
    """Take an identifier: digits, a letter or a few before, parted by hyphens or narrow spaces.

    Args:
        layout: The page.
        at: First piece.
        limit: Piece before which it must end.
        min_digits: Digits of the shortest.
        labelled: The label of a number stands before it, so it may be "71-33-09", "BB 61-4402", "QH/88231/K".

    Dates, telephone and social security numbers have shapes of their own and are none.
    """
    at = skip_junk(layout, at, limit)
    best: FoundValue | None = None
    for end in range(at + 1, min(at + _MAX_NUMBER_GROUPS, limit) + 1):
        if end - 1 > at and layout.pieces[end - 1].gap > _INNER_GAP:
            break
        text = re.sub(r"\s*-\s*", "-", layout.text(at, end).strip("()[]:;,.#*'\"’ "))
        follows_letters = labelled and end > at + 1 and bool(_AFTER_LETTERS.fullmatch(text))
        if end - 1 > at and not follows_letters and not _continues_number(layout, at, end, text):
            break
        is_marked = labelled and bool(_MARKED_NUMBER.fullmatch(text))
        is_shape = is_number_shape(text) or (labelled and _is_no_date(text))
        is_of_house = labelled and bool(_HOUSE_NUMBER.fullmatch(text))
        is_known = bool(_NUMBER_CHARS.fullmatch(text)) or follows_letters or is_marked or is_of_house
        if not is_known or not is_shape:
            continue
        mended = mend_digits(text)
        value = normalize_number(mended)
        digits = sum(char.isdigit() for char in value)
        is_wordy = digits * 3 < len(value) * 2 and not (is_marked and digits > _MIN_NUMBER_DIGITS)
        if not is_of_house and (digits < min_digits or is_wordy):
            continue
        if len(value) > _MAX_NUMBER_LENGTH:
            continue
        clean = bool(re.fullmatch(r"[A-Z]{0,4}\d+[A-Z]?", value))
        best = FoundValue(at, end, value, _MENDED if mended != text else 1.0 if clean else 0.8)
    if best is not None and _may_go_on(layout, best):
        return replace(best, quality=best.quality * _MAY_GO_ON)
    return best


def mend_digits(text: str) -> str:
    """Return a number with the letters between its digits that were read for digits: "55l0184", "41O0882"."""
    return _MISREAD_DIGIT.sub(lambda found: "0" if found[0] in "Oo" else "1", text)


def _may_go_on(layout: PageLayout, number: FoundValue) -> bool:
    """Say whether more of the number may stand behind it: a part of it could be somebody else's number."""
    if number.end >= len(layout.pieces):
        return False
    after = layout.pieces[number.end]
    text = after.text.strip(".,;)")
    if not re.fullmatch(r"-?[A-Z]?[-\d]*\d[A-Z]?", text) or not is_number_shape(text):
        return False
    in_groups = number.end - number.start > 1
    return after.gap <= (_INNER_GAP if in_groups else _ABUTS)


def _continues_number(layout: PageLayout, at: int, end: int, text: str) -> bool:
    """Say whether the last piece goes on with a number in groups ("00 12 34"), not another number."""
    last = layout.pieces[end - 1].text.strip(".,;)")
    before = layout.pieces[end - 2].text.strip(".,;)")
    if (before.endswith("-") or last.startswith("-")) and re.fullmatch(r"-?\d[-\d]*", last):
        return bool(re.search(r"\d-?$", before))  # torn at a hyphen: "06- 19-35-06"
    if not re.fullmatch(r"[-\dA-Z]*\d", last) or not re.fullmatch(r"[A-Z]{1,4}|[A-Z]{0,3}[-\d]+", before):
        return False
    return len(last) <= 4 and len(before) <= 4 and len(normalize_number(text)) <= 10


def is_number_shape(text: str) -> bool:
    """Say whether an identifier can look like this: it is no date, telephone or social security number."""
    if _PHONE_SHAPE.match(text) or _SSN_SHAPE.match(text):
        return False
    return not re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", text)


def _is_no_date(text: str) -> bool:
    """Say whether three numbers joined by hyphens can be no date: "21-48-07", "20-77-1450"."""
    parts = re.fullmatch(r"(\d{2})-(\d{2})-(\d{2}|\d{4})", text)
    if parts is None:
        return False
    if len(parts[3]) > 2:
        return not parts[3].startswith(("18", "19", "20"))
    return int(parts[1]) > _DAYS or int(parts[2]) > _DAYS
