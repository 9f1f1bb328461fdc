"""What goes wrong with Elasticsearch is said in words, holds nothing of a patient, and loses nothing."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from backfile.errors import IndexUnusable, ServerDown, UsageError
from search.elastic_client import ElasticAccess
from search.elastic_engine import ElasticEngine
from search.elastic_mapping import (
    MAPPING,
    SETTINGS,
)
from tests.search.corpus import make_document
from tests.search.elastic_site import Site, every_question, total

# failures


def make_red(site: Site) -> None:
    """Put an index in place that no node may take, as if its node had gone."""
    old, new = site.indexes(), f"{site.alias}-red"
    nowhere = {"routing": {"allocation": {"require": {"_name": "nobody"}}}}
    site.client.indices.create(
        index=new,
        mappings=MAPPING,
        settings=SETTINGS | nowhere,
        aliases={site.alias: {}},
        wait_for_active_shards=0,
        timeout="1s",
    )
    site.client.indices.delete(index=sorted(old))
    assert site.client.cluster.health(index=new)["status"] == "red"


def test_a_red_index_is_down_and_not_to_be_thrown_away(site: Site, elastic: ElasticEngine) -> None:
    make_red(site)
    elastic.close()  # else the writer would not look at the index again
    for ask in every_question(elastic):
        with pytest.raises(ServerDown, match="Search is down") as caught:
            ask()
        assert not isinstance(caught.value, IndexUnusable)
    require = {"index.routing.allocation.require._name": None}
    site.client.indices.put_settings(index=site.alias, settings=require)
    site.client.cluster.health(index=site.alias, wait_for_status="green")
    elastic.check(deep=True)


def test_a_red_index_can_be_begun_anew_by_will(site: Site, elastic: ElasticEngine) -> None:
    make_red(site)
    elastic.clear()
    elastic.check(deep=True)
    assert len(site.indexes()) == 1


def test_a_closed_index_is_down(site: Site, elastic: ElasticEngine) -> None:
    site.client.indices.close(index=site.alias)
    with pytest.raises(ServerDown) as caught:
        total(elastic, "fever")
    assert not isinstance(caught.value, IndexUnusable)
    site.client.indices.open(index=site.alias)


def test_a_full_disk_is_said_at_once_and_writing_goes_on_later(site: Site, elastic: ElasticEngine) -> None:
    block = "index.blocks.read_only_allow_delete"  # what Elasticsearch sets when its disk runs full
    site.client.indices.put_settings(index=site.alias, settings={block: True})
    elastic.put_documents([make_document("x", "rigors")])
    with pytest.raises(ServerDown, match="too full"):
        elastic.commit()
    assert total(elastic, "fever") == 1
    site.client.indices.put_settings(index=site.alias, settings={block: None})
    elastic.put_documents([make_document("x", "rigors")])
    elastic.commit()
    assert total(elastic, "rigors") == 1


def test_nobody_there_is_down_in_words(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        access = ElasticAccess(f"http://127.0.0.1:{port}", "elastic", "correct-horse")
        engine = ElasticEngine(access, home_id="0a", lock=tmp_path / "lock")
        for ask in (*every_question(engine), engine.clear):
            with pytest.raises(ServerDown, match="Search is down") as caught:
                ask()
            assert not isinstance(caught.value, IndexUnusable)
            assert "correct-horse" not in str(caught.value)
        engine.close()


def test_nothing_of_queries_and_pages_in_errors_and_logs(
    site: Site, elastic: ElasticEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    elastic.put_documents([make_document("x", "whitfield " * 30)])
    elastic.commit()
    assert total(elastic, "whitfield") == 1
    site.client.indices.put_settings(index=site.alias, settings={"index.blocks.read": True})
    questions: list[Callable[[], object]] = [
        lambda: total(elastic, "whitfield"),
        lambda: total(elastic, '"whitfield okafor*"'),
        lambda: elastic.put_documents([make_document("y", "whitfield")]),
    ]
    for ask in questions:
        with pytest.raises(ServerDown) as caught:
            ask()
        assert "whitfield" not in str(caught.value).lower()
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert "whitfield" not in caplog.text
    ours = [record for record in caplog.records if record.name.startswith(("elastic", "urllib3"))]
    assert ours == []


# settings


@pytest.mark.parametrize(
    "access",
    [
        ElasticAccess("elsewhere:9200"),
        ElasticAccess("ftp://127.0.0.1"),
        ElasticAccess("http://"),
        ElasticAccess("http://127.0.0.1:none"),
        ElasticAccess("http://127.0.0.1:9200/?q=1"),
        ElasticAccess("https://elastic:correct-horse@search.example:9200"),
        ElasticAccess("http://search.example:9200", "elastic", "correct-horse"),
        ElasticAccess("http://10.1.2.3:9200", api_key="correct-horse"),
        ElasticAccess("https://search.example", "elastic", "correct-horse", api_key="correct-horse"),
        ElasticAccess("https://search.example", "elastic"),
        ElasticAccess("https://search.example", password="correct-horse"),
        ElasticAccess("https://search.example", ca="/nowhere/ca.crt"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_without_quoting_secrets(
    access: ElasticAccess, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        ElasticEngine(access, home_id="0a", lock=tmp_path / "lock")
    assert "correct-horse" not in str(caught.value)
    assert "correct-horse" not in repr(access) or "@" in access.url


@pytest.mark.parametrize(
    "access",
    [
        ElasticAccess("http://localhost", "elastic", "correct-horse"),
        ElasticAccess("http://[::1]:9200", api_key="correct-horse"),
        ElasticAccess("https://search.example/proxied/", "elastic", "correct-horse"),
        ElasticAccess("http://search.example:9200"),
    ],
)
def test_settings_that_can_be_meant_are_taken(access: ElasticAccess, tmp_path: Path) -> None:
    ElasticEngine(access, home_id="0a", lock=tmp_path / "lock").close()
