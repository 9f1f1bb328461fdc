"""The queue gives each document to one screen, charts together, postponed ones last."""

from __future__ import annotations

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.request import RejectReason, RequestKind
from backfile.errors import Busy, UsageError
from backfile.ports import FixedClock
from backfile.services.queue import (
    CLAIM_SECONDS,
    Holder,
    QueueCount,
    claim_documents,
    count_queue,
    release_claims,
    renew_claims,
)
from backfile.store.catalog import Catalog
from tests.services.station import ask, get, open_station, put_chart, saved, send


def claim(catalog: Catalog, holder: Holder, count: int, first: str | None = None) -> list[str]:
    return [d.id for d in claim_documents(holder, count=count, catalog=catalog, first=first)]


def test_documents_of_a_chart_come_together_in_page_order(catalog: Catalog, clock: FixedClock) -> None:
    later = [d.id for d in put_chart(catalog, documents=3)]
    clock.advance(-60)
    earlier = [d.id for d in put_chart(catalog, documents=12, pages=1)]
    tina = open_station(catalog, "tina")
    assert claim(catalog, tina, 14) == earlier + later[:2]
    assert count_queue(catalog=catalog) == QueueCount(waiting=15, claimed=14, postponed=0)


def test_a_second_screen_stays_away_from_a_chart_that_is_worked_on(
    catalog: Catalog, clock: FixedClock
) -> None:
    charts = []
    for _ in range(3):
        charts.append([d.id for d in put_chart(catalog, documents=3)])
        clock.advance(1)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    assert claim(catalog, tina, 2) == charts[0][:2]
    assert claim(catalog, tom, 2) == charts[1][:2]
    # Each goes on with its own chart, then with a free one; the rest of the other's chart comes last.
    assert claim(catalog, tom, 9) == charts[1] + charts[2] + charts[0][2:]
    assert claim(catalog, tina, 9) == charts[0][:2]


def test_with_the_document_asked_for_comes_the_rest_of_its_chart(catalog: Catalog, clock: FixedClock) -> None:
    earlier = [d.id for d in put_chart(catalog, documents=2)]
    clock.advance(1)
    asked = [d.id for d in put_chart(catalog, documents=3)]
    tina = open_station(catalog, "tina")
    assert claim(catalog, tina, 4, first=asked[1]) == [asked[1], asked[0], asked[2], earlier[0]]


def test_exceptions_and_reviews_of_a_chart_stand_in_one_order(catalog: Catalog, clock: FixedClock) -> None:
    tina = open_station(catalog, "tina")
    (first,) = put_chart(catalog, state=DocumentState.EXCEPTION, reason=Reason.NO_IDENTIFIERS)
    clock.advance(1)
    (second,) = put_chart(catalog)
    clock.advance(1)
    (third,) = put_chart(catalog, state=DocumentState.EXCEPTION, reason=Reason.PAGE_UNREADABLE)
    assert claim(catalog, tina, 5) == [first.id, second.id, third.id]


def test_claims_run_out_and_are_renewed(catalog: Catalog, clock: FixedClock) -> None:
    (document,) = put_chart(catalog)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    assert claim(catalog, tina, 5) == [document.id]
    assert claim(catalog, tom, 5) == []
    clock.advance(CLAIM_SECONDS - 1)
    renew_claims(tina, catalog=catalog)
    clock.advance(CLAIM_SECONDS - 1)
    assert claim(catalog, tom, 5) == []
    clock.advance(2)
    assert count_queue(catalog=catalog).claimed == 0
    assert claim(catalog, tom, 5) == [document.id]
    # The one who came back too late holds nothing, and is told so when she decides.
    renew_claims(tina, catalog=catalog)
    assert claim(catalog, tina, 5) == []
    release_claims(tom, catalog=catalog)
    assert claim(catalog, tina, 5) == [document.id]


def test_the_document_that_is_wanted_comes_first(catalog: Catalog, clock: FixedClock) -> None:
    documents = [d.id for d in put_chart(catalog, documents=4)]
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    assert claim(catalog, tina, 2, first=documents[3]) == [documents[3], documents[0]]
    with pytest.raises(Busy, match="Somebody else has"):
        claim(catalog, tom, 2, first=documents[3])
    with pytest.raises(UsageError, match="no such document"):
        claim(catalog, tom, 2, first="doc_none")
    saved(send(catalog, tina, ask(RequestKind.CONFIRM, documents[3], patient="pat_1")))
    with pytest.raises(Busy, match="decided already"):
        claim(catalog, tom, 2, first=documents[3])
    with pytest.raises(UsageError, match="no usable id"):
        claim(catalog, Holder(tom.user_id, tom.user, ""), 2)


def test_a_postponed_document_comes_last(catalog: Catalog, clock: FixedClock) -> None:
    documents = [d.id for d in put_chart(catalog, documents=3)]
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    assert claim(catalog, tina, 1) == documents[:1]
    saved(send(catalog, tina, ask(RequestKind.POSTPONE, documents[0])))
    clock.advance(1)
    saved(send(catalog, tina, ask(RequestKind.POSTPONE, documents[1])))
    assert count_queue(catalog=catalog) == QueueCount(waiting=1, claimed=0, postponed=2)
    assert claim(catalog, tom, 5) == [documents[2], documents[0], documents[1]]


def test_what_no_technician_can_settle_is_not_in_the_queue(catalog: Catalog) -> None:
    scan, register, waiting = (d.id for d in put_chart(catalog, documents=3))
    tina = open_station(catalog, "tina")
    saved(
        send(
            catalog,
            tina,
            ask(RequestKind.REJECT, scan, reject=RejectReason.SCAN_AGAIN),
            ask(RequestKind.REJECT, register, reject=RejectReason.NOT_REGISTERED),
        )
    )
    assert claim(catalog, tina, 5) == [waiting]
    assert count_queue(catalog=catalog) == QueueCount(waiting=1, claimed=1, postponed=0)
    assert get(catalog, scan).reason is Reason.SCAN_REQUESTED
    # Somebody who looks for it may still take it up.
    assert claim(catalog, tina, 5, first=register) == [register, waiting]
    saved(send(catalog, tina, ask(RequestKind.CONFIRM, register, 2, patient="pat_1")))
    assert get(catalog, register).state is DocumentState.FILED


def test_thousands_of_documents_are_walked_once(catalog: Catalog, clock: FixedClock) -> None:
    every: list[str] = []
    for _ in range(4):
        every += [d.id for d in put_chart(catalog, documents=60, pages=1)]
        clock.advance(1)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    assert claim(catalog, tina, 170) == every[:170]
    assert claim(catalog, tom, 999) == every[180:] + every[170:180]
