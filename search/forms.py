"""The forms under which one word is indexed and sought: its parts, and the whole that they make.

``post-op`` has the parts *post op* and the whole *postop*; ``5mg`` has the parts *5 mg* and no other whole;
``03/12/1987`` has the parts *03 12 1987* and the whole *1987-03-12*. Words that are not compound have one
form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.dates import MONTHS, find_dates
from search.fold import fold_text, unify_typography
from search.numbers import repair_digits, split_number
from search.stem import stem_word, stems_beside

MAX_TOKEN = 64
"""Characters; a longer run of letters is noise and is cut."""

_PIECE = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+")
_ACRONYM_PLURAL = re.compile(r"\b([A-Z]{2,})s\b")
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])'[sS]\b")
_LETTER_JOINTS = frozenset("-'/&")
_DIGIT_JOINT = re.compile(r"[-.)]{1,2}")
_MIN_JOINED_DIGITS = 6
"""Phones, SSNs and MRNs are written with and without hyphens; "5-10" is a range."""
_MAX_INITIALS = 2
"""Letters between the points of b.i.d., M.D. or Ph.D."""

_UNITS = {"ug": "mcg"}
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?,?")
_YEAR = re.compile(r"((?:18|19|20)\d\d)\W*")
_AREA_CODE = re.compile(r"\((\d{3})\)-?")
_BROKEN = re.compile(r"[^\W\d_]{2,}-")


@dataclass(frozen=True, slots=True)
class WordForms:
    """What analysis makes of one word as written."""

    parts: tuple[str, ...]
    """Stemmed tokens; none for a word without letters and digits."""
    whole: tuple[str, ...]
    """The same object as ``parts`` where the word is not compound."""
    raw_parts: tuple[str, ...]
    """``parts`` before stemming."""
    raw_whole: tuple[str, ...]
    month: int = 0
    """1..12 for a month's name."""
    day: int = 0
    year: str = ""
    area_code: str = ""
    is_broken: bool = False
    """Ends with a hyphen: it may go on in the next line."""
    is_compound: bool = False
    """The whole differs from the parts."""
    may_join: bool = False
    """It may form one thing with the words after it."""


_MAX_KNOWN = 200_000


class _KnownWords(dict[str, WordForms]):
    """Takes a word apart once: pages repeat their words."""

    def __missing__(self, word: str) -> WordForms:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        forms = self[word] = _take_apart(word)
        return forms


_KNOWN = _KnownWords()


def forms_of(word: str) -> WordForms:
    """Return the forms of a word."""
    return _KNOWN[word]


def forms_of_all(words: Sequence[str]) -> list[WordForms]:
    """Return the forms of each word."""
    return [_KNOWN[word] for word in words]


def stems_of_beginning(beginning: str) -> frozenset[str]:
    """Return the tokens of words that begin so, as far as the tokens themselves do not begin so."""
    units = {unit for written, unit in _UNITS.items() if written.startswith(beginning)}
    return stems_beside(beginning) | units if beginning.isalpha() else frozenset()


def fold_word(word: str) -> str:
    """Return the word folded, its digits repaired, plural acronyms (MRIs) and possessives undone."""
    plain = _POSSESSIVE.sub("", unify_typography(word))
    return fold_text(repair_digits(_ACRONYM_PLURAL.sub(r"\1", plain)))


def _take_apart(word: str) -> WordForms:
    bare = word.rstrip(".,;:")
    if bare.isascii() and bare.isalpha() and not (bare[-1] == "s" and bare[:-1].isupper()):
        return _plain_forms(bare.lower())
    folded = fold_word(word)
    raw_parts = tuple(piece for piece, _, _ in _find_pieces(folded))
    raw_whole = tuple(_join_pieces(folded))
    parts = tuple(map(_finish, raw_parts))
    whole = tuple(map(_finish, raw_whole))
    bare = folded.strip(".,;:()[] ")
    day, year, area = _DAY.fullmatch(bare), _YEAR.fullmatch(bare), _AREA_CODE.fullmatch(folded)
    month, day_number = MONTHS.get(bare, 0), int(day[1]) if day and 1 <= int(day[1]) <= 31 else 0
    is_broken = folded.endswith("-") and bool(_BROKEN.search(folded[-3:]))
    return WordForms(
        parts=parts,
        whole=parts if whole == parts else whole,
        raw_parts=raw_parts,
        raw_whole=raw_whole,
        month=month,
        day=day_number,
        year=year[1] if year else "",
        area_code=area[1] if area else "",
        is_broken=is_broken,
        is_compound=whole != parts,
        may_join=bool(is_broken or month or day_number or area),
    )


def _plain_forms(folded: str) -> WordForms:
    """Return the forms of a word of plain letters, as most words are, without any pattern."""
    raw, parts = (folded[:MAX_TOKEN],), (_finish(folded[:MAX_TOKEN]),)
    month = MONTHS.get(folded, 0)
    return WordForms(parts, parts, raw, raw, month=month, may_join=month > 0)


def _finish(piece: str) -> str:
    return _UNITS.get(piece) or stem_word(piece)


def _join_pieces(folded: str) -> list[str]:
    """Return the pieces with dates in one token, and with joints like the hyphen of post-op removed."""
    tokens: list[str] = []
    done = 0
    for date in find_dates(folded):
        tokens += _join_stretch(folded[done : date.start])
        tokens.append(date.token)
        done = date.end
    return tokens + _join_stretch(folded[done:])


def _join_stretch(stretch: str) -> list[str]:
    spans = _find_pieces(stretch)
    tokens: list[str] = []
    chain: list[str] = []
    for index, (piece, _, end) in enumerate(spans):
        chain.append(piece)
        following = spans[index + 1] if index + 1 < len(spans) else None
        if following is None or not _is_joint(piece, stretch[end : following[1]], following[0]):
            tokens += _close_chain(chain)
            chain = []
    return tokens


def _find_pieces(stretch: str) -> list[tuple[str, int, int]]:
    """Return runs of letters and numbers, each with where it begins and ends."""
    located: list[tuple[str, int, int]] = []
    for found in _PIECE.finditer(stretch):
        run, start = found[0], found.start()
        if not run[0].isdigit():
            located.append((run[:MAX_TOKEN], start, found.end()))
            continue
        before = stretch[max(0, start - 2) : start]
        parts = split_number(run, before=before)
        if len(parts) == 1:
            located.append((parts[0][:MAX_TOKEN], start, found.end()))
            continue
        for part in parts:
            at = stretch.index(part, start)
            located.append((part[:MAX_TOKEN], at, at + len(part)))
            start = at + len(part)
    return located


def _is_joint(left: str, between: str, right: str) -> bool:
    if left.isdigit() and right.isdigit():
        return _DIGIT_JOINT.fullmatch(between) is not None
    if not (left.isalpha() and right.isalpha()):
        return False
    if between == ".":
        return len(left) <= _MAX_INITIALS and len(right) <= _MAX_INITIALS
    return between in _LETTER_JOINTS


def _close_chain(chain: list[str]) -> list[str]:
    joined = "".join(chain)
    if joined.isdigit() and len(joined) < _MIN_JOINED_DIGITS:
        return chain
    return [joined[:MAX_TOKEN]]
