"""The frame of every screen: who is signed in, signing out, and the end of the session in this tab."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.components.sources import join_parts
from ui.context import SHOWN_KEY, Visitor

_HERE = Path(__file__).parent
_frame = st.components.v2.component(
    "backfile_frame",
    html=join_parts(_HERE, "frame.html"),
    css=join_parts(_HERE, "frame.css"),
    js=join_parts(_HERE, "frame.js"),
)


def show_frame(visitor: Visitor) -> None:
    """Show the frame; call it once a run, before the screen."""
    _frame(
        key="frame",
        data={
            "name": visitor.user.name,
            "role": visitor.user.role.value,
            "session": visitor.session[:SHOWN_KEY],
        },
    )
