"""Going from one screen to another."""

from __future__ import annotations

import streamlit as st


def open_screen(name: str, **query: str) -> None:
    """Leave this screen for another; the rest of the script is not run.

    Args:
        name: of the screen, as the navigation has it.
        query: opaque ids and codes for the address; nothing about a patient.
    """
    # A page is known by its path alone, so this stands for the one that the navigation registered.
    st.switch_page(st.Page(_stand_in, url_path=name, title=name), query_params=query)


def _stand_in() -> None:
    """Never run."""
