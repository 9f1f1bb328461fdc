"""What is Elasticsearch's own: the index behind its alias, other writers, damage, size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backfile.errors import Busy, IndexUnusable, UsageError
from search.elastic_bulk import MAX_BYTES, send_lines
from search.elastic_engine import ElasticEngine
from search.elastic_mapping import (
    TOKENS,
    document_entry_id,
    page_entry_id,
    root_name,
)
from search.elastic_plan import EntryStore, plan_changes
from search.engine import HeldDocument, IndexCount, IndexedDocument
from search.query import parse_query
from tests.search.corpus import make_document, make_page
from tests.search.elastic_site import EVERYTHING, Site, elastic_engine, every_question, total
from tests.servers.elasticsearch import ElasticServer

# the index and its alias


def test_a_missing_index_is_an_error_and_never_an_empty_answer(site: Site) -> None:
    engine = site.engine()
    for ask in every_question(engine):
        with pytest.raises(IndexUnusable, match="missing"):
            ask()
    assert site.indexes() == set()


def test_an_index_that_vanishes_does_not_come_back_on_its_own(site: Site, elastic: ElasticEngine) -> None:
    elastic.put_documents([make_document("second", "fever")])
    site.client.indices.delete(index=sorted(site.indexes()))
    with pytest.raises(IndexUnusable):
        elastic.commit()
    with pytest.raises(IndexUnusable):
        total(elastic, "fever")
    assert site.indexes() == set()
    elastic.clear()
    assert total(elastic, "fever") == 0


def test_an_index_of_another_version_is_refused(site: Site) -> None:
    site.client.indices.create(
        index=f"{root_name(site.home_id)}-v0a0-old", aliases={f"{root_name(site.home_id)}-v0a0": {}}
    )
    engine = site.engine()
    with pytest.raises(IndexUnusable, match="another version"):
        engine.check()
    with pytest.raises(IndexUnusable):
        total(engine, "fever")
    engine.clear()
    engine.check(deep=True)
    assert len(site.indexes()) == 1


@pytest.mark.parametrize("harm", ["another layout", "no alias", "two indexes", "no index of ours"])
def test_a_damaged_index_is_refused_and_can_be_begun_anew(
    site: Site, elastic: ElasticEngine, harm: str
) -> None:
    (name,) = site.indexes()
    indices = site.client.indices
    match harm:
        case "another layout":
            indices.put_mapping(index=name, properties={"more": {"type": "keyword"}})
        case "no alias":
            indices.delete_alias(index=name, name=site.alias)
        case "two indexes":
            indices.create(index=f"{name}-copy", aliases={site.alias: {}})
        case _:
            indices.delete(index=name)
            indices.create(index=site.alias)
    with pytest.raises(IndexUnusable):
        elastic.check()
    with pytest.raises(IndexUnusable):
        site.engine().check(deep=True)
    elastic.clear()
    elastic.check(deep=True)
    elastic.put_documents([make_document("x", "rigors")])
    elastic.commit()
    assert (total(elastic, "rigors"), total(elastic, "fever"), len(site.indexes())) == (1, 0, 1)


def test_beginning_anew_leaves_one_index_and_no_remains(site: Site, elastic: ElasticEngine) -> None:
    before = site.indexes()
    site.client.indices.create(index=f"{site.alias}-left-by-a-crash")
    reader = site.engine()
    assert total(reader, "fever") == 1
    elastic.clear()
    assert total(reader, "fever") == 0
    assert len(site.indexes()) == 1
    assert site.indexes().isdisjoint(before)
    assert set(site.client.indices.get_alias(name=site.alias).body) == site.indexes()


def test_homes_on_one_server_know_nothing_of_each_other(
    site: Site, elastic: ElasticEngine, elastic_server: ElasticServer, tmp_path: Path
) -> None:
    other = elastic_engine(elastic_server, tmp_path / "other")
    other.clear()
    assert total(other, "fever") == 0
    other.put_documents([make_document("first", "rigors", version=7)])
    other.commit()
    assert (total(elastic, "fever"), total(elastic, "rigors")) == (1, 0)
    other.drop()
    with pytest.raises(IndexUnusable):
        total(other, "rigors")
    assert total(elastic, "fever") == 1
    other.close()


def test_what_pages_say_is_in_the_index_alone(site: Site, elastic: ElasticEngine) -> None:
    source = site.client.get(index=site.alias, id=page_entry_id("first/1"))["_source"]
    assert TOKENS not in source
    assert source["document"] == "first"


# damage that only a look at everything finds


def test_a_page_lost_on_the_server_is_found_by_looking_deep(site: Site, elastic: ElasticEngine) -> None:
    elastic.check(deep=True)
    site.client.delete(index=site.alias, id=page_entry_id("first/2"), refresh=True)
    elastic.check()
    with pytest.raises(IndexUnusable, match="damaged"):
        elastic.check(deep=True)
    elastic.put_documents([make_document("first", "fever and chills", "cough")])
    elastic.commit()
    elastic.check(deep=True)
    assert total(elastic, "cough") == 1


def test_moved_and_emptied_documents_leave_no_contradiction(elastic: ElasticEngine) -> None:
    page = make_page("first/1", "second", ["rigors"])
    elastic.put_documents([IndexedDocument("second", 3, (page,))])
    elastic.commit()
    elastic.check(deep=True)
    assert elastic.versions() == {"first": HeldDocument(1, 1), "second": HeldDocument(3, 1)}
    elastic.put_documents([IndexedDocument("second", 4, ()), make_document("first", "fever", version=2)])
    elastic.commit()
    elastic.check(deep=True)
    assert elastic.versions() == {"first": HeldDocument(2, 1)}


# other writers


def test_a_second_writer_is_busy_and_may_still_read(site: Site, elastic: ElasticEngine) -> None:
    second = site.engine()
    for write in (lambda: second.put_documents([make_document("x", "fever")]), second.commit, second.clear):
        with pytest.raises(Busy):
            write()
    assert total(second, "fever") == 1
    elastic.close()
    second.put_documents([make_document("x", "fever")])
    second.commit()
    assert total(elastic, "fever") == 2


def late_request(site: Site, documents: list[IndexedDocument]) -> Callable[[], frozenset[str]]:
    """Plan a change as the index is now, to be sent later, as by a writer that was killed meanwhile."""
    plan = plan_changes({one.id: one for one in documents}, EntryStore(site.client, site.alias))

    def arrive() -> frozenset[str]:
        refused = send_lines(plan.documents, client=site.client, alias=site.alias)
        refused |= send_lines(plan.pages, client=site.client, alias=site.alias)
        site.client.indices.refresh(index=site.alias)
        return refused

    return arrive


def test_a_request_that_arrives_late_overwrites_nothing(site: Site, elastic: ElasticEngine) -> None:
    arrive = late_request(site, [make_document("first", "old fever", "old cough", "old rash", version=2)])
    elastic.put_documents([make_document("first", "new fever", "new cough", version=3)])
    elastic.commit()
    assert arrive() == {"first"}
    assert (total(elastic, "old"), total(elastic, "new")) == (1, 2)  # the page nobody else had
    elastic.put_documents([make_document("first", "new fever", "new cough", version=3)])
    elastic.commit()


def test_a_late_request_brings_nothing_back_that_was_taken_out(site: Site, elastic: ElasticEngine) -> None:
    arrive = late_request(site, [make_document("first", "old fever", "old cough", version=2)])
    elastic.put_documents([IndexedDocument("first", 3, ())])
    elastic.commit()
    assert arrive() == {"first"}
    assert total(elastic, "old") == 0
    assert elastic.versions() == {}


def test_a_writer_whose_entries_changed_meanwhile_plans_anew(site: Site, elastic: ElasticEngine) -> None:
    for version in range(2, 5):
        elastic.put_documents([make_document("first", f"version{version}", "cough", version=version)])
        site.client.index(  # somebody touches an entry between look and write
            index=site.alias,
            id=page_entry_id("first/1"),
            document=site.client.get(index=site.alias, id=page_entry_id("first/1"))["_source"],
        )
        elastic.commit()
        assert total(elastic, f"version{version}") == 1


def test_versions_stand_on_the_server_and_it_refuses_lower_ones(site: Site, elastic: ElasticEngine) -> None:
    elastic.put_documents([IndexedDocument("first", 9, ())])
    elastic.commit()
    entry = site.client.get(index=site.alias, id=document_entry_id("first"))
    assert entry["_version"] == 9
    elastic.close()
    again = site.engine()
    assert again.put_documents([make_document("first", "fever", version=8)]) == 1
    again.commit()
    assert total(again, "fever") == 0


# size


def test_more_hits_than_one_request_may_bring(elastic: ElasticEngine) -> None:
    documents = [
        IndexedDocument(
            f"d{number}",
            1,
            tuple(
                make_page(f"d{number}/{page}", f"d{number}", ["alpha", f"n{number}"], reliable=page > 0)
                for page in range(100)
            ),
        )
        for number in range(105)
    ]
    for start in range(0, len(documents), 35):
        elastic.put_documents(documents[start : start + 35])
        elastic.commit()
    answer = elastic.search(parse_query("alpha"), only=EVERYTHING, limit=1_000_000)
    assert (answer.total, len(answer.hits)) == (10_500, 10_500)
    assert len({hit.page for hit in answer.hits}) == 10_500
    assert len(elastic.search(parse_query("alpha"), only=EVERYTHING, limit=10_200).hits) == 10_200
    assert total(elastic, "n17") == 100
    assert elastic.count_pages(only=EVERYTHING) == IndexCount(10_502, 105)
    assert len(elastic.versions()) == 106
    elastic.check(deep=True)


def test_pages_larger_than_one_request_takes_arrive_all(elastic: ElasticEngine) -> None:
    filler = " ".join(f"w{number}" for number in range(60_000))
    texts = [f"page{number} {filler}" for number in range(12)]
    assert sum(map(len, texts)) > MAX_BYTES
    elastic.put_documents([make_document("big", *texts)])
    elastic.commit()
    assert total(elastic, "w59999") == 12
    assert total(elastic, "page7") == 1


def test_words_longer_than_elasticsearch_takes_shift_nothing(elastic: ElasticEngine) -> None:
    long = "q" * 300
    elastic.put_documents([make_document("x", f"before {long} after")])
    elastic.commit()
    assert total(elastic, long) == 1
    assert total(elastic, f'"before {long} after"') == 1
    assert total(elastic, '"before after"') == 0
    assert total(elastic, f'"before {"q" * 20}*"') == 1


def test_a_beginning_in_a_phrase_that_fits_too_much_is_wrong_use(elastic: ElasticEngine) -> None:
    for page in range(4):
        numbers = range(1_000_000 + page * 10_000, 1_000_000 + (page + 1) * 10_000)
        words = [word for number in numbers for word in ("room", str(number))]
        elastic.put_documents([IndexedDocument(f"d{page}", 1, (make_page(f"p{page}", f"d{page}", words),))])
    elastic.commit()
    with pytest.raises(UsageError):
        total(elastic, '"room 1*"')
    assert total(elastic, '"room 100001*"') == 1
    assert total(elastic, "1*") == 4
