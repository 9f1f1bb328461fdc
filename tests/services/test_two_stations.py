"""Two processes at one catalog: each document is on one screen and decided once."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from backfile.domain.document import DocumentState
from backfile.domain.request import Outcome, RequestKind
from backfile.services.queue import Holder, claim_documents
from backfile.store.catalog import Catalog
from tests.services.station import ask, assert_sound, open_station, put_chart, send

_CHARTS, _EACH = 20, 5


def work_off(url: str, holder: Holder, answered: Path) -> None:
    """Claim and confirm until nothing is left; write which documents were claimed and what was answered."""
    catalog = Catalog(url)
    lines = []
    while documents := claim_documents(holder, count=5, catalog=catalog):
        requests = [ask(RequestKind.CONFIRM, d, d.version, patient="pat_1") for d in documents]
        for document, answer in zip(documents, send(catalog, holder, *requests), strict=True):
            lines.append(f"{document.id} {answer.outcome}")
    answered.write_text("\n".join(lines))


def test_two_technicians_never_get_the_same_document(catalog: Catalog, tmp_path: Path) -> None:
    every = {d.id for _ in range(_CHARTS) for d in put_chart(catalog, documents=_EACH)}
    holders = [open_station(catalog, name) for name in ("tina", "tom")]
    context = multiprocessing.get_context("spawn")
    written = [tmp_path / holder.user for holder in holders]
    processes = [
        context.Process(target=work_off, args=(catalog.url, holder, file))
        for holder, file in zip(holders, written, strict=True)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    lines = [line.split() for file in written for line in file.read_text().splitlines()]
    assert sorted(document for document, _ in lines) == sorted(every)
    assert {outcome for _, outcome in lines} == {Outcome.SAVED.value}
    with catalog.look() as uow:
        assert {d.id for d in uow.documents.all(states=[DocumentState.FILED])} == every
        assert all(len(uow.documents.decisions_of(document)) == 2 for document in every)
        events = [e.event for e in uow.audit.all() if e.event.actor in {"tina", "tom"}]
        assert len(events) == len(every)
    assert_sound(catalog)
