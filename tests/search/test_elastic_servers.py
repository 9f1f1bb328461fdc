"""Servers with sign-in, that hang, that have too much to do, and writers that are killed."""

from __future__ import annotations

import http.server
import random
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from backfile.errors import IndexUnusable, ServerDown
from search.elastic_client import REQUEST_SECONDS, ElasticAccess
from search.elastic_engine import ElasticEngine
from search.engine import HeldDocument
from search.memory_engine import MemoryEngine
from search.query import parse_query
from tests.search.corpus import make_corpus, make_document
from tests.search.elastic_site import EVERYTHING, access_of, elastic_engine, every_question, total
from tests.search.test_parity import EVERYTHING as NO_LIMIT
from tests.search.test_parity import FILTERS, QUERIES
from tests.search.writer_process import DOCUMENTS, PAGES
from tests.servers.certificates import make_authority
from tests.servers.elasticsearch import ElasticServer, run_elastic

ROOT = Path(__file__).parents[2]


# sign-in and TLS


@pytest.mark.long
def test_a_secured_server_gives_the_same_answers(secured_server: ElasticServer, tmp_path: Path) -> None:
    reference, engine = MemoryEngine(), elastic_engine(secured_server, tmp_path)
    corpus = make_corpus(documents=120)
    engine.clear()
    for made in (reference, engine):
        made.put_documents(corpus)
        made.commit()
    for text in QUERIES:
        for only in (FILTERS["none"], FILTERS["all"]):
            query = parse_query(text)
            expected = reference.search(query, only=only, limit=NO_LIMIT)
            answer = engine.search(query, only=only, limit=NO_LIMIT)
            assert {hit.page for hit in answer.hits} == {hit.page for hit in expected.hits}
            assert answer.total == expected.total
    assert engine.versions() == reference.versions()
    engine.drop()
    engine.close()


@pytest.mark.long
def test_a_wrong_sign_in_is_down_in_words_without_the_password(
    secured_server: ElasticServer, tmp_path: Path
) -> None:
    right = access_of(secured_server)
    for access in (
        replace(right, password="wrong-horse"),
        replace(right, user="nobody", password="wrong-horse"),
        replace(right, user="", password="", api_key="d3Jvbmc6aG9yc2U="),
        replace(right, user="", password=""),
    ):
        engine = ElasticEngine(access, home_id="0b", lock=tmp_path / "lock")
        for ask in every_question(engine):
            with pytest.raises(ServerDown, match="does not accept the sign-in") as caught:
                ask()
            assert not isinstance(caught.value, IndexUnusable)
            assert "horse" not in str(caught.value)
            assert secured_server.password not in str(caught.value)
        engine.close()


@pytest.mark.long
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    secured_server: ElasticServer, tmp_path: Path
) -> None:
    other_ca, _, _ = make_authority(tmp_path / "other", name="somebody else")
    right = access_of(secured_server)
    for ca in (str(other_ca), ""):
        engine = ElasticEngine(replace(right, ca=ca), home_id="0b", lock=tmp_path / "lock")
        with pytest.raises(ServerDown, match="certificate") as caught:
            engine.check()
        assert "search_ca" in caught.value.next_step
        engine.close()


@pytest.mark.long
def test_a_user_without_the_rights_is_told_so(secured_server: ElasticServer, tmp_path: Path) -> None:
    name, password = secured_server.guest
    access = replace(access_of(secured_server), user=name, password=password)
    engine = ElasticEngine(access, home_id="0d", lock=tmp_path / "lock")
    for ask in (*every_question(engine), engine.clear):
        with pytest.raises(ServerDown, match="lacks a right") as caught:
            ask()
        assert not isinstance(caught.value, IndexUnusable)
    engine.close()


def test_an_api_key_is_sent_as_one_and_what_is_no_elasticsearch_is_said(tmp_path: Path) -> None:
    sent: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append(self.headers["Authorization"])
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        access = ElasticAccess(f"http://127.0.0.1:{server.server_port}", api_key="a2V5")
        engine = ElasticEngine(access, home_id="0c", lock=tmp_path / "lock")
        try:
            with pytest.raises(ServerDown, match="not Elasticsearch"):
                engine.check()
        finally:
            engine.close()
            server.shutdown()
            thread.join()
    assert sent == ["ApiKey a2V5"]


# servers in trouble


