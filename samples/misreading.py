"""Reading errors as our own readers make them, drawn from a table that was measured on pages with truth.

``samples/data/misreadings.json`` is the table; ``python -m benchmarks.matching_misreading`` measures it anew
and describes how. Unlike ``samples.noise``, which puts invented errors into whole pages, this misreads
single words in the measured way: how many characters go wrong on a page of a grade, which are taken for
which, how often a word is not found at all, and how sure the reader says it is of what it read.
"""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from pydantic import TypeAdapter

_TABLE = Path(__file__).parent / "data" / "misreadings.json"
_PRIOR = 2.0
"""Errors that every character is credited with at the mean rate, so that a rare one is never error-free."""
_BURST = 3.0
"""How much likelier a character is misread just after another one (assumed): a stain spans several."""


@dataclass(frozen=True, slots=True)
class GradeOfReading:
    """How pages of one grade are read."""

    pages: int
    words: int
    """Printed words that were looked for."""
    missed: float
    """Share of words that were not found, or found as something else altogether."""
    page_rates: tuple[float, ...]
    """Share of characters misread on a page: evenly spaced quantiles, lowest first."""
    right: tuple[float, ...]
    """Confidence of words read rightly: evenly spaced quantiles, lowest first."""
    wrong: tuple[float, ...]
    """Confidence of words read wrongly: the same."""


@dataclass(frozen=True, slots=True)
class MisreadTable:
    """What is taken for what, over all grades, and how often on each."""

    grades: dict[str, GradeOfReading]
    printed: dict[str, int]
    """How often each character was printed."""
    confusions: dict[str, dict[str, int]]
    """For each printed character, what was read in its place and how often; "" where it was lost. Under ""
    stand characters that were read where none was printed."""

    def dump(self) -> str:
        """Return the table as its file holds it."""
        return _FORM.dump_json(self, indent=1).decode()


_FORM = TypeAdapter(MisreadTable)


@cache
def load_misreadings(path: Path = _TABLE) -> MisreadTable:
    """Return the measured table."""
    return _FORM.validate_json(path.read_bytes())


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word as the reader has it."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Choice:
    """What may be read for one character."""

    likelihood: float
    """Of being misread, as a multiple of the page's rate."""
    texts: tuple[str, ...]
    sums: tuple[int, ...]

    def draw(self, rng: random.Random) -> str:
        return self.texts[bisect(self.sums, rng.random() * self.sums[-1])]


class PageReader:
    """Reads the words of one page of a grade."""

    def __init__(self, grade: str, rng: random.Random, *, table: MisreadTable | None = None) -> None:
        """Draw how bad this page is.

        Args:
            grade: A grade of the table.
            rng: Source of chance, also for everything read.
            table: What to draw from; None: the measured one.
        """
        table = table or load_misreadings()
        self._grade = table.grades[grade]
        self._choices = _list_choices(table)
        self._rng = rng
        self.rate = draw_quantile(self._grade.page_rates, rng)
        """Share of characters that are misread on this page."""

    def read(self, text: str) -> tuple[ReadWord, ...]:
        """Return the words that are read of a printed text, in order; those not found are left out."""
        return tuple(word for part in text.split() if (word := self._read_word(part)) is not None)

    def _read_word(self, text: str) -> ReadWord | None:
        rng = self._rng
        if rng.random() < self._grade.missed:
            return None
        read: list[str] = []
        rate = self.rate
        for char in text:
            choice = self._choices.get(char)
            likelihood = choice.likelihood if choice else 1.0
            if rng.random() < min(rate * likelihood, 0.5):
                read.append(choice.draw(rng) if choice else "")
                rate = self.rate * _BURST
            else:
                read.append(char)
                rate = self.rate
        if rng.random() < self.rate * self._choices[""].likelihood * len(text):
            read.insert(rng.randint(0, len(read)), self._choices[""].draw(rng))
        found = "".join(read)
        if not found:
            return None
        quantiles = self._grade.right if found == text else self._grade.wrong
        return ReadWord(found, draw_quantile(quantiles, rng))


def draw_quantile(quantiles: tuple[float, ...], rng: random.Random) -> float:
    """Draw from a distribution that is given by evenly spaced quantiles."""
    place = rng.random() * (len(quantiles) - 1)
    at = int(place)
    return quantiles[at] + (quantiles[at + 1] - quantiles[at]) * (place - at)


_known_choices: list[tuple[MisreadTable, dict[str, _Choice]]] = []


def _list_choices(table: MisreadTable) -> dict[str, _Choice]:
    """Return what may be read for each character; worked out once for a table."""
    for known, choices in _known_choices:
        if known is table:
            return choices
    choices = _make_choices(table)
    _known_choices.append((table, choices))
    return choices


def _make_choices(table: MisreadTable) -> dict[str, _Choice]:
    errors = {char: sum(found.values()) for char, found in table.confusions.items()}
    printed = sum(table.printed.values())
    mean = sum(count for char, count in errors.items() if char) / max(printed, 1)
    choices = {"": _Choice(0.0, ("",), (1,))}
    for char, found in table.confusions.items():
        if found:
            share = (errors[char] + _PRIOR) / (table.printed.get(char, printed) + _PRIOR / max(mean, 1e-9))
            likelihood = share / max(mean, 1e-9)
            choices[char] = _Choice(likelihood, tuple(found), tuple(accumulate(found.values())))
    return choices
