"""Why a document waits, in words, with the chart header sheet that lies over it."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.domain.patient import resolve_patient
from backfile.domain.reasons import reason_text
from backfile.domain.records import StoredDocument, StoredPage
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules
from classify.matching.pages import PageMark, mark_pages
from ingest.covers import claims_of
from ui.verify.corrections import Evidence


def tell_reason(
    document: StoredDocument,
    pages: Sequence[StoredPage],
    evidence: Evidence,
    *,
    uow: UnitOfWork,
    rules: FilingRules,
) -> str:
    """Return why a document waits; under whose sheet its pages lie, and which of them speak against that.

    Args:
        document: the document.
        pages: its pages in order.
        evidence: what stands on them.
        uow: to read from.
        rules: what the site sets.
    """
    said = reason_text(document.reason) or ""
    patients = {claim.patient for claim in claims_of(pages, uow)}
    whose = patients.pop() if len(patients) == 1 else None
    patient = resolve_patient(whose, uow.patients) if whose else None
    if patient is None:
        return said
    marks = mark_pages(evidence.as_said, patient, index=uow.patients, rules=rules)
    against = [str(number) for number, mark in enumerate(marks, 1) if mark is PageMark.CONFLICT]
    sheet = f"Lies under the chart header sheet of {patient.name} (MRN {patient.mrn.value})"
    if not against:
        return f"{said} {sheet}."
    verb = f"page {against[0]} names" if len(against) == 1 else f"pages {', '.join(against)} name"
    return f"{said} {sheet}, but {verb} somebody else."
