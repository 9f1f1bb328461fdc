"""Which charts somebody has opened in this session: a clinician sees pages of those and of no other.

Kept in the memory of the screens' process. After a restart a chart is chosen again; that is the safe side.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

_MAX_SESSIONS = 5000
_MAX_CHARTS = 200
"""Charts of one session; the oldest is forgotten and must be chosen again."""
_RECENT = 5


class ChosenCharts:
    """The charts opened by session; safe to use from several threads."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = Lock()
        self._sessions: OrderedDict[str, OrderedDict[str, tuple[str, ...]]] = OrderedDict()

    def choose(self, session: str, records: Iterable[str]) -> None:
        """Note that a session opened a chart; ``records`` are the ids of the person, the shown one first."""
        ids = tuple(records)
        with self._lock:
            charts = self._sessions.setdefault(session, OrderedDict())
            self._sessions.move_to_end(session)
            charts[ids[0]] = ids
            charts.move_to_end(ids[0])
            while len(charts) > _MAX_CHARTS:
                charts.popitem(last=False)
            while len(self._sessions) > _MAX_SESSIONS:
                self._sessions.popitem(last=False)

    def has_chosen(self, session: str, patient_id: str) -> bool:
        """Say whether the session opened the chart in which this record's documents stand."""
        with self._lock:
            return any(patient_id in ids for ids in self._sessions.get(session, {}).values())

    def recent(self, session: str) -> list[str]:
        """Return the patients whose charts were opened last, the newest first."""
        with self._lock:
            return list(reversed(self._sessions.get(session, {})))[:_RECENT]


CHOSEN = ChosenCharts()
"""Those of this process."""
