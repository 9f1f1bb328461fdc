"""Patients without labels: stickers, and name lines at the head of a page.

"SMITH, JOHN A   M   03/12/1950   00123456" names nobody by label. It is taken only where several things
agree: a name, and near it a birth date and a sex or number; or a name beside a labelled birth date or MRN.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.document import SightingKind
from backfile.domain.names import fold_name
from classify.addresses import begins_street
from classify.claims import Claim, claim_unlabelled_name, claim_unlabelled_value
from classify.given_names import GIVEN_NAMES
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout, Piece
from classify.not_names import TITLES
from classify.number_places import has_letters_before, is_numbered_otherwise, is_zip
from classify.people import FoundName, take_name
from classify.titles import is_title
from classify.values import FoundValue, take_age_and_sex, take_date, take_number

_LINES = 4
"""Lines above and below a name that may belong to its sticker."""
_REACH = 34.0
"""Letters right of the name's end, or left of its start, that may belong to it."""
_SEX = re.compile(
    r"^\(?(?:(?:M|F|MALE|FEMALE)[),;/]?$|\d{1,3}\s?(?:Y|YO|YRS?)?[/ ]?[MF]\b|[MF]/?\d{1,3}\b)", re.IGNORECASE
)
_AGE = re.compile(r"^\(?\d{1,3}\s?(?:Y|YO|Y/O|YRS?)[.,;)]*$", re.IGNORECASE)
_AGE_IN_BRACKETS = re.compile(r"^\(\d{1,3}\s?(?:Y|YO|Y/O|YRS?|YEARS?)\.?\)", re.IGNORECASE)
_NUMBER_DIGITS = 6
"""Digits of the shortest number beside a name and its labelled birth date that is taken for the MRN."""
_EVENT = re.compile(r"^(?:ADM|ADMIT|ADMITTED|DOS|DIS|DISCH|DC|VISIT|SEEN|PRINTED)[.:]?$", re.IGNORECASE)
"""Words of a label before a date that is no birth date."""
_BESIDE = 5.0
"""Space, in letters, up to which a sex is right beside a date."""
_HEAD = 0.2
"""Share of the page's height where a name may stand apart from its birth date and number."""
_LONGEST_MRN = 10
"""Letters and digits of the longest MRN that needs no label."""
_WITHOUT_COMMA = 0.7
_MIN_AGE_DAYS = 365
"""A date at least this much older than the other is the birth date of the two."""


@dataclass(frozen=True, slots=True)
class _Near:
    """What stands near a name."""

    dates: list[FoundValue]
    numbers: list[FoundValue]
    sexes: list[FoundValue]
    birth_claims: int
    """Labelled birth dates of the patient nearby."""
    number_claims: int
    beside_sex: frozenset[int]
    """Pieces with which the dates begin that a sex or an age stands right beside: birth dates."""
    on_line: bool
    """One of these stands on the name's own line, or right below or above its start."""
    close_numbers: list[FoundValue]
    """Numbers of six digits and more in a cell of their own on the name's line or the one below."""
    has_age: bool
    """An age with its unit stands near: "58Y"."""


def find_stickers(
    layout: PageLayout,
    claims: Sequence[Claim],
    *,
    labels: Sequence[FoundLabel],
    taken: set[int],
    today: dt.date,
) -> list[Claim]:
    """Return the patients that stand without a label on a page.

    Args:
        layout: The page.
        claims: What the labels say.
        labels: All labels: a name right behind one, or right under it, is not without a label.
        taken: Pieces that are labels or labelled values.
        today: The day of reading.
    """
    found: list[Claim] = []
    used = set(taken)
    others = [
        label
        for label in labels
        if not (_heads_patient(label) or _is_title(layout, label) or _is_sender(layout, label))
    ]
    announced = {label.end for label in others} | _under_labels(layout, others)
    marked = {label.end for label in others if label.is_marked}
    names = _find_names(layout, taken, announced)
    is_known = any(c.kind is SightingKind.PATIENT_NAME and c.owner is Owner.PATIENT for c in claims)
    for name in names:
        if used.intersection(range(name.start, name.end)):
            continue
        near = _look_around(layout, name, claims, used, marked, today)
        is_titled = name.start > 0 and _is_titled(layout, name.start - 1)
        made = _read_sticker(name, near, is_titled=is_titled, is_known=is_known) or _read_lone_name(
            layout, name, names, claims
        )
        for claim in made:
            used.update(claim.pieces())
        found.extend(made)
    return found


