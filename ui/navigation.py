"""Going from one screen to another."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page


def open_screen(name: str, **query: str) -> None:
    """Leave this screen for another; the rest of the script is not run.

    Args:
        name: of the screen, as the navigation has it.
        query: opaque ids and codes for the address; nothing about a patient.
    """
    st.switch_page(_page_of(name), query_params=query)


def link_screen(name: str, label: str) -> None:
    """Draw a link to another screen.

    Args:
        name: of the screen, as the navigation has it.
        label: what the link says.
    """
    st.page_link(_page_of(name), label=label)


def _page_of(name: str) -> Page:
    """Return a page known by its path alone: it stands for the one that the navigation registered."""
    return st.Page(_stand_in, url_path=name, title=name)


def _stand_in() -> None:
    """Never run."""
