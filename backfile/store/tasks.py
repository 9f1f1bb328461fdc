"""What is to be done, and who may do it: leases with fencing tokens.

A worker claims a task for ``LEASE_SECONDS`` and renews the claim while it works. Whoever claims it next
gets a higher token; a result is accepted only under the newest token, so a worker that was thought dead
cannot overwrite its successor's work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from backfile.domain.records import Task, TaskKind, TaskState
from backfile.errors import LeaseLost
from backfile.ids import new_id
from backfile.store.schema import tasks

LEASE_SECONDS = 30.0
MAX_ATTEMPTS = 3
_OPEN = (TaskState.READY.value, TaskState.LEASED.value)


class TaskRepository:
    """The rows of ``tasks``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(
        self, kind: TaskKind, subjects: Sequence[str], *, at: dt.datetime, priority: int = 0
    ) -> list[str]:
        """Ask for a task for each subject; one that was done or failed before is asked for anew.

        Returns:
            The ids of the tasks that are ready now.
        """
        ids = []
        for subject in subjects:
            known = self._connection.execute(
                select(tasks.c.id).where(tasks.c.kind == kind.value, tasks.c.subject == subject)
            ).scalar_one_or_none()
            task_id = known or new_id("tsk")
            ids.append(task_id)
            if known is None:
                self._connection.execute(
                    insert(tasks).values(
                        id=task_id,
                        kind=kind.value,
                        subject=subject,
                        state=TaskState.READY.value,
                        attempts=0,
                        token=0,
                        priority=priority,
                        created_at=at,
                    )
                )
            else:
                self._connection.execute(
                    update(tasks)
                    .where(tasks.c.id == known)
                    .values(
                        state=TaskState.READY.value,
                        attempts=0,
                        token=tasks.c.token + 1,
                        owner=None,
                        lease_until=None,
                        finished_at=None,
                    )
                )
        return ids

    def claim(self, task_id: str, *, owner: str, at: dt.datetime) -> Task | None:
        """Take a task over; None where somebody holds it or nothing is left to do."""
        row = self._connection.execute(
            update(tasks)
            .where(
                tasks.c.id == task_id,
                tasks.c.attempts < MAX_ATTEMPTS,
                or_(
                    tasks.c.state == TaskState.READY.value,
                    (tasks.c.state == TaskState.LEASED.value) & (tasks.c.lease_until < at),
                ),
            )
            .values(
                state=TaskState.LEASED.value,
                attempts=tasks.c.attempts + 1,
                token=tasks.c.token + 1,
                owner=owner,
                lease_until=at + dt.timedelta(seconds=LEASE_SECONDS),
            )
            .returning(*tasks.c)
        ).first()
        return None if row is None else _task_of(row)

    def renew(self, task_id: str, token: int, *, at: dt.datetime) -> bool:
        """Hold a task longer; False where it was taken over."""
        result = self._connection.execute(
            update(tasks)
            .where(tasks.c.id == task_id, tasks.c.token == token, tasks.c.state == TaskState.LEASED.value)
            .values(lease_until=at + dt.timedelta(seconds=LEASE_SECONDS))
        )
        return result.rowcount == 1

    def finish(self, task_id: str, token: int, *, at: dt.datetime, failed: bool = False) -> None:
        """End a task, in the same transaction as its result.

        Raises:
            LeaseLost: another worker took it over; the caller must not commit.
        """
        result = self._connection.execute(
            update(tasks)
            .where(tasks.c.id == task_id, tasks.c.token == token, tasks.c.state == TaskState.LEASED.value)
            .values(
                state=(TaskState.FAILED if failed else TaskState.DONE).value,
                owner=None,
                lease_until=None,
                finished_at=at,
            )
        )
        if result.rowcount != 1:
            raise LeaseLost(task_id)

    def release(self, task_id: str, token: int) -> None:
        """Give a task back to be tried again; nothing happens where it was taken over."""
        self._connection.execute(
            update(tasks)
            .where(tasks.c.id == task_id, tasks.c.token == token, tasks.c.state == TaskState.LEASED.value)
            .values(state=TaskState.READY.value, owner=None, lease_until=None)
        )

    def release_owner(self, owner_prefix: str) -> int:
        """Give back every task of a worker that died; return how many."""
        result = self._connection.execute(
            update(tasks)
            .where(
                tasks.c.state == TaskState.LEASED.value,
                tasks.c.owner.startswith(owner_prefix, autoescape=True),
            )
            .values(state=TaskState.READY.value, owner=None, lease_until=None)
        )
        return result.rowcount

    def expire_leases(self, *, at: dt.datetime) -> int:
        """Give back every task whose lease ran out; return how many."""
        result = self._connection.execute(
            update(tasks)
            .where(tasks.c.state == TaskState.LEASED.value, tasks.c.lease_until < at)
            .values(state=TaskState.READY.value, owner=None, lease_until=None)
        )
        return result.rowcount

    def has_expired(self, *, at: dt.datetime) -> bool:
        """Say whether any lease ran out."""
        row = self._connection.execute(
            select(tasks.c.id)
            .where(tasks.c.state == TaskState.LEASED.value, tasks.c.lease_until < at)
            .limit(1)
        ).first()
        return row is not None

    def ready(self, *, limit: int) -> list[str]:
        """Return tasks that a worker may claim, the most urgent first."""
        rows = self._connection.execute(
            select(tasks.c.id)
            .where(tasks.c.state == TaskState.READY.value, tasks.c.attempts < MAX_ATTEMPTS)
            .order_by(tasks.c.priority.desc(), tasks.c.created_at, tasks.c.id)
            .limit(limit)
        )
        return [row.id for row in rows]

    def exhausted(self, *, limit: int = 100) -> list[Task]:
        """Return tasks that were tried as often as allowed and are not done."""
        rows = self._connection.execute(
            select(tasks)
            .where(tasks.c.state == TaskState.READY.value, tasks.c.attempts >= MAX_ATTEMPTS)
            .limit(limit)
        )
        return [_task_of(row) for row in rows]

    def fail(self, task_id: str, *, at: dt.datetime) -> None:
        """End a task that nobody holds without success."""
        self._connection.execute(
            update(tasks)
            .where(tasks.c.id == task_id, tasks.c.state == TaskState.READY.value)
            .values(state=TaskState.FAILED.value, token=tasks.c.token + 1, finished_at=at)
        )

    def cancel(self, kind: TaskKind, subject: str, *, at: dt.datetime) -> None:
        """End the task of a subject that need not be done any more, whoever holds it."""
        self._connection.execute(
            update(tasks)
            .where(tasks.c.kind == kind.value, tasks.c.subject == subject, tasks.c.state.in_(_OPEN))
            .values(
                state=TaskState.DONE.value,
                token=tasks.c.token + 1,
                owner=None,
                lease_until=None,
                finished_at=at,
            )
        )

    def is_open(self, kind: TaskKind, subject: str) -> bool:
        """Say whether the task of a subject is ready or held."""
        row = self._connection.execute(
            select(tasks.c.id).where(
                tasks.c.kind == kind.value, tasks.c.subject == subject, tasks.c.state.in_(_OPEN)
            )
        ).first()
        return row is not None

    def find(self, kind: TaskKind, subject: str) -> Task | None:
        """Return the task of a subject."""
        row = self._connection.execute(
            select(tasks).where(tasks.c.kind == kind.value, tasks.c.subject == subject)
        ).first()
        return None if row is None else _task_of(row)

    def count_open(self) -> int:
        """Return how many tasks are ready or held."""
        return self._connection.execute(
            select(func.count()).select_from(tasks).where(tasks.c.state.in_(_OPEN))
        ).scalar_one()


def _task_of(row: Row[Any]) -> Task:
    return Task(
        id=row.id,
        kind=TaskKind(row.kind),
        subject=row.subject,
        state=TaskState(row.state),
        attempts=row.attempts,
        token=row.token,
        owner=row.owner,
        lease_until=row.lease_until,
    )
