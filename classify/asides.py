"""Patients named in passing: no form, no label with a colon, but the words around say whose a thing is.

"Irena Novak (07/04/1951)", "I, Arvid Lindqvist, born December 1, 1926", "b. 5/30/31", "Helena Wojcik (MRN
300871)", "Caller: Petra Grun (patient)", "#70021" beside a birth date, "ID 5520981" on the line of a name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from backfile.domain.document import SightingKind
from classify.claims import Claim, claim_unlabelled_name, find_taken, kind_of
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.letters import find_addressee, find_spoken_of
from classify.not_names import KINSHIP
from classify.people import FoundName, take_name
from classify.values import take_date, take_number

_A = Attribute
_K = SightingKind
_HEAD = 0.4
_FOOT = 0.8
_LAST = 3
"""Shares of the page's height above and below which a page says whose it is."""
_MIN_AGE_DAYS = 365
"""A date at least this much older than every other is the birth date."""
_BEFORE = 4
"""Words before a date or bracket among which a name may begin."""
_SEX_OR_AGE = re.compile(r"(?:\d{1,3}|M|F|Male|Female|MALE|FEMALE)[,;]?")
_SAID = re.compile(r"^\(?(?:patient|pt|self)\.?\)[.,;]?$", re.IGNORECASE)
_BORN = frozenset({"BORN", "B", "B.D", "DOB", "BIRTH", "BIRTHDATE"})
_BRACKET = frozenset({_K.MRN, _K.BIRTH_DATE})
_SIGNS = re.compile(r"^(?:#|[Nn][Oo]\.?|[Nn]r\.?|ID:?|MR)$")
_FILE = re.compile(r"(?:FILE|REG(?:ISTRATION|N)?)\b.*")
"""Labels of numbers that say as little: a doctor has one too."""
_STAYS = frozenset({_A.SERVICE_DATE, _A.ADMISSION_DATE, _A.DISCHARGE_DATE})
"""Dates before which whoever they are of was born."""
_SIGN_LONGEST = 10
"""Letters and digits of the longest such MRN: members of an insurance have longer numbers."""
_SIGN_DIGITS = 5
"""Digits and letters of the shortest number that a bare sign makes an MRN: a room or a bed has fewer."""


def find_asides(
    layout: PageLayout, claims: Sequence[Claim], *, labels: Sequence[FoundLabel], today: dt.date
) -> list[Claim]:
    """Return the claims of a page with what the words around say beside its labels.

    Args:
        layout: The page.
        claims: What the labels say.
        labels: All labels.
        today: The day of reading.
    """
    claims = _settle_callers(layout, claims)
    claims = _find_births(layout, claims, labels, today)
    return claims + _find_declarant(layout, claims, labels)


def _find_births(
    layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel], today: dt.date
) -> list[Claim]:
    """Return the claims with the names and birth dates that stand in passing."""
    claims = list(claims)
    claims += _names_before_brackets(layout, claims, labels) or find_addressee(layout, claims, labels)
    claims += find_spoken_of(layout, claims, labels)
    if _has(claims, _K.BIRTH_DATE):
        return claims
    born = list(_births_in_passing(layout, claims, labels, today))
    return claims + (born or _birth_in_brackets(layout, claims, labels, today))


def settle_centuries(layout: PageLayout, claims: Sequence[Claim], *, today: dt.date) -> list[Claim]:
    """Return the claims with two-digit birth years in the century before, where the page dates a stay then.

    "DOB: 04/01/17" of somebody who was discharged in 1996 is 1917.
    """
    births = [claim for claim in claims if claim.kind is _K.BIRTH_DATE]
    stays = [claim.value for claim in claims if claim.attribute in _STAYS or claim.kind is _K.SERVICE_DATE]
    if not stays and births:
        stays = _dates_beside(layout, births, today)
    if not stays:
        return list(claims)
    first = min(stays)
    settled = []
    for claim in claims:
        if claim.kind is _K.BIRTH_DATE and claim.value > first:
            date = take_date(
                layout, claim.start, claim.end, today=dt.date.fromisoformat(first), is_birth=True
            )
            if date is not None and (date.start, date.end) == (claim.start, claim.end):
                claim = replace(claim, value=date.value)
        settled.append(claim)
    return settled


