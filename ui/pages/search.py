"""Search for clinicians: one patient's chart; for supervisors, all charts as a choice of its own."""

from __future__ import annotations

import streamlit as st

from ui.auth.rights import Right, has_right
from ui.components.chart import show_chart
from ui.context import Visitor, require_visitor
from ui.layout import use_whole_window
from ui.navigation import open_screen
from ui.routes.search import can_search_all

_WANTED = "search_wanted_document"


def show(visitor: Visitor) -> None:
    """Show the screen; what is typed and found goes by our own routes and never through an address."""
    wanted = st.session_state.pop(_WANTED, None)
    if isinstance(wanted, str):
        open_screen("document", doc=wanted)
    use_whole_window()
    show_chart(
        can_search_all=can_search_all(visitor),
        can_export=has_right(visitor.user, Right.EXPORT),
        on_document=_want_document,
    )


def _want_document(document_id: str) -> None:
    require_visitor()
    st.session_state[_WANTED] = document_id
