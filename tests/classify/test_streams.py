"""Charts that no generator made are cut where their documents end."""

from __future__ import annotations

import pytest

from benchmarks.understanding_streams import SETS, cut_streams
from benchmarks.understanding_written import DIGITAL
from classify.reader import load_reader


@pytest.mark.long
@pytest.mark.parametrize(("name", "most"), list(zip(SETS, (2, 5), strict=True)))
def test_written_charts_are_cut_where_documents_end(name: str, most: int) -> None:
    scores = list(cut_streams(name, DIGITAL, reader=load_reader()))
    assert sum(len(score.missed) + len(score.added) for score in scores) <= most
    assert sum(score.right for score in scores) >= 45
