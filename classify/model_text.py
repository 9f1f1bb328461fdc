"""A page as the language models see it: tokens that know their word, and what stands above them.

Forms are read by place, not by sentence: a value stands right of its label or under it, and a heading
speaks for its block. So the ends of lines and wide gaps become tokens of their own, and each token carries
more features than its letters, in those attributes of spaCy's tokens that nothing else uses:

=========  ===================================================================
attribute  holds
=========  ===================================================================
``LEMMA``  first word of the short stretch straight above
``TAG``    last word of the short stretch straight above
``DEP``    the words of the heading of the block
``MORPH``  part of the page, size of the letters, whether a stretch begins here
=========  ===================================================================

The same code serves training and reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from backfile.domain.page import Word

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

LINE_END = "\n"
GAP = "\t"
NO_WORD = -1

_TOKEN = re.compile(r"[*•#]+[-*•#]*\d+(?:-\d+)?|_{2,}|[^\W_]+(?:['’.&/-][^\W_]+)*|[^\w\s]|_")
_WIDE = 2.0
"""Gap between two words that parts a line, in letters."""
_MAX_ABOVE = 5
"""Words of a stretch that may be a label; longer ones are text."""
_ROWS_ABOVE = 2
"""Lines up to which a label may stand above its value."""
_BLOCK_LINES = 12
"""Lines down to which a heading speaks."""
_MAX_HEADING = 4
"""Words of a heading; with more it is a sentence."""
_BIG = 1.22
"""Height of a heading's words as a multiple of the page's usual height."""
_HEAD_OF_PAGE = 0.45
_MAX_TYPE_TOKENS = 1500


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a word, or a mark of layout."""

    text: str
    word: int
    """Position of its word on the page; ``NO_WORD`` for a mark."""
    start: int
    """Where it begins in its word."""
    end: int
    above: tuple[str, str] = ("", "")
    """First and last word of the short stretch above it, in small letters."""
    heading: str = ""
    """The heading of its block, in small letters."""
    place: str = ""
    """Where on the page it stands and how large, as a feature of MORPH."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    left: float
    right: float
    above: tuple[str, str]


def split_page(words: Sequence[Word]) -> list[Token]:
    """Return the tokens of a page whose words are in reading order."""
    tokens: list[Token] = []
    rows: list[list[_Stretch]] = []
    letter = _letter_width(words)
    usual = (median(w.box[3] - w.box[1] for w in words) if words else 0.0) or 1e-6
    heading, age = "", 0
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].line == words[at].line:
            end += 1
        row: list[_Stretch] = []
        stretches = _stretches(words, at, end, letter)
        age += 1
        if len(stretches) == 1 and (read := _read_heading(words[at:end])):
            heading, age = read, 0
        elif age > _BLOCK_LINES:
            heading = ""
        for first, last in stretches:
            if row:
                tokens.append(Token(GAP, NO_WORD, 0, 0))
            for number in range(first, last):
                above = _find_above(words[number], words[first], rows, letter)
                place = _name_place(words[number], usual, begins=number == first)
                tokens += [
                    Token(found.group(), number, found.start(), found.end(), above, heading, place)
                    for found in _TOKEN.finditer(words[number].text)
                ]
            row.append(_Stretch(words[first].box[0], words[last - 1].box[2], _ends(words[first:last])))
        rows.append(row)
        tokens.append(Token(LINE_END, NO_WORD, 0, 0))
        at = end
    return tokens


def make_doc(vocab: Vocab, tokens: Sequence[Token]) -> Doc:
    """Return the tokens as a spaCy document for the model of identifiers."""
    from spacy.tokens import Doc  # it takes a second to load, and not every command names a type

    doc = Doc(
        vocab,
        words=[token.text for token in tokens],
        spaces=[False] * len(tokens),
        lemmas=[token.above[0] for token in tokens],
        tags=[token.above[1] for token in tokens],
        deps=[token.heading for token in tokens],
        heads=[0] * len(tokens),  # one sentence: the parser of entities goes over no sentence's end
        morphs=[token.place for token in tokens],
    )
    for made, token in zip(doc, tokens, strict=True):
        if any(char.isdigit() for char in token.text):
            # Which digits they are says nothing; how many, and what parts them, does.
            made.norm_ = re.sub(r"\d", "0", token.text.lower())
    return doc


def list_type_words(pages: Sequence[Sequence[Word]]) -> list[str]:
    """Return the words of a document for the model of types: small letters, no numbers.

    Words in large print at the head of a page come twice, the second time marked, for the title of a form
    says more than its text.
    """
    found: list[str] = []
    for words in pages:
        usual = median(word.box[3] - word.box[1] for word in words) if words else 0.0
        by_line: dict[int, float] = {}
        for word in words:
            by_line[word.line] = max(by_line.get(word.line, 0.0), word.box[3] - word.box[1])
        for word in words:
            plain = re.sub(r"[^a-z&]+", "", word.text.lower())
            if not plain:
                continue
            found.append(plain)
            if by_line[word.line] > _BIG * usual and word.box[1] < _HEAD_OF_PAGE:
                found.append(f"^{plain}")
        found.append(LINE_END)
    return found[:_MAX_TYPE_TOKENS]


def _letter_width(words: Sequence[Word]) -> float:
    widths = [(w.box[2] - w.box[0]) / max(len(w.text), 1) for w in words]
    return (median(widths) if widths else 0.0) or 1e-6


def _stretches(words: Sequence[Word], start: int, end: int, letter: float) -> list[tuple[int, int]]:
    """Return (first word, word after the last) of the parts of a line between wide gaps."""
    found, first = [], start
    for at in range(start + 1, end):
        if words[at].box[0] - words[at - 1].box[2] > _WIDE * letter:
            found.append((first, at))
            first = at
    found.append((first, end))
    return found


def _read_heading(words: Sequence[Word]) -> str:
    """Return a line of a few capitalised words without digits in small letters, "" if it is none."""
    text = " ".join(word.text for word in words)
    if len(words) > _MAX_HEADING or any(char.isdigit() for char in text) or "," in text:
        return ""
    plain = re.sub(r"[^a-z ]+", "", text.lower()).strip()
    is_capital = all(word.text[:1].isupper() for word in words if len(word.text) > 3)
    return plain if len(plain) > 3 and is_capital else ""


def _name_place(word: Word, usual: float, *, begins: bool) -> str:
    """Return tenth of the page (the middle as one), size of the letters, and whether a stretch begins."""
    tenth = min(int(word.box[1] * 10), 9)
    zone = tenth if tenth < 4 else 4 if tenth < 9 else 9
    size = int((word.box[3] - word.box[1]) > _BIG * usual)
    return f"B={int(begins)}|S={size}|Z={zone}"


def _ends(words: Sequence[Word]) -> tuple[str, str]:
    if len(words) > _MAX_ABOVE:
        return ("", "")
    plain = [p for w in words if (p := re.sub(r"[^a-z0-9#]+", "", re.sub(r"\d", "0", w.text.lower())))]
    return (plain[0], plain[-1]) if plain else ("", "")


def _find_above(
    word: Word, first: Word, rows: Sequence[Sequence[_Stretch]], letter: float
) -> tuple[str, str]:
    """Return the ends of the nearest stretch above a word, or above the beginning of its own stretch."""
    for row in reversed(rows[-_ROWS_ABOVE:]):
        for place in (word.box[0], first.box[0]):
            for stretch in row:
                if stretch.left - 2 * letter <= place <= stretch.right:
                    return stretch.above
    return ("", "")
