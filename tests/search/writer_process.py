"""A process that writes to an index until it is killed.

``python -m tests.search.writer_process FOLDER MODE [URL HOME_ID]``: with tantivy in the folder, or with
Elasticsearch at the address and the writer's lock in the folder.

It says on stdout what it has done, a line each, so that the test knows what must have survived.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
from pathlib import Path

from backfile.errors import BackfileError
from search.elastic_client import ElasticAccess
from search.elastic_engine import ElasticEngine
from search.engine import IndexedDocument, SearchEngine
from search.tantivy_engine import TantivyEngine
from tests.search.corpus import make_document, make_page, make_text

DOCUMENTS = 40
"""Put again with every commit of ``replace``, all with one version."""
PAGES = 3


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def versioned_documents(version: int) -> list[IndexedDocument]:
    """Return the same documents in another version; each page says which."""
    texts = [f"common version{version} page{number}" for number in range(PAGES)]
    return [make_document(f"doc{number}", *texts, version=version) for number in range(DOCUMENTS)]


def open_index(folder: Path, url: str = "", home_id: str = "") -> SearchEngine:
    """Return the engine to write with."""
    if not url:
        return TantivyEngine(folder)
    return ElasticEngine(ElasticAccess(url), home_id=home_id, lock=folder / "elasticsearch.lock")


def replace_for_ever(engine: SearchEngine) -> None:
    """Put all documents in a new version with every commit."""
    version = max((held.version for held in engine.versions().values()), default=0)
    while True:
        version += 1
        engine.put_documents(versioned_documents(version))
        engine.commit()
        say(str(version))


def add_for_ever(engine: SearchEngine) -> None:
    """Put one more document with every commit."""
    number = 0
    while True:
        engine.put_documents([make_document(f"more{number}", "common words")])
        engine.commit()
        number += 1
        say(str(number))


def hold(engine: SearchEngine) -> None:
    """Commit one document, then keep the lock."""
    engine.put_documents([make_document("held", "common words")])
    engine.commit()
    say("held")
    time.sleep(600)


def fill_the_disk(engine: SearchEngine) -> None:
    """Write until files may grow no more, say what was raised, then write with room again."""
    import random

    rng = random.Random(1)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    documents = [
        IndexedDocument(f"big{n}", 1, (make_page(f"big{n}", f"big{n}", make_text(rng, words=300)),))
        for n in range(500)
    ]
    for _ in range(2):
        try:
            engine.put_documents(documents)
            engine.commit()
            say("written")
        except BackfileError as error:
            say(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    engine.put_documents(documents)
    engine.commit()
    say("written")


if __name__ == "__main__":
    modes = {"replace": replace_for_ever, "add": add_for_ever, "hold": hold, "fill": fill_the_disk}
    modes[sys.argv[2]](open_index(Path(sys.argv[1]), *sys.argv[3:]))
