"""What a person says a field is, laid over what was read: for comparing again before anything is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.document import FieldName, Sighting, SightingKind
from backfile.domain.evidence import PageEvidence
from backfile.domain.geometry import WHOLE_PAGE
from backfile.domain.normalize import normalize_number, normalize_sex, parse_name, read_date
from backfile.domain.records import StoredDocument
from backfile.domain.request import FieldCorrection

_DATES = {FieldName.BIRTH_DATE, FieldName.SERVICE_DATE}


@dataclass(frozen=True, slots=True)
class Understood:
    """A correction as the program understands it."""

    name: FieldName
    value: str
    """Normalised; dates ISO. "" takes the field away."""
    problem: str = ""
    """In words, where it cannot be understood."""


def understand(correction: FieldCorrection, *, today: dt.date) -> Understood:
    """Return the normalised value of a correction, or why it has none."""
    text = " ".join(correction.value.split())
    name = correction.name
    if not text:
        return Understood(name, "")
    if name in _DATES:
        parsed = read_date(text, today=today, is_birth=name is FieldName.BIRTH_DATE)
        if parsed is None:
            return Understood(name, text, "This is not a date. Write month/day/year.")
        return Understood(name, parsed.date.isoformat())
    if name is FieldName.PATIENT_NAME:
        person = parse_name(text)
        return Understood(name, str(person)) if person else Understood(name, text, "This is not a name.")
    if name is FieldName.MRN:
        number = normalize_number(text)
        return Understood(name, number) if number else Understood(name, text, "This is not a number.")
    if name is FieldName.SEX:
        return Understood(name, normalize_sex(text) or text)
    return Understood(name, text)


def lay_over(
    evidence: Sequence[PageEvidence | None],
    corrections: Sequence[FieldCorrection],
    *,
    document: StoredDocument,
    today: dt.date,
) -> list[PageEvidence | None]:
    """Return the evidence as if the corrected values had been read, for certain, instead of the old ones.

    Only readings equal to the field's old value give way: what another page bears stays as it is, so a
    page of another person still speaks against.
    """
    pages = list(evidence)
    for correction in corrections:
        understood = understand(correction, today=today)
        if understood.problem:
            continue
        old = document.field(correction.name)
        pages = [_without(page, SightingKind(correction.name.value), old) for page in pages]
        if understood.value and pages:
            at = min(max(correction.page, 1), len(pages)) - 1
            page = pages[at] or PageEvidence(at + 1, ())
            sighting = Sighting(
                SightingKind(correction.name.value),
                understood.value,
                correction.raw or correction.value,
                1.0,
                page.page,
                correction.box or WHOLE_PAGE,
                labelled=True,
            )
            pages[at] = replace(page, sightings=(*page.sightings, sighting))
    return pages


def _without(page: PageEvidence | None, kind: SightingKind, value: str) -> PageEvidence | None:
    if page is None or not value:
        return page
    kept = tuple(one for one in page.sightings if one.kind is not kind or one.value != value)
    return replace(page, sightings=kept)
