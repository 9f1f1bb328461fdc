from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from backfile.domain.document import DocumentState
from backfile.errors import ServerDown, UsageError
from backfile.ports import IndexFilter
from search.engine import IndexedDocument, SearchEngine
from search.find import Coverage, FoundPage, SearchAnswer, find_pages
from search.tantivy_engine import TantivyEngine
from tests.search.corpus import make_page, place_words


class MemoryPages:
    """The catalog's pages in memory."""

    def __init__(self, *pages: FoundPage, waiting: int = 0) -> None:
        self.pages = {page.id: page for page in pages}
        self.waiting = waiting
        self.loads = 0

    def load_pages(self, page_ids: Sequence[str]) -> Mapping[str, FoundPage]:
        self.loads += 1
        return {one: self.pages[one] for one in page_ids if one in self.pages}

    def count_waiting(self, *, only: IndexFilter) -> int:
        return self.waiting


def page(name: str, text: str, **values: object) -> FoundPage:
    found = FoundPage(
        id=name,
        document=f"doc_{name}",
        number=2,
        file="box 1/chart.pdf",
        file_page=5,
        words=place_words(text),
        patient="pat_1",
        mrn="0012345",
        type="progress_note",
        service_date="2001-02-03",
        state=DocumentState.FILED,
        batch="bat_1",
    )
    return replace(found, **values)  # type: ignore[arg-type]


def index(engine: SearchEngine, *pages: FoundPage) -> None:
    engine.put_documents(
        [
            IndexedDocument(
                found.document,
                1,
                (
                    make_page(
                        found.id,
                        found.document,
                        [word.text for word in found.words],
                        patient=found.patient,
                        state=found.state.value,
                        type=found.type,
                        service_date=found.service_date,
                        batch=found.batch,
                        reliable=found.id != "dim",
                    ),
                ),
            )
            for found in pages
        ]
    )
    engine.commit()


def ids(answer: SearchAnswer) -> set[str]:
    return {hit.page_id for hit in answer.hits}


def test_a_hit_says_where_it_is_and_shows_why(engine: SearchEngine) -> None:
    only_page = page("p1", "no fever but chest pain since monday")
    index(engine, only_page)
    answer = find_pages('"chest pain"', engine=engine, pages=MemoryPages(only_page, waiting=3))
    assert answer.total == 1
    assert answer.took_ms >= 0
    assert answer.coverage == Coverage(pages_searched=1, pages_unreliable=0, documents_waiting=3)
    hit = answer.hits[0]
    assert (hit.document, hit.page, hit.file, hit.file_page) == ("doc_p1", 2, "box 1/chart.pdf", 5)
    assert (hit.mrn, hit.type, hit.service_date) == ("0012345", "progress_note", "2001-02-03")
    assert hit.score > 0
    assert hit.snippet == "no fever but chest pain since monday"
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["chest", "pain"]
    assert hit.boxes == (only_page.words[3].box, only_page.words[4].box)


def test_nothing_found_is_an_answer_that_says_what_was_searched(engine: SearchEngine) -> None:
    pages = [page("p1", "fever"), page("dim", "cough"), page("p3", "chills", state=DocumentState.REVIEW)]
    index(engine, *pages)
    answer = find_pages("rigors", engine=engine, pages=MemoryPages(*pages, waiting=1))
    assert (answer.total, answer.hits) == (0, ())
    assert answer.coverage == Coverage(pages_searched=2, pages_unreliable=1, documents_waiting=1)


def test_only_filed_documents_are_searched_unless_states_are_given(engine: SearchEngine) -> None:
    pages = [page(state.value, "fever", state=state) for state in list(DocumentState)[:3]]
    index(engine, *pages)
    catalog = MemoryPages(*pages)
    assert ids(find_pages("fever", engine=engine, pages=catalog)) == {"filed"}
    only = IndexFilter(states=("review", "exception"))
    assert ids(find_pages("fever", engine=engine, pages=catalog, only=only)) == {"review", "exception"}


def test_filters_reach_the_engine(engine: SearchEngine) -> None:
    pages = [page("p1", "fever"), page("p2", "fever", patient="pat_2", service_date="2005-06-07")]
    index(engine, *pages)
    catalog = MemoryPages(*pages)
    for only in (IndexFilter(patients=("pat_2",)), IndexFilter(date_from="2004-01-01")):
        answer = find_pages("fever", engine=engine, pages=catalog, only=only)
        assert ids(answer) == {"p2"}
        assert answer.coverage.pages_searched == 1


@pytest.mark.parametrize(
    "now",
    [
        {"patient": "pat_2"},
        {"state": DocumentState.REMOVED},
        {"state": DocumentState.REVIEW},
        {"document": "doc_other"},
        {"words": place_words("another reading")},
        {"type": "consent"},
        None,
    ],
)
def test_a_hit_that_the_catalog_no_longer_bears_out_is_not_shown(
    engine: SearchEngine, now: dict[str, object] | None
) -> None:
    pages = [page("p1", "fever"), page("p2", "fever")]
    index(engine, *pages)
    changed = [replace(pages[0], **now)] if now else []  # type: ignore[arg-type]
    only = IndexFilter(patients=("pat_1",), types=("progress_note",))
    answer = find_pages("fever", engine=engine, pages=MemoryPages(*changed, pages[1]), only=only)
    assert ids(answer) == {"p2"}
    assert answer.total == 1


def test_stale_hits_do_not_crowd_out_good_ones(engine: SearchEngine) -> None:
    stale = [page(f"old{n}", "fever fever fever") for n in range(40)]
    good = [page(f"new{n}", "fever and some other words") for n in range(5)]
    index(engine, *stale, *good)
    answer = find_pages("fever", engine=engine, pages=MemoryPages(*good), limit=5)
    assert ids(answer) == {hit.id for hit in good}
    assert answer.total == 5


def test_the_limit_is_kept(engine: SearchEngine) -> None:
    pages = [page(f"p{n}", "fever") for n in range(30)]
    index(engine, *pages)
    catalog = MemoryPages(*pages)
    answer = find_pages("fever", engine=engine, pages=catalog, limit=4)
    assert (answer.total, len(answer.hits), catalog.loads) == (30, 4, 1)


def test_pages_without_a_word_can_be_the_answer_to_an_exclusion(engine: SearchEngine) -> None:
    pages = [page("p1", "fever"), page("p2", "cough and cold")]
    index(engine, *pages)
    answer = find_pages("-fever", engine=engine, pages=MemoryPages(*pages))
    assert ids(answer) == {"p2"}
    assert answer.hits[0].boxes == ()
    assert answer.hits[0].snippet == "cough and cold"


def test_a_dead_index_is_an_error_and_never_an_empty_answer(tmp_path: Path) -> None:
    with pytest.raises(ServerDown):
        find_pages("fever", engine=TantivyEngine(tmp_path / "none"), pages=MemoryPages())


@pytest.mark.parametrize(("text", "limit"), [("", 10), ("   ", 10), ("fever", 0), ('"', 10)])
def test_asking_for_nothing_is_wrong_use(engine: SearchEngine, text: str, limit: int) -> None:
    with pytest.raises(UsageError):
        find_pages(text, engine=engine, pages=MemoryPages(), limit=limit)
