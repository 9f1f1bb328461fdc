"""The document types that Backfile knows, with their LOINC codes, and those that a site added."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document in a chart."""

    name: str
    """Our stable key."""
    loinc: str | None
    title: str
    """As people call it."""


UNKNOWN = "unknown"

_TYPES = (
    ("discharge_summary", "18842-5", "Discharge summary"),
    ("transfer_summary", "18761-7", "Transfer summary"),
    ("progress_note", "11506-3", "Progress note"),
    ("history_physical", "34117-2", "History and physical"),
    ("consultation", "11488-4", "Consultation"),
    ("operative_note", "11504-8", "Operative note"),
    ("procedure_note", "28570-0", "Procedure note"),
    ("anesthesia_record", "11485-0", "Anesthesia record"),
    ("radiology_report", "18748-4", "Radiology report"),
    ("laboratory_report", "11502-2", "Laboratory report"),
    ("pathology_report", "11526-1", "Pathology report"),
    ("ecg_report", "11524-6", "ECG report"),
    ("emergency_note", "34111-5", "Emergency department note"),
    ("nursing_note", "34746-8", "Nursing note"),
    ("flowsheet", None, "Flowsheet"),
    ("physician_orders", "46209-3", "Physician orders"),
    ("medication_list", "56445-0", "Medication list"),
    ("medication_administration", "80565-5", "Medication administration record"),
    ("immunization_record", "82593-5", "Immunization record"),
    ("labor_delivery", "15508-5", "Labor and delivery record"),
    ("referral", "57133-1", "Referral"),
    ("consent", "59284-0", "Consent"),
    ("advance_directive", "42348-3", "Advance directive"),
    ("telephone_encounter", "34748-4", "Telephone encounter"),
    ("correspondence", "47049-2", "Correspondence"),
    ("payer_letter", "52034-6", "Payer letter"),
    ("insurance_card", "64290-0", "Insurance card"),
    ("face_sheet", None, "Face sheet"),
    ("release_authorization", None, "Release authorization"),
    (UNKNOWN, None, "Unknown"),
)

DOCUMENT_TYPES: dict[str, DocumentType] = {
    name: DocumentType(name, loinc, title) for name, loinc, title in _TYPES
}
"""Every known type by its key, ``unknown`` last."""


@dataclass(frozen=True, slots=True)
class SiteType(DocumentType):
    """A kind of document that a site added."""

    letters: str
    """Two capitals by which technicians choose it."""


_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
_sources: list[Callable[[], Mapping[str, SiteType]]] = []


def is_type_name(text: str) -> bool:
    """Say whether a text can be the key of a site's type."""
    return bool(_NAME.fullmatch(text)) and text not in DOCUMENT_TYPES


def use_site_types(source: Callable[[], Mapping[str, SiteType]]) -> None:
    """Let this process know the types of a site; the source is asked anew each time."""
    _sources[:] = [source]


def site_types() -> Mapping[str, SiteType]:
    """Return the types that the site of this process added, by their keys."""
    return _sources[0]() if _sources else {}


def find_type(name: str) -> DocumentType | None:
    """Return a type by its key, shipped or the site's own; None where there is none."""
    return DOCUMENT_TYPES.get(name) or site_types().get(name)


def title_of(name: str) -> str:
    """Return what people call a type; one that was taken away goes by its key."""
    known = find_type(name)
    return known.title if known else name.replace("_", " ").capitalize()


def loinc_of(name: str) -> str | None:
    """Return the LOINC code of a type key; None where it has none."""
    known = find_type(name)
    return known.loinc if known else None