def _heads_patient(label: FoundLabel) -> bool:
    """Say whether a label is a heading over the patient's own block."""
    return label.owner is Owner.PATIENT and Attribute.SECTION in label.attributes


def _is_title(layout: PageLayout, label: FoundLabel) -> bool:
    """Say whether a label is the title of the page, with the patient in the corner beside it or under it."""
    if label.is_marked:
        return False
    if is_title(layout.text(label.start, label.end)):
        return True
    if label.attributes != (Attribute.STOP,):
        return False
    end = layout.line_of(label.start)[1]
    return label.end < end and layout.pieces[label.end].gap > _BESIDE


def _is_sender(layout: PageLayout, label: FoundLabel) -> bool:
    """Say whether it says from whom a message comes: it may be the patient who calls."""
    text = layout.text(label.start, label.end).upper()
    return label.attributes == (Attribute.OTHER_DATE,) and text.strip(" :;") == "FROM"


def _read_lone_name(
    layout: PageLayout, name: FoundName, names: Sequence[FoundName], claims: Sequence[Claim]
) -> list[Claim]:
    """Return the only "LAST, FIRST" at the head of a page that also has a birth date and an MRN there."""
    in_head = [n for n in names if n.has_comma and layout.pieces[n.start].box[1] < _HEAD]
    kinds = {
        claim.kind
        for claim in claims
        if claim.owner is Owner.PATIENT and claim.labelled and layout.pieces[claim.start].box[1] < 2 * _HEAD
    }
    if in_head != [name] or SightingKind.PATIENT_NAME in kinds:
        return []
    if not {SightingKind.BIRTH_DATE, SightingKind.MRN} <= kinds:
        return []
    return [claim_unlabelled_name(name, 0.62)]


def _under_labels(layout: PageLayout, labels: Sequence[FoundLabel]) -> set[int]:
    """Return the pieces that stand right under a label without a colon."""
    under: set[int] = set()
    for label in labels:
        first = layout.pieces[label.start]
        if label.is_marked or first.line + 1 >= len(layout.lines):
            continue
        for row in range(first.line + 1, min(first.line + 3, len(layout.lines))):
            start, end = layout.lines[row]
            if layout.pieces[start].box[1] - first.box[3] > 2 * layout.height:
                break
            under.update(
                at
                for at in range(start, end)
                if abs(layout.pieces[at].box[0] - first.box[0]) < 2.5 * layout.letter
            )
    return under


def _find_names(layout: PageLayout, taken: set[int], announced: set[int]) -> list[FoundName]:
    """Return names at the head of a cell that no label announces."""
    names = []
    for start, end in layout.lines:
        for at in range(start, end):
            if at in taken or at in announced or not layout.pieces[at].starts_cell:
                continue
            limit = next((n for n in range(at, end) if n in taken), end)
            name = take_name(layout, at, limit)
            if (
                name is not None
                and name.start in (at, at + _is_titled(layout, at))
                and not name.is_provider
                and len(name.name.first) > 1
                and _stands_alone(layout, name, limit)
                and layout.text(name.start, name.end).rstrip(",").count(",") <= 1 + bool(name.name.suffix)
            ):
                names.append(name)
    return names


def _is_titled(layout: PageLayout, at: int) -> bool:
    """Say whether a piece is "Mr", "Mrs" or the like."""
    return layout.pieces[at].text.strip(".").upper() in TITLES


def _stands_alone(layout: PageLayout, name: FoundName, limit: int) -> bool:
    """Say whether the cell ends with the name, or goes on with numbers, a sex or an age: not with words."""
    if name.end >= limit or layout.pieces[name.end].starts_cell:
        return True
    text = layout.pieces[name.end].text
    return any(char.isdigit() for char in text) or bool(_SEX.match(text)) or not text[0].isalpha()


