"""Identifiers by rule: what labels announce, what stands on stickers, who bears a degree.

Precision comes first: a relative's name taken for the patient's, or an account taken for an MRN, is worse
than nothing found. So values must have the shape of their kind, labels of other people and things are
known as well as the patient's, and doubtful owners lose to sure ones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.document import Sighting, SightingKind
from classify.address_blocks import find_under_name
from classify.asides import find_asides, find_signed_number, settle_centuries
from classify.bystanders import find_providers, find_relatives
from classify.claims import Claim, kind_of, make_sightings
from classify.label_kinds import Attribute, Owner
from classify.label_values import read_label_values
from classify.labels import FoundLabel, find_labels
from classify.layout import PageLayout, Piece
from classify.lone_births import find_lone_births
from classify.name_parts import join_name_parts
from classify.people import FoundName
from classify.plates import find_plates
from classify.roles import Role, settle_roles
from classify.service_dates import settle_service_date
from classify.stickers import find_stickers
from classify.values import take_age_and_sex

_A = Attribute
_K = SightingKind
_DOUBTFUL = 0.62
"""Factor for a value whose owner is a guess."""
_ACCOUNT = 0.85
"""Factor for an account number as the number of the visit."""
_MEMBER = 0.85
"""Factor for the member of an insurance as the patient."""
_MEMBER_OF_FAMILY = 0.45
_GARBAGE = 0.2
"""Probability of a word under which it is no part of a name."""
_OF_A_PERSON = re.compile(r"\b(?:HOME|CELL|MOBILE|PATIENT|PT|DAY|EVENING)\b")
_MOTHER = 0.9
"""Factor for the mother as the patient of the record of a delivery."""
_DELIVERY = re.compile(
    r"\b(?:DELIVERY|LABOU?R(?: (?:AND|&) DELIVERY)?|BIRTHING|OBSTETRIC\w*)"
    r" (?:SUMMARY|RECORD|NOTE|SHEET|UNIT)\b"
    r"|\bPARTOGRA(?:PH|M)\b"
)
_LETTERHEAD = 0.2
"""Share of the page's height in which an institution's telephone stands."""


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """What the rules see on a page."""

    sightings: tuple[Sighting, ...]
    spoken_for: frozenset[int]
    """Pieces that are values, or labels with a colon: no part of a title."""
    labels: tuple[FoundLabel, ...] = ()
    roles: tuple[Role, ...] = ()
    """Whose each label is."""


def find_by_rules(layout: PageLayout, *, page: int, today: dt.date) -> RuleFindings:
    """Return what the rules see on one page.

    Args:
        layout: The page in pieces.
        page: Position of the page in the file, from 1.
        today: The day of reading: no birth date lies after it, and it decides two-digit years.
    """
    labels = find_labels(layout)
    roles = settle_roles(layout, labels)
    claims = read_label_values(layout, labels, roles, today=today)
    claims = join_name_parts(layout, claims)
    claims = _settle_phones(layout, labels, _settle_owners(claims, is_delivery=_is_of_delivery(layout)))
    claims = find_asides(layout, claims, labels=labels, today=today)
    claims += _sexes_after_birth_dates(layout, claims)
    claims = settle_service_date(layout, labels, claims, today=today)
    taken = {n for label in labels for n in range(label.start, label.end)}
    taken.update(n for claim in claims for n in claim.pieces())
    providers = [
        _provider_claim(layout, name.start, name.end, str(name.name))
        for name in find_providers(layout, labels)
    ]
    claims += [claim for claim in providers if not taken.intersection(claim.pieces())]
    taken.update(n for claim in claims for n in claim.pieces())
    claims += [_kin_claim(name) for name in find_relatives(layout, taken)]
    taken.update(n for claim in claims for n in claim.pieces())
    undated = taken - {n for claim in claims if _is_lone_date(claim) for n in claim.pieces()}
    claims += find_plates(layout, claims, undated, today=today)
    undated.update(n for claim in claims if not _is_lone_date(claim) for n in claim.pieces())
    claims += find_stickers(layout, claims, labels=labels, taken=undated, today=today)
    undated.update(n for claim in claims if not _is_lone_date(claim) for n in claim.pieces())
    claims = find_lone_births(layout, claims, labels, undated, today=today)
    taken.update(n for claim in claims for n in claim.pieces())
    claims += find_under_name(layout, claims, taken)
    claims = settle_centuries(layout, find_signed_number(layout, claims, labels=labels), today=today)
    has_dependents = any("DEPEND" in layout.text(label.start, label.end).upper() for label in labels)
    claims = [_weigh(claim, has_dependents=has_dependents) for claim in claims]
    kept = _drop_overlaps([claim for claim in claims if not _is_garbage(layout, claim)])
    spoken_for = {n for claim in kept for n in claim.pieces()}
    spoken_for.update(n for label in labels if label.is_marked for n in range(label.start, label.end))
    return RuleFindings(
        make_sightings(kept, layout, page=page), frozenset(spoken_for), tuple(labels), tuple(roles)
    )


def _is_lone_date(claim: Claim) -> bool:
    """Say whether a date without a label was taken for the document's: it may be a birth date."""
    return claim.kind is _K.SERVICE_DATE and not claim.labelled


def _is_of_delivery(layout: PageLayout) -> bool:
    """Say whether the head of a page calls it the record of a delivery: the mother's."""
    return any(
        _DELIVERY.search(layout.text(start, end))
        for start, end in layout.lines
        if layout.pieces[start].box[1] < _LETTERHEAD
    )


