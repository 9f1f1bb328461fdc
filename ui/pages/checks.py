"""Checks: filings drawn by lot, shown without the patient they stand under; who checks them finds it anew."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import streamlit as st

from backfile.domain.unaided import Verdict
from backfile.errors import BackfileError
from backfile.services.unaided import answer_check
from backfile.store.charts import ChartPage, ChartRepository
from backfile.store.unit_of_work import UnitOfWork
from ui.auth.rights import Right, require
from ui.banner import banner_facts
from ui.components.viewer import show_pages
from ui.context import Visitor, get_workshop, require_visitor
from ui.finding.chart import type_label
from ui.finding.patients import FoundPatients, PatientCard, find_patients
from ui.layout import use_whole_window
from ui.routes.audit import note_search
from ui.words import write_count

_SHOWN = "check_shown"
_LATER = "check_later"
_TOLD = "check_told"
_TYPED = "check_typed"
_CHOSEN = "check_chosen"
_TOLD_OF = {
    Verdict.RIGHT: "✓ It stands under that patient.",
    Verdict.WRONG: "⚠ It stood elsewhere. It waits in Verify now, and filings of its kind go to people until "
    "an administrator has looked at it.",
}
_AT_ONCE = 50
"""So many drawn filings are looked at; several checkers begin at different ones of them."""


@dataclass(frozen=True, slots=True)
class Check:
    """A filing to check, with nothing of the patient that it stands under."""

    document: str
    type_label: str
    pages: tuple[ChartPage, ...]


def show(visitor: Visitor) -> None:
    """Show the filing that this visitor checks next."""
    require(visitor, Right.VERIFY)
    use_whole_window()
    with get_workshop().catalog.look() as uow:
        waiting = uow.unaided.count_to_check()
        check = choose_check(
            uow,
            session=visitor.session,
            shown=st.session_state.get(_SHOWN, ""),
            later=st.session_state.get(_LATER, frozenset()),
        )
    told = st.session_state.pop(_TOLD, None)
    if told is not None:
        is_good, text = told
        (st.success if is_good else st.warning)(text)
    if check is None:
        st.title("Checks", anchor=False)
        st.info("✓ No filing waits to be checked. One in 64 that Backfile files by itself is drawn for it.")
        return
    st.session_state[_SHOWN] = check.document
    pages, side = st.columns([3, 2], gap="medium")
    with pages:
        title = f"{check.type_label} · {write_count(len(check.pages), 'page')}"
        show_pages(check.pages, key=check.document, title=title, can_export=False)
    with side:
        st.subheader("Whose is this?", anchor=False)
        st.caption(
            "Backfile filed it by itself. You are not told where, so that you see what stands on the paper: "
            f"look at every page, then find the patient. {write_count(waiting, 'filing')} to check."
        )
        _show_choice(check, visitor)


def choose_check(uow: UnitOfWork, *, session: str, shown: str, later: frozenset[str]) -> Check | None:
    """Return the filing to check next, or None where no more waits for this visitor.

    Args:
        uow: reads the catalog.
        session: of the visitor; two checkers begin at different filings.
        shown: the document now on the screen: it stays there while it waits.
        later: documents that the visitor put off.
    """
    ids = [one.document_id for one in uow.unaided.to_check(limit=_AT_ONCE + len(later))]
    left = [one for one in ids if one not in later]
    if not left:
        return None
    chosen = shown if shown in left else left[zlib.crc32(session.encode()) % len(left)]
    pages = ChartRepository(uow.connection).pages_of_document(chosen)
    return Check(chosen, type_label(pages[0].type), tuple(pages))


def _show_choice(check: Check, visitor: Visitor) -> None:
    """Let the visitor find the patient; what is typed stays in this session."""
    typed = st.text_input(
        "MRN, birth date or name",
        key=f"{_TYPED}_{check.document}",
        placeholder="00482913 · 04/18/1961 · Harlow, Jane",
        autocomplete="off",
    )
    cards = _find(typed, visitor) if typed.strip() else ()
    chosen = f"{_CHOSEN}_{check.document}"
    if cards:
        by_id = {card.id: card for card in cards}
        st.radio(
            "Patient",
            list(by_id),
            index=None,
            key=chosen,
            format_func=lambda one: _tell(by_id[one]),
            captions=["  ".join(card.notes) for card in cards],
        )
    confirm, nobody, later = st.columns([3, 3, 2])
    confirm.button(
        "It is this patient's",
        type="primary",
        width="stretch",
        disabled=st.session_state.get(chosen) is None,
        on_click=_answer,
        args=(check.document, chosen),
    )
    nobody.button("Nobody in the index", width="stretch", on_click=_answer, args=(check.document, None))
    later.button("Later", width="stretch", on_click=_put_off, args=(check.document,))


def _find(typed: str, visitor: Visitor) -> tuple[PatientCard, ...]:
    workshop = get_workshop()
    with workshop.catalog.look() as uow:
        try:
            found = find_patients(typed, uow=uow, today=uow.today)
        except BackfileError as error:
            st.caption(f"{error.what} {error.next_step}")
            return ()
    note_search("patients", visitor, workshop, shown=str(len(found.patients)))
    _tell_found(found)
    return found.patients


def _tell_found(found: FoundPatients) -> None:
    if not found.patients:
        st.caption("Nobody in the index fits what is typed.")
    elif found.is_by_sound:
        st.caption("Nobody has that name as typed; these sound alike.")
    elif found.are_more:
        st.caption("More fit than are shown: type more of it.")


def _tell(card: PatientCard) -> str:
    return f"**{_escape(str(card.name))}** · " + " · ".join(map(_escape, banner_facts(card)))


def _escape(text: str) -> str:
    """Let a text stand in Markdown as it is."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~$:<>" else letter for letter in text)


def _answer(document_id: str, chosen: str | None) -> None:
    """Take the answer: the patient that the widget of this key holds, or nobody."""
    visitor = require_visitor()
    require(visitor, Right.VERIFY)
    patient_id = st.session_state.get(chosen) if chosen else None
    if chosen and patient_id is None:
        return
    try:
        verdict = answer_check(
            document_id, patient_id, catalog=get_workshop().catalog, actor=visitor.user.name
        )
    except BackfileError as error:
        st.session_state[_TOLD] = (False, f"{error.what} {error.next_step}")
    else:
        st.session_state[_TOLD] = (verdict is Verdict.RIGHT, _TOLD_OF[verdict])
    st.session_state.pop(_SHOWN, None)


def _put_off(document_id: str) -> None:
    require_visitor()
    st.session_state[_LATER] = st.session_state.get(_LATER, frozenset()) | {document_id}
    st.session_state.pop(_SHOWN, None)
