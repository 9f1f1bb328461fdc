"""Taking names of people from a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from backfile.domain.names import fold_name, normalize_suffix, parse_name
from backfile.domain.patient import PersonName
from classify.addresses import STATES, is_city_and_state
from classify.given_names import GIVEN_NAMES
from classify.label_folding import recognise_word
from classify.layout import PageLayout, Piece
from classify.not_names import (
    DEGREES,
    DOUBTFUL_DEGREES,
    NOT_NAMES,
    PARTICLES,
    PROVIDER_TITLES,
    TITLES,
)

_MAX_WORDS = 6
WIDEST_SPACE = 3.4
"""Widest space, in letters, inside a name."""
_AFTER_COMMA = 7.0
"""Widest space after the comma of "Last,   First"."""
_GLUED = re.compile(r"(?P<last>[A-Z][^\W\d_][\w'’-]*)\.(?P<first>[A-Z][^\W\d_][\w'’-]*)")
"""Last and first name of which the comma was read as a full stop, without a space."""
_DIGIT_LETTERS = str.maketrans("0158", "OISB")
_DIGIT_SMALL_LETTERS = str.maketrans("015", "ols")
_TORN = 1.2
"""Widest space, in letters, between the capital of a name and the rest of it."""
_BEGIN_LAST_NAMES = PARTICLES - {"D", "O", "E", "Y", "VAN", "LE", "DA", "LA", "LAS", "LOS"}
_TRIM = '()[]{}"“”:;*~^<>=|'


@dataclass(frozen=True, slots=True)
class FoundName:
    """A person's name at its place."""

    start: int
    """First piece."""
    end: int
    """Piece after the last, degrees left out."""
    name: PersonName
    has_comma: bool
    """Written "Last, First"."""
    is_provider: bool
    """A title or degree of somebody who treats stands with it."""
    quality: float = 1.0


def take_name(
    layout: PageLayout, at: int, limit: int, *, last_first: bool = False, min_words: int = 2
) -> FoundName | None:
    """Take the name that begins at a position.

    Args:
        layout: The page.
        at: First piece that may belong to it.
        limit: Piece before which it must end.
        last_first: The label says that the last name comes first, so no comma is needed.
        min_words: 2 for a whole name, 1 for a part of one: "Dr. Smith", the value of "MI:".
    """
    pieces = layout.pieces
    while at < limit and not any(char.isalnum() for char in pieces[at].text):
        at += 1
    titled = False
    while at < limit and (title := plain_word(pieces[at].text)) in TITLES | PROVIDER_TITLES:
        titled = titled or title in PROVIDER_TITLES
        at += 1
    end = at
    quality = 1.0
    words: list[str] = []
    while end < limit and len(words) < _MAX_WORDS:
        piece = pieces[end]
        if end > at and piece.gap > (_AFTER_COMMA if words[-1].endswith(",") else WIDEST_SPACE):
            break
        if not words and re.search(r"\w:$", piece.text):
            break  # "Action: OK": a label, if one that nobody knows
        word = _name_word(piece.text)
        if len(words) == 1 and piece.text.endswith(",") and _is_plain_degree(piece.text):
            # "Doe MD, Jane": the degree stands with the last name.
            words[0], titled, end = f"{words[0].rstrip(',')},", True, end + 1
            continue
        if not words and (glued := _GLUED.fullmatch(piece.text.strip(_TRIM + ","))) and _are_names(glued):
            words, end = [f"{glued['last']},", glued["first"]], end + 1  # "CANTRELL.CHARLENE"
            continue
        if word is None and len(words) > 1 and _ends_as_fourth(layout, end):
            word = piece.text.strip(_TRIM)
        is_first = len(words) == 1 or (len(words) > 1 and words[-2].endswith((",", ".")))
        if word is None and is_first and _is_torn_off(words[-1], piece):
            words[-1], end = words[-1] + piece.text.strip(_TRIM), end + 1  # "W illiam"
            continue
        if words and piece.text.startswith("(") and not _is_nickname(layout, end, limit):
            break  # "THIBODEAUX, MARIE-CLAIRE (Mrs. Armand)"
        if words and piece.text.startswith("("):
            end += 1
            continue
        if word is None or (words and _is_degree(word, after=words)):
            break
        if any(char.isdigit() for char in word):
            if not words and len(word) < 4:
                break
            word, quality = _spell_digits(word), 0.6
        words.append(word)
        end += 1
        if re.search(r"[);]$", piece.text):
            break
    return _make_name(layout, at, end, limit, words, titled, quality, last_first, min_words)


