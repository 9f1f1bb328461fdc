# ruff: noqa: E501 - confusions in rows
"""Reading errors as OCR engines make them, put into perfect pages."""

from __future__ import annotations

import random
from dataclasses import replace

from backfile.domain.geometry import Box, clamp_box, union_boxes
from backfile.domain.page import Word
from backfile.domain.reading_order import order_words
from samples.texts import PageText
from samples.truth import TrueSighting

_CONFUSIONS: dict[str, tuple[str, ...]] = {
    "0": ("O", "o", "Q", "D", "8"), "1": ("l", "I", "7", "|", "i"), "2": ("Z", "z", "7"), "3": ("8", "5", "B"),
    "4": ("A", "9"), "5": ("S", "6", "s"), "6": ("G", "b", "8"), "7": ("1", "T", "?"), "8": ("B", "3", "6", "0"),
    "9": ("g", "q", "4"), "O": ("0", "Q", "C"), "I": ("1", "l", "|"), "l": ("1", "I", "|"), "S": ("5", "s"),
    "B": ("8", "E", "R"), "Z": ("2",), "G": ("6", "C"), "D": ("0", "O"), "Q": ("O", "0"), "e": ("c", "o"),
    "c": ("e", "o"), "o": ("c", "e", "0"), "a": ("o", "u", "s"), "n": ("u", "ri", "m"), "m": ("rn", "nn", "in"),
    "h": ("b", "li"), "b": ("h", "6"), "u": ("n", "ii"), "i": ("l", "1", "j"), "t": ("f", "l", "r"), "f": ("t", "r"),
    "r": ("n", "t"), "w": ("vv", "u"), "d": ("cl", "a"), "M": ("N", "IVI", "H"), "N": ("M", "H"), "H": ("N", "M"),
    "E": ("F", "B"), "F": ("P", "E"), "P": ("F", "R"), "C": ("G", "O", "("), "T": ("I", "7"), "U": ("V", "LI"),
    "V": ("Y", "U"), "Y": ("V", "T"), "W": ("VV", "N"), "K": ("X", "R"), "R": ("K", "P"), ":": (";", ".", ""),
    ".": (",", ""), ",": (".", "", "'"), "/": ("1", "I", "l", "7"), "-": ("~", "_", ""), "(": ("C", "{"),
    ")": ("}", "J"), "#": ("4", "H", "f", "ff"), "'": ("", "`", "’"), "%": ("96", "°/o"), "é": ("e", "6"),
    "ñ": ("n", "fi"), "á": ("a", "4"), "í": ("i", "f"), "ó": ("o", "6"), "ú": ("u",), "ü": ("u", "ii"),
}  # fmt: skip
_SPECKS = (".", "|", "-", "~", "'", "_", ":", "—", "=", "i", "l", "\\", "»", "•", "©")


def add_ocr_noise(page: PageText, rng: random.Random, *, rate: float) -> PageText:
    """Return the page as a poor reader would read it, its truth kept where the words survive.

    Args:
        page: A perfect page.
        rng: Where the errors are drawn from.
        rate: Share of characters read wrongly, 0 to about 0.15; words are also dropped, split, joined
            and specks read as words in proportion. Damage comes in patches, as on paper.

    A sighting whose words were all dropped is gone. Its ``value`` stays what was printed, so what can
    be read of it may differ.
    """
    patches = [(rng.random(), rng.random(), rng.uniform(0.05, 0.3)) for _ in range(rng.randint(0, 3))]
    noisy: list[tuple[Word, tuple[int, ...]]] = []
    words = page.words
    skip = -1
    for at, word in enumerate(words):
        if at == skip:
            continue
        local = rate * (3.0 if _is_in_patch(word.box, patches) else 0.8)
        chance = rng.random()
        if chance < local * 0.35:
            continue
        text, errors = _confuse(word.text, rng, local)
        after = words[at + 1] if at + 1 < len(words) and words[at + 1].line == word.line else None
        if after and chance < local * 0.55 and _are_close(word.box, after.box):
            other, more = _confuse(after.text, rng, local)
            joined = Word(f"{text}{other}", union_boxes([word.box, after.box]), 1.0)
            noisy.append((_doubt(joined, rng, errors + more + 1, local), (at, at + 1)))
            skip = at + 1
            continue
        if len(text) > 3 and chance < local * 0.75:
            for part in _split(replace(word, text=text), rng):
                noisy.append((_doubt(part, rng, errors + 1, local), (at,)))
            continue
        if text:
            noisy.append((_doubt(replace(word, text=text), rng, errors, local), (at,)))
    return _rebuild(page, noisy, rng, specks=int(rng.random() * rate * 60))


