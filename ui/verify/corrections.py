"""What a person says a field is, laid over what was read: for comparing again before anything is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.document import FieldName
from backfile.domain.evidence import PageEvidence
from backfile.domain.records import StoredDocument
from backfile.domain.request import FieldCorrection
from backfile.errors import UsageError
from backfile.services.corrections import correct_document, correct_evidence, normalize_field
from backfile.store.unit_of_work import UnitOfWork

_NO_DATE = "This is not a date. Write month/day/year."
_PROBLEMS = {
    FieldName.PATIENT_NAME: "This is not a name.",
    FieldName.BIRTH_DATE: _NO_DATE,
    FieldName.SERVICE_DATE: _NO_DATE,
    FieldName.MRN: "This is not a number.",
    FieldName.SSN_LAST4: "These are not the last four digits of an SSN.",
    FieldName.PHONE: "This is not a phone number of ten digits.",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A correction as the program understands it."""

    name: FieldName
    value: str
    """Normalised; dates ISO. "" takes the field away."""
    problem: str = ""
    """In words, where it cannot be understood."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the pages of a document bear, in order."""

    as_read: list[PageEvidence]
    as_said: list[PageEvidence]
    """What a person says of the fields put in its place."""


def understand(correction: FieldCorrection, *, today: dt.date) -> Understood:
    """Return the normalised value of a correction, or why it has none."""
    name = correction.name
    try:
        return Understood(name, normalize_field(name, correction.value, today=today))
    except UsageError:
        text = " ".join(correction.value.split())
        return Understood(name, text, _PROBLEMS.get(name, "This cannot be understood as typed."))


def lay_over(
    evidence: Sequence[PageEvidence | None],
    corrections: Sequence[FieldCorrection],
    *,
    document: StoredDocument,
    today: dt.date,
) -> Evidence:
    """Return the evidence beside what it would be if a decision with these corrections were saved.

    What cannot be understood is left out.

    Args:
        evidence: of the document's pages in order; None for a page that could not be read.
        corrections: that are not saved.
        document: as it is, with what was corrected before.
        today: dates do not lie behind it.

    Raises:
        UsageError: a correction names a page that the document has not.
    """
    understood = [one for one in corrections if not understand(one, today=today).problem]
    said = correct_document(
        document, type_name=None, corrections=understood, pages=len(evidence), today=today
    )
    return pair_evidence(said, evidence, before=document)


def read_evidence(
    document: StoredDocument, corrections: Sequence[FieldCorrection] = (), *, uow: UnitOfWork
) -> Evidence:
    """Return what the pages of a document bear, with what was corrected before and these corrections.

    Raises:
        UsageError: a correction names a page that the document has not.
    """
    return lay_over(_evidence_of(document, uow), corrections, document=document, today=uow.today)


def evidence_to_judge(document: StoredDocument, *, uow: UnitOfWork) -> Evidence:
    """Return what the pages bear of a document that is about to be saved with corrections."""
    return pair_evidence(document, _evidence_of(document, uow), before=uow.documents.get(document.id))


def _evidence_of(document: StoredDocument, uow: UnitOfWork) -> list[PageEvidence | None]:
    return [uow.pages.evidence_of(page.id) for page in uow.pages.of_document(document.id)]


def pair_evidence(
    document: StoredDocument,
    evidence: Sequence[PageEvidence | None],
    *,
    before: StoredDocument | None = None,
) -> Evidence:
    """Return the evidence as it was read, and as corrected (``correct_evidence``)."""
    as_read = [page or PageEvidence(at, ()) for at, page in enumerate(evidence, 1)]
    return Evidence(as_read, correct_evidence(document, as_read, before=before))
