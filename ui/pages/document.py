"""One document: its pages, what it is, and who decided what about it."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState
from ui.auth.rights import Right, has_right, require
from ui.banner import show_banner
from ui.components.board import Badge, Block, Cell, Column, Line, Note, Sub, Table, show_board
from ui.components.viewer import show_pages
from ui.context import Visitor, get_workshop
from ui.finding.access import require_view
from ui.finding.document import DocumentSheet, load_sheet
from ui.layout import use_whole_window
from ui.words import write_count, write_date, write_time

_SEEN = "document_seen"


def show(visitor: Visitor) -> None:
    """Show the document that the address names."""
    require(visitor, Right.VIEW_PAGES, Right.VIEW_FILED_PAGES)
    document_id = st.query_params.get("doc", "")
    if not document_id:
        st.info("Open a document from a search or a list.")
        return
    with get_workshop().catalog.look() as uow:
        now = uow.clock.now()
        sheet = load_sheet(document_id, uow=uow)
    document = sheet.document
    require_view(visitor, state=document.state, patient=document.patient_id)
    _audit_once(visitor, sheet)
    use_whole_window()
    if sheet.patient is not None:
        show_banner(sheet.patient)
    else:
        st.info(f"Under no patient. {sheet.reason_words}")
    pages, facts = st.columns([3, 2], gap="medium")
    with pages:
        title = f"{sheet.type_label} · {write_date(sheet.service_date) or 'no date'}"
        can_export = has_right(visitor.user, Right.EXPORT)
        show_pages(sheet.pages, key=document.id, title=title, can_export=can_export)
    with facts:
        sees_files = has_right(visitor.user, Right.SEE_SCANS)
        show_board("document_facts", build_facts(sheet, now=now, sees_files=sees_files))


def _audit_once(visitor: Visitor, sheet: DocumentSheet) -> None:
    """Note who looked at the sheet; the images note themselves."""
    seen = f"{sheet.document.id}:{sheet.document.version}"
    if st.session_state.get(_SEEN) == seen:
        return
    with get_workshop().catalog.begin() as uow:
        uow.record(
            AuditAction.VIEWED,
            "document",
            sheet.document.id,
            actor=visitor.user.name,
            patient=sheet.document.patient_id,
            session=visitor.session,
        )
        uow.commit()
    st.session_state[_SEEN] = seen


def build_facts(sheet: DocumentSheet, *, now: dt.datetime, sees_files: bool) -> list[Block]:
    """Return what is known of a document, and its history, as the board shows them."""
    document = sheet.document
    badge = Badge("✓ verified", "verified") if sheet.verified else Badge("◇ unverified", "unverified")
    is_filed = document.state is DocumentState.FILED
    dim = sum(not page.reliable for page in sheet.pages)
    facts = [
        ("Type", Cell(sheet.type_label, tone="strong")),
        ("Stands at", Cell(sheet.state_words, badges=(badge,) if is_filed else ())),
        ("Why", Cell(sheet.reason_words)),
        ("Service date", Cell(write_date(sheet.service_date) or "not found")),
        ("Pages", Cell(str(len(sheet.pages)))),
        ("Received", Cell(write_time(document.received_at, now=now))),
    ]
    if sees_files:
        facts += [("From", Cell(source)) for source in sheet.sources]
        facts += [("Batch", Cell(sheet.batch))] if sheet.batch else []
    blocks: list[Block] = [
        Table((Column("About", "nowrap"), Column("", grow=True)), tuple(Line((n, cell)) for n, cell in facts))
    ]
    if dim:
        verb = "is" if dim == 1 else "are"
        blocks.append(
            Note(f"? {write_count(dim, 'page')} {verb} hard to read: a search may miss words.", "warn")
        )
    blocks.append(
        Table(
            (Column("When", "nowrap"), Column("Who", "nowrap"), Column("What", grow=True)),
            tuple(
                Line((write_time(entry.at, now=now), entry.who, Cell(entry.what, sub=(Sub(entry.decision),))))
                for entry in reversed(sheet.history)
            ),
            title="History of decisions",
            empty="No decision yet.",
        )
    )
    return blocks
