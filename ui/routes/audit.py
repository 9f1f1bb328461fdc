"""What routes leave in the audit trail: who looked at what, and under which patient it stood then."""

from __future__ import annotations

from backfile.domain.audit import AuditAction
from ingest.workshop import Workshop
from ui.context import Visitor


def note_search(
    what: str, visitor: Visitor, workshop: Workshop, *, patient: str | None = None, **details: str
) -> None:
    """Write down who searched and what they were shown; what they typed is not.

    Args:
        what: was searched: ``patients``, ``chart`` or ``all``.
        visitor: who searched.
        workshop: the installation.
        patient: whose chart it was.
        details: ids and counts only.
    """
    _note(AuditAction.SEARCHED, "index", what, visitor, workshop, patient, details)


def note_view(
    kind: str, subject: str, visitor: Visitor, workshop: Workshop, *, patient: str | None, **details: str
) -> None:
    """Write down who looked at a page, a document or a chart.

    Args:
        kind: of what was looked at.
        subject: its id.
        visitor: who looked.
        workshop: the installation.
        patient: whose it is now; None for what is filed under nobody.
        details: ids and codes only.
    """
    _note(AuditAction.VIEWED, kind, subject, visitor, workshop, patient, details)


def _note(
    action: AuditAction,
    kind: str,
    subject: str,
    visitor: Visitor,
    workshop: Workshop,
    patient: str | None,
    details: dict[str, str],
) -> None:
    with workshop.catalog.begin() as uow:
        uow.record(
            action,
            kind,
            subject,
            actor=visitor.user.name,
            patient=patient,
            session=visitor.session,
            **details,
        )
        uow.commit()
