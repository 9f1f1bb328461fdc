"""``search_url`` alone chooses the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from backfile.errors import HomeError, IndexUnusable, ServerDown, UsageError
from backfile.home import Home, create_home
from backfile.ports import IndexFilter
from backfile.settings import Settings, load_settings
from search.open_engine import HOME_ID_FILE, MARK_FILE, drop_index, open_engine, read_home_id
from search.query import parse_query
from tests.search.corpus import make_document
from tests.servers.elasticsearch import ElasticServer

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_home(tmp_path / "home")


def test_without_an_address_the_index_lies_in_the_home(home: Home) -> None:
    engine = open_engine(load_settings(None, search_user="x", search_password="y"), home)
    engine.clear()
    assert (home.index / "meta.json").exists()
    assert not (home.root / HOME_ID_FILE).exists()
    engine.close()
    drop_index(load_settings(None), home)


def test_with_an_address_nothing_is_sent_before_it_is_needed(home: Home) -> None:
    engine = open_engine(load_settings(None, search_url=NOWHERE), home)
    with pytest.raises(ServerDown):
        engine.check()
    engine.close()


def test_settings_that_cannot_be_meant_are_said_at_once(home: Home) -> None:
    with pytest.raises(UsageError):
        open_engine(load_settings(None, search_url="search.example"), home)


def test_a_home_keeps_its_index_and_takes_it_along_when_it_goes(
    home: Home, tmp_path: Path, elastic_server: ElasticServer
) -> None:
    settings = load_settings(None, search_url=elastic_server.url)
    engine = open_engine(settings, home)
    engine.clear()
    engine.put_documents([make_document("x", "fever")])
    engine.commit()
    engine.close()
    again, other = open_engine(settings, home), open_engine(settings, create_home(tmp_path / "other"))
    assert again.search(parse_query("fever"), only=IndexFilter(), limit=1).total == 1
    with pytest.raises(ServerDown):
        other.check()
    drop_index(settings, home)
    with pytest.raises(ServerDown):
        again.check()
    drop_index(settings, home)
    for one in (again, other):
        one.close()


def find(settings: Settings, home: Home) -> int:
    engine = open_engine(settings, home)
    try:
        return engine.search(parse_query("fever"), only=IndexFilter(), limit=1).total
    finally:
        engine.close()


def fill(settings: Settings, home: Home, *names: str) -> None:
    engine = open_engine(settings, home)
    engine.clear()
    engine.put_documents([make_document(name, "fever") for name in names])
    engine.commit()
    engine.close()


def test_an_index_that_was_not_kept_up_does_not_answer(home: Home, elastic_server: ElasticServer) -> None:
    embedded = load_settings(None)
    served = load_settings(None, search_url=elastic_server.url)
    renamed = load_settings(None, search_url=elastic_server.url.replace("127.0.0.1", "localhost"))
    fill(embedded, home, "a")
    assert find(embedded, home) == 1
    for other in (served, renamed):
        fill(other, home, "a", "b")
        assert find(other, home) == 2
        with pytest.raises(IndexUnusable, match="search_url was changed"):
            find(embedded, home)
    with pytest.raises(IndexUnusable):
        find(served, home)
    fill(embedded, home, "a", "b", "c")
    assert find(embedded, home) == 3
    with pytest.raises(IndexUnusable):
        find(renamed, home)
    drop_index(served, home)


def test_an_embedded_index_from_before_the_mark_answers(home: Home) -> None:
    fill(load_settings(None), home, "a")
    (home.root / MARK_FILE).unlink()
    assert find(load_settings(None), home) == 1


def test_the_id_of_a_home_stays_and_is_its_own(home: Home, tmp_path: Path) -> None:
    first = read_home_id(home)
    assert read_home_id(home) == first
    assert first != read_home_id(create_home(tmp_path / "other"))
    assert (home.root / HOME_ID_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.root.iterdir() if path.name.startswith(".home")] == []


@pytest.mark.parametrize("content", [b"", b"*", b"no such id", b"\xff\xfe"])
def test_an_id_that_could_name_other_indexes_is_refused(home: Home, content: bytes) -> None:
    (home.root / HOME_ID_FILE).write_bytes(content)
    with pytest.raises(HomeError, match=r"home\.id"):
        open_engine(load_settings(None, search_url=NOWHERE), home)
