"""What a person says of a document's type and fields, in place of what was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from backfile.domain.document import (
    FieldAlternative,
    FieldName,
    FieldValue,
    Sighting,
    SightingKind,
    TypeGuess,
)
from backfile.domain.document_types import find_type
from backfile.domain.evidence import PageEvidence
from backfile.domain.geometry import WHOLE_PAGE, Box, clamp_box
from backfile.domain.normalize import (
    normalize_number,
    normalize_phone,
    normalize_sex,
    normalize_ssn_last4,
    parse_name,
    read_date,
)
from backfile.domain.records import StoredDocument
from backfile.domain.request import FieldCorrection
from backfile.errors import UsageError

_LONGEST = 500
_MOST_ALTERNATIVES = 5
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_WORDS = {
    FieldName.PATIENT_NAME: "The patient's name",
    FieldName.BIRTH_DATE: "The birth date",
    FieldName.SERVICE_DATE: "The date of service",
    FieldName.MRN: "The MRN",
    FieldName.SSN_LAST4: "The ending of the SSN",
    FieldName.PHONE: "The phone number",
    FieldName.SEX: "The sex",
}


def correct_document(
    document: StoredDocument,
    *,
    type_name: str | None,
    corrections: Iterable[FieldCorrection],
    pages: int,
    today: dt.date,
) -> StoredDocument:
    """Return a document with a type and fields as a person says they are; the version stays.

    Args:
        document: as it is.
        type_name: key of its type; None leaves the type.
        corrections: of fields; the last of one field counts.
        pages: how many the document has.
        today: dates do not lie behind it.

    Raises:
        UsageError: there is no such type, or a value cannot be what its field is.
    """
    if type_name is not None:
        if find_type(type_name) is None:
            raise UsageError("There is no such document type.", next_step="Choose one of the list.")
        evidence = document.type.evidence if document.type.name == type_name else ()
        document = replace(document, type=TypeGuess(type_name, 1.0, evidence))
    fields = {field.name: field for field in document.fields}
    for correction in corrections:
        if not 0 <= correction.page <= pages:
            raise UsageError("A corrected field names a page that the document has not.", next_step=_RELOAD)
        value = normalize_field(correction.name, correction.value, today=today)
        earlier = fields.pop(correction.name, None)
        if value:
            fields[correction.name] = _choose(correction, value, earlier)
    return replace(
        document,
        fields=tuple(fields[name] for name in FieldName if name in fields),
        encounter=_encounter(document, fields),
    )


def keep_corrections(read: tuple[FieldValue, ...], earlier: Iterable[FieldValue]) -> tuple[FieldValue, ...]:
    """Return fields that were read anew, those that a person had corrected before as the person said."""
    fields = {field.name: field for field in read}
    for field in earlier:
        if field.corrected:
            seen = fields.get(field.name)
            alternatives = field.alternatives if seen is None else _alternatives(field.value, seen)
            fields[field.name] = replace(field, alternatives=alternatives)
    return tuple(fields[name] for name in FieldName if name in fields)


def correct_evidence(
    document: StoredDocument,
    evidence: Sequence[PageEvidence | None],
    *,
    before: StoredDocument | None = None,
) -> list[PageEvidence]:
    """Return what the pages bear as if a person's corrections had been read, for certain.

    Only readings that equal what was read instead give way: what else another page bears stays, so that a
    page of another person still speaks against.

    Args:
        document: with the corrections.
        evidence: of its pages in order; None for a page that could not be read.
        before: the document as it was before the newest of them: what it bore and bears no more, the person
            took away.
    """
    pages = [page or PageEvidence(at, ()) for at, page in enumerate(evidence, 1)]
    have = {field.name for field in document.fields}
    for field in before.fields if before is not None else ():
        if field.name not in have:
            kind = SightingKind(field.name.value)
            pages = [_without(page, kind, {field.value, field.instead_of}) for page in pages]
    for field in document.fields:
        if field.corrected and pages:
            _say(field, pages)
    return pages


def _say(field: FieldValue, pages: list[PageEvidence]) -> None:
    """Let the pages bear what a person said, where they said it; typed without a place: on the first."""
    kind = SightingKind(field.name.value)
    if field.instead_of:
        pages[:] = [_without(page, kind, {field.instead_of}) for page in pages]
    at = min(max(field.page, 1), len(pages)) - 1
    page = _without(pages[at], kind, {field.value})
    box = WHOLE_PAGE if field.box == _NOWHERE else field.box
    said = Sighting(kind, field.value, field.raw, 1.0, page.page, box, labelled=True)
    pages[at] = replace(page, sightings=(*page.sightings, said))


def _without(page: PageEvidence, kind: SightingKind, values: Set[str]) -> PageEvidence:
    kept = tuple(one for one in page.sightings if one.kind is not kind or one.value not in values)
    return page if len(kept) == len(page.sightings) else replace(page, sightings=kept)


def normalize_field(name: FieldName, text: str, *, today: dt.date) -> str:
    """Return a value in the spelling in which fields are kept; "" for an empty text.

    Raises:
        UsageError: it cannot be what the field is; the message does not repeat it.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    value = _normalize(name, text, today)
    if not value or len(value) > _LONGEST:
        what = _WORDS.get(name, "The field")
        raise UsageError(f"{what} cannot be understood as typed.", next_step="Correct it, or leave it empty.")
    return value


