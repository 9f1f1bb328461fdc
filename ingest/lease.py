"""Holding a claimed task while its work goes on."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from backfile.domain.records import Task
from backfile.errors import BackfileError
from backfile.store.catalog import Catalog
from backfile.store.tasks import LEASE_SECONDS

log = logging.getLogger(__name__)


class LeaseKeeper:
    """Renews a lease from a thread of its own, up to a deadline.

    Work that hangs is not held for ever: past the deadline the lease runs out, and another worker
    tries.
    """

    def __init__(self, catalog: Catalog, task: Task, *, deadline_seconds: float) -> None:
        """Keep ``task`` for at most ``deadline_seconds``."""
        self._catalog = catalog
        self._task = task
        self._renewals = int(deadline_seconds / (LEASE_SECONDS / 3))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> LeaseKeeper:
        """Begin to renew."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop renewing."""
        self._ended.set()
        self._thread.join()

    def _renew(self) -> None:
        for _ in range(self._renewals):
            if self._ended.wait(LEASE_SECONDS / 3):
                return
            try:
                with self._catalog.begin() as uow:
                    held = uow.tasks.renew(self._task.id, self._task.token, at=uow.clock.now())
                    uow.commit()
            except BackfileError:
                continue  # the catalog is busy; the next renewal comes before the lease runs out
            if not held:
                return
        log.warning("task %s: still at work at its deadline, the lease is let go", self._task.id)