def _ends_as_fourth(layout: PageLayout, at: int) -> bool:
    """Say whether IV ends a cell: else it is how a drug is given."""
    is_last = at + 1 == layout.line_of(at)[1] or layout.pieces[at + 1].starts_cell
    return is_last and layout.pieces[at].text.strip(_TRIM) == "IV"


def _is_nickname(layout: PageLayout, at: int, limit: int) -> bool:
    """Say whether a word in brackets stands inside a name: "Robert (Bob) Smith"."""
    if not layout.pieces[at].text.endswith(")") or at + 1 >= limit:
        return False
    after = layout.pieces[at + 1]
    return after.gap <= WIDEST_SPACE and after.text[:1].isupper() and _name_word(after.text) is not None


def _make_name(
    layout: PageLayout, at: int, end: int, limit: int, words: list[str], titled: bool, quality: float,
    last_first: bool, min_words: int,
) -> FoundName | None:  # fmt: skip
    has_first = any("," in word for word in words[:-1])  # "QUACH, MINH VAN": a middle name
    open_ends = frozenset() if has_first else PARTICLES - {"D", "O", "E", "Y"}
    while words and (plain_word(words[-1]) in open_ends or words[-1] in {"-", "&"}):
        words, end = words[:-1], end - 1
    half = len(words) // 2
    if half > 1 and list(map(plain_word, words[:half])) == list(map(plain_word, words[half:])):
        words = words[:half]  # a label printed twice side by side, or read twice
    text = " ".join(words).strip(" ,")
    if words and not any("," in word for word in words[:-1]) and "," not in text:
        text = _restore_comma(words, last_first)
    if words and words[-1].endswith(",") and not any("," in word for word in words[:-1]) and _is_half(words):
        return None
    name = parse_name(text)
    if name is None or not name.last or _is_city(layout, end, limit, words):
        return None
    if min_words > 1 and (not _is_whole(name) or all(map(_is_of_label, words))):
        return None
    return FoundName(at, end, name, "," in text, titled or _has_degree(layout, end, limit, words), quality)


def _is_city(layout: PageLayout, end: int, limit: int, words: list[str]) -> bool:
    """Say whether "Lubbock, TX" was read: a state's code before a ZIP code, or alone in capitals."""
    if is_city_and_state(" ".join(words)):
        return True
    if len(words) < 2 or not words[-2].endswith((",", ".")) or words[-1].strip(",.") not in STATES:
        return False
    has_zip = end < limit and bool(re.match(r"\d{5}", layout.pieces[end].text))
    return has_zip or not words[0].isupper()


def _is_half(words: list[str]) -> bool:
    """Say whether only a last name of several words stands before a comma: "Van Houten,"."""
    return len(words) > 1 and plain_word(words[0]) in PARTICLES


def _is_of_label(word: str) -> bool:
    """Say whether a word is one of "Last, First, Middle", be it damaged by a letter."""
    return any(
        OSA.distance(plain_word(word), part, score_cutoff=1) <= 1 for part in ("LAST", "FIRST", "MIDDLE")
    )


def _is_whole(name: PersonName) -> bool:
    """Say whether it has a last name and at least the initial of a first name."""
    return bool(name.first) and len(fold_name(name.last)) > 1


