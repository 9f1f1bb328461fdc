"""The search screen's one component: choosing a patient, hits, timeline, and the pages beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui.components.viewer import read_part

_HERE = Path(__file__).parent
KEY = "chart"

_chart = st.components.v2.component(
    "backfile_chart",
    html=(_HERE / "chart.html").read_text(encoding="utf-8"),
    css=read_part("viewer.css") + (_HERE / "chart.css").read_text(encoding="utf-8"),
    js=read_part("viewer.js") + (_HERE / "chart.js").read_text(encoding="utf-8"),
)


def show_chart(*, can_search_all: bool, on_document: Callable[[str], None]) -> None:
    """Show the search screen.

    Args:
        can_search_all: offer the search across patients.
        on_document: called with a document's id when its sheet is asked for.
    """

    def hand_on() -> None:
        asked = st.session_state[KEY].get("document")
        if isinstance(asked, str):
            on_document(asked)

    _chart(key=KEY, data={"all": can_search_all}, on_document_change=hand_on, height="content")
