"""The embedded index and Elasticsearch side by side, on the same pages and the same questions.

    .venv/bin/python -m benchmarks.search_engines [--pages 20000] [--seed 11] [--only embedded|elasticsearch]

Pages have 300 made-up words each, drawn as unevenly as those of a language, and amid them findings, drugs,
dates and numbers as charts have them; two pages are a document. They are analysed beforehand (the same work
for both) and put as the indexer puts them: 200 documents, then a commit that makes them durable and visible.
Each question is asked for its best 20 pages of one chart and of all, several times over; the first round is
not counted. Elasticsearch is the real server that the tests use, on this machine, with 1 GB of memory; its
size is that before it has merged and pruned what it wrote.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from elasticsearch import Elasticsearch

from backfile.ports import IndexFilter
from search.elastic_client import ElasticAccess
from search.elastic_engine import ElasticEngine
from search.engine import IndexedDocument, SearchEngine
from search.indexer import MAX_BATCH
from search.query import parse_query
from search.tantivy_engine import TantivyEngine
from tests.search.corpus import make_page, make_text
from tests.servers.elasticsearch import ElasticServer, run_elastic

_WORDS = 300
_FROM_CHARTS = 60
_VOCABULARY = 30_000
_PATIENTS = 500
_ROUNDS = 6
_HITS = 20

_EVERYWHERE = IndexFilter(states=("filed",))
_ONE_CHART = IndexFilter(states=("filed",), patients=("pat_7",))


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured of one engine."""

    name: str
    put_seconds: float
    bytes: int
    times: dict[str, list[float]]
    """Milliseconds of each question, by kind."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The embedded index and Elasticsearch side by side.")
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", choices=["embedded", "elasticsearch"])
    options = parser.parse_args()
    begun = time.perf_counter()
    documents, words = make_documents(options.pages, seed=options.seed)
    print(f"{options.pages} pages made and analysed in {time.perf_counter() - begun:.0f} s")
    questions = make_questions(words)
    results = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backfile-benchmark-")))
        if options.only != "elasticsearch":
            embedded = TantivyEngine(folder / "index")
            results.append(measure("embedded", embedded, documents, questions, lambda: _size(folder)))
        if options.only != "embedded":
            server = stack.enter_context(run_elastic(heap="1g", quick=False))
            engine = ElasticEngine(ElasticAccess(server.url), home_id="be0c", lock=folder / "lock")
            results.append(
                measure("elasticsearch", engine, documents, questions, lambda: _server_size(server))
            )
    for result in results:
        show(result, pages=options.pages)
    return 0


def make_documents(pages: int, *, seed: int) -> tuple[list[IndexedDocument], list[str]]:
    """Return documents of two pages, and their vocabulary, the most frequent word first."""
    rng = random.Random(seed)
    syllables = [a + b for a, b in itertools.product("bdfglmnprstvk", "aeiou")]
    words = sorted({"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(_VOCABULARY)})
    rng.shuffle(words)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    documents = []
    for number in range(pages // 2):
        name = f"doc_{number}"
        documents.append(
            IndexedDocument(
                name,
                1,
                tuple(
                    make_page(
                        f"{name}/{side}",
                        name,
                        [
                            *rng.choices(words, cum_weights=weights, k=_WORDS - _FROM_CHARTS),
                            *make_text(rng, words=_FROM_CHARTS),
                        ],
                        patient=f"pat_{number % _PATIENTS}",
                        service_date=f"{rng.randint(1990, 2020)}-{rng.randint(1, 12):02d}-11",
                    )
                    for side in (1, 2)
                ),
            )
        )
    return documents, words


def make_questions(words: Sequence[str]) -> dict[str, list[str]]:
    """Return questions by kind."""
    return {
        "frequent word": [*words[:5], "patient", "fever"],
        "rare word": [words[rank] for rank in (800, 3_000, 9_000, 20_000)],
        "two words": ["fever chills", f"{words[3]} {words[90]}", f"{words[40]} {words[700]}"],
        "phrase": ['"chest pain"', '"of fracture"', f'"{words[0]} {words[1]}"'],
        "beginning": ["card*", "met*", f"{words[60][:3]}*", "1*"],
        "beginning in a phrase": ['"chest pa*"', f'"{words[0]} {words[60][:3]}*"'],
        "or, not": ["fever OR chills -sepsis", f"{words[2]} OR {words[5]} -{words[1]}", "-fever"],
        "date, dose": ["metoprolol 25 mg", "March 12, 1987", "120/80"],
    }


def measure(
    name: str,
    engine: SearchEngine,
    documents: Sequence[IndexedDocument],
    questions: dict[str, list[str]],
    size: Callable[[], int],
) -> Result:
    """Fill an engine and question it."""
    engine.clear()
    begun = time.perf_counter()
    for start in range(0, len(documents), MAX_BATCH):
        engine.put_documents(documents[start : start + MAX_BATCH])
        engine.commit()
    put_seconds = time.perf_counter() - begun
    times: dict[str, list[float]] = {kind: [] for kind in (*questions, "in one chart")}
    for round_ in range(_ROUNDS + 1):
        for kind, texts in questions.items():
            for text in texts:
                for asked, only in ((kind, _EVERYWHERE), ("in one chart", _ONE_CHART)):
                    begun = time.perf_counter()
                    engine.search(parse_query(text), only=only, limit=_HITS)
                    if round_:
                        times[asked].append((time.perf_counter() - begun) * 1000)
    result = Result(name, put_seconds, size(), times)
    engine.close()
    return result


def show(result: Result, *, pages: int) -> None:
    """Print one engine's figures."""
    print(
        f"\n{result.name}: {pages / result.put_seconds:.0f} pages a second put, "
        f"{result.bytes / pages / 1000:.2f} kB a page"
    )
    every = [value for values in result.times.values() for value in values]
    for kind, values in (*result.times.items(), ("all", every)):
        deciles = statistics.quantiles(values, n=10)
        half = statistics.median(values)
        print(f"  {kind:22} p50 {half:6.1f} ms   p90 {deciles[8]:6.1f} ms   n {len(values)}")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _server_size(server: ElasticServer) -> int:
    client = Elasticsearch(server.url)
    stats = client.indices.stats(index="backfile-*", metric="store")
    client.close()
    return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])


if __name__ == "__main__":
    raise SystemExit(main())
