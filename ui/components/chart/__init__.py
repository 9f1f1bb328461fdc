"""The search screen's one component: choosing a patient, hits, timeline, and the pages beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui.components.sources import SHARED, join_parts
from ui.components.viewer import VIEWER_CSS, VIEWER_JS

_HERE = Path(__file__).parent
KEY = "chart"
PARTS = (
    "words",
    "choosing",
    "opening",
    "searching",
    "pages",
    "timeline",
    "keys",
    "chart",
)
"""Files of the script, besides those it shares; the last one exports what Streamlit calls."""

_chart = st.components.v2.component(
    "backfile_chart",
    html=join_parts(_HERE, "chart.html"),
    css="\n".join((VIEWER_CSS, join_parts(_HERE, "chart.css"))),
    js="\n".join(
        (
            join_parts(SHARED, "net.js", "dates.js"),
            VIEWER_JS,
            join_parts(_HERE, *(f"{part}.js" for part in PARTS)),
        )
    ),
)


def show_chart(*, can_search_all: bool, can_export: bool, on_document: Callable[[str], None]) -> None:
    """Show the search screen.

    Args:
        can_search_all: offer the search across patients.
        can_export: offer to save the document that is shown.
        on_document: called with a document's id when its sheet is asked for.
    """

    def hand_on() -> None:
        asked = st.session_state[KEY].get("document")
        if isinstance(asked, str):
            on_document(asked)

    _chart(
        key=KEY,
        data={"all": can_search_all, "export": can_export},
        on_document_change=hand_on,
        height="content",
    )
