"""Letters: to whom one is written, and where it closes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backfile.domain.document import SightingKind
from backfile.domain.names import fold_name
from classify.claims import Claim, claim_unlabelled_name, find_taken
from classify.label_kinds import Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.not_names import KINSHIP, TITLES
from classify.people import take_name

_ADDRESSEE = 0.72
_SPOKEN_OF = 0.7
_GREETING = re.compile(
    r"^Dear\s+(?:(?P<title>Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Parents? of|Family of)\b\.?\s*)?"
    r"(?P<name>[^:,]{2,40})[:,]"
)
_STREET = re.compile(r"^(?:\d+\w?\s+\w|P\.?\s?O\.?\s+Box|Apt|RR\s?\d)", re.IGNORECASE)
_PAYER = re.compile(
    r"\b(?:claims?|benefits?|coverage|appeal|member|authorization|deductible)\b", re.IGNORECASE
)
_THANKS = (
    r"\b(?:thank you|thanks)(?: very much)? for "
    r"(?:referring|asking|sending|allowing|letting|(?:your|the)(?: kind)? referral)\b"
)
_FOR_PATIENT = re.compile(_THANKS, re.IGNORECASE)
_SENDS = re.compile(
    r"\b(?:(?:thank you|thanks) for (?:seeing|assessing|reviewing)"
    r"|(?:would|could) you (?:kindly|please) (?:see|assess)"
    r"|grateful (?:for your (?:opinion|assessment|advice|help|review)|if you would (?:see|assess|take))"
    r"|will introduce (?:this|Mr|Mrs|Ms|Miss)"
    r"|(?:am|are) referring (?:this|him|her|Mr|Mrs|Ms))\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    rf"\bI (?:saw|reviewed|examined|met|have (?:seen|reviewed)|had the (?:pleasure|opportunity))\b|{_THANKS}"
    r"|\b(?:seen|reviewed|attended) (?:in|at|by|with) (?:my|our|the|us|me)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\byour?\b", re.IGNORECASE)
_SAID_YOURS = 3
"""How often a letter says "you" or "your" that is written to its patient."""
_CLOSING = re.compile(
    r"^(?:Sincerely|Very truly|Yours|Respectfully|Cordially|(?:(?:With )?(?:Best|Kind|Warm)\b.{0,9})?"
    r"regards)",
    re.IGNORECASE,
)


def find_addressee(layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel]) -> list[Claim]:
    """Return to whom a letter is written: the name over an address that the salutation repeats.

    A letter to a doctor names its patient elsewhere.
    """
    if any(claim.kind is SightingKind.PATIENT_NAME and claim.owner is Owner.PATIENT for claim in claims):
        return []
    greeted = _find_greeting(layout)
    if greeted is None or greeted["title"] in ("Dr", "Doctor"):
        return []
    taken = find_taken(claims, labels)
    for number, (start, end) in enumerate(layout.lines[:-1]):
        name = None if start in taken else take_name(layout, start, end)
        if name is None or name.end != end or name.is_provider:
            continue
        said = fold_name(greeted["name"])
        is_greeted = fold_name(name.name.last) in said or fold_name(name.name.first) == said
        if is_greeted and _STREET.match(layout.text(*layout.lines[number + 1])):
            return [claim_unlabelled_name(name, _ADDRESSEE)]
    return []


def find_spoken_of(layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel]) -> list[Claim]:
    """Return of whom a text speaks to a doctor, where it names one patient alone and in full.

    "your patient Mrs. Edith Pomeroy", "This will introduce Mr. Laszlo Szabo", "Arne Sundgaard, your pt.": in
    a letter a title tells a patient from the doctors; without one the word "patient" must stand there.
    """
    if any(claim.kind is SightingKind.PATIENT_NAME for claim in claims):
        return []
    taken = find_taken(claims, labels)
    closing = find_closing(layout) if _find_greeting(layout) else None
    found: dict[str, Claim] = {}
    for start, end in layout.lines:
        for at in range(start, end - 1):
            name = None if at in taken else take_name(layout, at, end)
            if name is None or name.start not in (at, at + 1) or name.is_provider or len(name.name.first) < 2:
                continue
            is_titled = name.start == at + 1 and layout.pieces[at].text.strip(".").upper() in TITLES
            in_letter = closing is not None and layout.pieces[at].box[1] < closing
            before = layout.text(max(start, at - 3), at).lower().replace(",", "").split()
            after = layout.text(name.end, min(end, name.end + 2)).lower().strip(".,;")
            is_said = before[-1:] == ["patient"] or after in ("your patient", "your pt", "my patient")
            in_running_text = at > start and not layout.pieces[at].starts_cell
            is_kin = any(word.upper() in KINSHIP for word in before)
            if in_running_text and (is_said or (in_letter and is_titled and not is_kin)):
                found.setdefault(fold_name(str(name.name)), claim_unlabelled_name(name, _SPOKEN_OF))
    return list(found.values()) if len(found) == 1 else []


def find_closing(layout: PageLayout) -> float | None:
    """Return where a letter closes ("Sincerely,"), as a share of the page's height."""
    tops = [
        layout.pieces[start].box[1] for start, end in layout.lines if _CLOSING.match(layout.text(start, end))
    ]
    return tops[-1] if tops else None


def name_letter(layout: PageLayout) -> str:
    """Return what kind of letter a page is; "" where it is none, or from those who pay.

    A letter between doctors sends a patient ("thank you for seeing") or reports on one ("I reviewed"); one to
    somebody else is correspondence.
    """
    greeted = _find_greeting(layout)
    if greeted is None or find_closing(layout) is None:
        return ""
    text = layout.text(0, len(layout.pieces))
    if _PAYER.search(text):
        return ""
    if _SENDS.search(text):
        return "referral"
    is_to_doctor = greeted["title"] in ("Dr", "Doctor")
    if is_to_doctor or (not greeted["title"] and _FOR_PATIENT.search(text)):
        return "consultation" if _REPORTS.search(text) else ""
    return "correspondence"


def is_to_layman(layout: PageLayout) -> bool:
    """Say whether a letter speaks to a Mr. or Ms. of what is theirs: to its patient, or to a relative."""
    greeted = _find_greeting(layout)
    if greeted is None or greeted["title"] in (None, "Dr", "Doctor"):
        return False
    return len(_YOURS.findall(layout.text(0, len(layout.pieces)))) >= _SAID_YOURS


def sends_patient(layout: PageLayout) -> bool:
    """Say whether a letter plainly sends a patient, and reports on nobody seen."""
    text = layout.text(0, len(layout.pieces))
    return name_letter(layout) == "referral" and not _REPORTS.search(text)


def _find_greeting(layout: PageLayout) -> re.Match[str] | None:
    return next((found for line in layout.lines if (found := _GREETING.match(layout.text(*line)))), None)
