"""The first screen: what waits for this person, in words, and where to go."""

from __future__ import annotations

import streamlit as st

from ui.context import Visitor, get_workshop


def show(visitor: Visitor) -> None:
    """Show what waits for a visitor."""
    st.title("Backfile")
    with get_workshop().catalog.look() as uow:
        notices = list(uow.notices.all().values())
    for text in notices:
        st.warning(text)
