"""Reads the identifiers of a page once more where they were read with doubt."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

from backfile.domain.page import PageReading, StageSeconds
from backfile.errors import PageRefused
from classify.weak_places import find_weak_rows, is_better
from ocr.attempt import Readers
from ocr.read import ReadOptions, get_readers
from ocr.reread import merge_rows, read_rows

_STAGE = "again"


def read_identifiers_again(
    path: Path, page: int, reading: PageReading, *, options: ReadOptions, readers: Readers | None = None
) -> PageReading:
    """Return a reading with what a second look at doubtful identifiers gave, if that tells more.

    What was read before is kept beside what stands now; a sure identifier is never given up.

    Args:
        path: of the file.
        page: from 1.
        reading: of the page.
        options: how it was read.
        readers: who look again; None: those of the options. One alone does not.
    """
    started = time.perf_counter()
    today = dt.date.today()
    rows = find_weak_rows(reading, today=today)
    if not rows:
        return reading
    readers = readers or get_readers(options)
    if readers.second is None:
        return reading
    try:
        words = read_rows(path, page, reading, rows, first=readers.first, second=readers.second)
    except PageRefused:
        return reading
    merged = merge_rows(reading, words, rows) if words else reading
    kept = merged if words and is_better(merged, reading, today=today) else reading
    stage = StageSeconds(_STAGE, time.perf_counter() - started)
    return replace(kept, stages=(*reading.stages, stage))
