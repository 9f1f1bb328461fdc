"""What the catalog holds of patients' charts, read in few statements: a search asks for it at every key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, false, func, or_, select

from backfile.domain.document import DocumentState
from backfile.domain.page import PageState
from backfile.domain.patient import LONGEST_CHAIN, resolve_patient
from backfile.domain.reasons import Reason
from backfile.store.patient_tables import patient_blocks, patients
from backfile.store.patients import PatientRepository
from backfile.store.schema import documents, outbox, pages

_CHUNK = 900
"""Values in one IN list; SQLite's older builds allow 999 parameters a statement."""
_WAITING = (DocumentState.REVIEW.value, DocumentState.EXCEPTION.value)


@dataclass(frozen=True, slots=True)
class ChartPage:
    """One page with what a reader of the chart needs to know of its document."""

    id: str
    document: str
    position: int
    """In the document, from 1."""
    reliable: bool
    """Its words were probably all read."""
    view_rotation: int
    patient: str
    """Patient id, "" where none."""
    state: DocumentState
    type: str
    service_date: str
    """ISO, "" where none."""
    verified: bool
    """A person confirmed the filing."""


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """Documents that a search could not look at."""

    for_person: int
    """They wait for a person; any of them may be of any patient."""
    likely_here: int
    """Of these, those that have a patient of this chart among their candidates."""
    for_index: int
    """Documents of this chart that are filed and not in the index yet as they are."""


class ChartRepository:
    """Reads documents and pages by patient."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def records_of(self, patient_id: str) -> tuple[str, ...]:
        """Return the ids of every record of the person: the survivor first, then all merged into it."""
        survivor = resolve_patient(patient_id, PatientRepository(self._connection))
        found = [survivor.id if survivor else patient_id]
        newest = list(found)
        for _ in range(LONGEST_CHAIN):
            rows = self._connection.execute(
                select(patients.c.id).where(patients.c.merged_into.in_(newest)).order_by(patients.c.id)
            ).scalars()
            newest = [one for one in rows if one not in found]
            if not newest:
                break
            found += newest
        return tuple(found)

    def pages_of(self, patient_ids: Sequence[str]) -> list[ChartPage]:
        """Return every page of the filed documents, by service date (undated last), document and position."""
        undated = case((func.coalesce(documents.c.service_date, "") == "", 1), else_=0)
        query = (
            _pages()
            .where(documents.c.patient_id.in_(patient_ids), documents.c.state == DocumentState.FILED.value)
            .order_by(
                undated, documents.c.service_date, documents.c.received_at, documents.c.id, pages.c.position
            )
        )
        return [_page_of(row) for row in self._connection.execute(query)]

    def pages_of_document(self, document_id: str) -> list[ChartPage]:
        """Return the pages of one document, whatever its state, in order."""
        query = _pages().where(documents.c.id == document_id).order_by(pages.c.position)
        return [_page_of(row) for row in self._connection.execute(query)]

    def locate(self, page_ids: Iterable[str]) -> dict[str, ChartPage]:
        """Return the pages that stand in a document, by id."""
        wanted = list(dict.fromkeys(page_ids))
        found: dict[str, ChartPage] = {}
        for start in range(0, len(wanted), _CHUNK):
            query = _pages().where(pages.c.id.in_(wanted[start : start + _CHUNK]))
            found |= {row.id: _page_of(row) for row in self._connection.execute(query)}
        return found

    def count_waiting(self, patient_ids: Sequence[str] = ()) -> WaitingCount:
        """Count what a search cannot look at: of one chart, or of all where no patient is given."""
        waits = documents.c.state.in_(_WAITING)
        named: ColumnElement[bool] = (
            or_(*(func.instr(documents.c.match, one) > 0 for one in patient_ids)) if patient_ids else false()
        )
        total, likely = self._connection.execute(
            select(func.count(), func.coalesce(func.sum(case((named, 1), else_=0)), 0))
            .select_from(documents)
            .where(waits)
        ).one()
        unindexed = (
            select(func.count(outbox.c.document_id.distinct()))
            .select_from(outbox.join(documents, documents.c.id == outbox.c.document_id))
            .where(documents.c.state == DocumentState.FILED.value)
        )
        if patient_ids:
            unindexed = unindexed.where(documents.c.patient_id.in_(patient_ids))
        return WaitingCount(total, int(likely), self._connection.execute(unindexed).scalar_one())

    def find_by_name_beginning(self, beginning: str, *, limit: int) -> list[str]:
        """Return ids of patients by the beginning of ``blocking.full_name_key``, in order of the names."""
        rows = self._connection.execute(
            select(patient_blocks.c.patient_id)
            .where(
                patient_blocks.c.kind == "full_name",
                patient_blocks.c.key >= beginning,
                patient_blocks.c.key < beginning + "\U0010ffff",
            )
            .order_by(patient_blocks.c.key, patient_blocks.c.patient_id)
            .limit(limit)
        ).scalars()
        return list(dict.fromkeys(rows))

    def find_by_birth_date(self, birth_date: str, *, limit: int) -> list[str]:
        """Return ids of patients born on an ISO date; merged records are left out."""
        rows = self._connection.execute(
            select(patients.c.id)
            .join(patient_blocks, patient_blocks.c.patient_id == patients.c.id)
            .where(
                patient_blocks.c.kind == "birth_date",
                patient_blocks.c.key == birth_date,
                patients.c.merged_into.is_(None),
            )
            .order_by(patients.c.last_name, patients.c.first_name, patients.c.id)
            .limit(limit)
        ).scalars()
        return list(rows)


def _pages() -> Select[Any]:
    return select(
        pages.c.id,
        pages.c.position,
        pages.c.reliable,
        pages.c.state.label("page_state"),
        pages.c.view_rotation,
        documents.c.id.label("document"),
        documents.c.patient_id,
        documents.c.state,
        documents.c.reason,
        documents.c.type_name,
        documents.c.service_date,
    ).join(documents, documents.c.id == pages.c.document_id)


def _page_of(row: Row[Any]) -> ChartPage:
    return ChartPage(
        id=row.id,
        document=row.document,
        position=row.position or 0,
        reliable=bool(row.reliable) and row.page_state != PageState.EXCEPTION.value,
        view_rotation=row.view_rotation,
        patient=row.patient_id or "",
        state=DocumentState(row.state),
        type=row.type_name,
        service_date=row.service_date or "",
        verified=row.reason == Reason.CONFIRMED_BY_PERSON.value,
    )
