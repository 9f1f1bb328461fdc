"""My scans: what became of each file and batch, live, and what needs somebody, in words."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from backfile.store.scans import ScanFilter, Stand
from ui.auth.rights import Right, require
from ui.components.board import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Line,
    Note,
    StepCell,
    Sub,
    Table,
    show_board,
)
from ui.context import Visitor, get_workshop, require_visitor
from ui.layout import use_whole_window
from ui.reports.scans import FILES_AT_ONCE, BatchRow, FileRow, ScansView, load_scans
from ui.reports.spans import local_day
from ui.words import write_count, write_time

_REFRESH_SECONDS = 3
_STAND = "scans_stand"
_DAY = "scans_day"
_BATCH = "scans_batch"
_OFFSET = "scans_offset"
_STAND_WORDS = {
    None: "All files",
    Stand.WORKING: "In work",
    Stand.DONE: "Done",
    Stand.NEEDS: "Need somebody",
    Stand.DUPLICATE: "Duplicates",
}
_SYMBOLS = {Stand.WORKING: "◔", Stand.DONE: "✓", Stand.NEEDS: "⚠", Stand.DUPLICATE: "="}
_TONES = {Stand.WORKING: "", Stand.DONE: "good", Stand.NEEDS: "warn", Stand.DUPLICATE: ""}
_LINE_WORDS = {
    Stand.WORKING: "in work",
    Stand.DONE: "done",
    Stand.NEEDS: "needs somebody",
    Stand.DUPLICATE: "duplicate",
}


def show(visitor: Visitor) -> None:
    """Show the screen."""
    require(visitor, Right.SEE_SCANS)
    use_whole_window()
    _show_live()


@st.fragment(run_every=_REFRESH_SECONDS)
def _show_live() -> None:
    """Look again every few seconds; a fragment runs without the page, so it asks who is there itself."""
    require(require_visitor(), Right.SEE_SCANS)
    workshop = get_workshop()
    only, offset = _read_filter(), int(st.session_state.get(_OFFSET, 0))
    with workshop.catalog.look() as uow:
        now = uow.clock.now()
        view = load_scans(only, offset=offset, uow=uow)
        batch = uow.files.get_batch(only.batch) if only.batch else None
    _show_filters(batch.name if batch else "")
    inbox = ", ".join(str(folder) for folder in workshop.inboxes)
    show_board("scans", _build_blocks(view, only, now=now, inbox=inbox), on_open=_open)
    _show_paging(view.total, offset)


def _read_filter() -> ScanFilter:
    day = st.session_state.get(_DAY)
    return ScanFilter(
        stand=st.session_state.get(_STAND),
        received=local_day(day) if isinstance(day, dt.date) else None,
        batch=st.session_state.get(_BATCH),
    )


def _open(key: str) -> None:
    """Set the filter that was clicked."""
    require_visitor()
    name, _, value = key.partition(":")
    if name == "stand":
        st.session_state[_STAND] = Stand(value) if value else None
    elif name == "batch":
        st.session_state[_BATCH] = value or None
    st.session_state[_OFFSET] = 0


def _show_filters(batch: str) -> None:
    title, chosen, day = st.columns([3, 2, 1], vertical_alignment="bottom")
    title.title("My scans", anchor=False)
    day.date_input("Received on", value=None, key=_DAY, format="MM/DD/YYYY", on_change=_open, args=("day:",))
    if batch:
        chosen.button(f"Batch {batch}  ✕", on_click=_open, args=("batch:",), help="Show all batches")


def _build_blocks(view: ScansView, only: ScanFilter, *, now: dt.datetime, inbox: str) -> list[Block]:
    blocks: list[Block] = [Note(text, "warn") for text in view.notices]
    blocks.append(_build_cards(view, only.stand))
    columns = (
        Column("File", grow=True),
        Column("Received", "nowrap"),
        Column("Pages", "right"),
        Column("Stands at", grow=True),
    )
    nothing = f"No file has come yet. Drop PDF, TIFF, JPEG or PNG scans into {inbox}."
    if view.counts[None] or only != ScanFilter():
        nothing = "No file under this filter."
    blocks.append(Table(columns, tuple(_build_line(row, now) for row in view.rows), empty=nothing))
    if view.batches and only.batch is None:
        blocks.append(_build_batches(view.batches, now))
    return blocks


def _build_cards(view: ScansView, chosen: Stand | None) -> Cards:
    cards = []
    for stand, label in _STAND_WORDS.items():
        count = view.counts[stand]
        tone = _TONES[stand] if stand is not None and count else ""
        key = f"stand:{stand.value if stand else ''}"
        cards.append(Card(label, f"{count:,}", key=key, tone=tone, pressed=stand is chosen))
    return Cards(tuple(cards))


def _build_line(row: FileRow, now: dt.datetime) -> Line:
    subs = tuple(Sub(f"⚠ {text}", "warn") for text in row.needs) + tuple(Sub(text) for text in row.notes)
    steps = tuple(StepCell(mark.step.value, mark.is_done, mark.progress) for mark in row.steps)
    is_usual = row.stand in (Stand.WORKING, Stand.DONE) and bool(steps)
    text = "" if is_usual else _LINE_WORDS[row.stand]
    name = Cell(row.name, tone="strong", sub=(Sub(f"batch {row.batch}"),) if row.batch else ())
    stands = Cell(
        text, symbol=_SYMBOLS[row.stand] if text else "", tone=_TONES[row.stand], steps=steps, sub=subs
    )
    pages = str(row.pages) if row.pages else "–"
    return Line((name, write_time(row.received_at, now=now), pages, stands))


def _build_batches(batches: tuple[BatchRow, ...], now: dt.datetime) -> Table:
    lines = tuple(
        Line(
            (
                Cell(row.name, tone="strong", sub=(Sub("still open"),) if row.is_open else ()),
                write_time(row.last_file_at, now=now),
                row.files,
                row.pages,
                Cell("balanced", "✓", "good")
                if row.is_balanced
                else Cell("does not add up: tell your supervisor", "✗", "bad"),
            ),
            key=f"batch:{row.id}",
        )
        for row in batches
    )
    columns = (
        Column("Batch"),
        Column("Last file", "nowrap"),
        Column("Files", grow=True),
        Column("Pages", grow=True),
        Column("Balance", "nowrap"),
    )
    return Table(columns, lines, title="Batches", note="A batch is a subfolder of the inbox.")


def _show_paging(total: int, offset: int) -> None:
    if total <= FILES_AT_ONCE:
        return
    newer, told, older = st.columns([1, 3, 1], vertical_alignment="center")
    newer.button(
        "‹ Newer",
        disabled=offset == 0,
        on_click=_turn_to,
        args=(max(0, offset - FILES_AT_ONCE),),
        width="stretch",
    )
    last = min(total, offset + FILES_AT_ONCE)
    told.caption(f"{offset + 1:,} to {last:,} of {write_count(total, 'file')}, newest first")
    older.button(
        "Older ›",
        disabled=last >= total,
        on_click=_turn_to,
        args=(offset + FILES_AT_ONCE,),
        width="stretch",
    )


def _turn_to(offset: int) -> None:
    require_visitor()
    st.session_state[_OFFSET] = offset
