"""What documents of each type say."""

from __future__ import annotations

from collections.abc import Callable

from samples.content import Content
from samples.scribe import Scribe
from samples.writers.bedside import (
    write_flowsheet,
    write_nursing_note,
    write_physician_orders,
)
from samples.writers.diagnostics import (
    write_ecg_report,
    write_laboratory_report,
    write_pathology_report,
    write_radiology_report,
)
from samples.writers.inpatient import (
    write_consultation,
    write_discharge_summary,
    write_emergency_note,
    write_history_physical,
    write_progress_note,
    write_transfer_summary,
)
from samples.writers.letters import (
    write_correspondence,
    write_payer_letter,
    write_referral,
    write_telephone_encounter,
)
from samples.writers.medicines import (
    write_immunization_record,
    write_medication_administration,
    write_medication_list,
)
from samples.writers.papers import (
    write_advance_directive,
    write_consent,
    write_face_sheet,
    write_insurance_card,
    write_release_authorization,
)
from samples.writers.surgery import (
    write_anesthesia_record,
    write_labor_delivery,
    write_operative_note,
    write_procedure_note,
)

WRITERS: dict[str, Callable[[Scribe], Content]] = {
    "discharge_summary": write_discharge_summary,
    "transfer_summary": write_transfer_summary,
    "progress_note": write_progress_note,
    "history_physical": write_history_physical,
    "consultation": write_consultation,
    "operative_note": write_operative_note,
    "procedure_note": write_procedure_note,
    "anesthesia_record": write_anesthesia_record,
    "radiology_report": write_radiology_report,
    "laboratory_report": write_laboratory_report,
    "pathology_report": write_pathology_report,
    "ecg_report": write_ecg_report,
    "emergency_note": write_emergency_note,
    "nursing_note": write_nursing_note,
    "flowsheet": write_flowsheet,
    "physician_orders": write_physician_orders,
    "medication_list": write_medication_list,
    "medication_administration": write_medication_administration,
    "immunization_record": write_immunization_record,
    "labor_delivery": write_labor_delivery,
    "referral": write_referral,
    "consent": write_consent,
    "advance_directive": write_advance_directive,
    "telephone_encounter": write_telephone_encounter,
    "correspondence": write_correspondence,
    "payer_letter": write_payer_letter,
    "insurance_card": write_insurance_card,
    "face_sheet": write_face_sheet,
    "release_authorization": write_release_authorization,
}
"""A writer for every type of document, by its key."""

__all__ = ["WRITERS"]
