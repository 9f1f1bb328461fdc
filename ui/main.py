"""The script that Streamlit runs for each visitor: who is it, which screens have they, show one.

A screen is a file ``ui/pages/NAME.py`` with ``show(visitor)`` and a line in ``SCREENS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from backfile.errors import AccessDenied, BackfileError
from ui.auth.rights import Right, has_right, require
from ui.components.frame import show_frame
from ui.context import Visitor, require_visitor
from ui.theme import PAGE_STYLE


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the navigation."""

    name: str
    """Of its module in ``ui.pages``, and its path in the address."""
    title: str
    rights: tuple[Right, ...] = ()
    """One of them is needed; none: everybody who is signed in may see it."""
    is_listed: bool = True
    """In the navigation; others are reached by a link from a screen."""

    def is_open_to(self, visitor: Visitor) -> bool:
        """Say whether a visitor may see it."""
        return not self.rights or any(has_right(visitor.user, right) for right in self.rights)


HOME = Screen("home", "Home")
SCREENS = (
    Screen("verify", "Verify", (Right.VERIFY,)),
    Screen("search", "Search", (Right.SEARCH_CHART,)),
    Screen("checks", "Checks", (Right.VERIFY,)),
    Screen("scans", "My scans", (Right.SEE_SCANS,)),
    Screen("overview", "Overview", (Right.SEE_OVERVIEW,)),
    Screen("counts", "Counts", (Right.SEE_SCANS, Right.SEE_OVERVIEW)),
    Screen("document", "Document", (Right.VIEW_PAGES, Right.VIEW_FILED_PAGES), is_listed=False),
)
"""In the order of the navigation. The first screen has no path of its own, so that is ``HOME``."""


def run_screens() -> None:
    """Show the screen that is asked for."""
    st.set_page_config(page_title="Backfile", layout="wide", initial_sidebar_state="collapsed")
    visitor = require_visitor()
    pages = [
        st.Page(
            partial(_show, screen),
            title=screen.title,
            url_path=screen.name,
            default=screen is HOME,
            visibility="visible" if screen.is_listed else "hidden",
        )
        for screen in (HOME, *SCREENS)
        if screen.is_open_to(visitor)
    ]
    page = st.navigation(pages, position="top")
    st.html(PAGE_STYLE)
    show_frame(visitor)
    page.run()


def _show(screen: Screen) -> None:
    """Show one screen to whoever is signed in now."""
    visitor = require_visitor()
    try:
        if screen.rights:
            require(visitor, *screen.rights)
        show: Callable[[Visitor], None] = importlib.import_module(f"ui.pages.{screen.name}").show
        show(visitor)
    except AccessDenied as denied:
        st.warning(f"{denied.what} {denied.next_step}")
    except BackfileError as error:
        st.error(f"{error.what} {error.next_step}")


if __name__ == "__main__":
    run_screens()