def _restore_comma(words: list[str], last_first: bool) -> str:
    """Put the comma after the last name where a full stop stands for it, or the label implies it."""
    if capitals := _find_capitals(words):
        start, end = capitals
        return f"{' '.join(words[start:end])}, {' '.join(words[:start] + words[end:])}"
    first = words[0]
    is_initial = len(first.rstrip(".")) < 3
    if len(words) > 2 and not is_initial and _is_initial(words[-1]) and not _find_particle(words):
        # Nobody's last name is a letter: "Smith John A", "Cervantes Marquez Vicente J".
        head = len(words) - 2 if last_first else 1
        return f"{' '.join(words[:head])}, {' '.join(words[head:])}"
    if stop := _find_stop(words):
        return f"{' '.join(words[:stop])[:-1]}, {' '.join(words[stop:])}"
    if last_first and len(words) > 1 and first.isupper() and not _starts_with_given_name(words):
        head = 1
        while head < len(words) - 1 and plain_word(words[head - 1]) in PARTICLES:
            head += 1
        if normalize_suffix(words[head]) and head + 1 < len(words):
            head += 1
        return f"{' '.join(words[:head])}, {' '.join(words[head:])}"
    head = _find_particle(words)
    if head:
        return f"{' '.join(words[head:])}, {' '.join(words[:head])}"
    initials = [at for at in range(1, len(words) - 2) if len(plain_word(words[at])) == 1]
    if len(initials) == 1 and not normalize_suffix(words[-1]) and not words[-1].endswith("."):
        # Behind the initial of the middle name stands the last name, be it of two words.
        head = initials[0] + 1
        return f"{' '.join(words[head:])}, {' '.join(words[:head])}"
    return " ".join(words)


def _find_stop(words: list[str]) -> int:
    """Return the word before which a full stop stands for a comma; 0 where none: "VAN DER BERG. ZOLTAN"."""
    for at, word in enumerate(words[:-1]):
        is_short = len(word.rstrip(".")) < 3 or normalize_suffix(word) or plain_word(word) in PARTICLES
        if word.endswith(".") and not is_short:
            return at + 1
    return 0


def _find_capitals(words: list[str]) -> tuple[int, int] | None:
    """Return which words are the last name: in capitals beside a given name that is not, "STEINER Alois"."""
    large = [len(word) > 2 and word.isupper() and not normalize_suffix(word) for word in words]
    small = [word[:1].isupper() and word[1:].islower() and not normalize_suffix(word) for word in words]
    if not any(large) or not any(small) or not all(a or b for a, b in zip(large, small, strict=True)):
        return None
    start, end = large.index(True), len(large) - large[::-1].index(True)
    return (start, end) if all(large[start:end]) and (start == 0 or end == len(words)) else None


def _is_initial(word: str) -> bool:
    """Say whether a word is a single capital, and no numeral of a junior."""
    return len(word.rstrip(".")) == 1 and word[0].isupper() and not normalize_suffix(word)


def _find_particle(words: list[str]) -> int:
    """Return where the particle stands with which a last name of several words begins: "Del Toro Ruiz"."""
    for at in range(1, len(words) - 2):
        if plain_word(words[at]) in _BEGIN_LAST_NAMES and not normalize_suffix(words[-1]):
            return at
    return 0


def _starts_with_given_name(words: list[str]) -> bool:
    """Say whether a name without a comma begins with the first name, whatever its label says."""
    if (
        len(words) > 2
        and len(plain_word(words[1])) == 1
        and all(len(plain_word(word)) > 1 for word in words[2:])
    ):
        return True  # an initial in the middle: "Deepa S Chopra"
    if "-" in words[-1] and "-" not in words[0] and not GIVEN_NAMES.issuperset(words[-1].upper().split("-")):
        return True  # "XOCHITL ALVAREZ-CISNEROS": last names have hyphens
    whole = [plain for word in words if len(plain := plain_word(word)) > 1]
    return len(whole) > 1 and whole[0] in GIVEN_NAMES and whole[-1] not in GIVEN_NAMES


@lru_cache(maxsize=65536)
def plain_word(word: str) -> str:
    """Return a word folded, without spaces."""
    return fold_name(word).replace(" ", "")