def _look_around(
    layout: PageLayout, name: FoundName, claims: Sequence[Claim], taken: set[int], announced: set[int],
    today: dt.date,
) -> _Near:  # fmt: skip
    first, last = layout.pieces[name.start], layout.pieces[name.end - 1]
    left, right = first.box[0] - 6 * layout.letter, last.box[2] + _REACH * layout.letter
    dates: list[FoundValue] = []
    numbers: list[FoundValue] = []
    sexes: list[FoundValue] = []
    for at in _pieces_near(layout, first, left, right):
        if at in taken or name.start <= at < name.end:
            continue
        end = layout.line_of(at)[1]
        limit = next((n for n in range(at, end) if n in taken), end)
        if date := take_date(layout, at, limit, today=today, is_birth=True):
            is_event = at > layout.line_of(at)[0] and _EVENT.match(layout.pieces[at - 1].text)
            if not is_event and not any(date.start < other.end and other.start < date.end for other in dates):
                dates.append(date)
        elif number := take_number(layout, at, limit, min_digits=5):
            text = layout.text(number.start, number.end)  # "QT/QTc 410/412"
            is_other = at in announced or "/" in text or is_numbered_otherwise(layout, at)
            is_other = is_other or has_letters_before(layout, at)
            if not is_other and not is_zip(layout, number) and not begins_street(layout, number):
                numbers.append(number)
        elif re.fullmatch(
            r"\(?(?:M|F|MALE|FEMALE)[),;/]?", layout.pieces[at].text, re.IGNORECASE
        ) or re.match(r"^\(?(?:\d{1,3}\s?(?:Y|YO|YRS?)?[/ ]?[MF]|[MF]/\d)", layout.pieces[at].text):
            sex = take_age_and_sex(layout, at, limit)
            sexes += [sex] if sex and sex.start == at else []
    covered = {n for date in dates for n in range(date.start, date.end)}
    numbers = [number for number in numbers if not covered.intersection(range(number.start, number.end))]
    within = [number for number in numbers if layout.pieces[number.start].box[0] <= right]
    numbers = within or numbers
    sexes = [sex for sex in sexes if not covered.intersection(range(sex.start, sex.end))]
    beside = [
        claim
        for claim in claims
        if claim.owner is Owner.PATIENT
        and claim.is_sure_owner
        and claim.kind in (SightingKind.BIRTH_DATE, SightingKind.MRN)
        and _is_near(layout.pieces[claim.start], first, layout, left, right)
    ]
    return _Near(
        dates,
        numbers,
        sexes,
        birth_claims=sum(claim.kind is SightingKind.BIRTH_DATE for claim in beside),
        number_claims=sum(claim.kind is SightingKind.MRN for claim in beside),
        beside_sex=frozenset(date.start for date in dates if is_beside_sex_or_age(layout, date)),
        on_line=any(abs(layout.pieces[claim.start].line - first.line) <= 1 for claim in beside),
        close_numbers=[number for number in numbers if _is_close(layout, number, first)],
        has_age=any(_AGE.match(layout.pieces[at].text) for at in _pieces_near(layout, first, left, right)),
    )


def _is_close(layout: PageLayout, number: FoundValue, first: Piece) -> bool:
    """Say whether a number in a cell of its own stands on a name's line or right below its start."""
    piece = layout.pieces[number.start]
    below = piece.line == first.line + 1 and abs(piece.box[0] - first.box[0]) < 3 * layout.letter
    digits = sum(char.isdigit() for char in number.value)
    return piece.starts_cell and (below or piece.line == first.line) and digits >= _NUMBER_DIGITS


def is_beside_sex_or_age(layout: PageLayout, date: FoundValue) -> bool:
    """Say whether a sex or an age stands right behind or before a date: it is a birth date."""
    start, end = layout.line_of(date.start)
    beside = [n for n in (date.start - 1, date.end) if start <= n < end]
    behind = layout.text(date.end, min(date.end + 2, end))
    return (
        _has_sex_beside(layout, date)
        or any(_AGE.match(layout.pieces[n].text) for n in beside)
        or bool(_AGE_IN_BRACKETS.match(behind))
    )


def _has_sex_beside(layout: PageLayout, date: FoundValue) -> bool:
    """Say whether a sex, with or without an age, stands right behind or before a date."""
    start, end = layout.line_of(date.start)
    behind = date.end < end and layout.pieces[date.end].gap < _BESIDE
    before = date.start > start and layout.pieces[date.start].gap < _BESIDE
    return (behind and bool(_SEX.match(layout.pieces[date.end].text))) or (
        before and bool(_SEX.match(layout.pieces[date.start - 1].text))
    )


