"""The page viewer: images from our own route, boxes over the words, zoom, thumbnails, keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from backfile.store.charts import ChartPage
from ui.components.sources import join_parts

_HERE = Path(__file__).parent


VIEWER_CSS = join_parts(_HERE, "viewer.css")
VIEWER_JS = join_parts(_HERE, "dom.js", "page_images.js", "strip.js", "viewer.js", "save_pdf.js")
"""For components that are built on the viewer."""

_viewer = st.components.v2.component(
    "backfile_viewer",
    html=join_parts(_HERE, "viewer.html"),
    css=VIEWER_CSS + "\n.viewer.alone { height: calc(100vh - 180px); min-height: 480px; }\n",
    js=VIEWER_JS + "\n" + join_parts(_HERE, "document.js"),
)


def show_pages(pages: Sequence[ChartPage], *, key: str, title: str, can_export: bool) -> None:
    """Show the pages of one document.

    Args:
        pages: in order.
        key: of the document; another key begins at the first page.
        title: shown above the page; no patient's name.
        can_export: offer to save the document.
    """
    _viewer(
        key="viewer",
        data={
            "key": key,
            "title": title,
            "export": can_export,
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
