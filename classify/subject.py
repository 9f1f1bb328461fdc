"""Of whom the running text of a page speaks: "Ms. Rivera is a 62-year-old woman ... Ms. Rivera denies".

A surname alone identifies nobody, but it speaks against somebody else: a label with another patient's name,
number and birth date, stuck on a note about Ms. Rivera, would otherwise file it into that patient's chart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from backfile.domain.names import fold_name
from backfile.domain.page import PageReading, Word

_TITLE = re.compile(r"[\"“(]?(?:Mr|Mrs|Ms|Miss|MR|MRS|MS|MISS)[.,]?")
_PARTICLES = frozenset(
    [
        "da",
        "de",
        "del",
        "della",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "van",
        "von",
        "den",
        "ter",
        "bin",
    ]
)
_NAME = re.compile(r"[^\W\d_][\w'’`-]+")
_MOST_WORDS = 3
_AGE = re.compile(
    r"\b(?:a|an|the|this)?\s*\d{1,3}[\s-]*(?:y/?o\b|y\.o\.|yo\b|years?[\s-]*old|yr)", re.IGNORECASE
)
_AGE_REACH = 8
"""Words after the name in which its age makes it the subject of the text."""
_OFTEN = 2
_ENDS = re.compile(r"(?<!\by\.o)[.!?]$")


def find_subjects(page: PageReading) -> tuple[str, ...]:
    """Return the last names of those whom the text calls Mr. or Ms. as one speaks of its subject.

    That is: with an age, or more than once. Doctors have other titles; relatives are seldom called so twice.

    Args:
        page: as read; its words in reading order.
    """
    words = page.words
    counts: Counter[str] = Counter()
    aged: list[str] = []
    for at, word in enumerate(words[:-1]):
        if not _TITLE.fullmatch(word.text):
            continue
        name, end = _take_name(words, at + 1)
        if not name:
            continue
        counts[name] += 1
        if not _ENDS.search(words[end - 1].text) and _AGE.search(_rest_of_sentence(words, end)):
            aged.append(name)
    often = [name for name, count in counts.items() if count >= _OFTEN]
    return tuple(dict.fromkeys([*aged, *often]))


def find_titled(page: PageReading) -> frozenset[str]:
    """Return the folded last names of all whom the page calls Mr., Ms. or the like, be it once."""
    words = page.words
    found = {
        _take_name(words, at + 1)[0] for at, word in enumerate(words[:-1]) if _TITLE.fullmatch(word.text)
    }
    return frozenset(found - {""})


def _rest_of_sentence(words: Sequence[Word], start: int) -> str:
    taken: list[str] = []
    for word in words[start : start + _AGE_REACH]:
        taken.append(word.text)
        if _ENDS.search(word.text):
            break
    return " ".join(taken)


def _take_name(words: Sequence[Word], start: int) -> tuple[str, int]:
    """Return the folded name that begins at a word, and where it ends."""
    taken: list[str] = []
    at = start
    while at < min(len(words), start + _MOST_WORDS):
        text = words[at].text
        bare = re.sub(r"['’]s$", "", text.strip('.,;:()"“”'))
        is_particle = bare.lower() in _PARTICLES and at + 1 < len(words)
        if not is_particle and not (_NAME.fullmatch(bare) and bare[0].isupper()):
            break
        taken.append(bare)
        at += 1
        if not is_particle and (text != bare or _begins_anew(words, at)):
            break
    if not taken or taken[-1].lower() in _PARTICLES:
        return "", start
    return fold_name(" ".join(taken)), at


def _begins_anew(words: Sequence[Word], at: int) -> bool:
    """Say whether the next word stands on another line: what is large there may begin a sentence."""
    return at < len(words) and words[at].line != words[at - 1].line
