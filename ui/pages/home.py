"""The first screen: what waits for this person, in words, and where to go."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from backfile.services.queue import QueueCount, count_queue
from backfile.store.catalog import Catalog
from backfile.store.scans import ScanFilter, ScanRepository, Stand
from backfile.store.unit_of_work import UnitOfWork
from ui.auth.rights import Right, has_right
from ui.context import Visitor, get_workshop, require_visitor
from ui.navigation import link_screen
from ui.words import write_count

_REFRESH_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing that a person may want to do now."""

    text: str
    """A whole sentence."""
    screen: str
    link: str


def show(visitor: Visitor) -> None:
    """Show what waits for a visitor."""
    st.title("What waits for you", anchor=False)
    _show_errands()
    if has_right(visitor.user, Right.MANAGE_USERS):
        st.caption(
            "Accounts are added, closed and given new passwords at the command line: "
            "`backfile user add`, `disable`, `passwd`."
        )


@st.fragment(run_every=_REFRESH_SECONDS)
def _show_errands() -> None:
    visitor = require_visitor()
    catalog = get_workshop().catalog
    with catalog.look() as uow:
        notices = list(uow.notices.all().values())
    errands = list_errands(visitor, catalog)
    for text in notices:
        st.warning(f"⚠ {text}")
    for errand in errands:
        with st.container(border=True, horizontal=True, vertical_alignment="center", width=760):
            st.markdown(errand.text, width="stretch")
            link_screen(errand.screen, f":primary[**{errand.link} ›**]")


def list_errands(visitor: Visitor, catalog: Catalog) -> list[Errand]:
    """Return what a visitor may want to do now, each thing in words."""
    errands = []
    if has_right(visitor.user, Right.VERIFY):
        errands.append(Errand(_tell_queue(count_queue(catalog=catalog)), "verify", "Verify"))
    with catalog.look() as uow:
        checks = uow.unaided.count_to_check() if has_right(visitor.user, Right.VERIFY) else 0
        if checks:
            errands.append(Errand(_tell_checks(checks), "checks", "Checks"))
        if has_right(visitor.user, Right.SEE_SCANS):
            errands.append(Errand(_tell_scans(uow), "scans", "My scans"))
        if has_right(visitor.user, Right.SEARCH_CHART):
            errands.append(Errand("Choose a patient, then search that chart.", "search", "Search"))
        if has_right(visitor.user, Right.SEE_OVERVIEW):
            errands.append(Errand(_tell_filed(uow), "overview", "Overview"))
    return errands


def _tell_queue(count: QueueCount) -> str:
    if not count.waiting and not count.postponed:
        return "✓ No document waits for a person."
    waits = "waits" if count.waiting == 1 else "wait"
    told = f"**{write_count(count.waiting, 'document')}** {waits} for somebody to check them."
    return f"{told} {count.postponed:,} postponed." if count.postponed else told


def _tell_checks(count: int) -> str:
    drawn = f"Drawn from what Backfile filed by itself: **{write_count(count, 'document')}**."
    return f"{drawn} Find the patient anew, to see whether it filed rightly."


def _tell_scans(uow: UnitOfWork) -> str:
    stands = ScanRepository(uow.connection).count_stands(ScanFilter())
    needs, working = stands[Stand.NEEDS], stands[Stand.WORKING]
    if needs:
        need = "needs" if needs == 1 else "need"
        told = f"**{write_count(needs, 'file')}** {need} somebody: to scan or drop again."
    else:
        told = "✓ No file needs to be scanned again."
    return f"{told} {write_count(working, 'file')} in work." if working else told


def _tell_filed(uow: UnitOfWork) -> str:
    summary = uow.counts.summarize()
    told = f"{write_count(summary.documents.filed, 'document')} filed so far."
    if not summary.is_balanced:
        told += " **Files or pages do not add up; an administrator should run: backfile verify.**"
    return told
