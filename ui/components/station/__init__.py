"""The verification station: one component that works by keyboard and talks to our own routes alone.

The script is kept in parts, each with one responsibility; a browser gets them joined, in this order, as one
module. Python hands over the document types once; documents, images and decisions never pass through
Streamlit (``ui/routes/verify.py``).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import streamlit as st

from ui.components.sources import SHARED, join_parts
from ui.verify.type_codes import list_types

_HERE = Path(__file__).parent
PARTS = (
    "base",
    "images",
    "sheet",
    "fields",
    "candidates",
    "queue",
    "decisions",
    "dialogs",
    "keys",
    "showing",
    "acting",
    "keeping",
    "station",
)
"""Files of the script, besides the shared ones; the last one exports what Streamlit calls."""


def join_script() -> str:
    """Return the whole script."""
    shared = join_parts(SHARED, "net.js", "dates.js")
    return shared + "\n" + join_parts(_HERE, *(f"{part}.js" for part in PARTS))


_station = st.components.v2.component(
    "backfile_station",
    html=join_parts(_HERE, "station.html"),
    css=join_parts(_HERE, "station.css"),
    js=join_script(),
)


def show_station(*, first: str | None = None) -> None:
    """Show the station.

    Args:
        first: Id of the document to begin with; None begins with the next of the queue.
    """
    _station(
        key="station",
        data={"types": [asdict(choice) for choice in list_types()], "first": first},
        height="content",
    )
