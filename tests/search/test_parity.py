"""Every engine finds exactly the pages that the reference finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backfile.ports import IndexFilter
from search.engine import SearchEngine
from search.memory_engine import MemoryEngine
from search.query import And, Not, Or, Prefix, QueryNode, Terms, parse_query
from tests.search.conftest import ENGINES
from tests.search.corpus import make_corpus

EVERYTHING = 1_000_000

QUERIES = [
    # one word
    "fever",
    "Fractures",
    "biopsy",
    "diagnoses",
    "Müller",
    "garcia",
    "Williams",
    "william",
    "O'Brien",
    "obrien",
    "Smith-Jones",
    "thistlethwaite",
    "the",
    # numbers, doses, dates
    "5mg",
    "5 mg",
    "81",
    "98.6",
    "120/80",
    "0012345",
    "3/12/1987",
    "2001-05-14",
    "5/14/01",
    "March 12, 1987",
    "A1c",
    "B12",
    "q6h",
    # compounds
    "post-op",
    "postop",
    "follow-up",
    "followup",
    "wt/ht",
    "s/p",
    "b.i.d.",
    "bid",
    "x-rays",
    "HTN/DM",
    # several words
    "fever chills",
    "patient clinic fever",
    "metoprolol 25 mg",
    "Agnes Williams",
    "fever -cough",
    "fever -cough -chills",
    "-fever",
    "-the -a",
    "fever OR chills",
    "fever OR chills OR rigors -sepsis",
    "patient sepsis OR pneumonia today",
    "fever OR -patient",
    "-biopsy OR fever",
    "thistlethwaite OR fever",
    "thistlethwaite fever",
    # phrases
    '"chest pain"',
    '"chest pain" -"right left"',
    '"the patient"',
    '"of fracture"',
    '"Agnes Williams"',
    '"aspirin 81 mg"',
    '"pneumonia and sepsis"',
    '"post op"',
    '"bid post-op"',
    '"March 12"',
    '"fever',
    '-"the patient"',
    '"chest pain" OR "left hip"',
    # beginnings
    "card*",
    "fr*",
    "biopsies*",
    "m*",
    "1*",
    "00*",
    "zzz*",
    "B1*",
    '"chest pa*"',
    '"regular ra*" -fever',
    "post-o*",
    "-card*",
    "met* 5*",
    "19*",
]

FILTERS = {
    "none": IndexFilter(),
    "filed": IndexFilter(states=("filed",)),
    "states": IndexFilter(states=("review", "exception")),
    "patient": IndexFilter(patients=("pat_3",)),
    "patients": IndexFilter(patients=("pat_3", "pat_17", "nobody")),
    "type": IndexFilter(types=("radiology_report",)),
    "batch": IndexFilter(batches=("bat_1",)),
    "from": IndexFilter(date_from="2005-06-30"),
    "until": IndexFilter(date_to="2005-06-30"),
    "between": IndexFilter(date_from="2001-01-01", date_to="2003-12-31"),
    "reversed": IndexFilter(date_from="2010-01-01", date_to="2003-12-31"),
    "nobody": IndexFilter(patients=("nobody",)),
    "all": IndexFilter(
        patients=tuple(f"pat_{n}" for n in range(30)),
        types=("progress_note", "radiology_report"),
        states=("filed", "review"),
        date_from="1995-01-01",
        date_to="2015-01-01",
        batches=("bat_0", "bat_2"),
    ),
}


@pytest.fixture(scope="module")
def reference() -> MemoryEngine:
    made = MemoryEngine()
    made.put_documents(make_corpus(documents=600))
    made.commit()
    return made


@pytest.fixture(scope="module", params=sorted(set(ENGINES) - {"memory"}))
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    made = ENGINES[request.param](tmp_path_factory.mktemp("parity"), request)
    made.clear()
    corpus = make_corpus(documents=600)
    for start in range(0, len(corpus), 90):  # several commits, so several segments
        made.put_documents(corpus[start : start + 90])
        made.commit()
    yield made
    made.close()


def assert_same(query: QueryNode, only: IndexFilter, reference: SearchEngine, other: SearchEngine) -> int:
    expected = reference.search(query, only=only, limit=EVERYTHING)
    answer = other.search(query, only=only, limit=EVERYTHING)
    assert {hit.page for hit in answer.hits} == {hit.page for hit in expected.hits}
    assert answer.total == expected.total == len(answer.hits)
    assert {(hit.page, hit.document) for hit in answer.hits} == {(h.page, h.document) for h in expected.hits}
    return expected.total


@pytest.mark.parametrize("text", QUERIES)
def test_queries_find_the_same_pages(text: str, reference: MemoryEngine, other: SearchEngine) -> None:
    query = parse_query(text)
    for name in ("none", "filed", "all"):
        assert_same(query, FILTERS[name], reference, other)


@pytest.mark.parametrize("name", FILTERS)
def test_filters_let_the_same_pages_through(name: str, reference: MemoryEngine, other: SearchEngine) -> None:
    only = FILTERS[name]
    for text in ("fever", "-fever", "the OR patient", '"chest pain"', "card*"):
        assert_same(parse_query(text), only, reference, other)
    assert other.count_pages(only=only) == reference.count_pages(only=only)


def test_the_queries_are_not_all_empty(reference: MemoryEngine) -> None:
    totals = [reference.search(parse_query(text), only=IndexFilter(), limit=1).total for text in QUERIES]
    assert len(QUERIES) >= 60
    assert sum(total > 0 for total in totals) >= 60
    assert sum(total == 0 for total in totals) >= 3


def test_the_same_documents_are_held(reference: MemoryEngine, other: SearchEngine) -> None:
    assert other.versions() == reference.versions()


@pytest.mark.parametrize("text", ["fever", "fever OR chills", '"chest pain"', "biopsy fever"])
def test_the_best_page_is_among_the_best_of_the_other(
    text: str, reference: MemoryEngine, other: SearchEngine
) -> None:
    query = parse_query(text)
    best = other.search(query, only=IndexFilter(), limit=1).hits[0]
    close = reference.search(query, only=IndexFilter(), limit=25).hits
    assert best.page in {hit.page for hit in close}


WORDS = "fever chest pain the mg 5 postop post op of fracture no"
TOKENS = st.sampled_from(WORDS.split())
VARIANTS = st.lists(st.lists(TOKENS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
NODES: st.SearchStrategy[QueryNode] = st.recursive(
    st.one_of(st.builds(Terms, VARIANTS), st.builds(Prefix, VARIANTS)),
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NODES)
def test_any_query_finds_the_same(reference: MemoryEngine, other: SearchEngine, query: QueryNode) -> None:
    assert_same(query, IndexFilter(), reference, other)
