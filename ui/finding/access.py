"""Who may look at which page: the one rule for images, words and documents."""

from __future__ import annotations

from backfile.domain.document import DocumentState
from backfile.errors import AccessDenied
from ui.auth.rights import Right, has_right
from ui.context import Visitor
from ui.finding.chosen import CHOSEN


def may_view(visitor: Visitor, *, state: DocumentState | None, patient: str | None) -> bool:
    """Say whether a visitor may see the pages of a document.

    People who verify see every page. A clinician sees filed documents only, and only of a patient whose
    chart was opened in this session: the choice is what the audit trail holds against each view.

    Args:
        visitor: who asks.
        state: of the document; None for a page in no document.
        patient: the record that it is filed under.
    """
    if has_right(visitor.user, Right.VIEW_PAGES):
        return True
    if not has_right(visitor.user, Right.VIEW_FILED_PAGES):
        return False
    if state is not DocumentState.FILED or not patient:
        return False
    return CHOSEN.has_chosen(visitor.session, patient)


def require_view(visitor: Visitor, *, state: DocumentState | None, patient: str | None) -> None:
    """Let a visitor pass who may see the pages of a document.

    Raises:
        AccessDenied: they may not.
    """
    if not may_view(visitor, state=state, patient=patient):
        raise AccessDenied(
            "This page is not of a chart that you have opened.",
            next_step="Choose the patient in Search first.",
        )
