"""Reading one waiting document from the catalog for the station."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.domain.document import FieldName, FieldValue
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.page import PageReading
from backfile.domain.patient import Patient
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, StoredPage
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules, decide_filing
from classify.matching.facts import CLEAR_FLOOR, EXACT_FLOOR
from ui.finding.chart import type_label
from ui.verify.candidates import compare_patients
from ui.verify.corrections import Evidence, read_evidence
from ui.verify.sheet_words import tell_reason
from ui.verify.type_codes import code_of
from ui.verify.views import (
    AlternativeView,
    CandidateView,
    ChartView,
    DocumentView,
    FieldView,
    PageView,
    TypeView,
    WordView,
)

PAGES_WITH_WORDS = 8
"""Pages whose words come with the document; of longer ones they are asked for page by page."""
_ALWAYS = (FieldName.PATIENT_NAME, FieldName.BIRTH_DATE, FieldName.MRN)
"""Fields that are shown also where nothing was found."""
_LABELS = {
    FieldName.PATIENT_NAME: "Name",
    FieldName.BIRTH_DATE: "Born",
    FieldName.MRN: "MRN",
    FieldName.SERVICE_DATE: "Service",
    FieldName.SEX: "Sex",
    FieldName.ADDRESS: "Address",
    FieldName.PHONE: "Phone",
    FieldName.SSN_LAST4: "SSN ends",
    FieldName.ENCOUNTER: "Encounter",
    FieldName.PROVIDER: "Provider",
    FieldName.FACILITY: "Facility",
}
_MATTERING = {*_ALWAYS, FieldName.SERVICE_DATE}
"""Fields on which filing and finding rest: a person checks these more strictly."""
_NOT_ABOUT_IDENTITY = {Reason.DOUBTFUL_BOUNDARY, Reason.EXTENDS_EARLIER_FILE}
"""Reasons under which every rule of identity was kept: only then may a patient be preselected."""


def view_document(document: StoredDocument, *, uow: UnitOfWork, rules: FilingRules) -> DocumentView:
    """Return a waiting document with its pages, fields and candidates.

    Args:
        document: The document.
        uow: To read from.
        rules: What the site sets, for the comparison with patients.
    """
    pages = uow.pages.of_document(document.id)
    evidence = read_evidence(document, uow=uow)
    candidates = propose_candidates(document, evidence, uow=uow, rules=rules)
    code = code_of(document.type.name)
    return DocumentView(
        id=document.id,
        version=document.version,
        state=document.state.value,
        reason=document.reason.value,
        reason_text=tell_reason(document, pages, evidence, uow=uow, rules=rules),
        type=TypeView(document.type.name, type_label(document.type.name), code),
        fields=_view_fields(document.fields),
        pages=tuple(
            view_page(page, uow=uow, with_words=at < PAGES_WITH_WORDS) for at, page in enumerate(pages)
        ),
        candidates=tuple(candidates),
        preselected=_preselect(document, candidates),
        chart=_view_chart(document, pages, uow),
        postponed=document.postponed_at is not None,
    )


def propose_candidates(
    document: StoredDocument,
    evidence: Evidence,
    *,
    uow: UnitOfWork,
    rules: FilingRules,
    anew: bool = False,
) -> list[CandidateView]:
    """Return the patients that matching proposes, beside the pages as they and the index are now.

    Args:
        document: The document.
        evidence: Of its pages.
        uow: To read from.
        rules: What the site sets.
        anew: Match again, instead of taking what was proposed when the document came.
    """
    match = document.match
    if anew or match is None or not match.candidates:
        known = DocumentEvidence(tuple(evidence.as_said))
        match = decide_filing(known, index=uow.patients, rules=rules) if known.pages else None
    proposed: list[Patient] = []
    if match is not None:
        proposed = uow.patients.get_all([candidate.patient_id for candidate in match.candidates])
    return compare_patients(proposed, evidence, uow=uow, rules=rules)


def view_page(page: StoredPage, *, uow: UnitOfWork, with_words: bool) -> PageView:
    """Return one page; its words only where they are wanted now."""
    reading = uow.pages.reading_of(page.id) if with_words else None
    words = read_words(reading) if with_words else None
    return PageView(
        id=page.id,
        position=page.position or 1,
        number=page.number,
        view_rotation=page.view_rotation,
        width=reading.width if reading else 0,
        height=reading.height if reading else 0,
        words=words,
    )


def read_words(reading: PageReading | None) -> tuple[WordView, ...]:
    """Return the words of a page with their boxes, rounded to four digits."""
    if reading is None:
        return ()
    return tuple(
        (word.text, round(x0, 4), round(y0, 4), round(x1, 4), round(y1, 4))
        for word in reading.words
        for x0, y0, x1, y1 in [word.box]
    )


def _view_fields(fields: Sequence[FieldValue]) -> tuple[FieldView, ...]:
    known = {field.name: field for field in fields}
    return tuple(_view_field(name, known.get(name)) for name in _LABELS if name in known or name in _ALWAYS)


def _view_field(name: FieldName, field: FieldValue | None) -> FieldView:
    if field is None:
        return FieldView(name.value, _LABELS[name], "", "", sure=False, page=0, box=None)
    others = [one for one in field.alternatives if one.value != field.value]
    floor = CLEAR_FLOOR if name in _MATTERING else EXACT_FLOOR
    has_rival = name in _MATTERING and any(one.confidence >= CLEAR_FLOOR / 2 for one in others)
    is_sure = field.corrected or (field.confidence >= floor and not has_rival)
    return FieldView(
        name=name.value,
        label=_LABELS[name],
        value=field.value,
        raw=field.raw,
        sure=is_sure,
        page=field.page,
        box=field.box if field.page else None,
        alternatives=tuple(AlternativeView(one.value, one.page, one.box) for one in others[:4]),
    )


def _preselect(document: StoredDocument, candidates: Sequence[CandidateView]) -> str | None:
    """Return the patient to begin with, where identity is not what is in doubt; normally None."""
    if document.reason not in _NOT_ABOUT_IDENTITY or len(candidates) != 1:
        return None
    (only,) = candidates
    return None if only.to_see or only.warnings else only.patient


def _view_chart(document: StoredDocument, pages: Sequence[StoredPage], uow: UnitOfWork) -> ChartView:
    if not pages:
        return ChartView("", 1, 1)
    file_id = pages[0].file_id
    inside = dict.fromkeys(p.document_id for p in uow.pages.of_file(file_id) if p.document_id)
    order = list(inside)
    part = order.index(document.id) + 1 if document.id in order else 1
    return ChartView(file_id.partition("_")[2][:6], part, max(len(order), 1))
