"""The page viewer: images from our own route, boxes over the words, zoom, thumbnails, keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from backfile.store.charts import ChartPage

_HERE = Path(__file__).parent


def read_part(name: str) -> str:
    """Return a part of the viewer's source, for components that are built on it."""
    return (_HERE / name).read_text(encoding="utf-8")


_viewer = st.components.v2.component(
    "backfile_viewer",
    html=read_part("viewer.html"),
    css=read_part("viewer.css") + "\n.viewer.alone { height: calc(100vh - 180px); min-height: 480px; }\n",
    js=read_part("viewer.js") + read_part("document.js"),
)


def show_pages(pages: Sequence[ChartPage], *, key: str, title: str) -> None:
    """Show the pages of one document.

    Args:
        pages: in order.
        key: of the document; another key begins at the first page.
        title: shown above the page; no patient's name.
    """
    _viewer(
        key="viewer",
        data={
            "key": key,
            "title": title,
            "pages": [
                {
                    "id": page.id,
                    "position": page.position,
                    "reliable": page.reliable,
                    "rotation": page.view_rotation,
                }
                for page in pages
            ],
        },
        height="content",
    )