def _rebuild(
    page: PageText, noisy: list[tuple[Word, tuple[int, ...]]], rng: random.Random, *, specks: int
) -> PageText:
    """Put the words in reading order again and point the sightings at them."""
    origin: dict[tuple[str, Box], tuple[int, ...]] = {}
    kept: list[Word] = []
    for word, sources in noisy:
        word = replace(word, box=_shake(word.box, rng))
        kept.append(word)
        origin[word.text, word.box] = sources
    for _ in range(specks):
        x, y = rng.random() * 0.97, rng.random() * 0.97
        kept.append(Word(rng.choice(_SPECKS), (x, y, x + 0.008, y + 0.009), rng.uniform(0.05, 0.6)))
    ordered = order_words(kept)
    places: dict[int, list[int]] = {}
    for at, word in enumerate(ordered):
        for source in origin.get((word.text, word.box), ()):
            places.setdefault(source, []).append(at)
    sightings: list[TrueSighting] = []
    for sighting in page.sightings:
        found = tuple(sorted({at for source in sighting.words for at in places.get(source, ())}))
        if found:
            box = union_boxes(ordered[at].box for at in found)
            sightings.append(replace(sighting, words=found, box=box))
    return replace(page, words=ordered, sightings=tuple(sightings))


def _confuse(text: str, rng: random.Random, rate: float) -> tuple[str, int]:
    """Misread some characters; return the text and how many."""
    # Errors come together: a word that is hit has one or two, the others none.
    if not text or rng.random() > rate * len(text) / 1.5:
        return text, 0
    share = min(0.6, 1.5 / len(text))
    errors, out = 0, []
    for char in text:
        if rng.random() >= share:
            out.append(char)
            continue
        errors += 1
        chance = rng.random()
        if chance < 0.82:
            out.append(rng.choice(_CONFUSIONS.get(char, (char, char.swapcase(), ""))))
        elif chance < 0.91:
            out.append(char + rng.choice(".,'i1|"))
    return "".join(out), errors


def _split(word: Word, rng: random.Random) -> tuple[Word, Word]:
    at = rng.randint(1, len(word.text) - 1)
    x0, y0, x1, y1 = word.box
    middle = x0 + (x1 - x0) * at / len(word.text)
    gap = (x1 - x0) * 0.02
    first = replace(word, text=word.text[:at], box=(x0, y0, max(x0, middle - gap), y1))
    return first, replace(word, text=word.text[at:], box=(min(x1, middle + gap), y0, x1, y1))


def _doubt(word: Word, rng: random.Random, errors: int, rate: float) -> Word:
    """Give a word the confidence an engine would: lower where it erred, but not always."""
    sure = rng.betavariate(18, 1.2)
    if errors and rng.random() < 0.8:
        sure = rng.betavariate(5, 3)
    elif rng.random() < rate * 4:
        sure = rng.betavariate(6, 2.5)
    return replace(word, confidence=round(min(sure, 0.999), 3))


def _is_in_patch(box: Box, patches: list[tuple[float, float, float]]) -> bool:
    return any(abs(box[0] - x) < r and abs(box[1] - y) < r / 2 for x, y, r in patches)


def _are_close(first: Box, second: Box) -> bool:
    return 0 <= second[0] - first[2] < 0.015


def _shake(box: Box, rng: random.Random) -> Box:
    d = 0.0008
    x0, y0, x1, y1 = (edge + rng.uniform(-d, d) for edge in box)
    return clamp_box((x0, y0, x1, y1))
