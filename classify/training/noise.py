# ruff: noqa: E501 - confusions in rows
"""Reading errors put into words, for training and for scores: nothing here is seen in use."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.geometry import union_boxes
from backfile.domain.page import Word

_ALIKE = {
    "0": "OoQDC", "1": "lI|i!7", "2": "Zz", "3": "8B", "4": "A9", "5": "S$6", "6": "Gb8", "7": "1/T", "8": "B3&",
    "9": "g4q", "O": "0QC", "I": "1l|", "l": "1I|i", "i": "1l;", "B": "8R", "S": "5$", "Z": "2", "G": "6C",
    "D": "O0", "e": "co", "c": "eo", "o": "0ce", "a": "oes", "n": "ru", "h": "bn", "b": "h6", "u": "vn", "v": "uy",
    "t": "fl", "f": "t", "r": "nt", "m": "n", "w": "v", "E": "FB", "F": "EP", "M": "NH", "N": "MH", "H": "NM",
    "U": "V", "V": "UY", "P": "FR", "R": "PK", "T": "I7", "C": "GO", ":": ".;", ".": ",:", ",": ".;", "/": "1l|",
    "#": "4", "-": "~_.",
}  # fmt: skip
"""What readers take a letter for."""
_SPECKS = (".", "|", "-", "~", "'", "_", ":", "=", "i", "l", "\\", "*", "«")
"""What dirt is read as."""
_PAIRS = {"rn": "m", "m": "rn", "cl": "d", "vv": "w", "w": "vv", "li": "h", "nn": "m"}


@dataclass(frozen=True, slots=True)
class LabelledWords:
    """The words of a page and what each belongs to."""

    words: tuple[Word, ...]
    spans: tuple[int, ...]
    """For each word the number of its span, from 0, or -1."""
    kinds: tuple[str, ...]
    """The kind of each span."""


def add_noise(page: LabelledWords, rng: random.Random, *, rate: float) -> LabelledWords:
    """Return the page as a poor reader has it.

    Args:
        page: A page as printed.
        rng: Source of chance.
        rate: Share of the characters that are misread; words are also lost, torn and joined, and dirt is read
            as words, each about a fifth as often.
    """
    if rate <= 0:
        return page
    words: list[Word] = []
    spans: list[int] = []
    for word, span in zip(page.words, page.spans, strict=True):
        chance = rng.random() * 5
        if chance < rate:
            continue
        text = misread(word.text, rng, rate=rate)
        if not text:
            continue
        sure = rng.uniform(0.86, 0.99) if text == word.text else rng.uniform(0.35, 0.93)
        read = replace(word, text=text, confidence=sure)
        if chance < 2 * rate and words and words[-1].line == word.line and spans[-1] == span:
            last = words[-1]
            words[-1] = replace(last, text=last.text + text, box=union_boxes([last.box, word.box]))
        elif chance < 3 * rate and len(text) > 5:
            cut = rng.randint(2, len(text) - 2)
            x0, y0, x1, y1 = word.box
            middle = x0 + (x1 - x0) * cut / len(text)
            words += [
                replace(read, text=text[:cut], box=(x0, y0, middle, y1)),
                replace(read, text=text[cut:], box=(middle, y0, x1, y1)),
            ]
            spans += [span, span]
        else:
            words.append(read)
            spans.append(span)
            if span < 0 and chance < 4 * rate:
                x, y = word.box[2], word.box[1]
                speck = (min(x + 0.004, 1.0), y, min(x + 0.012, 1.0), word.box[3])
                words.append(replace(read, text=rng.choice(_SPECKS), box=speck, confidence=0.4))
                spans.append(-1)
    return LabelledWords(tuple(words), tuple(spans), page.kinds)


def misread(text: str, rng: random.Random, *, rate: float) -> str:
    """Return the text with some of its characters taken for others, lost or doubled."""
    out: list[str] = []
    at = 0
    while at < len(text):
        char, pair = text[at], text[at : at + 2]
        at += 1
        if rng.random() >= rate:
            out.append(char)
            continue
        chance = rng.random()
        if pair in _PAIRS and chance < 0.5:
            out.append(_PAIRS[pair])
            at += 1
        elif char in _PAIRS and chance < 0.4:
            out.append(_PAIRS[char])
        elif char in _ALIKE and chance < 0.85:
            out.append(rng.choice(_ALIKE[char]))
        elif chance < 0.93:
            continue
        else:
            out.append(char + rng.choice(".,'|-i"))
    return "".join(out)


def upper_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words in capitals."""
    return tuple(replace(word, text=word.text.upper()) for word in words)
