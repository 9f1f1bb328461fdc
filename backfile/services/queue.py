"""The queue of documents that wait for a person: who has which on the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from backfile.domain.document import DocumentState
from backfile.domain.records import StoredDocument
from backfile.errors import Busy, UsageError
from backfile.store.catalog import Catalog
from backfile.store.queue import POSTPONED, QueuePlace, end_of_chart
from backfile.store.unit_of_work import UnitOfWork

CLAIM_SECONDS = 300
"""A document on a screen is nobody else's for so long; a screen in use renews its claims."""
_LONGEST_STATION = 60
_BATCH = 50
"""Places that are looked at by one statement."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One open screen of one person."""

    user_id: str
    user: str
    """Name of the account; stands in decisions and in the audit trail."""
    station: str
    """Opaque id of the screen."""

    @property
    def key(self) -> str:
        """What the catalog calls it."""
        return f"{self.user_id}/{self.station}"


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many documents wait; each its own count over rows."""

    waiting: int
    """In the queue and not postponed, those on a screen among them."""
    claimed: int
    """On somebody's screen."""
    postponed: int
    """In the queue, behind all others."""


def claim_documents(
    holder: Holder, *, count: int, catalog: Catalog, first: str | None = None, near: str | None = None
) -> list[StoredDocument]:
    """Put documents of the queue on a screen, so that nobody else gets them.

    What the screen has already is kept and comes first, in chart order. Then come further documents of the
    charts that it has, then the next charts that nobody works on, then those of others, and postponed
    documents last.

    Args:
        holder: the screen.
        count: how many documents it is to have in all.
        catalog: the catalog.
        first: a document that is wanted before all others, also one that was set aside.
        near: the document that the person works on or decided last: the rest of its chart comes next.

    Raises:
        Busy: somebody else has ``first``, or it was decided.
        UsageError: there is no such document.
    """
    check_holder(holder)
    with catalog.begin() as uow:
        now = uow.clock.now()
        until = now + dt.timedelta(seconds=CLAIM_SECONDS)
        uow.queue.renew(holder.key, until=until)
        uow.queue.expire(at=now)
        claims = uow.queue.claims()
        mine = sorted((c.place for c in claims if c.holder == holder.key), key=lambda place: place.key)
        others = [c.place for c in claims if c.holder != holder.key]
        wanted = [place.document for place in mine]
        if first is not None:
            _check_first(first, {place.document for place in others}, uow)
            wanted = [first, *(document for document in wanted if document != first)]
        taken = {place.document for place in others} | set(wanted)
        here = [place for one in (first, near) if one and (place := uow.queue.place_of(one))]
        found = _find_free([*here, *mine], {place.chart for place in others}, taken, uow)
        wanted += [place.document for place in islice(found, max(0, count - len(wanted)))]
        held = {c.place.document for c in claims if c.holder == holder.key}
        uow.queue.claim(
            [document for document in wanted if document not in held],
            holder=holder.key,
            user_id=holder.user_id,
            until=until,
        )
        documents = uow.documents.get_all(wanted)
        uow.commit()
    return documents


def renew_claims(holder: Holder, *, catalog: Catalog) -> None:
    """Keep what a screen has for another ``CLAIM_SECONDS``."""
    with catalog.begin() as uow:
        uow.queue.renew(holder.key, until=uow.clock.now() + dt.timedelta(seconds=CLAIM_SECONDS))
        uow.commit()


def release_claims(holder: Holder, *, catalog: Catalog) -> None:
    """Give back what a screen has: it was closed."""
    with catalog.begin() as uow:
        uow.queue.release(holder.key)
        uow.commit()


def count_queue(*, catalog: Catalog) -> QueueCount:
    """Count what waits for people."""
    with catalog.look() as uow:
        return QueueCount(
            waiting=uow.queue.count(postponed=False),
            claimed=uow.queue.count_claims(at=uow.clock.now()),
            postponed=uow.queue.count(postponed=True),
        )


def check_holder(holder: Holder) -> None:
    """Refuse a screen without a usable id.

    Raises:
        UsageError: it has none.
    """
    if not holder.station or len(holder.station) > _LONGEST_STATION:
        raise UsageError("The screen has no usable id.", next_step="Load the page again.")


def _check_first(document_id: str, held_by_others: set[str], uow: UnitOfWork) -> None:
    document = uow.documents.get(document_id)
    if document is None:
        raise UsageError("There is no such document.", next_step="Choose one from the queue.")
    if document_id in held_by_others:
        raise Busy("Somebody else has this document on the screen.", next_step="Take another one.")
    if document.state not in {DocumentState.REVIEW, DocumentState.EXCEPTION}:
        raise Busy("This document was decided already.", next_step="Take another one.")
    if uow.queue.is_read_again(document_id):
        raise Busy("This document is being read again after a split.", next_step="It comes back in a moment.")


def _find_free(
    mine: list[QueuePlace], busy: set[str], taken: set[str], uow: UnitOfWork
) -> Iterator[QueuePlace]:
    """Yield places that nobody has, in the order in which a screen should get them."""
    own = list(dict.fromkeys(place.chart for place in mine if not place.is_postponed))
    for chart in own:
        yield from _walk(uow, taken, after=f"{chart}|", until=end_of_chart(chart))
    of_others: list[str] = []
    after = ""
    while places := uow.queue.next_after(after, limit=_BATCH, until=POSTPONED):
        for place in places:
            if place.key <= after:
                continue
            after = place.key
            if place.chart in busy or place.chart in own:
                of_others += [place.chart] if place.chart not in own else []
                after = end_of_chart(place.chart)  # however many documents it has, none is looked at now
            elif place.document not in taken:
                yield place
    for chart in of_others:
        yield from _walk(uow, taken, after=f"{chart}|", until=end_of_chart(chart))
    yield from _walk(uow, taken, after=POSTPONED)


def _walk(uow: UnitOfWork, taken: set[str], *, after: str, until: str | None = None) -> Iterator[QueuePlace]:
    while places := uow.queue.next_after(after, limit=_BATCH, until=until):
        yield from (place for place in places if place.document not in taken)
        after = places[-1].key
