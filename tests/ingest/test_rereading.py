"""Identifiers that were read with doubt are read once more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from backfile.domain.page import PageReading, Word
from backfile.domain.reasons import Reason
from backfile.errors import PageRefused
from backfile.settings import Reading
from ingest import rereading
from ingest.rereading import read_identifiers_again
from ocr.attempt import Readers
from ocr.engine import FakeEngine
from ocr.read import ReadOptions
from tests.classify.paper import type_page

TEXT = "Patient: SMITH, JOHN\nMRN: 40504\nDOB: 03/12/1950\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    cv2.imwrite(str(path), np.full((2200, 1700), 255, np.uint8))
    return path


def page_with_doubt() -> PageReading:
    page = type_page(TEXT)
    return replace(
        page,
        words=tuple(replace(w, confidence=0.6) if w.text == "40504" else w for w in page.words),
    )


def look(path: Path, page: PageReading, text: str) -> PageReading:
    """Read again with readers who see one number, right of its label."""
    engine = FakeEngine((Word(text, (0.094, 0.14, 0.14, 0.36), 0.99),))
    readers = Readers(engine, engine, Reading.BALANCED)
    return read_identifiers_again(path, 1, page, options=ReadOptions(), readers=readers)


def test_a_torn_number_is_made_whole_and_what_was_read_is_kept(paper: Path) -> None:
    again = look(paper, page_with_doubt(), "H940504")
    (number,) = (w for w in again.words if "40504" in w.text)
    assert (number.text, number.alternatives) == ("H940504", ("40504",))
    assert [s.stage for s in again.stages] == ["again"]


def test_what_tells_nothing_more_changes_nothing(paper: Path) -> None:
    page = page_with_doubt()
    assert look(paper, page, "~~").words == page.words


def test_a_sure_page_is_not_opened(tmp_path: Path) -> None:
    page = type_page(TEXT)
    assert look(tmp_path / "nowhere.png", page, "H940504") is page


def test_a_page_that_cannot_be_had_again_stays_as_it_was(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PageRefused(Reason.TOOK_TOO_LONG)

    monkeypatch.setattr(rereading, "read_rows", refuse)
    page = page_with_doubt()
    assert look(paper, page, "H940504") is page


def test_one_reader_alone_does_not_look_again(paper: Path) -> None:
    readers = Readers(FakeEngine(), None, Reading.FAST)
    page = page_with_doubt()
    assert read_identifiers_again(paper, 1, page, options=ReadOptions(), readers=readers) is page
