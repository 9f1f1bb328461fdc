"""Where everything is: files, pages and documents, each figure its own count."""

from __future__ import annotations

import streamlit as st

from backfile.domain.accounting import DocumentCounts, FileCounts, PageCounts
from ui.context import Visitor, get_workshop, require_visitor

_REFRESH_SECONDS = 5
_WORDS = {
    "received": "received",
    "taken": "taken in",
    "duplicate": "duplicates",
    "rejected": "rejected",
    "working": "being worked on",
    "filed": "filed under a patient",
    "review": "waiting for a technician",
    "exception": "exceptions",
    "blank": "blank, set aside",
    "separator": "separator sheets",
    "removed": "removed by a person",
}


def show(visitor: Visitor) -> None:
    """Show the figures, as they are now."""
    st.title("Counts")
    _show_figures()


@st.fragment(run_every=_REFRESH_SECONDS)
def _show_figures() -> None:
    require_visitor()
    with get_workshop().catalog.look() as uow:
        summary = uow.counts.summarize()
    if summary.is_balanced:
        st.success("✓ Every file and every page is accounted for.")
    else:
        st.error("✗ Files or pages do not add up. An administrator should run: backfile verify")
    tables: list[tuple[str, FileCounts | PageCounts | DocumentCounts]] = [
        ("Files", summary.files),
        ("Pages", summary.pages),
        ("Documents", summary.documents),
    ]
    for column, (title, counts) in zip(st.columns(3), tables, strict=True):
        with column:
            st.subheader(title)
            st.markdown(_table(counts))


def _table(counts: FileCounts | PageCounts | DocumentCounts) -> str:
    """Return the figures as a table."""
    rows = [f"| {_WORDS[name]} | {getattr(counts, name):,} |" for name in type(counts).__dataclass_fields__]
    return "\n".join(["| | |", "|:--|--:|", *rows])
