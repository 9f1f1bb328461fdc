"""The JSON that commands print, as docs/reference.md fixes it.

Here, at the edge, and only here, values become dictionaries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeAlias

from backfile.domain.accounting import Summary
from backfile.domain.decision import Agreement, Candidate, FieldComparison, MatchOutcome
from backfile.domain.document import DocumentState, FieldValue
from backfile.domain.document_types import loinc_of
from backfile.domain.geometry import Box
from backfile.domain.page import PageReading, advise_rescan
from backfile.domain.reasons import reason_text
from backfile.domain.records import Batch, ReceivedFile, StoredDocument, StoredPage
from backfile.domain.unaided import StratumCounts, Unaided, count_needed, find_upper_bound
from backfile.services.unaided import UnaidedPolicy
from backfile.store.unit_of_work import UnitOfWork
from search.find import SearchAnswer

Json: TypeAlias = dict[str, Any]


def time_text(time: dt.datetime | None) -> str | None:
    """Return a time as UTC with Z."""
    return None if time is None else time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def box_list(box: Box) -> list[float]:
    """Return a box with the digits that matter (a tenth of a pixel at 600 dpi)."""
    return [round(side, 5) for side in box]


def share(value: float) -> float:
    """Return a confidence or probability with six digits."""
    return round(value, 6)


def summary_view(summary: Summary) -> Json:
    """Return the accounting summary."""
    return {
        "files": {
            "in": summary.files.received,
            "taken": summary.files.taken,
            "duplicate": summary.files.duplicate,
            "rejected": summary.files.rejected,
            "working": summary.files.working,
        },
        "pages": {
            "in": summary.pages.received,
            "filed": summary.pages.filed,
            "review": summary.pages.review,
            "exception": summary.pages.exception,
            "blank": summary.pages.blank,
            "separator": summary.pages.separator,
            "removed": summary.pages.removed,
            "working": summary.pages.working,
        },
        "documents": {
            "filed": summary.documents.filed,
            "review": summary.documents.review,
            "exception": summary.documents.exception,
            "removed": summary.documents.removed,
        },
        "balanced": summary.is_balanced,
        "pages_per_minute": round(summary.pages_per_minute, 1),
        "stages": summary.stages,
    }


def unaided_view(counts: Sequence[StratumCounts], policy: UnaidedPolicy) -> Json:
    """Return which bound is in force for filing without a person, and what was checked."""
    checked, wrong = sum(one.checked for one in counts), sum(one.wrong for one in counts)
    bound = find_upper_bound(wrong, checked)
    shown = f"{checked} checked documents, {wrong} of them wrong, show at most {bound:.2%}"
    if policy.mode is Unaided.CHECKED:
        words = (
            f"Filed unaided: only kinds whose checked documents show a risk of {policy.risk:.4%} or less, "
            f"each {count_needed(policy.risk)} without an error; so far {shown} over all kinds."
        )
    else:
        words = (
            f"Filed unaided: on the declared risk of {policy.risk:.4%} (settings risk and unaided); "
            f"so far {shown}."
        )
    return {
        "mode": policy.mode.value,
        "risk": policy.risk,
        "checked": checked,
        "wrong": wrong,
        "bound": share(bound),
        "in_force": words,
        "stopped": [one.stratum for one in counts if one.is_stopped],
    }


def file_view(file: ReceivedFile, pages: Sequence[StoredPage], batch: Batch | None) -> Json:
    """Return one received file."""
    return {
        "id": file.id,
        "file": file.name,
        "sha256": file.sha256,
        "state": file.state.value,
        "reason": file.reason.value if file.reason else None,
        "reason_text": reason_text(file.reason),
        "duplicate_of": file.duplicate_of,
        "batch": batch.name if batch else None,
        "received": time_text(file.received_at),
        "pages": [
            {
                "id": page.id,
                "number": page.number,
                "state": page.state.value,
                "document": page.document_id,
                "reason": page.reason.value if page.reason else None,
            }
            for page in pages
        ],
    }


def document_view(document: StoredDocument, uow: UnitOfWork, *, with_text: bool) -> Json:
    """Return one document with its pages, fields and match."""
    pages = uow.pages.of_document(document.id)
    files = {page.file_id: uow.files.get(page.file_id) for page in pages}
    batch = uow.files.get_batch(document.batch_id) if document.batch_id else None
    decisions = uow.documents.decisions_of(document.id)
    view: Json = {
        "id": document.id,
        "state": document.state.value,
        "reason": document.reason.value,
        "reason_text": reason_text(document.reason),
        "type": {
            "name": document.type.name,
            "loinc": loinc_of(document.type.name),
            "probability": share(document.type.probability),
        },
        "patient": _patient_view(document, uow),
        "match": _match_view(document.match),
        "candidates": [
            {"mrn": c.mrn, "probability": share(c.probability)}
            for c in (document.match.candidates if document.match else ())
        ][:5],
        "fields": [_field_view(field) for field in document.fields],
        "pages": [_page_view(page, files[page.file_id]) for page in pages],
        "encounter": document.encounter,
        "batch": batch.name if batch else None,
        "received": time_text(document.received_at),
        "decision": decisions[-1].id if decisions else None,
        "superseded_by": document.superseded_by,
    }
    if with_text:
        readings = [uow.pages.reading_of(page.id) for page in pages]
        view["text"] = "\f".join(reading.text if reading else "" for reading in readings)
    return view


def _patient_view(document: StoredDocument, uow: UnitOfWork) -> Json | None:
    if document.state is not DocumentState.FILED or document.patient_id is None:
        return None
    patient = uow.patients.get(document.patient_id)
    if patient is None:
        return None
    return {"id": patient.id, "mrn": patient.mrn.value, "facility": patient.mrn.facility}


def _match_view(match: MatchOutcome | None) -> Json | None:
    if match is None or not match.candidates:
        return None
    return {"probability": share(match.probability), "fields": _comparisons_view(match.comparisons)}


_AGREEMENTS = {agreement: agreement.value for agreement in Agreement}


def _comparisons_view(comparisons: Sequence[FieldComparison]) -> Json:
    return {c.field: _AGREEMENTS[c.agreement] for c in comparisons}


def _field_view(field: FieldValue) -> Json:
    return {
        "name": field.name.value,
        "value": field.value,
        "raw": field.raw,
        "confidence": share(field.confidence),
        "page": field.page,
        "box": box_list(field.box),
        "alternatives": [
            {
                "value": other.value,
                "confidence": share(other.confidence),
                "page": other.page,
                "box": box_list(other.box),
            }
            for other in field.alternatives
        ],
    }


def _page_view(page: StoredPage, file: ReceivedFile | None) -> Json:
    return {
        "file": file.name if file else None,
        "sha256": file.sha256 if file else None,
        "number": page.number,
        "rotation": page.rotation,
        "skew": None if page.skew is None else round(page.skew, 3),
        "blank": False,
        "word_count": page.word_count,
        "confidence": None if page.confidence is None else share(page.confidence),
    }


def reading_view(file: str, number: int, reading: PageReading) -> Json:
    """Return one page of ``read``."""
    return {
        "file": file,
        "page": number,
        "source": reading.source.value,
        "text": reading.text,
        "words": [
            {"text": word.text, "box": box_list(word.box), "confidence": share(word.confidence)}
            for word in reading.words
        ],
        "skew": round(reading.skew, 3),
        "rotation": reading.rotation,
        "blank": reading.blank,
        "quality": {
            "dpi": round(reading.quality.dpi, 1),
            "ink": share(reading.quality.ink),
            "contrast": share(reading.quality.contrast),
            "sharpness": share(reading.quality.sharpness),
            "reliable": reading.quality.reliable,
            "handwriting": share(reading.quality.handwriting),
            "cut_off": reading.quality.cut_off,
            "advice": [reason.value for reason in advise_rescan(reading.quality)],
        },
        "seconds": round(sum(stage.seconds for stage in reading.stages), 3),
    }


def match_view(outcome: MatchOutcome, record_id: object) -> Json:
    """Return one line of ``match``."""
    is_filed = outcome.state is DocumentState.FILED
    return {
        **({"id": record_id} if record_id is not None else {}),
        "decision": outcome.state.value,
        **({"mrn": outcome.mrn} if is_filed else {}),
        "probability": share(outcome.probability),
        "reason": outcome.reason.value,
        "reason_text": reason_text(outcome.reason),
        "candidates": [_candidate_view(candidate) for candidate in outcome.candidates[:5]],
    }


def _candidate_view(candidate: Candidate) -> Json:
    return {
        "mrn": candidate.mrn,
        "probability": share(candidate.probability),
        "fields": _comparisons_view(candidate.comparisons),
    }


def search_view(answer: SearchAnswer) -> Json:
    """Return the answer of ``search``."""
    return {
        "total": answer.total,
        "took_ms": round(answer.took_ms, 1),
        "coverage": {
            "pages_searched": answer.coverage.pages_searched,
            "pages_unreliable": answer.coverage.pages_unreliable,
            "documents_waiting": answer.coverage.documents_waiting,
        },
        "hits": [
            {
                "document": hit.document,
                "page": hit.page,
                "file": hit.file,
                "file_page": hit.file_page,
                "score": round(hit.score, 4),
                "snippet": hit.snippet,
                "boxes": [box_list(box) for box in hit.boxes],
                "mrn": hit.mrn,
                "type": hit.type,
                "service_date": hit.service_date,
            }
            for hit in answer.hits
        ],
    }
