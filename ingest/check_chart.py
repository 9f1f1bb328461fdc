"""Page binding over what is already filed: which pages of a chart speak against its patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.errors import UsageError
from backfile.services.changes import reopen_document
from backfile.store.charts import ChartRepository
from backfile.store.unit_of_work import UnitOfWork
from classify.matching.case import FilingRules
from classify.matching.pages import find_strays
from ingest.tools import filing_rules
from ingest.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Stray:
    """A page that does not belong, or that nothing shows to belong, where it is filed."""

    document: str
    mrn: str
    page: int
    """In the document, from 1."""
    file: str
    file_page: int
    reason: Reason
    by_person: bool
    """A person confirmed the document."""


@dataclass(frozen=True, slots=True)
class ChartCheck:
    """What was looked at, and what was found."""

    documents: int
    pages: int
    strays: tuple[Stray, ...]
    reviewed: int
    """Documents that were sent to review."""


def check_charts(
    workshop: Workshop, mrns: Sequence[str], *, actor: str, send_to_review: bool = False
) -> ChartCheck:
    """Look at the filed documents of patients page by page; by itself it changes nothing.

    Args:
        workshop: the installation.
        mrns: numbers of the patients; none: everybody.
        actor: who asks.
        send_to_review: whether documents with stray pages go to review.

    Raises:
        UsageError: a number is nobody's.
    """
    rules = filing_rules(workshop.settings)
    with workshop.catalog.look() as uow:
        ids = _find_records(mrns, uow) if mrns else uow.documents.patients_with_charts()
        filed = uow.documents.filed_under(ids)
    strays: list[Stray] = []
    pages = reviewed = 0
    for document_id in filed:
        with workshop.catalog.look() as uow:
            document = uow.documents.get(document_id)
            if document is None or document.state is not DocumentState.FILED:
                continue
            found = list(_check_document(document, uow, rules))
            pages += len(uow.pages.of_document(document_id))
        strays += found
        if found and send_to_review:
            reviewed += _send(workshop, document, found[0].reason)
    with workshop.catalog.begin() as uow:
        uow.record(
            AuditAction.CHART_CHECKED,
            "catalog",
            "charts",
            actor=actor,
            documents=str(len(filed)),
            strays=str(len(strays)),
            reviewed=str(reviewed),
        )
        uow.commit()
    return ChartCheck(len(filed), pages, tuple(strays), reviewed)


def _find_records(mrns: Sequence[str], uow: UnitOfWork) -> set[str]:
    charts = ChartRepository(uow.connection)
    ids: set[str] = set()
    for at, mrn in enumerate(mrns, 1):
        holders = uow.patients.find_by_number(mrn)
        if not holders:
            raise UsageError(
                f"The MRN given as number {at} is nobody's in the index.",
                next_step="Check it, or take --all.",
            )
        for holder in holders:
            ids.update(charts.records_of(holder.id))
    return ids


def _check_document(document: StoredDocument, uow: UnitOfWork, rules: FilingRules) -> Iterator[Stray]:
    patient = uow.patients.get(document.patient_id or "")
    pages = uow.pages.of_document(document.id)
    if patient is None:
        return
    evidence = [uow.pages.evidence_of(page.id) for page in pages]
    is_by_person = document.reason is Reason.CONFIRMED_BY_PERSON
    for position, reason in find_strays(evidence, patient, index=uow.patients, rules=rules):
        if reason is Reason.PAGE_UNBOUND and (is_by_person or document.reason is Reason.HEADER_SHEET):
            continue  # a person, or the sheet over it, ties the page to the patient
        page = pages[position - 1]
        file = uow.files.get(page.file_id)
        yield Stray(
            document.id,
            patient.mrn.value,
            position,
            file.name if file else "",
            page.number,
            reason,
            is_by_person,
        )


def _send(workshop: Workshop, seen: StoredDocument, reason: Reason) -> int:
    with workshop.catalog.begin() as uow:
        document = uow.documents.get(seen.id)
        if document is None or document.version != seen.version:
            return 0  # somebody decided about it meanwhile
        reopen_document(document, reason, uow)
        uow.commit()
    return 1
