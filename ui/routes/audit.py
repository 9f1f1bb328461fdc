"""What routes leave in the audit trail."""

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
    with workshop.catalog.begin() as uow:
        uow.record(
            AuditAction.SEARCHED,
            "index",
            what,
            actor=visitor.user.name,
            patient=patient,
            session=visitor.session,
            **details,
        )
        uow.commit()
