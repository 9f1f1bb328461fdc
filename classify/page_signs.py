"""What a page says about being the first of a document or a later one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from backfile.domain.document import SightingKind, TypeGuess
from backfile.domain.evidence import PageEvidence
from backfile.domain.page import PageReading
from classify.identity import PageIdentity, identity_of
from classify.layout import PageLayout, lay_out_page
from classify.letterhead import PageHead, read_page_head
from classify.page_flow import PageFlow, read_page_flow

_SALUTATION = re.compile(
    r"^\s*(?:dear\b|to whom it may concern|(?:gentlemen|sirs?|madam|ladies and gentlemen)\s*[:,])",
    re.IGNORECASE,
)
_SURE_DATE = 0.84
"""Less has a date that only stands in for one that is called the date of service."""
_LIKELY_DATE = 0.4
_HEAD = 0.45
"""Share of the page's height in which the date stands that tells one paper from the next."""
_SURE_NUMBER = 0.6
_SURE_TYPE = 0.97
_LIKELY_TYPE = 0.8


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What a page says about being a first or a later page."""

    head: PageHead
    flow: PageFlow
    identity: PageIdentity
    service_dates: frozenset[str]
    dates: frozenset[str]
    """Those that may only stand in for the date of service, too."""
    encounters: frozenset[str]
    has_salutation: bool
    type: str
    """What it surely looks like on its own, else ""."""
    likely_type: str
    """What it likely looks like, else ""."""


def read_page_signs(
    reading: PageReading,
    evidence: PageEvidence | None,
    head: PageHead | None,
    layout: PageLayout | None,
    guess: TypeGuess | None,
) -> PageSigns:
    """Return what a page says.

    Args:
        reading: the page.
        evidence: what it says about whose it is; None where that is not known.
        head: its head, where that is known.
        layout: its layout, where that is known.
        guess: what it looks like on its own, where that is known.
    """
    found = evidence if evidence is not None else PageEvidence(0, ())
    layout = layout if layout is not None else lay_out_page(reading)
    head = head if head is not None else read_page_head(layout)
    if head.page_of is None and found.page_of is not None:
        head = replace(head, page_of=found.page_of, page_number=found.page_of[0])
    lines = reading.text.splitlines()[:25]
    flow = read_page_flow(layout, found)
    return PageSigns(
        head=head,
        flow=flow,
        identity=identity_of(found),
        service_dates=_dates(found, _SURE_DATE, flow),
        dates=_dates(found, _LIKELY_DATE, flow) - _values(found, SightingKind.BIRTH_DATE, 0.0),
        encounters=_values(found, SightingKind.ENCOUNTER, _SURE_NUMBER),
        has_salutation=any(_SALUTATION.match(line) for line in lines),
        type=guess.name if guess is not None and guess.probability >= _SURE_TYPE else "",
        likely_type=guess.name if guess is not None and guess.probability >= _LIKELY_TYPE else "",
    )


def _values(evidence: PageEvidence, kind: SightingKind, least: float) -> frozenset[str]:
    return frozenset(s.value for s in evidence.sightings if s.kind is kind and s.confidence >= least)


def _dates(evidence: PageEvidence, least: float, flow: PageFlow) -> frozenset[str]:
    """Return the dates of service at the head and over the signature: below stand those of typing."""
    end = _HEAD if flow.signed_at is None else min(_HEAD, flow.signed_at)
    return frozenset(
        s.value
        for s in evidence.sightings
        if s.kind is SightingKind.SERVICE_DATE and s.confidence >= least and s.box[1] < end
    )
