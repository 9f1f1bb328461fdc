"""Overview for supervisors: backlog, filing, reasons, throughput; figures open the documents behind them."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from backfile.domain.reasons import reason_text
from ui.auth.rights import Right, require
from ui.components.board import (
    Badge,
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Line,
    Note,
    Side,
    Table,
    show_board,
)
from ui.context import Visitor, get_workshop, require_visitor
from ui.finding.chart import type_label
from ui.finding.document import STATE_WORDS
from ui.layout import use_whole_window
from ui.navigation import open_screen
from ui.reports.figures import code_of, read_figure
from ui.reports.overview import (
    AGE_WORDS,
    DAYS_SHOWN,
    LINES_AT_ONCE,
    Overview,
    list_documents,
    load_overview,
)
from ui.words import write_age, write_count, write_date, write_time

_SHOW = "show"
_FROM = "from"
_WANTED = "overview_wanted_document"
_SHOWN_DAYS = 7


def show(visitor: Visitor) -> None:
    """Show the figures, or the list behind the one that the address names."""
    require(visitor, Right.SEE_OVERVIEW)
    wanted = st.session_state.pop(_WANTED, None)
    if isinstance(wanted, str):
        open_screen("document", doc=wanted)
    use_whole_window()
    code = st.query_params.get(_SHOW)
    if code:
        _show_list(code)
    else:
        st.title("Overview")
        with get_workshop().catalog.look() as uow:
            overview = load_overview(uow=uow)
        show_board("overview", build_blocks(overview), on_open=_open_figure)


def _open_figure(code: str) -> None:
    require(require_visitor(), Right.SEE_OVERVIEW)
    if code.startswith("doc:"):
        st.session_state[_WANTED] = code.removeprefix("doc:")
    else:
        st.query_params[_SHOW] = code


def _show_list(code: str) -> None:
    offset = _read_offset()
    with get_workshop().catalog.look() as uow:
        figure = read_figure(code, uow=uow)
        if figure is None:
            st.info("There is no such figure.")
            st.button("‹ Overview", on_click=_leave_list)
            return
        lines, total = list_documents(figure.only, offset=offset, uow=uow)
        now = uow.clock.now()
    st.button("‹ Overview", on_click=_leave_list)
    st.subheader(figure.title, anchor=False)
    st.caption(f"{write_count(total, 'document')}, first received first.")
    columns = (
        Column("Type", grow=True),
        Column("Service date", "nowrap"),
        Column("Pages", "right"),
        Column("Received", "nowrap"),
        Column("Stands at", grow=True),
    )
    rows = tuple(
        Line(
            (
                Cell(type_label(line.type), tone="strong"),
                write_date(line.service_date) or "–",
                str(line.pages),
                f"{write_time(line.received_at, now=now)} ({write_age(line.received_at, now=now)})",
                Cell(
                    f"{STATE_WORDS[line.state]}: {reason_text(line.reason)}",
                    badges=(Badge("◇ unverified", "unverified"),)
                    if line.state.value == "filed" and not line.verified
                    else (),
                ),
            ),
            key=f"doc:{line.id}",
        )
        for line in lines
    )
    show_board("overview_list", [Table(columns, rows, empty="No document.")], on_open=_open_figure)
    _show_paging(total, offset)


def _read_offset() -> int:
    text = st.query_params.get(_FROM, "0")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _leave_list() -> None:
    require_visitor()
    st.query_params.clear()


def _show_paging(total: int, offset: int) -> None:
    if total <= LINES_AT_ONCE:
        return
    earlier, told, later = st.columns([1, 3, 1], vertical_alignment="center")
    last = min(total, offset + LINES_AT_ONCE)
    earlier.button(
        "‹ Before", disabled=offset == 0, on_click=_turn_to, args=(max(0, offset - LINES_AT_ONCE),)
    )
    told.caption(f"{offset + 1:,} to {last:,} of {total:,}")
    later.button("Next ›", disabled=last >= total, on_click=_turn_to, args=(offset + LINES_AT_ONCE,))


def _turn_to(offset: int) -> None:
    require_visitor()
    st.query_params[_FROM] = str(offset)


def build_blocks(overview: Overview) -> list[Block]:
    """Return the figures as the board shows them."""
    blocks: list[Block] = []
    if overview.summary.is_balanced:
        files, pages = overview.summary.files, overview.summary.pages
        counted = f"{write_count(files.received, 'file')} and {write_count(pages.received, 'page')}"
        blocks.append(Note(f"✓ Balanced: {counted} came in, each is in exactly one place.", "good"))
    else:
        blocks.append(Note("✗ Files or pages do not add up. Run: backfile verify", "bad"))
    blocks += [Note(text, "warn") for text in overview.notices]
    blocks.append(_build_cards(overview))
    blocks.append(Side((_build_ages(overview), _build_reasons(overview))))
    blocks.append(Side((_build_days(overview), _build_team(overview))))
    return blocks


def _build_cards(overview: Overview) -> Cards:
    oldest = overview.oldest
    share = overview.unaided_share
    waiting_tone = "warn" if overview.waiting else "good"
    speed = overview.pages_per_minute
    return Cards(
        (
            Card("Waiting for a technician", f"{overview.waiting:,}", key="waiting", tone=waiting_tone),
            Card(
                "Oldest waits since",
                write_age(oldest[1], now=overview.at) if oldest else "–",
                note=write_time(oldest[1], now=overview.at) if oldest else "nothing waits",
                key=f"doc:{oldest[0]}" if oldest else "",
            ),
            Card(
                "Filed unaided",
                f"{share:.0%}" if share is not None else "–",
                note=f"{overview.filed_unaided:,} of filed and waiting",
                key=code_of("filed", "machine"),
            ),
            Card("Filed by a person", f"{overview.filed_by_person:,}", key=code_of("filed", "person")),
            Card("Set aside", f"{overview.aside:,}", note="for scanner or registration", key="aside"),
            Card("Removed", f"{overview.removed:,}", note="kept, viewable", key="removed"),
            Card(
                "Pages a minute",
                f"{speed:.0f}" if speed is not None else "–",
                note="while there was work, last 24 h",
            ),
        )
    )


def _build_ages(overview: Overview) -> Table:
    most = max(1, *overview.waiting_by_age)
    lines = tuple(
        Line((words, Cell(bar=count / most), Cell(f"{count:,}")), key=code_of("waiting", number))
        for number, (words, count) in enumerate(zip(AGE_WORDS, overview.waiting_by_age, strict=True))
    )
    columns = (Column("Received ago", "nowrap"), Column("", grow=True), Column("Documents", "right"))
    return Table(columns, lines, title="Backlog by age")


def _build_reasons(overview: Overview) -> Table:
    most = max((count for _, count in overview.reasons), default=1)
    lines = tuple(
        Line(
            (Cell(reason_text(reason) or "", bar=count / most), Cell(f"{count:,}")),
            key=code_of("reason", reason.value),
        )
        for reason, count in overview.reasons
    )
    return Table(
        (Column("Why a person is needed", grow=True), Column("Documents", "right")),
        lines,
        title="Reasons for review",
        empty="Nothing waits for a person.",
    )


def _build_days(overview: Overview) -> Table:
    decided = [sum(line.decisions[at] for line in overview.team) for at in range(DAYS_SHOWN)]
    most = max(1, *overview.pages_finished, *decided)
    lines = tuple(
        Line(
            (
                _name_day(day, overview.days[0]),
                Cell(f"{pages:,}", bar=pages / most),
                Cell(f"{done:,}", bar=done / most),
            ),
            key=code_of("decided", "any", day.isoformat()),
        )
        for day, pages, done in zip(overview.days, overview.pages_finished, decided, strict=True)
    )
    return Table(
        (Column("Day", "nowrap"), Column("Pages taken in"), Column("Decisions by people")),
        lines[:_SHOWN_DAYS],
        title="Throughput by day",
        note="A day opens the documents decided on it.",
    )


def _name_day(day: dt.date, today: dt.date) -> str:
    return "today" if day == today else f"{day:%a %m/%d}"


def _build_team(overview: Overview) -> Table:
    lines = tuple(
        Line(
            (
                Cell(line.name, tone="strong"),
                line.role,
                Cell(
                    f"{line.decisions[0]:,}",
                    key=code_of("decided", line.user, overview.days[0].isoformat()),
                ),
                f"{sum(line.decisions[:_SHOWN_DAYS]):,}",
                f"{sum(line.decisions):,}",
            ),
            key=code_of("decided", line.user, "any"),
        )
        for line in overview.team
    )
    columns = (
        Column("Who", grow=True),
        Column("Role", "nowrap"),
        Column("Today", "right"),
        Column("7 days", "right"),
        Column(f"{DAYS_SHOWN} days", "right"),
    )
    return Table(
        columns,
        lines,
        title="Throughput by team",
        note="Decisions, not documents: one that is undone and made anew counts three times.",
        empty=f"No decision by a person in {DAYS_SHOWN} days.",
    )