def _settle_owners(claims: Sequence[Claim], *, is_delivery: bool = False) -> list[Claim]:
    """Decide whose the values of doubtful owners are.

    If the page has the same thing of the patient for sure, the doubtful one is the relative's; else it
    may well be the patient's, with less confidence. A newborn is the patient of a page that names no
    other, and somebody else on the page of the mother, who is the patient of the record of a delivery.
    """
    sure = {c.attribute for c in claims if c.owner is Owner.PATIENT and c.is_sure_owner}
    settled = []
    for claim in claims:
        owner = claim.owner
        if is_delivery and owner is Owner.MOTHER and claim.attribute not in sure:
            kind = kind_of(claim.attribute, Owner.PATIENT)
            claim = replace(claim, owner=Owner.PATIENT, kind=kind, strength=claim.strength * _MOTHER)
        elif is_delivery and owner is Owner.NEWBORN:
            pass
        elif owner is Owner.NEWBORN and claim.attribute not in sure and _A.NAME not in sure:
            claim = replace(claim, owner=Owner.PATIENT, kind=kind_of(claim.attribute, Owner.PATIENT))
        elif not claim.is_sure_owner and claim.attribute not in sure:
            kind = kind_of(claim.attribute, Owner.PATIENT)
            claim = replace(claim, owner=Owner.PATIENT, kind=kind, strength=claim.strength * _DOUBTFUL)
        settled.append(claim)
    return settled


def _settle_phones(layout: PageLayout, labels: Sequence[FoundLabel], claims: Sequence[Claim]) -> list[Claim]:
    """Take a telephone in a letterhead, or beside a fax, for the institution's."""
    faxes = [
        layout.pieces[label.start]
        for label in labels
        if re.search(r"\bf(?:a?x|acsimile)\b", layout.text(label.start, label.end), re.IGNORECASE)
    ]
    personal = [
        c.start
        for c in claims
        if c.owner is Owner.PATIENT and c.kind in (_K.PATIENT_NAME, _K.MRN, _K.BIRTH_DATE)
    ]
    first = min(personal, default=len(layout.pieces))
    settled = []
    for claim in claims:
        if claim.kind is _K.PHONE and not _OF_A_PERSON.search(claim.label):
            in_letterhead = claim.start < first and layout.pieces[claim.start].box[1] < _LETTERHEAD
            if in_letterhead or any(_is_beside(layout, claim.start, fax) for fax in faxes):
                claim = replace(claim, owner=Owner.FACILITY, kind=_K.OTHER_NUMBER)
        settled.append(claim)
    return settled


def _is_beside(layout: PageLayout, phone: int, fax: Piece) -> bool:
    """Say whether a telephone stands on the line of a fax, or right above or below it in its column."""
    piece = layout.pieces[phone]
    if piece.line == fax.line:
        return True
    start = layout.pieces[layout.line_of(phone)[0]]
    return abs(piece.line - fax.line) == 1 and abs(start.box[0] - fax.box[0]) < 3 * layout.letter


def _sexes_after_birth_dates(layout: PageLayout, claims: Sequence[Claim]) -> list[Claim]:
    """Return the sexes in "DOB 3/12/50 (47 y M)"."""
    taken = {n for claim in claims for n in claim.pieces()}
    found = []
    for claim in claims:
        if claim.kind is not _K.BIRTH_DATE or claim.owner is not Owner.PATIENT:
            continue
        end = layout.line_of(claim.start)[1]
        limit = next((n for n in range(claim.end, end) if n in taken), end)
        if claim.end >= limit or layout.pieces[claim.end].gap > 5.0:
            continue
        sex = take_age_and_sex(layout, claim.end, min(limit, claim.end + 5))
        if sex is not None:
            found.append(
                Claim(
                    _K.SEX,
                    _A.SEX,
                    Owner.PATIENT,
                    sex.start,
                    sex.end,
                    sex.value,
                    claim.strength * 0.95,
                    labelled=False,
                )
            )
    return found


def _provider_claim(layout: PageLayout, start: int, end: int, value: str) -> Claim:
    return Claim(_K.PROVIDER, _A.NAME, Owner.PROVIDER, start, end, value, 0.9, labelled=False)


def _kin_claim(name: FoundName) -> Claim:
    return Claim(
        _K.RELATIVE_NAME, _A.NAME, Owner.RELATIVE, name.start, name.end, str(name.name), 0.85, labelled=False
    )


def _weigh(claim: Claim, *, has_dependents: bool) -> Claim:
    """Trust less what its label leaves open: the account of a visit, the member of an insurance."""
    if claim.kind is _K.ENCOUNTER and re.search(r"ACC|BILLING", claim.label):
        return replace(claim, strength=claim.strength * _ACCOUNT)
    if claim.kind is _K.PATIENT_NAME and re.search(r"\b(?:MEMBER|ENROLLEE)\b", claim.label):
        # The card of a family: the patient may be the member or one of the dependents.
        return replace(claim, strength=claim.strength * (_MEMBER_OF_FAMILY if has_dependents else _MEMBER))
    return claim


def _is_garbage(layout: PageLayout, claim: Claim) -> bool:
    """Say whether a would-be name holds a word that is hardly one: the damaged labels of a form."""
    least = min(layout.pieces[n].confidence for n in claim.pieces())
    return claim.attribute is _A.NAME and least < _GARBAGE


def _drop_overlaps(claims: Sequence[Claim]) -> list[Claim]:
    """Keep the strongest of claims on the same pieces, in reading order."""
    kept: list[Claim] = []
    taken: set[int] = set()
    for claim in sorted(claims, key=lambda c: (-c.strength, c.start)):
        if not taken.intersection(claim.pieces()):
            kept.append(claim)
            taken.update(claim.pieces())
    return sorted(kept, key=lambda claim: claim.start)
