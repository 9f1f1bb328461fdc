"""How much of the window a screen takes."""

from __future__ import annotations

import streamlit as st

_WHOLE_WINDOW = """<style>
.stMainBlockContainer { padding: 4rem 1.25rem 0.5rem; max-width: none; }
</style>"""


def use_whole_window() -> None:
    """Leave no empty margin around a screen on which people work all day."""
    st.html(_WHOLE_WINDOW)