def _normalize(name: FieldName, text: str, today: dt.date) -> str:
    match name:
        case FieldName.PATIENT_NAME:
            parsed = parse_name(text)
            return "" if parsed is None else str(parsed)
        case FieldName.BIRTH_DATE | FieldName.SERVICE_DATE:
            date = read_date(text, today=today, is_birth=name is FieldName.BIRTH_DATE)
            return "" if date is None else date.date.isoformat()
        case FieldName.MRN:
            return normalize_number(text)
        case FieldName.SSN_LAST4:
            return normalize_ssn_last4(text)
        case FieldName.PHONE:
            return normalize_phone(text)
        case FieldName.SEX:
            return normalize_sex(text) or text.upper()  # an index may have codes of its own
        case _:
            return text


def _choose(correction: FieldCorrection, value: str, earlier: FieldValue | None) -> FieldValue:
    """Return the person's value; what was read stays as an alternative."""
    instead_of = ""
    if earlier is not None and earlier.value == value:
        instead_of = earlier.instead_of
        if not correction.page:
            return replace(earlier, confidence=1.0, corrected=True)
    elif earlier is not None and value != earlier.instead_of:
        instead_of = earlier.instead_of or earlier.value
    return FieldValue(
        name=correction.name,
        value=value,
        raw=correction.raw or " ".join(correction.value.split()),
        confidence=1.0,
        page=correction.page,
        box=clamp_box(correction.box) if correction.box is not None else _NOWHERE,
        alternatives=() if earlier is None else _alternatives(value, earlier),
        corrected=True,
        instead_of=instead_of,
    )


def _alternatives(value: str, read: FieldValue) -> tuple[FieldAlternative, ...]:
    """Return what was read besides ``value``; an earlier correction is in the decisions, not here."""
    own = FieldAlternative(read.value, read.confidence, read.page, read.box)
    every = [*([] if read.corrected else [own]), *read.alternatives]
    return tuple(other for other in every if other.value != value)[:_MOST_ALTERNATIVES]


def _encounter(document: StoredDocument, fields: dict[FieldName, FieldValue]) -> str | None:
    """Return the encounter, which the document also bears as a column."""
    before = document.field(FieldName.ENCOUNTER)
    field = fields.get(FieldName.ENCOUNTER)
    after = field.value if field else ""
    return document.encounter if after == before else after or None


_RELOAD = "Load the document again."
