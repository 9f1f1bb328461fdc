"""What every engine does with documents, versions and pages."""

from __future__ import annotations

import pytest

from backfile.errors import UsageError
from backfile.ports import IndexFilter
from search.engine import HeldDocument, IndexCount, IndexedDocument, SearchEngine, day_number
from search.query import parse_query
from tests.search.corpus import make_document, make_page


def find(engine: SearchEngine, text: str, only: IndexFilter = IndexFilter()) -> set[str]:  # noqa: B008
    answer = engine.search(parse_query(text), only=only, limit=1000)
    assert answer.total == len(answer.hits)
    return {hit.page for hit in answer.hits}


def put(engine: SearchEngine, *documents: IndexedDocument) -> int:
    refused = engine.put_documents(documents)
    engine.commit()
    return refused


def test_an_empty_index_finds_nothing(engine: SearchEngine) -> None:
    engine.check(deep=True)
    assert find(engine, "fever") == set()
    assert find(engine, "-fever") == set()
    assert engine.versions() == {}
    assert engine.count_pages(only=IndexFilter()) == IndexCount(0, 0)


def test_what_is_put_is_found_after_the_commit_and_not_before(engine: SearchEngine) -> None:
    engine.put_documents([make_document("doc", "fever and chills", "cough")])
    assert find(engine, "fever") == set()
    engine.commit()
    assert find(engine, "fever") == {"doc/1"}
    assert find(engine, "cough") == {"doc/2"}


def test_what_was_not_committed_is_gone_after_closing(engine: SearchEngine) -> None:
    put(engine, make_document("kept", "fever"))
    engine.put_documents([make_document("lost", "fever")])
    engine.close()
    engine.commit()
    assert find(engine, "fever") == {"kept/1"}


def test_a_document_is_replaced_as_a_whole(engine: SearchEngine) -> None:
    put(engine, make_document("doc", "fever", "cough", "chills"), make_document("other", "fever"))
    put(engine, make_document("doc", "rigors", "cough", version=2))
    assert find(engine, "fever") == {"other/1"}
    assert find(engine, "chills") == set()
    assert find(engine, "rigors OR cough") == {"doc/1", "doc/2"}
    assert engine.versions() == {"doc": HeldDocument(2, 2), "other": HeldDocument(1, 1)}


def test_the_same_version_again_changes_nothing(engine: SearchEngine) -> None:
    for _ in range(3):
        assert put(engine, make_document("doc", "fever", version=4)) == 0
    assert find(engine, "fever") == {"doc/1"}
    assert engine.versions() == {"doc": HeldDocument(4, 1)}


def test_a_lower_version_never_overwrites(engine: SearchEngine) -> None:
    put(engine, make_document("doc", "fever", version=3))
    assert put(engine, make_document("doc", "cough", version=2)) == 1
    assert find(engine, "fever") == {"doc/1"}
    assert find(engine, "cough") == set()


def test_a_lower_version_never_overwrites_before_the_commit_either(engine: SearchEngine) -> None:
    assert (
        put(engine, make_document("doc", "fever", version=3), make_document("doc", "cough", version=2)) == 1
    )
    assert find(engine, "fever OR cough") == {"doc/1"}
    assert find(engine, "cough") == set()


def test_a_lower_version_never_brings_back_what_was_taken_out(engine: SearchEngine) -> None:
    put(engine, make_document("doc", "fever", version=1))
    put(engine, IndexedDocument("doc", 2, ()))
    assert find(engine, "fever") == set()
    assert find(engine, "-cough") == set()
    assert engine.versions() == {}
    assert engine.count_pages(only=IndexFilter()) == IndexCount(0, 0)
    assert put(engine, make_document("doc", "fever", version=1)) == 1
    assert find(engine, "fever") == set()
    assert put(engine, make_document("doc", "fever", version=3)) == 0
    assert find(engine, "fever") == {"doc/1"}


def test_taking_out_what_is_not_there_is_no_error(engine: SearchEngine) -> None:
    assert put(engine, IndexedDocument("nothing", 1, ())) == 0
    assert engine.versions() == {}


@pytest.mark.parametrize("together", [True, False])
def test_a_page_leaves_the_document_that_held_it(engine: SearchEngine, together: bool) -> None:
    moved, stays = ["fever"], ["cough"]
    old = IndexedDocument("old", 1, (make_page("p1", "old", moved), make_page("p2", "old", stays)))
    new = IndexedDocument("new", 1, (make_page("p1", "new", moved, patient="pat_2"),))
    if together:
        put(engine, old, new)
    else:
        put(engine, old)
        put(engine, new)
    assert find(engine, "fever") == {"p1"}
    assert find(engine, "fever", IndexFilter(patients=("pat_1",))) == set()
    assert find(engine, "fever", IndexFilter(patients=("pat_2",))) == {"p1"}
    assert engine.versions() == {"old": HeldDocument(1, 1), "new": HeldDocument(1, 1)}


