"""What the sheets of a scan say of the pages under them, and whether they may be relied on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backfile.domain.audit import AuditAction
from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.page import PageReading, PageState
from backfile.domain.patient import resolve_patient
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredPage
from backfile.domain.sheets import SheetKind
from backfile.domain.stack import Cover, PageRole, StackPage, cover_pages
from backfile.services.print_sheets import identity_of
from backfile.store.unit_of_work import UnitOfWork
from classify import is_blank_page, is_separator_page
from classify.matching import FilingRules, decide_filing
from ingest.batches import sheet_of_batch


@dataclass(frozen=True, slots=True)
class PageClaim:
    """What the sheets over a page say of it."""

    type: str = ""
    """Key of its document's type; "" where no sheet says."""
    patient: str | None = None
    """Id of the patient whose chart header sheet lies over it."""
    reason: Reason | None = None
    """Why the sheet over it must not be relied on."""


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """A chart header sheet of a scan."""

    token: str
    page: str
    """Id of the page that it is."""
    is_free: bool
    """No other page was it before."""


NO_CLAIM = PageClaim()
Readings = Mapping[str, PageReading | None]
"""By page id; None for a page that could not be read."""


def claim_pages(file_ids: Sequence[str], uow: UnitOfWork, *, readings: Readings) -> dict[str, PageClaim]:
    """Return what the sheets of some files say of their pages; pages that none says anything of are left out.

    Args:
        file_ids: the files; a sheet says nothing of pages of another file.
        uow: the transaction.
        readings: of pages that are in no document yet.
    """
    claims: dict[str, PageClaim] = {}
    for file_id in file_ids:
        file = uow.files.get(file_id)
        of_batch = sheet_of_batch(file.batch_id if file else None, uow)
        usual = of_batch.type_name if of_batch else ""
        if not usual and not uow.pages.has_sheets(file_id):
            continue
        stack = [_place(page, readings) for page in uow.pages.of_file(file_id)]
        judged: dict[tuple[str, bool, bool], tuple[str | None, Reason | None]] = {}
        for page_id, cover in cover_pages(stack).items():
            key = (cover.page, cover.is_repeated, cover.is_disordered)
            if key not in judged:
                judged[key] = _judge(cover, uow)
            patient, reason = judged[key]
            claims[page_id] = PageClaim(cover.type or usual, patient, reason)
    return claims


def claims_of(pages: Sequence[StoredPage], uow: UnitOfWork) -> list[PageClaim]:
    """Return what the sheets of their files say of the pages of a document."""
    claims = claim_pages(list(dict.fromkeys(page.file_id for page in pages)), uow, readings={})
    return [claims.get(page.id, NO_CLAIM) for page in pages]


def find_seen_sheets(file_ids: Sequence[str], uow: UnitOfWork) -> tuple[SeenSheet, ...]:
    """Return the chart header sheets of some files that were printed here, each where it lies first."""
    seen: dict[str, SeenSheet] = {}
    for file_id in file_ids:
        for page in uow.pages.of_file(file_id) if uow.pages.has_sheets(file_id) else ():
            sheet = page.sheet
            if sheet is None or sheet.kind is not SheetKind.CHART or sheet.value in seen:
                continue
            printed = uow.sheets.get_chart(sheet.value)
            if printed is not None:
                is_free = printed.used_by_page in (None, page.id)
                seen[sheet.value] = SeenSheet(sheet.value, page.id, is_free)
    return tuple(seen.values())


def use_sheets(sheets: Sequence[SeenSheet], uow: UnitOfWork) -> bool:
    """Say that sheets were scanned, once and for all, in the transaction that settles their file.

    Returns:
        False where another file used one of them since it was looked at: then nothing may be written that
        relies on it.
    """
    for sheet in sheets:
        if not sheet.is_free:
            continue
        printed = uow.sheets.get_chart(sheet.token)
        if printed is None or not uow.sheets.use_chart(sheet.token, sheet.page):
            return False
        if printed.used_by_page is None:
            uow.record(AuditAction.SHEET_USED, "page", sheet.page, patient=printed.patient_id)
    return True


def decide_claimed(
    evidence: DocumentEvidence, claims: Sequence[PageClaim], *, uow: UnitOfWork, rules: FilingRules
) -> MatchOutcome:
    """Let the filing rules decide a document; a sheet counts where it lies over every page of it.

    Under a sheet that must not be relied on nothing is filed, whatever else is on the pages: a folder that
    came with such a sheet is for a person to look at.
    """
    reason = next((claim.reason for claim in claims if claim.reason), None)
    patients = {claim.patient for claim in claims}
    header = patients.pop() if len(patients) == 1 and reason is None else None
    outcome = decide_filing(replace(evidence, header_patient=header), index=uow.patients, rules=rules)
    if reason is None:
        return outcome
    return replace(outcome, state=DocumentState.REVIEW, reason=reason, patient_id=None, mrn="", facility="")


def _place(page: StoredPage, readings: Readings) -> StackPage:
    reading = readings.get(page.id)
    is_separator = page.state is PageState.SEPARATOR
    role = PageRole.ASIDE if is_separator or page.state is PageState.BLANK else PageRole.CONTENT
    if page.word_count is None or (page.id in readings and reading is None):
        role = PageRole.UNREAD
    elif reading is not None:
        is_separator = is_separator_page(reading)
        role = PageRole.ASIDE if is_separator or is_blank_page(reading) else PageRole.CONTENT
    return StackPage(page.id, role, page.sheet, is_separator)


def _judge(cover: Cover, uow: UnitOfWork) -> tuple[str | None, Reason | None]:
    """Return the patient whom the sheet over a page names, or why it names nobody."""
    sheet = cover.sheet
    if sheet is None:
        return None, None
    if sheet.kind is not SheetKind.CHART:
        return None, Reason.HEADER_SHEET_UNCLEAR
    printed = uow.sheets.get_chart(sheet.value)
    patient = uow.patients.get(printed.patient_id) if printed is not None else None
    if printed is None or patient is None or resolve_patient(patient.id, uow.patients) is None:
        return None, Reason.HEADER_SHEET_UNKNOWN
    if cover.is_repeated or printed.used_by_page not in (None, cover.page):
        return None, Reason.HEADER_SHEET_REUSED
    if printed.identity != identity_of(patient):
        return None, Reason.HEADER_SHEET_CHANGED
    if cover.is_disordered:
        return None, Reason.HEADER_SHEET_ORDER
    return patient.id, None