@pytest.mark.long
def test_a_server_that_hangs_is_down_within_the_bound(tmp_path: Path) -> None:
    with run_elastic() as server:
        engine = elastic_engine(server, tmp_path)
        engine.clear()
        engine.put_documents([make_document("x", "fever")])
        engine.commit()
        server.pause()
        try:
            begun = time.monotonic()
            with pytest.raises(ServerDown, match="in time") as caught:
                total(engine, "fever")
            assert time.monotonic() - begun < REQUEST_SECONDS + 2
            assert not isinstance(caught.value, IndexUnusable)
        finally:
            server.resume()
        assert total(engine, "fever") == 1
        engine.close()


@pytest.mark.long
def test_a_server_that_starts_or_was_cut_off_never_looks_like_a_lost_index(tmp_path: Path) -> None:
    with run_elastic() as server:
        engine = elastic_engine(server, tmp_path)
        engine.clear()
        engine.put_documents([make_document("x", "fever")])
        engine.commit()
        engine.put_documents([make_document("y", "fever")])
        server.stop(at_once=True)
        with pytest.raises(ServerDown):
            engine.commit()

        def check_until_it_answers() -> set[type[ServerDown]]:
            said = set()
            while True:
                try:
                    engine.check()
                except ServerDown as error:
                    said.add(type(error))
                    time.sleep(0.02)
                else:
                    return said

        with ThreadPoolExecutor(1) as pool:
            checking = pool.submit(check_until_it_answers)
            server.start()
            assert checking.result(timeout=60) == {ServerDown}
        engine.check(deep=True)
        assert total(engine, "fever") == 1
        engine.close()


@pytest.mark.long
def test_a_server_that_has_too_much_to_do_gets_everything_in_the_end(tmp_path: Path) -> None:
    with run_elastic(settings=("thread_pool.write.size: 1", "thread_pool.write.queue_size: 1")) as server:
        engines = [elastic_engine(server, tmp_path / str(number)) for number in range(8)]
        corpora = [make_corpus(documents=60, seed=number) for number in range(8)]

        def fill(number: int) -> int:
            engine = engines[number]
            engine.clear()
            for document in corpora[number]:
                engine.put_documents([document])
                engine.commit()
            return len(engine.versions())

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(fill, range(8))) == [60] * 8
        client = Elasticsearch(server.url)
        (node,) = client.nodes.stats(metric="thread_pool")["nodes"].values()
        client.close()
        assert node["thread_pool"]["write"]["rejected"] > 0, "the server was never overloaded"
        for engine, corpus in zip(engines, corpora, strict=True):
            assert engine.versions() == {d.id: HeldDocument(1, len(d.pages)) for d in corpus}
            engine.check(deep=True)
            engine.close()


# killed writers


@contextmanager
def writer_process(server: ElasticServer, home_id: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.search.writer_process", str(folder), "replace"]
    with subprocess.Popen(
        [*command, server.url, home_id], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def look_at_commit(reader: ElasticEngine) -> tuple[HeldDocument, int]:
    """Return the one version that all documents have, and how many pages of it a search finds.

    The killed writer's last request may still be on its way, so that the next commit shows between two looks.
    """
    while True:
        held = set(reader.versions().values())
        assert len(held) == 1, "a commit was torn"
        (version,) = held
        found = total(reader, f"version{version.version}")
        if set(reader.versions().values()) == held:
            return version, found


@pytest.mark.long
def test_a_killed_writer_blocks_nobody_and_shows_nobody_half_a_commit(
    elastic_server: ElasticServer, tmp_path: Path
) -> None:
    rng = random.Random(11)
    home_id = secrets.token_hex(6)
    engine = elastic_engine(elastic_server, tmp_path, home_id=home_id)
    reader = elastic_engine(elastic_server, tmp_path, home_id=home_id)
    engine.clear()
    engine.close()
    for _ in range(6):
        with writer_process(elastic_server, home_id, tmp_path) as process:
            assert process.stdout is not None
            said = int(process.stdout.readline())
            time.sleep(rng.uniform(0, 0.3))
            process.kill()
            rest, _ = process.communicate()
            said = max([said, *map(int, rest.split("\n")[:-1])])
        version, found = look_at_commit(reader)
        assert version.pages == PAGES
        assert version.version in (said, said + 1)
        assert found == DOCUMENTS * PAGES
        reader.check(deep=True)
    engine.put_documents([make_document("after", "rigors")])
    engine.commit()
    assert total(reader, "rigors") == 1
    assert len(reader.search(parse_query("common"), only=EVERYTHING, limit=1000).hits) == DOCUMENTS * PAGES
    engine.drop()
    for one in (engine, reader):
        one.close()
