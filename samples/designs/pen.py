# ruff: noqa: E501 - five letters a line
"""Print letters written by hand, as forms ask for them: strokes of our own, no font.

Each letter is a few strokes on a grid four wide and six high; a point is two digits, x and y, y up from
the line.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

from samples.markup import InkWord
from samples.sheet import PathOp, PlacedWord, Sheet

_LETTERS = {
    "A": "00 26 40|12 32", "B": "00 06|06 36 34 03|03 43 41 00", "C": "45 26 04 02 20 41", "D": "00 06|06 35 43 31 00",
    "E": "46 06|06 00|00 40|03 33", "F": "46 06|06 00|03 33", "G": "45 26 04 02 20 41 43|43 23", "H": "06 00|46 40|03 43",
    "I": "26 20", "J": "36 31 20 01", "K": "06 00|46 03|03 40", "L": "06 00|00 40", "M": "00 06|06 22|22 46|46 40",
    "N": "00 06|06 40|40 46", "O": "26 04 02 20 42 44 26", "P": "00 06|06 36 34 03", "Q": "26 04 02 20 42 44 26|22 40",
    "R": "00 06|06 36 34 03|03 40", "S": "45 26 05 14 33 41 20 01", "T": "06 46|26 20", "U": "06 02 20 42 46",
    "V": "06 20|20 46", "W": "06 10|10 24|24 30|30 46", "X": "06 40|46 00", "Y": "06 23|46 23|23 20",
    "Z": "06 46|46 00|00 40", "0": "26 04 02 20 42 44 26", "1": "14 26|26 20", "2": "05 26 45 33 00|00 40",
    "3": "05 26 45 23|23 42 20 01", "4": "36 02|02 42|36 30", "5": "46 06|06 03|03 34 42 20 01",
    "6": "46 14 02 20 41 23 02", "7": "06 46|46 10", "8": "23 05 26 45 23 01 20 41 23", "9": "44 26 05 13 44|44 30",
    "-": "13 33", "/": "00 46", ".": "20 21", ",": "21 10", "'": "26 25", "(": "36 14 12 30", ")": "16 34 32 10",
    ":": "21 22|24 25", "#": "10 16|30 36|02 42|04 44", "&": "40 05 26 34 01 20 42", "_": "00 40",
}  # fmt: skip
_STROKES = {
    letter: tuple(
        tuple((int(point[0]), int(point[1])) for point in stroke.split()) for stroke in text.split("|")
    )
    for letter, text in _LETTERS.items()
}
_ADVANCE = 5.4
"""Units from one letter to the next."""
_SPACE = 3.2


def fold_text(text: str) -> str:
    """Return a text in the letters that are written: capitals without accents."""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(char for char in plain if char in _STROKES)


def measure_hand(words: Sequence[InkWord], size: float) -> float:
    """Return how wide words will be about, in points."""
    letters = sum(len(fold_text(word.text)) for word in words)
    return (letters * _ADVANCE + max(len(words) - 1, 0) * _SPACE) * size / 6


def write_by_hand(
    sheet: Sheet, x: float, baseline: float, words: Sequence[InkWord], *, size: float, rng: random.Random
) -> float:
    """Write words on a line and return where they end.

    Args:
        sheet: gets the strokes, and the words in the letters that were written.
        x: left end in points.
        baseline: in points from the top.
        words: with their meanings.
        size: height of the letters in points.
        rng: no two letters are alike.
    """
    unit, pen, lean = size / 6, rng.uniform(0.6, 1.2), rng.uniform(-0.05, 0.28)
    at, drift = x, rng.uniform(-0.012, 0.012)
    for word in words:
        start = at
        for letter in fold_text(word.text):
            wide, high, low = rng.uniform(0.82, 1.1), rng.uniform(0.88, 1.12), rng.uniform(-0.5, 0.4)
            for stroke in _STROKES[letter]:
                points = tuple(
                    (
                        at + (px * wide + py * lean + rng.uniform(-0.22, 0.22)) * unit,
                        baseline + (at - x) * drift - (py * high + low + rng.uniform(-0.22, 0.22)) * unit,
                    )
                    for px, py in stroke
                )
                sheet.ops.append(PathOp(points, pen * rng.uniform(0.85, 1.15), rng.uniform(0.0, 0.3)))
            at += _ADVANCE * unit * rng.uniform(0.9, 1.08)
        if at > start:
            top, foot = baseline - 6.6 * unit, baseline + 0.7 * unit
            sheet.words.append(PlacedWord(fold_text(word.text), start, top, at - unit, foot, word.runs))
        at += _SPACE * unit
    return at
