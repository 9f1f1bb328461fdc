"""One record of identifiers, as the ``match`` command takes it, decided by the rules of filing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import FieldName, Sighting, SightingKind
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.geometry import WHOLE_PAGE
from backfile.domain.normalize import normalize_number, parse_name, read_date
from backfile.domain.patient import PatientIndex
from backfile.errors import BadInput
from classify.matching.case import FilingRules
from classify.matching.decide import decide_filing

_DATES = {FieldName.BIRTH_DATE, FieldName.SERVICE_DATE}
_FIELDS = tuple((name, name.value) for name in FieldName)
_KINDS = {name: SightingKind(name.value) for name in FieldName}
_LONGEST = 500


def match_identifiers(
    record: Mapping[str, object], *, index: PatientIndex, rules: FilingRules
) -> MatchOutcome:
    """Decide whose identifiers these are, as if they stood on one page.

    Args:
        record: Fields by their names in the JSON, each a text or ``{"value", "confidence"}``; null and
            empty ones are missing, unknown keys ignored.
        index: The patient index.
        rules: What the site sets.

    Raises:
        BadInput: a field is neither, or its confidence lies not in 0..1.
    """
    today = rules.today or dt.datetime.now(dt.UTC).date()
    sightings = [
        sighting
        for name, text in _FIELDS
        if text in record and (value := _read_field(name, record[text])) is not None
        for sighting in [_see(name, *value, today=today)]
    ]
    facility = _read_field(FieldName.FACILITY, record.get(FieldName.FACILITY))
    page = PageEvidence(1, tuple(sightings), letterhead=facility[0] if facility else "")
    return decide_filing(DocumentEvidence((page,)), index=index, rules=rules)


def _read_field(name: FieldName, given: object) -> tuple[str, float] | None:
    """Return value and confidence of a field; None where it is missing."""
    value: object = given
    confidence: object = 1.0
    if isinstance(given, Mapping):
        value, confidence = given.get("value"), given.get("confidence", 1.0)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadInput(
            f"The field {name.value} is no text.",
            next_step='Give a text or {"value": text, "confidence": 0..1}; numbers as text keep their zeros.',
        )
    is_number = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    if not is_number or not 0 <= confidence <= 1:  # type: ignore[operator]
        raise BadInput(
            f"The confidence of the field {name.value} is not between 0 and 1.",
            next_step="Give a number from 0 to 1, or leave it out.",
        )
    if len(value) > _LONGEST:
        raise BadInput(
            f"The field {name.value} is longer than {_LONGEST} characters.", next_step="Give the field alone."
        )
    return (value, float(confidence)) if value.strip() else None  # type: ignore[arg-type]


def _see(name: FieldName, text: str, confidence: float, *, today: dt.date) -> Sighting:
    """Return the field as if it had been seen on a page, normalised as reading normalises it."""
    value = text.strip()
    if name is FieldName.PATIENT_NAME:
        value = str(parse_name(value) or "")
    elif name in _DATES:
        parsed = read_date(value, today=today, is_birth=name is FieldName.BIRTH_DATE)
        value = parsed.date.isoformat() if parsed else ""
    elif name is FieldName.MRN:
        value = normalize_number(value)
    return Sighting(_KINDS[name], value, text.strip(), confidence, page=1, box=WHOLE_PAGE, labelled=True)
