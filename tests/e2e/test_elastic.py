"""The whole installation on a site's Elasticsearch, also while that is down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from backfile.domain.document import DocumentState
from backfile.errors import ServerDown
from backfile.services.decide import confirm_patient
from ingest.cli.patients import import_index
from ingest.indexer import open_engine
from ingest.workshop import Workshop, open_workshop
from search.elastic_mapping import root_name
from search.open_engine import read_home_id
from tests.e2e.conftest import Installation, Service, wait_until
from tests.e2e.pages import note, write_chart
from tests.servers.elasticsearch import ElasticServer

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]

RETURN_SECONDS = 60.0
ANY_STATE = ("--state", "filed,review,exception")


def is_equal(workshop: Workshop) -> bool:
    """Say whether the index holds the catalog's documents, each in its newest version, with all pages."""
    with workshop.catalog.look() as uow:
        wanted = {
            document.id: (document.version, len(uow.pages.of_document(document.id)))
            for document in uow.documents.all()
            if document.state is not DocumentState.REMOVED
        }
        is_drained = uow.outbox.count() == 0
    engine = open_engine(workshop)
    try:
        held = {key: (entry.version, entry.pages) for key, entry in engine.versions().items()}
    finally:
        engine.close()
    return is_drained and held == wanted


def workshop_of(installation: Installation) -> Workshop:
    settings: dict[str, Any] = {
        name.removeprefix("BACKFILE_").lower(): value for name, value in installation.environment.items()
    }
    return open_workshop(installation.home, **settings)


@contextmanager
def stopped(server: ElasticServer) -> Iterator[None]:
    """Cut the server off, as a power cut would, and bring it back whatever happens meanwhile."""
    server.stop(at_once=True)
    try:
        yield
    finally:
        server.start()


@pytest.mark.long
def test_work_goes_on_while_elasticsearch_is_down_and_the_index_catches_up(
    installation: Installation,
    start_service: Callable[..., Service],
    elastic_server: ElasticServer,
    tmp_path: Path,
) -> None:
    patients = tmp_path / "patients.csv"
    patients.write_text("mrn,last_name,first_name,birth_date\n0012345,Quackenbush,Ethelinda,1931-04-05\n")
    installation.environment |= elastic_server.environment() | {"BACKFILE_WORKERS": "1"}
    workshop = workshop_of(installation)
    import_index(patients, workshop=workshop, actor="administrator")
    start_service()
    inbox = installation.home / "inbox"
    write_chart(inbox / "one.tif", [note(2, word="gallstones")])
    wait_until(lambda: count_taken(workshop) == 1 and is_equal_now(workshop), what="the first file")
    assert installation.object("search", "gallstones", *ANY_STATE)["total"] == 1

    with stopped(elastic_server):
        down = installation.run("search", "gallstones", *ANY_STATE, expect=5)
        assert "Search is down" in down.stderr
        assert down.stdout == ""
        write_chart(inbox / "two.tif", [note(3, word="jaundice")])
        wait_until(lambda: count_taken(workshop) == 2, what="intake while search is down")
        document = confirm_document(workshop, holding="gallstones.")
        wait_until(lambda: "Search is down" in index_notice(workshop), what="a notice that search is down")
        unknown = installation.run("verify", expect=5)
        assert "could not be looked at" in unknown.stderr

    seconds = wait_until(lambda: is_equal_now(workshop), patience=RETURN_SECONDS, what="an equal index")
    assert seconds <= RETURN_SECONDS
    found = installation.object("search", "gallstones", "--patient", "0012345")
    assert [hit["document"] for hit in found["hits"]] == [document]
    wait_until(lambda: index_notice(workshop) == "", what="the notice to be taken back")
    planted = ("gallstones", "jaundice", "Quackenbush", "0012345")
    logs = [path.read_text(errors="replace") for path in (installation.home / "logs").iterdir()]
    assert {word for word in planted for log in logs if word in log} == set()
    assert any("elasticsearch failed" in log for log in logs)


def confirm_document(workshop: Workshop, *, holding: str) -> str:
    """File the document that holds a word under the only patient, as a technician does; return its id."""
    with workshop.catalog.look() as uow:
        (patient,) = uow.patients.find_by_number("0012345")
        document = next(
            one
            for one in uow.documents.all()
            for page in uow.pages.of_document(one.id)
            if (reading := uow.pages.reading_of(page.id)) and holding in {word.text for word in reading.words}
        )
    confirm_patient(
        document.id, patient.id, version=document.version, catalog=workshop.catalog, actor="technician"
    )
    return document.id


def count_taken(workshop: Workshop) -> int:
    with workshop.catalog.look() as uow:
        return uow.counts.summarize().files.taken


def index_notice(workshop: Workshop) -> str:
    with workshop.catalog.look() as uow:
        return uow.notices.all().get("index", "")


def is_equal_now(workshop: Workshop) -> bool:
    try:
        return is_equal(workshop)
    except ServerDown:
        return False


@pytest.mark.long
def test_an_index_that_the_server_lost_is_built_anew_without_being_told(
    installation: Installation, start_service: Callable[..., Service], elastic_server: ElasticServer
) -> None:
    installation.environment |= elastic_server.environment()
    service = start_service()
    write_chart(installation.home / "inbox" / "one.tif", [note(1), note(2, word="gallstones")])
    service.wait_for_files(1)
    workshop = workshop_of(installation)
    assert is_equal(workshop)
    client = Elasticsearch(elastic_server.url)
    (lost,) = client.indices.get(index=f"{root_name(read_home_id(workshop.home))}-*").body
    client.indices.delete(index=lost)
    client.close()
    wait_until(lambda: is_equal_now(workshop), patience=RETURN_SECONDS, what="the index built anew")
    assert installation.object("search", "gallstones", *ANY_STATE)["total"] == 1
    installation.run("reindex")
    assert is_equal_now(workshop)
    assert installation.object("verify")["sound"] is True


@pytest.mark.long
def test_the_demo_passes_on_elasticsearch(elastic_server: ElasticServer, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ingest.cli", "demo", "--charts", "6", "--no-ui", "--json"]
    environment = os.environ | elastic_server.environment()
    client = Elasticsearch(elastic_server.url)
    before = set(client.indices.get(index="backfile-*").body)
    for _ in range(2):  # the second one replaces the first, and its index
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert result["balanced"] is True
        assert result["files"]["in"] == 6
        assert result["score"]["filed_wrong"] == 0
        home = Installation(tmp_path / "demo-home", elastic_server.environment())
        verified = home.object("verify")
        assert (verified["sound"], verified["stale_documents"]) == (True, [])
        assert home.object("search", "patient OR date", *ANY_STATE)["total"] > 0
        assert is_equal(workshop_of(home))
        assert len(set(client.indices.get(index="backfile-*").body) - before) == 1
    client.close()
    assert not (tmp_path / "demo-home" / "index" / "meta.json").exists()
