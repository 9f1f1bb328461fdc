"""The audit chain shows every alteration."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.audit import (
    GENESIS,
    AuditAction,
    AuditEvent,
    SealedEvent,
    find_broken_seal,
    seal_event,
)

MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def chain_of(length: int) -> list[SealedEvent]:
    chain, previous = [], GENESIS
    for number in range(1, length + 1):
        event = AuditEvent(MOMENT, "backfile", AuditAction.FILE_RECEIVED, "file", f"fil_{number}")
        previous = seal_event(previous, number, event)
        chain.append(SealedEvent(number, event, previous))
    return chain


@given(st.integers(0, 12))
def test_an_untouched_chain_is_sound(length: int) -> None:
    assert find_broken_seal(chain_of(length)) is None


@given(st.integers(1, 12), st.data())
def test_a_changed_event_is_found(length: int, data: st.DataObject) -> None:
    chain = chain_of(length)
    at = data.draw(st.integers(0, length - 1))
    event = chain[at].event
    changed = data.draw(
        st.sampled_from(
            [
                replace(event, actor="mallory"),
                replace(event, patient="pat_1"),
                replace(event, details={"a": "b"}),
                replace(event, subject="x"),
            ]
        )
    )
    chain[at] = replace(chain[at], event=changed)
    assert find_broken_seal(chain) == at + 1


@given(st.integers(2, 12), st.data())
def test_a_removed_or_swapped_event_is_found(length: int, data: st.DataObject) -> None:
    chain = chain_of(length)
    at = data.draw(st.integers(0, length - 2))
    without = chain[:at] + chain[at + 1 :]
    swapped = [*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]]
    assert find_broken_seal(without) == at + 1
    assert find_broken_seal(swapped) == at + 1


def test_a_seal_does_not_depend_on_the_time_zone_it_was_written_in() -> None:
    event = AuditEvent(MOMENT, "a", AuditAction.VIEWED, "document", "doc_1")
    elsewhere = replace(event, at=MOMENT.astimezone(dt.timezone(dt.timedelta(hours=5))))
    assert seal_event(GENESIS, 1, event) == seal_event(GENESIS, 1, elsewhere)
