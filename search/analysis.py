"""The one text analysis: pages, queries and highlights all pass through here.

A page becomes one string of tokens that any engine splits at spaces, so every engine sees the same tokens
at the same positions. First come the parts of all words in reading order. Then, each after a fence that no
query holds, come the stretches around compounds once more, the compounds as wholes: so "post-op visit" is
found as *post op visit* and as *postop visit*, "03/12/1987" also as a date, and a word broken at the end of
a line also in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.dates import date_token
from search.forms import WordForms, forms_of_all
from search.stem import stem_word

ANALYSIS_VERSION = 1
"""Raised with every change that gives other tokens; an index made under another version is refused."""

FENCE = "|"
"""Stands between stretches: no phrase reaches over it."""

CONTEXT_WORDS = 6
"""Words around a compound that are repeated with its whole, so that phrases of that length find it."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a page or text."""

    text: str
    position: int
    """Place in the token string, from 0; a gap of one is a fence."""
    word: int
    """Index of the word it comes from, the first one where several words form it."""
    last_word: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or several that form one thing, as a query sees them."""

    first: int
    last: int
    parts: tuple[str, ...]
    whole: tuple[str, ...]
    """Equal to ``parts`` where nothing is compound."""


def analyze_words(words: Sequence[str]) -> tuple[Token, ...]:
    """Return the tokens of a page's words, in the order in which the index holds them."""
    forms = forms_of_all(words)
    tokens: list[Token] = []
    for index, form in enumerate(forms):
        tokens += [Token(text, len(tokens) + at, index, index) for at, text in enumerate(form.parts)]
    position = len(tokens)
    for stretch in _compound_stretches(forms):
        position += 1
        for unit in stretch:
            for text in unit.whole:
                tokens.append(Token(text, position, unit.first, unit.last))
                position += 1
    return tuple(tokens)


def analyze_text(text: str) -> tuple[Token, ...]:
    """Return the tokens of running text; words are what stands between blanks."""
    return analyze_words(text.split())


def join_page(words: Sequence[str]) -> str:
    """Return a page's tokens as the index takes them: one string, separated by single spaces."""
    forms = forms_of_all(words)
    texts = [text for form in forms for text in form.parts]
    for stretch in _compound_stretches(forms):
        texts.append(FENCE)
        texts += [text for unit in stretch for text in unit.whole]
    return " ".join(texts)


def find_units(words: Sequence[str]) -> list[Unit]:
    """Return the words as units: single words, dates and phones over several words, broken words."""
    return list(_units(forms_of_all(words), 0, len(words)))


def _compound_stretches(forms: Sequence[WordForms]) -> Iterator[list[Unit]]:
    """Yield the stretches that hold a compound, overlapping ones as one."""
    start = end = -1
    index = 0
    while index < len(forms):
        form = forms[index]
        last = index
        if form.is_compound or form.may_join:
            joined = _join_words(forms, index) if form.may_join else None
            last = joined.last if joined else index
            if joined or form.is_compound:
                if start >= 0 and index - CONTEXT_WORDS > end:
                    yield list(_units(forms, start, end))
                    start = -1
                if start < 0:
                    start = max(0, index - CONTEXT_WORDS)
                end = min(len(forms), last + 1 + CONTEXT_WORDS)
        index = last + 1
    if start >= 0:
        yield list(_units(forms, start, end))


def _units(forms: Sequence[WordForms], start: int, end: int) -> Iterator[Unit]:
    index = start
    while index < end:
        form = forms[index]
        unit = _join_words(forms, index) if form.may_join else None
        yield unit or Unit(index, index, form.parts, form.whole)
        index = unit.last + 1 if unit else index + 1


def _join_words(forms: Sequence[WordForms], at: int) -> Unit | None:
    """Return the one thing that the words from ``at`` on form, if they do."""
    form, following = forms[at], forms[at + 1 : at + 3]
    if not following or (form.day and not following[0].month):
        return None
    whole: tuple[str, ...] = ()
    used = 1
    if form.is_broken:
        whole = _mend_break(form, following[0])
    elif form.area_code:
        local = following[0].whole
        if len(local) == 1 and local[0].isdigit() and len(local[0]) == 7:
            whole = (form.area_code + local[0],)
    elif len(following) == 2:
        used = 2
        whole = _read_date(form, *following)
    if not whole:
        return None
    parts = tuple(text for one in (form, *following[:used]) for text in one.parts)
    return Unit(at, at + used, parts, whole)


def _mend_break(form: WordForms, rest: WordForms) -> tuple[str, ...]:
    """Hyper- tension is hypertension."""
    if not (form.raw_whole and rest.raw_whole and rest.raw_whole[0].isalpha()):
        return ()
    mended = stem_word(form.raw_whole[-1] + rest.raw_whole[0])
    return (*form.whole[:-1], mended, *rest.whole[1:])


def _read_date(first: WordForms, second: WordForms, third: WordForms) -> tuple[str, ...]:
    """March 12, 1987, or 12 March 1987."""
    month, day = (first.month, second.day) if first.month else (second.month, first.day)
    token = date_token(third.year, month, day) if third.year and month and day else ""
    return (token,) if token else ()
