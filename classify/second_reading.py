"""What the second reader read at the place of an identifier, where it read something else.

Two readers seldom make the same mistake, so a number that both read is surer than either says; the words'
confidence holds that already (``ocr.confidence``). Where they disagree about a digit, no confidence makes the
number exact: one digit parts twins, fathers and sons, and those who were registered one after the other.
The other reading is kept as a candidate of its own, unsure, so that it is looked up and shown to people.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from rapidfuzz.distance import OSA

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.geometry import Box, box_center
from backfile.domain.normalize import normalize_number, read_date
from backfile.domain.page import PageReading, Word

_K = SightingKind
DISPUTED = 0.7
"""Most confidence of a number whose digits the readers dispute: under what filing takes as exact."""
_OTHER = 0.4
"""Most confidence of the reading that did not stand: under what cuts pages and settles fields."""
_MAX_WORDS = 3
"""Disputed words of one identifier; with more the place is unreadable anyhow."""
_NUMBER = re.compile(r"[A-Z]{0,4}\d[\dA-Z]*(?:[- ][\dA-Z]*\d[\dA-Z]*)*")


def weigh_second_readings(
    sightings: Sequence[Sighting], page: PageReading, *, today: dt.date
) -> tuple[Sighting, ...]:
    """Return the sightings with the second reader's view of MRNs and birth dates.

    Args:
        sightings: of one page.
        page: with the words' alternatives.
        today: the day of reading.

    Only a reading that is one edit away is added: what differs more was read beside the place.
    """
    disputed = [word for word in page.words if word.alternatives]
    if not disputed:
        return tuple(sightings)
    seen = {(sighting.kind, sighting.value) for sighting in sightings}
    weighed: list[Sighting] = []
    for seen_here in sightings:
        sighting = seen_here
        others = list(_read_otherwise(sighting, page.words, today)) if sighting.kind in _READ else []
        if not others or sighting.value in others:
            weighed.append(sighting)
            continue
        if sighting.kind is _K.MRN:
            sighting = replace(sighting, confidence=min(sighting.confidence, DISPUTED))
        weighed.append(sighting)
        for other in dict.fromkeys(others):
            if (sighting.kind, other) not in seen and _is_one_edit(sighting.value, other):
                seen.add((sighting.kind, other))
                weighed.append(
                    replace(sighting, value=other, raw=other, confidence=min(sighting.confidence, _OTHER))
                )
    return tuple(weighed)


_READ = frozenset({_K.MRN, _K.BIRTH_DATE})


def _read_otherwise(sighting: Sighting, words: Sequence[Word], today: dt.date) -> Iterator[str]:
    """Yield the values that the place has with each word as the second reader read it."""
    own = [word for word in words if is_inside(word.box, sighting.box)]
    disputed = sum(bool(word.alternatives) for word in own)
    if not 0 < disputed <= _MAX_WORDS:
        return
    for texts in product(*((word.text, *word.alternatives) for word in own)):
        if any(text != word.text for text, word in zip(texts, own, strict=True)):
            yield from _read_values(sighting, " ".join(texts), today)


def _read_values(sighting: Sighting, text: str, today: dt.date) -> Iterator[str]:
    if sighting.kind is _K.BIRTH_DATE:
        plain = re.sub(r"^[^\d]*[:#]\s*", "", text).strip(" .,;:()[]|_")
        if date := read_date(plain, today=today, is_birth=True):
            yield date.date.isoformat()
        return
    found = [normalize_number(number) for number in _NUMBER.findall(text.upper())]
    if sighting.value in found:
        yield sighting.value
        return
    least = len(sighting.value) - 2
    yield from (number for number in found if least <= len(number) <= len(sighting.value) + 2)


def _is_one_edit(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) <= 1


def is_inside(word: Box, place: Box) -> bool:
    """Say whether most of a word, or the place in the middle of it, is what the identifier was read from."""
    x, y = box_center(word)
    middle, height = box_center(place)
    return (place[0] <= x <= place[2] and place[1] <= y <= place[3]) or (
        word[0] <= middle <= word[2] and word[1] <= height <= word[3]
    )
