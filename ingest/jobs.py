"""The one function that a worker may run: everything it needs to know is a task's opaque id."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from backfile.errors import ServerDown
from backfile.ports import JobQueue
from backfile.store.site_types import SiteTypeFolder
from ingest import pipeline
from ingest.tools import Tools, load_tools
from ingest.workshop import Workshop

log = logging.getLogger(__name__)


class _Bench:
    """What this process has loaded; a forked child inherits it."""

    workshop: Workshop | None = None
    tools: Tools | None = None
    queue: JobQueue | None = None
    owner: str = ""


def prepare(workshop: Workshop, queue: JobQueue, *, owner: str) -> None:
    """Load everything once in the worker, before it forks for its tasks."""
    _Bench.workshop, _Bench.queue, _Bench.owner = workshop, queue, owner
    _Bench.tools = load_tools(workshop.settings, SiteTypeFolder(workshop.home.types))


def run_task(task_id: str) -> None:
    """Do a task and offer what became ready by it; an error never leaves this function."""
    if _Bench.workshop is None or _Bench.tools is None or _Bench.queue is None:
        raise RuntimeError("prepare() was not called in this worker")
    try:
        ready: Sequence[str] = pipeline.run_task(
            task_id,
            workshop=_Bench.workshop,
            tools=_Bench.tools,
            owner=f"{_Bench.owner}:{os.getpid()}",
        )
        if ready:
            _Bench.queue.push(ready, front=True)
    except ServerDown:
        log.warning("task %s: the queue does not answer; the dispatcher offers the rest", task_id)
    except Exception:
        # RQ would keep an exception's text and traceback in Redis; the catalog's lease has it covered.
        log.error("task %s: not begun or not ended", task_id, exc_info=True)
