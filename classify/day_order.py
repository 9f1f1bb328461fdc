"""Whether a page writes the day before the month: "03/04/1962" is 3 April in London and March 4 in Boston.

Read in American order, a date of another country would be taken for another day, and surely. A page tells its
order by dates that only go one way, and by what only such countries print.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.page import PageReading
from classify.language import is_other_language
from classify.second_reading import DISPUTED

_K = SightingKind
_DATES = frozenset({_K.BIRTH_DATE, _K.SERVICE_DATE, _K.OTHER_DATE})
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)(?:\d{4}|\d{2})(?![\d/.-])"
)
_MONTHS = 12
_DAYS = 31
_SPELLED_ABROAD = re.compile(
    r"\b(?:an)?aesthe[ts]\w+|\bparacetamol\b|\b\w+aemi[ac]\w*|\bhaem\w+|\boedema\w*|\bdiarrhoea\b"
    r"|\boesoph\w+|\bpaediatr\w+|\bgynaec\w+|\btumours?\b|\blabour\b|\bfoetal\b|\blitres?\b|\bnocte\b|\btds\b"
    r"|\bmane\b|\bsalbutamol\b|\bfrusemide\b|\bpethidine\b",
    re.IGNORECASE,
)
"""Words of medicine as they are spelled where the day comes first."""
_ENOUGH = 2
"""Different dates that can only be day first, from which a page writes them so: one may be misread."""
_ABROAD = re.compile(
    r"\bNHS\b|\bGMC\b|\bEircode\b|\b(?:VIC|NSW|QLD|TAS)\s\d{4}\b"
    r"|\b(?!(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])\d)[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b"
)
"""What is printed where the day comes first: national bodies, postcodes of Britain, states of Australia."""


def settle_day_order(sightings: Sequence[Sighting], page: PageReading) -> tuple[Sighting, ...]:
    """Return the sightings with dates that go either way read as the page writes them, and never surely.

    Args:
        sightings: of one page.
        page: with all its words.
    """
    dates = [found for word in page.words for found in _NUMERIC.finditer(word.text)]
    day_first = {
        found[0]
        for found in dates
        if _MONTHS < int(found["first"]) <= _DAYS and int(found["second"]) <= _MONTHS
    }
    month_first = any(int(found["first"]) <= _MONTHS < int(found["second"]) <= _DAYS for found in dates)
    if month_first or not dates:
        return tuple(sightings)
    is_abroad = bool(_ABROAD.search(page.text)) or is_other_language(word.text for word in page.words)
    is_abroad = is_abroad or len({word.lower() for word in _SPELLED_ABROAD.findall(page.text)}) >= _ENOUGH
    if not day_first and not is_abroad:
        return tuple(sightings)
    swaps = is_abroad or len(day_first) >= _ENOUGH
    return tuple(
        _doubt(sighting, swaps=swaps) if sighting.kind in _DATES else sighting for sighting in sightings
    )


def _doubt(sighting: Sighting, *, swaps: bool) -> Sighting:
    """Return a date that goes either way with day and month changed, and held under what is exact."""
    found = _NUMERIC.search(sighting.raw)
    if found is None:
        return sighting
    first, second = int(found["first"]), int(found["second"])
    if not (0 < first <= _MONTHS and 0 < second <= _MONTHS) or first == second:
        return sighting
    value = dt.date.fromisoformat(sighting.value)
    if (value.month, value.day) != (first, second):
        return sighting
    confidence = min(sighting.confidence, DISPUTED)
    if not swaps:
        return replace(sighting, confidence=confidence)
    return replace(sighting, value=value.replace(month=second, day=first).isoformat(), confidence=confidence)
