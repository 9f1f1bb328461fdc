"""Two letters for each document type, as technicians type them; they never change."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.domain.document_types import DOCUMENT_TYPES

TYPE_CODES = {
    "discharge_summary": "DS",
    "transfer_summary": "TS",
    "progress_note": "PN",
    "history_physical": "HP",
    "consultation": "CN",
    "operative_note": "OP",
    "procedure_note": "PR",
    "anesthesia_record": "AN",
    "radiology_report": "RA",
    "laboratory_report": "LA",
    "pathology_report": "PA",
    "ecg_report": "EC",
    "emergency_note": "ED",
    "nursing_note": "NN",
    "flowsheet": "FL",
    "physician_orders": "PO",
    "medication_list": "ML",
    "medication_administration": "MA",
    "immunization_record": "IM",
    "labor_delivery": "LD",
    "referral": "RF",
    "consent": "CS",
    "advance_directive": "AD",
    "telephone_encounter": "TE",
    "correspondence": "CR",
    "payer_letter": "PL",
    "insurance_card": "IC",
    "face_sheet": "FS",
    "release_authorization": "RL",
    "unknown": "UN",
}


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """One type that can be chosen."""

    name: str
    label: str
    code: str


def list_types() -> list[TypeChoice]:
    """Return every type with its code, by label."""
    choices = [TypeChoice(name, DOCUMENT_TYPES[name].title, code) for name, code in TYPE_CODES.items()]
    return sorted(choices, key=lambda choice: choice.label)