def _dates_beside(layout: PageLayout, births: Sequence[Claim], today: dt.date) -> list[str]:
    """Return the other dates of a page, where all of them lie before its births: two at least."""
    taken = {n for claim in births for n in claim.pieces()}
    found = [
        date.value
        for start, end in layout.lines
        for at in range(start, end)
        if at not in taken and (date := take_date(layout, at, end, today=today)) and date.quality == 1.0
    ]
    first = min(claim.value for claim in births)
    return found if len(found) > 1 and max(found) < first else []


def find_signed_number(
    layout: PageLayout, claims: Sequence[Claim], *, labels: Sequence[FoundLabel]
) -> list[Claim]:
    """Return the claims of a page with the number that a bare sign announces beside the patient's.

    "#70021", "No. 104-77", "Chart N-20881", "ID 5520981" say nothing by themselves: a number counts where it
    stands on the line of the patient's name or birth date or next to it, alone, and the page has no MRN.
    """
    if _has(claims, _K.MRN):
        return list(claims)
    lines = {
        line
        for claim in claims
        if claim.kind in (_K.PATIENT_NAME, _K.BIRTH_DATE) and not _is_inside(layout, claim.start)
        for line in range(layout.pieces[claim.start].line - 1, layout.pieces[claim.start].line + 2)
        if 0 <= line < len(layout.lines)
    }
    others = {
        layout.pieces[label.start].line: label.start
        for label in reversed(labels)
        if label.owner in (Owner.OTHER, Owner.RELATIVE, Owner.MOTHER, Owner.PROVIDER)
    }
    found = {
        claim.start: claim
        for line in lines
        for claim in _signed_on(layout, claims, labels, *layout.lines[line])
        if len(claim.value) <= _SIGN_LONGEST and claim.start < others.get(line, claim.end)
    }
    if len({claim.value for claim in found.values()}) != 1:
        return list(claims)
    number = next(iter(found.values()))
    return [*(claim for claim in claims if claim.start != number.start), number]


def _is_inside(layout: PageLayout, at: int) -> bool:
    """Say whether a piece stands neither at the head of a page nor at its foot, or among its last lines."""
    piece = layout.pieces[at]
    return _HEAD <= piece.box[1] <= _FOOT and piece.line < len(layout.lines) - _LAST


def _has(claims: Sequence[Claim], kind: SightingKind) -> bool:
    return any(claim.kind is kind and claim.owner is Owner.PATIENT for claim in claims)


def _settle_callers(layout: PageLayout, claims: Sequence[Claim]) -> list[Claim]:
    """Take who is called a caller and "(patient)" for the patient, with what follows on the line."""
    said = {
        layout.pieces[claim.start].line: claim.start
        for claim in claims
        if claim.attribute is _A.NAME
        and claim.owner is Owner.RELATIVE
        and claim.end < layout.line_of(claim.start)[1]
        and _SAID.match(layout.pieces[claim.end].text)
    }
    settled = []
    for claim in claims:
        first = said.get(layout.pieces[claim.start].line)
        if first is not None and claim.start >= first and claim.owner is Owner.RELATIVE:
            kind = kind_of(claim.attribute, Owner.PATIENT)
            claim = replace(claim, owner=Owner.PATIENT, kind=kind, strength=claim.strength * 0.9)
        settled.append(claim)
    return settled


def _find_declarant(layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel]) -> list[Claim]:
    """Return who declares something of themselves, the first on a page: "I, Agnes Hall, of Mecklenburg"."""
    if any(claim.kind is _K.PATIENT_NAME and claim.is_sure_owner for claim in claims):
        return []
    taken = find_taken(claims, labels)
    for start, end in layout.lines:
        for at in range(start, end - 1):
            if layout.pieces[at].text != "I," or at + 1 in taken:
                continue
            name = take_name(layout, at + 1, end)
            if name is None or name.start != at + 1 or name.is_provider or len(name.name.first) < 2:
                continue
            if layout.pieces[name.end - 1].text.endswith(",") or _goes_on(layout, name.end, end):
                return [claim_unlabelled_name(name, 0.78)]
    return []


