"""A task's result counts once, under the newest token."""

from __future__ import annotations

import pytest

from backfile.domain.records import TaskKind, TaskState
from backfile.errors import LeaseLost
from backfile.ports import FixedClock
from backfile.store.catalog import Catalog
from backfile.store.tasks import LEASE_SECONDS, MAX_ATTEMPTS


@pytest.fixture
def task_id(catalog: Catalog) -> str:
    with catalog.begin() as uow:
        (task_id,) = uow.tasks.add(TaskKind.READ_PAGE, ["pag_1"], at=uow.clock.now())
        uow.commit()
    return task_id


def test_only_one_of_two_workers_gets_a_task(catalog: Catalog, task_id: str) -> None:
    with catalog.begin() as uow:
        first = uow.tasks.claim(task_id, owner="a", at=uow.clock.now())
        second = uow.tasks.claim(task_id, owner="b", at=uow.clock.now())
        uow.commit()
    assert first is not None
    assert second is None


def test_a_worker_thought_dead_cannot_end_what_another_took_over(
    catalog: Catalog, clock: FixedClock, task_id: str
) -> None:
    with catalog.begin() as uow:
        slow = uow.tasks.claim(task_id, owner="slow", at=clock.now())
        uow.commit()
    clock.advance(LEASE_SECONDS + 1)
    with catalog.begin() as uow:
        quick = uow.tasks.claim(task_id, owner="quick", at=clock.now())
        uow.commit()
    assert slow is not None
    assert quick is not None
    assert quick.token > slow.token
    with catalog.begin() as uow, pytest.raises(LeaseLost):
        uow.tasks.finish(task_id, slow.token, at=clock.now())
    with catalog.begin() as uow:
        assert not uow.tasks.renew(task_id, slow.token, at=clock.now())
        uow.tasks.release(task_id, slow.token)  # must not take it from the other
        uow.tasks.finish(task_id, quick.token, at=clock.now())
        uow.commit()
    with catalog.look() as uow:
        done = uow.tasks.find(TaskKind.READ_PAGE, "pag_1")
    assert done is not None
    assert done.state is TaskState.DONE


def test_a_renewed_lease_does_not_expire(catalog: Catalog, clock: FixedClock, task_id: str) -> None:
    with catalog.begin() as uow:
        task = uow.tasks.claim(task_id, owner="a", at=clock.now())
        assert task is not None
        clock.advance(LEASE_SECONDS - 1)
        assert uow.tasks.renew(task_id, task.token, at=clock.now())
        clock.advance(LEASE_SECONDS - 1)
        assert not uow.tasks.has_expired(at=clock.now())
        assert uow.tasks.expire_leases(at=clock.now()) == 0
        clock.advance(2)
        assert uow.tasks.has_expired(at=clock.now())
        assert uow.tasks.expire_leases(at=clock.now()) == 1
        assert uow.tasks.ready(limit=9) == [task_id]


def test_a_dead_workers_tasks_are_given_back_at_once(catalog: Catalog, task_id: str) -> None:
    with catalog.begin() as uow:
        uow.tasks.claim(task_id, owner="worker-1:4711:12", at=uow.clock.now())
        assert uow.tasks.release_owner("worker-11:") == 0
        assert uow.tasks.release_owner("worker-1:4711") == 1
        assert uow.tasks.ready(limit=9) == [task_id]


def test_a_task_is_tried_three_times_and_then_stands_out(catalog: Catalog, task_id: str) -> None:
    with catalog.begin() as uow:
        for _ in range(MAX_ATTEMPTS):
            task = uow.tasks.claim(task_id, owner="a", at=uow.clock.now())
            assert task is not None
            uow.tasks.release(task.id, task.token)
        assert uow.tasks.claim(task_id, owner="a", at=uow.clock.now()) is None
        assert uow.tasks.ready(limit=9) == []
        assert [t.id for t in uow.tasks.exhausted()] == [task_id]
        uow.tasks.fail(task_id, at=uow.clock.now())
        assert uow.tasks.exhausted() == []
        assert uow.tasks.count_open() == 0
        # A person's retry starts afresh, under the same task with a higher token.
        assert uow.tasks.add(TaskKind.READ_PAGE, ["pag_1"], at=uow.clock.now()) == [task_id]
        assert uow.tasks.ready(limit=9) == [task_id]


def test_urgent_tasks_come_first(catalog: Catalog) -> None:
    with catalog.begin() as uow:
        now = uow.clock.now()
        (page,) = uow.tasks.add(TaskKind.READ_PAGE, ["pag_1"], at=now)
        (file,) = uow.tasks.add(TaskKind.ASSEMBLE, ["fil_1"], at=now, priority=10)
        assert uow.tasks.ready(limit=9) == [file, page]