def _pieces_near(layout: PageLayout, first: Piece, left: float, right: float) -> list[int]:
    near = []
    for line in range(max(0, first.line - 2), min(len(layout.lines), first.line + _LINES + 1)):
        start, end = layout.lines[line]
        # On the name's own line further: the row of a form is wider than a label.
        reach = right + _REACH * layout.letter if line == first.line else right
        near += [at for at in range(start, end) if _is_near(layout.pieces[at], first, layout, left, reach)]
    return near


def _is_near(piece: Piece, first: Piece, layout: PageLayout, left: float, right: float) -> bool:
    height = max(layout.height, first.box[3] - first.box[1])
    return left <= piece.box[0] <= right and abs(piece.box[1] - first.box[1]) <= (_LINES + 0.5) * 1.7 * height


def _read_sticker(name: FoundName, near: _Near, *, is_titled: bool, is_known: bool) -> list[Claim]:
    """Return what a name and its surroundings say together; nothing where too little agrees."""
    labelled = near.birth_claims + near.number_claims
    if labelled and (name.has_comma or ((labelled > 1 or is_titled) and near.on_line)):
        strength = 0.88 if labelled > 1 and name.has_comma else 0.8
        claims = [claim_unlabelled_name(name, strength)]
        if name.has_comma and not near.number_claims and len(near.close_numbers) == 1:
            claims.append(claim_unlabelled_value(SightingKind.MRN, near.close_numbers[0], 0.75))
        sexed = [date for date in near.dates if date.start in near.beside_sex]
        if not near.birth_claims and len({date.value for date in sexed}) == 1:
            claims.append(claim_unlabelled_value(SightingKind.BIRTH_DATE, sexed[0], 0.8))
        return claims
    birth = _choose_birth_date(near)
    if not name.has_comma and birth is not None and near.numbers and not is_known and _is_plate(name):
        # "FERREIRA-LIMA JOANA" over her number and birth date: the words tell who, if not in which order.
        claims = [claim_unlabelled_name(name, _WITHOUT_COMMA)]
        claims.append(claim_unlabelled_value(SightingKind.BIRTH_DATE, birth, _WITHOUT_COMMA))
        return claims + [
            claim_unlabelled_value(SightingKind.MRN, number, _WITHOUT_COMMA) for number in near.numbers[:1]
        ]
    agreeing = (birth is not None) + (bool(near.sexes) or near.has_age) + bool(near.numbers)
    if not name.has_comma or birth is None or agreeing < 2:
        return []
    claims = [
        claim_unlabelled_name(name, 0.78 if agreeing == 2 else 0.84),
        claim_unlabelled_value(SightingKind.BIRTH_DATE, birth, _weigh_birth_date(near, birth)),
    ]
    if near.sexes:
        claims.append(claim_unlabelled_value(SightingKind.SEX, near.sexes[0], 0.8))
    if len(near.numbers) == 1:
        # A lone number may still be an account: matching asks for agreement with name or birth date.
        kind = SightingKind.ENCOUNTER if _is_of_visit(near.numbers[0].value) else SightingKind.MRN
        claims.append(claim_unlabelled_value(kind, near.numbers[0], 0.8))
    return claims


def _is_plate(name: FoundName) -> bool:
    """Say whether a name is in capitals as on a plate, and holds a common given name."""
    words = fold_name(str(name.name)).split()
    return str(name.name).isupper() and len(words) > 1 and bool(GIVEN_NAMES.intersection(words))


def _is_of_visit(number: str) -> bool:
    """Say whether a number without a label looks like one of a visit: "V00123456789", or very long."""
    return len(number) > _LONGEST_MRN or bool(re.fullmatch(r"V\d{7,}", number))


def _weigh_birth_date(near: _Near, birth: FoundValue) -> float:
    if birth.start in near.beside_sex:
        return 0.86
    return 0.78 if len(near.dates) == 1 else 0.7


def _choose_birth_date(near: _Near) -> FoundValue | None:
    """Return the birth date among the dates of a sticker.

    It is the only one, the only one that a sex stands beside, or the one that is much older.
    """
    dates = near.dates
    beside = [date for date in dates if date.start in near.beside_sex]
    if len(beside) == 1:
        return beside[0]
    if len(dates) == 1:
        return dates[0]
    if len({date.value for date in dates}) != 2:
        return None
    older, newer = sorted(dates, key=lambda date: date.value)[:: len(dates) - 1]
    apart = dt.date.fromisoformat(newer.value) - dt.date.fromisoformat(older.value)
    return older if apart.days >= _MIN_AGE_DAYS else None