def _goes_on(layout: PageLayout, at: int, end: int) -> bool:
    """Say whether a sentence or a bracket follows."""
    return at < end and (layout.pieces[at].text[0].islower() or layout.pieces[at].text[0] in "(,")


def _names_before_brackets(
    layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel]
) -> list[Claim]:
    """Return the names before brackets in which the patient's birth date or MRN stands."""
    if _has(claims, _K.PATIENT_NAME):
        return []
    taken = find_taken(claims, labels)
    by_end = {label.end: label for label in labels}
    for claim in claims:
        label = by_end.get(claim.start)
        if claim.kind not in _BRACKET or label is None or claim.owner is not Owner.PATIENT:
            continue
        if not layout.pieces[label.start].text.startswith("("):
            continue
        name = _name_before(layout, label.start, taken)
        if name is not None:
            return [claim_unlabelled_name(name, 0.85)]
    return []


def _births_in_passing(
    layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel], today: dt.date
) -> Iterator[Claim]:
    """Yield the first birth date behind "born" or "b.", with the name before it where none is known."""
    taken = find_taken(claims, labels)
    named = {claim.end for claim in claims if claim.kind is _K.PATIENT_NAME}
    for start, end in layout.lines:
        for at in range(start, end - 1):
            word = layout.pieces[at].text.strip("(,;:")
            if word.rstrip(".").upper() not in _BORN or (len(word) < 3 and not word.endswith(".")):
                continue
            date = take_date(layout, at + 1, end, today=today, is_birth=True)
            if date is None or date.start != at + 1 or taken.intersection(range(date.start, date.end)):
                continue
            first = max(start, at - _BEFORE)
            bracket = _open_bracket(layout, start, at)
            if bracket is not None and (whose := _name_before(layout, bracket, set())) is not None:
                # "Helena Wojcik (MRN 300871, date of birth 06/25/1949)"
                if _is_of_kin(layout, start, whose.start):
                    continue  # "My daughter, Dr. Judith Stein (born 3/3/1960)"
                if not _has(claims, _K.PATIENT_NAME):
                    yield claim_unlabelled_name(whose, 0.75)
            elif at > start and _SEX_OR_AGE.fullmatch(layout.pieces[at - 1].text):
                if _is_of_kin(layout, first, at):
                    continue  # "Male, 60, born 15 May 1917"
            elif at in named:
                pass
            elif at > start and not layout.pieces[at].starts_cell:
                name = _name_before(layout, at, taken)
                is_said = name is not None and _is_said_patient(layout, start, name.start)
                if name is None or (not is_said and _is_of_kin(layout, start, name.start)):
                    continue
                if not _has(claims, _K.PATIENT_NAME) and (is_said or _follows_i(layout, start, name)):
                    yield claim_unlabelled_name(name, 0.75)
            elif _is_of_kin(layout, first, at):
                continue
            yield _birth_claim(date.start, date.end, date.value, 0.88 * date.quality)
            return


def _birth_in_brackets(
    layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel], today: dt.date
) -> list[Claim]:
    """Return the birth date in brackets behind the patient's name or age, older than all other dates."""
    taken = find_taken(claims, labels)
    names = {claim.end for claim in claims if claim.kind is _K.PATIENT_NAME}
    others = [claim.value for claim in claims if claim.attribute.value.endswith("date")]
    for at, piece in enumerate(layout.pieces):
        if piece.box[1] > _HEAD or not piece.text.startswith("(") or at in taken:
            continue
        start, end = layout.line_of(at)
        date = take_date(layout, at, end, today=today, is_birth=True)
        if date is None or not layout.pieces[date.end - 1].text.rstrip(".,;").endswith(")"):
            continue
        if any(days_between(date.value, other) < _MIN_AGE_DAYS for other in others):
            continue
        birth = _birth_claim(date.start, date.end, date.value, 0.84 * date.quality)
        is_behind_age = at > start and re.fullmatch(
            r"\d{1,3}|yrs?\.?|y/?o\.?|years?|old|[MF][,;]?|\d{1,3}[MF]",
            layout.pieces[at - 1].text,
            re.IGNORECASE,
        )
        if at in names or is_behind_age:
            return [birth]
        name = _name_before(layout, at, taken)
        if name is not None and layout.pieces[name.start].starts_cell and not _has(claims, _K.PATIENT_NAME):
            return [birth, claim_unlabelled_name(name, 0.72)]
    return []


