"""Documents, and the decisions that were made about each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from backfile.domain.decision import Decision, DecisionKind
from backfile.domain.document import DocumentState, FieldName, TypeGuess
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.snapshot import PastDecision, Snapshot, SnapshotDetails
from backfile.store.codec import dump_fields, dump_json, dump_match, load_fields, load_json, load_match
from backfile.store.schema import decisions, documents

_CHUNK = 900
"""Values in one IN list; SQLite's older builds allow 999 parameters a statement."""


class DocumentRepository:
    """The rows of ``documents`` and ``decisions``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, document: StoredDocument) -> None:
        """Add a document."""
        self._connection.execute(insert(documents).values(id=document.id, **_values_of(document)))

    def save(self, document: StoredDocument) -> None:
        """Change a document; the caller has raised its version."""
        self._connection.execute(
            update(documents).where(documents.c.id == document.id).values(**_values_of(document))
        )

    def get(self, document_id: str) -> StoredDocument | None:
        """Return one document."""
        row = self._connection.execute(select(documents).where(documents.c.id == document_id)).first()
        return None if row is None else _document_of(row)

    def all(self, *, states: Sequence[DocumentState] = ()) -> Iterator[StoredDocument]:
        """Return every document, in order of receipt."""
        query = select(documents).order_by(documents.c.received_at, documents.c.id)
        if states:
            query = query.where(documents.c.state.in_([state.value for state in states]))
        for row in self._connection.execute(query):
            yield _document_of(row)

    def versions(self) -> dict[str, int]:
        """Return the version of every document that the index should hold."""
        rows = self._connection.execute(
            select(documents.c.id, documents.c.version).where(
                documents.c.state != DocumentState.REMOVED.value
            )
        )
        return {row.id: row.version for row in rows}

    def ids_in(self, states: Sequence[DocumentState]) -> set[str]:
        """Return the documents in any of the states."""
        chosen = documents.c.state.in_([state.value for state in states])
        return set(self._connection.execute(select(documents.c.id).where(chosen)).scalars())

    def get_all(self, document_ids: Sequence[str]) -> list[StoredDocument]:
        """Return the documents with these ids, in this order; unknown ids are left out."""
        rows = self._connection.execute(select(documents).where(documents.c.id.in_(document_ids)))
        found = {row.id: _document_of(row) for row in rows}
        return [found[document_id] for document_id in document_ids if document_id in found]

    def about_patients(self, patient_ids: Sequence[str], *, limit: int) -> list[StoredDocument]:
        """Return documents filed under any of these records, or with one among their candidates.

        The newest come first; removed ones are left out.
        """
        if not patient_ids:
            return []
        named = (documents.c.match.contains(one, autoescape=True) for one in patient_ids)
        query = (
            select(documents)
            .where(
                documents.c.state != DocumentState.REMOVED.value,
                or_(documents.c.patient_id.in_(patient_ids), *named),
            )
            .order_by(documents.c.received_at.desc(), documents.c.id)
            .limit(limit)
        )
        return [_document_of(row) for row in self._connection.execute(query)]

    def filed_under(self, patient_ids: Iterable[str]) -> list[str]:
        """Return the ids of documents filed under these very records, in order of receipt."""
        wanted = sorted(set(patient_ids))
        found: list[str] = []
        for at in range(0, len(wanted), _CHUNK):
            query = select(documents.c.id).where(
                documents.c.state == DocumentState.FILED.value,
                documents.c.patient_id.in_(wanted[at : at + _CHUNK]),
            )
            order = query.order_by(documents.c.received_at, documents.c.id)
            found += self._connection.execute(order).scalars()
        return found

    def patients_with_charts(self) -> frozenset[str]:
        """Return the records under which something is filed."""
        filed = documents.c.state == DocumentState.FILED.value
        rows = self._connection.execute(select(documents.c.patient_id).where(filed).distinct())
        return frozenset(one for one in rows.scalars() if one)

    def superseded_by(self, document_id: str) -> list[str]:
        """Return the documents that were removed because this one took their place."""
        query = select(documents.c.id).where(documents.c.superseded_by == document_id)
        return list(self._connection.execute(query.order_by(documents.c.id)).scalars())

    def add_decision(
        self,
        decision: Decision,
        *,
        before: StoredDocument | None,
        after: StoredDocument,
        details: SnapshotDetails | None = None,
    ) -> None:
        """Append a decision, with what it changed; ``details`` are those of before."""
        self._connection.execute(
            insert(decisions).values(
                id=decision.id,
                document_id=decision.document_id,
                kind=decision.kind.value,
                actor=decision.actor,
                at=decision.at,
                undoes=decision.undoes,
                request=decision.request,
                before=_snapshot(before, details),
                after=_snapshot(after),
            )
        )

    def get_decision(self, decision_id: str) -> Decision | None:
        """Return one decision."""
        row = self._connection.execute(select(decisions).where(decisions.c.id == decision_id)).first()
        return None if row is None else _decision_of(row)

    def decisions_of(self, document_id: str) -> list[Decision]:
        """Return the decisions about a document, oldest first."""
        rows = self._connection.execute(
            select(decisions).where(decisions.c.document_id == document_id).order_by(decisions.c.seq)
        )
        return [_decision_of(row) for row in rows]

    def find_decision(self, name: str) -> Decision | None:
        """Return the decision that a request made, or that has this id."""
        row = self._connection.execute(
            select(decisions).where(or_(decisions.c.request == name, decisions.c.id == name))
        ).first()
        return None if row is None else _decision_of(row)

    def history_of(self, document_id: str) -> list[PastDecision]:
        """Return the decisions about a document with what each changed, oldest first."""
        rows = self._connection.execute(
            select(decisions).where(decisions.c.document_id == document_id).order_by(decisions.c.seq)
        )
        return [
            PastDecision(
                _decision_of(row),
                None if row.before == "null" else load_json(Snapshot, row.before),
                load_json(Snapshot, row.after),
            )
            for row in rows
        ]


def _snapshot(document: StoredDocument | None, details: SnapshotDetails | None = None) -> str:
    if document is None:
        return "null"
    snapshot = Snapshot(
        document.state, document.reason, document.patient_id, document.type.name, document.version, details
    )
    return dump_json(Snapshot, snapshot)


def _values_of(document: StoredDocument) -> dict[str, object]:
    return {
        "state": document.state.value,
        "reason": document.reason.value,
        "type_name": document.type.name,
        "type_probability": document.type.probability,
        "type_evidence": json.dumps(document.type.evidence),
        "patient_id": document.patient_id,
        "match": dump_match(document.match),
        "fields": dump_fields(document.fields),
        "service_date": document.field(FieldName.SERVICE_DATE) or None,
        "encounter": document.encounter,
        "cut_reason": document.cut_reason,
        "is_boundary_doubtful": document.is_boundary_doubtful,
        "batch_id": document.batch_id,
        "received_at": document.received_at,
        "postponed_at": document.postponed_at,
        "version": document.version,
        "replaces": document.replaces,
        "superseded_by": document.superseded_by,
    }


def _document_of(row: Row[Any]) -> StoredDocument:
    return StoredDocument(
        id=row.id,
        state=DocumentState(row.state),
        reason=Reason(row.reason),
        type=TypeGuess(row.type_name, row.type_probability, tuple(json.loads(row.type_evidence))),
        match=load_match(row.match),
        fields=load_fields(row.fields),
        cut_reason=row.cut_reason,
        received_at=row.received_at,
        version=row.version,
        patient_id=row.patient_id,
        encounter=row.encounter,
        batch_id=row.batch_id,
        replaces=row.replaces,
        superseded_by=row.superseded_by,
        is_boundary_doubtful=row.is_boundary_doubtful,
        postponed_at=row.postponed_at,
        queue_key=row.queue_key,
    )


def _decision_of(row: Row[Any]) -> Decision:
    return Decision(
        row.id, row.document_id, DecisionKind(row.kind), row.actor, row.at, row.undoes, row.request
    )