def test_pages_without_words_are_held_and_never_found_by_a_word(engine: SearchEngine) -> None:
    put(engine, make_document("doc", "", "fever", reliable=False))
    assert engine.versions() == {"doc": HeldDocument(1, 2)}
    assert engine.count_pages(only=IndexFilter()) == IndexCount(2, 2)
    assert find(engine, "fever") == {"doc/2"}
    assert find(engine, "-fever") == {"doc/1"}


def test_clearing_forgets_everything(engine: SearchEngine) -> None:
    put(engine, make_document("doc", "fever", version=9))
    engine.clear()
    assert find(engine, "fever") == set()
    assert engine.versions() == {}
    assert put(engine, make_document("doc", "fever", version=1)) == 0
    assert find(engine, "fever") == {"doc/1"}


def test_the_limit_cuts_the_hits_and_not_the_total(engine: SearchEngine) -> None:
    put(engine, *(make_document(f"doc{n}", "fever") for n in range(30)))
    answer = engine.search(parse_query("fever"), only=IndexFilter(), limit=7)
    assert (answer.total, len(answer.hits)) == (30, 7)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_asks_for_nothing_is_wrong_use(engine: SearchEngine, limit: int) -> None:
    with pytest.raises(UsageError):
        engine.search(parse_query("fever"), only=IndexFilter(), limit=limit)


def test_a_page_that_says_it_more_often_in_fewer_words_comes_first(engine: SearchEngine) -> None:
    put(
        engine,
        make_document("seldom", "fever " + "other words " * 40),
        make_document("often", "fever fever fever and little else"),
        make_document("middle", "fever " + "other words " * 4),
    )
    hits = engine.search(parse_query("fever"), only=IndexFilter(), limit=10).hits
    assert [hit.document for hit in hits] == ["often", "middle", "seldom"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_rare_word_counts_more_than_a_frequent_one(engine: SearchEngine) -> None:
    put(engine, *(make_document(f"doc{n}", "the patient was seen") for n in range(20)))
    put(engine, make_document("rare", "thrombus noted by someone"))
    hits = engine.search(parse_query("patient OR thrombus"), only=IndexFilter(), limit=3).hits
    assert hits[0].document == "rare"


@pytest.mark.parametrize("bad", ["yesterday", "2001-02-30", "1/2/2001"])
def test_a_date_that_is_none_is_wrong_use(engine: SearchEngine, bad: str) -> None:
    for only in (IndexFilter(date_from=bad), IndexFilter(date_to=bad)):
        with pytest.raises(UsageError):
            engine.search(parse_query("fever"), only=only, limit=1)
        with pytest.raises(UsageError):
            engine.count_pages(only=only)


def test_date_bounds_are_inclusive_and_leave_out_undated_pages(engine: SearchEngine) -> None:
    put(
        engine,
        make_document("a", "fever", service_date="2001-02-03"),
        make_document("b", "fever", service_date="2001-02-04"),
        make_document("c", "fever"),
        make_document("d", "fever", service_date="2001-02"),
    )
    assert find(engine, "fever", IndexFilter(date_from="2001-02-03", date_to="2001-02-03")) == {"a/1"}
    assert find(engine, "fever", IndexFilter(date_from="2001-02-04")) == {"b/1"}
    assert find(engine, "fever", IndexFilter(date_to="2030-01-01")) == {"a/1", "b/1"}
    assert find(engine, "fever") == {"a/1", "b/1", "c/1", "d/1"}


def test_filter_values_are_taken_whole(engine: SearchEngine) -> None:
    put(engine, make_document("doc", "fever", patient="pat 1", type="site: own type", batch="b*"))
    assert find(engine, "fever", IndexFilter(patients=("pat",))) == set()
    assert find(engine, "fever", IndexFilter(patients=("pat 1",))) == {"doc/1"}
    assert find(engine, "fever", IndexFilter(types=("site: own type",), batches=("b*",))) == {"doc/1"}
    assert find(engine, "fever", IndexFilter(batches=("b",))) == set()


def test_day_numbers_keep_the_order_of_dates() -> None:
    assert day_number("1987-03-12") == 19870312
    assert day_number("") == day_number("soon") == 0
