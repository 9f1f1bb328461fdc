"""What was filed unaided, what people found of it, and which kinds are stopped."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, delete, func, insert, select, update

from backfile.domain.document import DocumentState
from backfile.domain.unaided import StratumCounts, Verdict
from backfile.store.schema import documents, stopped_strata, unaided_filings

_IS_TO_CHECK = and_(
    unaided_filings.c.drawn,
    unaided_filings.c.verdict.is_(None),
    documents.c.id == unaided_filings.c.document_id,
    documents.c.state == DocumentState.FILED.value,
)


@dataclass(frozen=True, slots=True)
class UnaidedFiling:
    """What the rules decided about one document: filed, or held back for another cause than the rules."""

    document_id: str
    stratum: str
    patient_id: str
    """Under whom."""
    at: dt.datetime
    drawn: bool = False
    """A person is to check it, without being told what was decided."""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class StoppedStratum:
    """A kind of filing that waits for people since an error was found."""

    stratum: str
    stopped_at: dt.datetime
    document_id: str
    """The document that was filed wrongly."""


class UnaidedRepository:
    """The rows of ``unaided_filings`` and ``stopped_strata``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def get(self, document_id: str) -> UnaidedFiling | None:
        """Return what the rules decided about a document."""
        row = self._connection.execute(
            select(unaided_filings).where(unaided_filings.c.document_id == document_id)
        ).first()
        if row is None:
            return None
        verdict = Verdict(row.verdict) if row.verdict else None
        return UnaidedFiling(row.document_id, row.stratum, row.patient_id, row.at, row.drawn, verdict)

    def put(self, filing: UnaidedFiling) -> None:
        """Note what the rules decided, in place of what was noted of the document before."""
        table = unaided_filings
        self._connection.execute(delete(table).where(table.c.document_id == filing.document_id))
        self._connection.execute(
            insert(table).values(
                document_id=filing.document_id,
                stratum=filing.stratum,
                patient_id=filing.patient_id,
                at=filing.at,
                drawn=filing.drawn,
            )
        )

    def judge(self, document_id: str, verdict: Verdict | None, *, at: dt.datetime, by: str) -> None:
        """Note what a person found; None: what was found before is taken back."""
        self._connection.execute(
            update(unaided_filings)
            .where(unaided_filings.c.document_id == document_id)
            .values(verdict=verdict.value if verdict else None, checked_at=at, checked_by=by)
        )

    def counts(self) -> list[StratumCounts]:
        """Return every stratum that there is, by name."""
        verdict = unaided_filings.c.verdict
        rows = self._connection.execute(
            select(
                unaided_filings.c.stratum,
                func.count(),
                func.count(verdict),
                func.coalesce(func.sum(case((verdict == Verdict.WRONG.value, 1), else_=0)), 0),
            ).group_by(unaided_filings.c.stratum)
        )
        stopped = {one.stratum for one in self.stopped()}
        found = {
            name: StratumCounts(name, filed, checked, wrong, is_stopped=name in stopped)
            for name, filed, checked, wrong in rows
        }
        found |= {name: StratumCounts(name, 0, 0, 0, is_stopped=True) for name in stopped - found.keys()}
        return [found[name] for name in sorted(found)]

    def count(self, stratum: str) -> StratumCounts:
        """Return one stratum's counts."""
        return next((one for one in self.counts() if one.stratum == stratum), StratumCounts(stratum, 0, 0, 0))

    def to_check(self, *, limit: int) -> list[UnaidedFiling]:
        """Return drawn documents that are filed and nobody has checked, the oldest first."""
        table = unaided_filings
        rows = self._connection.execute(
            select(table).where(_IS_TO_CHECK).order_by(table.c.at, table.c.document_id).limit(limit)
        )
        return [UnaidedFiling(r.document_id, r.stratum, r.patient_id, r.at, r.drawn) for r in rows]

    def count_to_check(self) -> int:
        """Return how many drawn documents are filed and nobody has checked."""
        query = select(func.count()).select_from(unaided_filings).where(_IS_TO_CHECK)
        return self._connection.execute(query).scalar_one()

    def stop(self, stratum: str, *, document_id: str, at: dt.datetime) -> bool:
        """Stop a stratum; say whether it was not stopped before."""
        if self.is_stopped(stratum):
            return False
        self._connection.execute(
            insert(stopped_strata).values(stratum=stratum, stopped_at=at, document_id=document_id)
        )
        return True

    def lift(self, stratum: str) -> bool:
        """Let a stratum file again; say whether it was stopped."""
        table = stopped_strata
        return self._connection.execute(delete(table).where(table.c.stratum == stratum)).rowcount > 0

    def is_stopped(self, stratum: str) -> bool:
        """Say whether a stratum is stopped."""
        query = select(func.count()).where(stopped_strata.c.stratum == stratum)
        return self._connection.execute(query).scalar_one() > 0

    def stopped(self) -> list[StoppedStratum]:
        """Return the strata that are stopped, by name."""
        rows = self._connection.execute(select(stopped_strata).order_by(stopped_strata.c.stratum))
        return [StoppedStratum(row.stratum, row.stopped_at, row.document_id) for row in rows]
