"""Words as the second reader read them, where that makes sense of what the first one read with doubt.

The reading that stands was chosen word by word, by what looks likelier. A page knows more: what is a word of
a label in one reading alone is that word, two words that one reader sees as one date are that date, and
readings that only an accent or a speck parts are the same.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.geometry import union_boxes
from backfile.domain.normalize import read_date
from backfile.domain.page import PageReading, Word
from classify.label_folding import fold_label
from classify.second_reading import is_inside

_DOUBTFUL = 0.9
"""Confidence from which the reading that stands is left as it is."""
_AGREED = 0.9
"""Confidence of a word that both readers read, but for an accent or a sign."""
_TAKEN = 0.7
"""Most confidence of what only the second reader made out: never exact."""
_LETTERS = 4
"""Letters of the shortest word of a label that is taken from the second reader."""
_POUND = re.compile(r"[£€](?=\d)")
_DOLLAR = re.compile(r"^\$(?=-?\d{6,}$)")
_RULE = re.compile(r"[|¦\[\]]+")
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](?:18|19|20)\d\d|(?:18|19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}")


def settle_words(page: PageReading, *, today: dt.date) -> PageReading:
    """Return a page with its words as both readings together tell them.

    Args:
        page: as read, with the words' alternatives.
        today: the day of reading: no date lies after it.
    """
    if not any(word.alternatives or word.text[:1] in "£€$" for word in page.words):
        return page
    words: list[Word] = []
    for word in page.words:
        if words and (whole := _join_date(words[-1], word, today)) is not None:
            words[-1] = whole
        else:
            words.append(_settle(word))
    return replace(page, words=tuple(words))


def _settle(word: Word) -> Word:
    texts = [_DOLLAR.sub("S", _POUND.sub("E", text)) for text in (word.text, *word.alternatives)]
    if texts != [word.text, *word.alternatives]:  # letters before a number: no amount looks like these
        word = replace(word, text=texts[0], alternatives=tuple(texts[1:]))
    if not word.alternatives or word.confidence >= _DOUBTFUL:
        return word
    if len(word.text) == 1 and any(_RULE.fullmatch(other) for other in word.alternatives):
        return replace(word, text="|")  # the line of a box, not a 1
    if any(_fold(other) == _fold(word.text) for other in word.alternatives):
        return replace(word, confidence=max(word.confidence, _AGREED))
    if label := _find_label(word):
        return replace(word, text=label, confidence=min(max(word.confidence, 0.5), _TAKEN))
    return word


def _find_label(word: Word) -> str:
    """Return the other reading where it is a word of labels, and what stands is none."""
    if fold_label(word.text) is not None:
        return ""
    for other in word.alternatives:
        folded = fold_label(other)
        is_long = sum(char.isalpha() for char in other) >= _LETTERS and " " not in other
        if is_long and folded is not None and folded[0] and folded[1]:
            return other
    return ""


def _join_date(before: Word, word: Word, today: dt.date) -> Word | None:
    """Return the date that the second reader saw where the first saw two words; None where there is none."""
    if before.line != word.line or min(before.confidence, word.confidence) >= _DOUBTFUL:
        return None
    for other in word.alternatives:
        if other in before.alternatives and _DATE.fullmatch(other):
            date = read_date(other, today=today)
            if date is not None and read_date(f"{before.text} {word.text}", today=today) is None:
                box = union_boxes([before.box, word.box])
                return replace(word, text=other, box=box, confidence=_TAKEN, alternatives=())
    return None


def mend_names(sightings: Sequence[Sighting], page: PageReading) -> tuple[Sighting, ...]:
    """Return the sightings with names as the second reader read them, where the page has that word once more.

    "RICKR, JOHN" that the other reader reads RICKER, over a letter about Mr. Ricker.
    """
    doubtful = [word for word in page.words if word.alternatives and word.confidence < _DOUBTFUL]
    if not doubtful:
        return tuple(sightings)
    known = Counter(part for word in page.words for part in _parts(word.text))
    mended = []
    for sighting in sightings:
        if sighting.kind is SightingKind.PATIENT_NAME:
            own = [word for word in doubtful if is_inside(word.box, sighting.box)]
            others = {part for word in own for other in word.alternatives for part in _parts(other)}
            value = sighting.value
            for part in {part for word in own for part in _parts(word.text)}:
                better = [other for other in others if known[other] and _is_near(part, other)]
                if len(better) == 1 and known[part] < 2:
                    value = re.sub(rf"\b{re.escape(part)}\b", better[0], value, flags=re.IGNORECASE)
            sighting = replace(sighting, value=value)
        mended.append(sighting)
    return tuple(mended)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[^A-Z]+", text.upper()) if len(part) >= _LETTERS]


def _is_near(part: str, other: str) -> bool:
    return part != other and OSA.distance(part, other, score_cutoff=1) <= 1


@lru_cache(maxsize=50_000)
def _fold(text: str) -> str:
    """Return letters and digits alone, in capitals, without accents."""
    apart = unicodedata.normalize("NFKD", text.upper())
    return "".join(char for char in apart if char.isalnum())
