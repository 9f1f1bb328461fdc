"""Verify: documents that wait for a person, one after the other, by keyboard."""

from __future__ import annotations

import re

import streamlit as st

from ui.auth.rights import Right, require
from ui.components.station import show_station
from ui.context import Visitor
from ui.layout import use_whole_window

_ID = re.compile(r"doc_[0-9a-z]{8,20}")


def show(visitor: Visitor) -> None:
    """Show the verification station; ``?doc=ID`` begins with that document."""
    require(visitor, Right.VERIFY)
    use_whole_window()
    asked = st.query_params.get("doc", "")
    show_station(first=asked if _ID.fullmatch(asked) else None)