def _signed_on(
    layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel], start: int, end: int
) -> Iterator[Claim]:
    """Yield the numbers on a line that stand behind a bare sign."""
    vague = {claim.start: claim for claim in claims if claim.attribute is _A.OTHER_NUMBER}
    taken = find_taken([claim for claim in claims if claim.attribute is not _A.OTHER_NUMBER], ())
    of_files = {
        label.end - 1 for label in labels if _FILE.fullmatch(layout.text(label.start, label.end).upper())
    }
    for at in range(start, end - 1):
        sign = layout.pieces[at]
        in_brackets = sign.text in ("record", "chart") and _open_bracket(layout, start, at) is not None
        if at + 1 in taken or not (_SIGNS.match(sign.text) or in_brackets or at in of_files):
            continue
        if not (sign.starts_cell or in_brackets or at - 1 in taken or at in of_files):
            continue  # "Path No."
        before = [label for label in labels if label.end > at >= label.start]
        if at not in of_files and any(label.start < at for label in before):
            continue  # "Policy #", "Accession No."
        number = take_number(layout, at + 1, end, min_digits=_SIGN_DIGITS - 1, labelled=True)
        if (
            number is None
            or number.start != at + 1
            or number.quality < 1.0
            or len(number.value) < _SIGN_DIGITS
        ):
            continue
        owner = vague[number.start].owner if number.start in vague else Owner.PATIENT
        if owner is Owner.PATIENT:
            yield Claim(
                _K.MRN, _A.MRN, Owner.PATIENT, number.start, number.end, number.value, 0.8, labelled=False
            )


def _name_before(layout: PageLayout, at: int, taken: set[int]) -> FoundName | None:
    """Return the longest name that ends right before a position."""
    start = layout.line_of(at)[0]
    if at - 1 > start and layout.pieces[at - 1].text == ",":
        at -= 1
    for first in range(max(start, at - _BEFORE), at - 1):
        if taken.intersection(range(first, at)) or not layout.pieces[first].text[:1].isupper():
            continue
        if layout.pieces[first].text in ("I,", "Dr.", "Mr.", "Mrs.", "Ms.", "Miss"):
            continue
        name = take_name(layout, first, at)
        if name is not None and name.start == first and name.end == at and not name.is_provider:
            return name
    return None


def _open_bracket(layout: PageLayout, start: int, at: int) -> int | None:
    """Return the piece that opens the brackets in which a position stands."""
    for n in range(at, max(start, at - 2 * _BEFORE) - 1, -1):
        if n < at and layout.pieces[n].text.rstrip(".,;").endswith(")"):
            return None
        if layout.pieces[n].text.startswith("("):
            return n
    return None


def _follows_i(layout: PageLayout, start: int, name: FoundName) -> bool:
    """Say whether somebody declares something of themselves: "I, Arvid Lindqvist"."""
    return layout.pieces[max(name.start - 1, start)].text == "I,"


def _is_said_patient(layout: PageLayout, start: int, at: int) -> bool:
    """Say whether the word before a name calls them the patient: "my patient, Leonard Fitch"."""
    return at > start and layout.pieces[at - 1].text.rstrip(",:").lower() == "patient"


def _is_of_kin(layout: PageLayout, start: int, at: int) -> bool:
    """Say whether the words before a position speak of a relative: "my daughter Karin Shaw, born"."""
    words = layout.text(max(start, at - 3), at).upper()
    return any(word in KINSHIP or word in ("MY", "HIS", "HER") for word in re.findall(r"[A-Z]+", words))


def days_between(birth: str, other: str) -> int:
    """Return the days from one ISO date to another; a year where one of them is none."""
    try:
        return (dt.date.fromisoformat(other) - dt.date.fromisoformat(birth)).days
    except ValueError:
        return _MIN_AGE_DAYS


def _birth_claim(start: int, end: int, value: str, strength: float) -> Claim:
    kind = kind_of(_A.BIRTH_DATE, Owner.PATIENT)
    return Claim(kind, _A.BIRTH_DATE, Owner.PATIENT, start, end, value, strength, labelled=False)