@lru_cache(maxsize=65536)
def _name_word(raw: str) -> str | None:
    """Return a word that can be part of a name, trimmed; None where it cannot."""
    word = raw.strip(_TRIM)
    letters = [char for char in word if char.isalpha()]
    digits = sum(char.isdigit() for char in word)
    if not letters or digits * 3 > len(letters) or (digits > 1 and not word.isupper()):
        return None
    if re.search(r"[/\\@%$&+_#!?<>=]", word) or re.search(r"\d\d", word):
        return None
    plain = plain_word(word)
    if any(_is_no_name(part) for part in [plain, *re.split(r"[,.]", word.upper())]):
        return None
    if letters[0].islower() and plain not in PARTICLES:
        return None
    return word


def _are_names(glued: re.Match[str]) -> bool:
    """Say whether a full stop stands for the comma between two names, not after a title or a degree."""
    parts = [plain_word(part) for part in glued.groups()]
    no_names = TITLES | PROVIDER_TITLES | DEGREES | STATES | {"ST", "MT", "FT"}
    are_labels = all((known := recognise_word(part)) and known[1] for part in parts)  # "Med.Rec"
    return not are_labels and not any(part in no_names or _is_no_name(part) for part in parts)


def is_name_word(raw: str) -> bool:
    """Say whether a word can be part of a name."""
    return _name_word(raw) is not None


def _spell_digits(word: str) -> str:
    """Return a word of a name with the letters for which digits were read: "W00DS", "E1mer"."""
    if word.isupper():
        return word.translate(_DIGIT_LETTERS)
    return word[:1].translate(_DIGIT_LETTERS) + word[1:].translate(_DIGIT_SMALL_LETTERS)


def _is_torn_off(before: str, piece: Piece) -> bool:
    """Say whether a piece is the rest of a word of which the capital stands apart."""
    text = piece.text.strip(_TRIM)
    is_capital = len(before) == 1 and before.isupper()
    return (
        is_capital and piece.gap <= _TORN and len(text) > 2 and text.rstrip(".,").islower() and text.isascii()
    )


def _is_no_name(part: str) -> bool:
    """Say whether a word, in capitals, cannot be a name; single letters may be initials."""
    if len(part) < 2 or part in PARTICLES:
        return False
    return part in NOT_NAMES or part.endswith(("OLOGY", "OLOGIST")) or part in {"LLC", "PLLC", "PC", "INC"}


def _is_plain_degree(word: str) -> bool:
    plain = plain_word(word.rstrip(","))
    return plain in DEGREES - DOUBTFUL_DEGREES or (plain in {"DO", "NP", "PA"} and word.rstrip(",").isupper())


def _is_degree(word: str, *, after: list[str]) -> bool:
    plain = plain_word(word.rstrip(","))
    if plain not in DEGREES:
        return False
    if plain not in DOUBTFUL_DEGREES:
        return True
    if "." in word and len(plain) > 1:  # "D.O."
        return True
    if not word.rstrip(",").isupper() or after[-1].rstrip(",").isupper():
        return False  # all in capitals, "NGUYEN, VAN DO" may be a name
    whole = len(after) > 1 or any("," in part[:-1] for part in after)
    return whole or (after[-1].endswith(",") and len(after) > 1)


def _has_degree(layout: PageLayout, end: int, limit: int, words: list[str]) -> bool:
    """Say whether a degree follows the name."""
    if end >= limit or layout.pieces[end].gap > WIDEST_SPACE:
        return False
    word = layout.pieces[end].text.strip(_TRIM).rstrip(",")
    plain = plain_word(word)
    if plain in STATES and end + 1 < limit and re.match(r"\d{5}", layout.pieces[end + 1].text):
        return False  # "Lowell MA 01851"
    if plain in DEGREES - DOUBTFUL_DEGREES:
        return word.isupper() or "." in word or plain in {"PHARMD", "PHD", "PSYD"}
    return plain in DOUBTFUL_DEGREES and word.isupper() and bool(words)
