"""From the text of a label to canonical words, damaged ones recognised.

"Pt. Med Rec #", "Patient's Medical Record No." and "PATlENT MEDICAL REC0RD NUMBER" become the same words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from classify.given_names import GIVEN_NAMES
from classify.label_tables import (
    ATTRIBUTES,
    CANONICAL,
    CHARTS,
    HOUSES,
    JOIN,
    MODIFIERS,
    NUMBER_WORDS,
    OTHER_DAYS,
    OUTSIDE,
    OWNERS,
    SECTION_WORDS,
    SERVICE_DAYS,
    STOP_WORDS,
    Words,
)
from classify.label_words import ENCOUNTER_NUMBERS, SMALL_WORDS
from classify.word_lists import split_words


def _known_words() -> set[str]:
    words = set(CANONICAL) | SMALL_WORDS | MODIFIERS | SERVICE_DAYS | OTHER_DAYS | NUMBER_WORDS | STOP_WORDS
    words |= OUTSIDE | SECTION_WORDS | ENCOUNTER_NUMBERS | CHARTS | HOUSES
    for table in (OWNERS, ATTRIBUTES):
        for phrase in table:
            words.update(phrase)
    return words


_NUMBER_SIGN = re.compile(r"\b[Nn]\.?\s?[º°]")
"""How a number is announced in other languages: "N.º de historia", "N° de dossier"."""
_LETTERS = frozenset("DOBMRS")
"""Letters that stand for words when parted by full stops and spaces: "D. O. B."."""
_WORDS = _known_words() | _LETTERS
_LONG_WORDS = sorted(word for word in _WORDS if len(word) >= 5)
_LIKE_PATIENT = 2
_SKELETON = str.maketrans("0QD1L|!5826", "OOOIIIISBZG")
_NEAR_WORDS = split_words(
    """
    NOTED DOING WEIGH HEARD PARTS PLANS TESTS SLEEP STATES BRITH TREATED FINALLY DIRECT REASONS LATER
    WHICH WHITE OTHERS ANOTHER BOTHER RATHER GATHER LEATHER MODERATE PLACE PLANE STAGED CHEST COAST
    STILL PLANT STARE STATION ALLERGIC SHOWS SHONE PHASE SENSE COVER OLDER LOWER UPPER POWER ACTING
    WAITING RESTING RATING MDM IMP QID
    """
)
"""English words, and short forms of clinical notes, one letter from a word of a label."""


def _skeleton(word: str) -> str:
    """Return a word with the letters that OCR confuses made one."""
    return word.replace("RN", "M").replace("VV", "W").translate(_SKELETON)


_PARTS = sorted(
    (word for word in _WORDS if len(word) >= 3 or word in {"OF", "NO", "ID"}), key=len, reverse=True
)
_TWICE = 8
"""Letters of the shortest word that may be damaged by two letters: "Boepital"."""
_MIN_GLUED = 7
"""Letters of the shortest word that may be several glued ones: "MRNumber", "DateofBirth"."""


@lru_cache(maxsize=65536)
def part_glued(raw: str) -> Words | None:
    """Return the words of labels that a word is glued from, None where it is not."""
    if not raw:
        return ()
    for part in _PARTS:
        if raw.startswith(part) and (rest := part_glued(raw[len(part) :])) is not None:
            return (part, *rest)
    return None


_BY_SKELETON = {_skeleton(word): word for word in sorted(_WORDS) if len(word) >= 3 and word.isalpha()}


@lru_cache(maxsize=65536)
def recognise_word(raw: str) -> tuple[str, bool] | None:
    """Return the canonical word that a word (capitals, no punctuation) stands for, and if it is exact.

    None where it is no word of a label. A word may be damaged by one letter (two from eight letters on),
    or by any letters that OCR confuses, unless it is a given name: James is no "names", Carrie no "carrier".
    """
    if raw in _WORDS:
        return CANONICAL.get(raw, raw), True
    if (
        len(raw) < 3
        or raw in _NEAR_WORDS
        or raw in GIVEN_NAMES
        or sum(char.isalpha() for char in raw) * 2 <= len(raw)
    ):
        return None
    alike = _BY_SKELETON.get(_skeleton(raw))
    if alike:
        return CANONICAL.get(alike, alike), False
    if len(raw) < 5:
        return None
    found = extractOne(
        raw, _LONG_WORDS, scorer=OSA.distance, score_cutoff=2 if len(raw) >= _TWICE else 1, processor=None
    )
    if found is None or (raw[0] != found[0][0] and raw[1:2] != found[0][1:2]):
        return None
    if found[0] == "PARENT" and OSA.distance(raw, "PATIENT", score_cutoff=_LIKE_PATIENT) <= _LIKE_PATIENT:
        return "PATIENT", False  # "Patent", "Pabent": far more forms ask for patients
    return CANONICAL.get(found[0], found[0]), False


def _strip_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def fold_label(text: str) -> tuple[Words, bool] | None:
    """Return the canonical words of a piece of text, ``JOIN`` between joined ones, and if all are exact.

    None where it holds a word that no label has.
    """
    plain = unicodedata.normalize("NFKC", _NUMBER_SIGN.sub("#", text) if _NUMBER_SIGN.search(text) else text)
    plain = _strip_accents(plain).upper()
    plain = re.sub(r"['’‘`´]", "", plain)
    plain = re.sub(
        r"(?<![A-Z])(D/C|D/O/B|M/R|S/S|A/S|B/D|O/P)(?![A-Z])", lambda m: m[0].replace("/", ""), plain
    )
    plain = re.sub(r"(?<![A-Z])(?:[A-Z]\.){2,}[A-Z]?(?![A-Z])", lambda m: m[0].replace(".", ""), plain)
    plain = re.sub(r"(?<![A-Z0-9])N[0Q](?![A-Z0-9])", "NO", plain.replace("#", " NO "))
    words: list[str] = []
    exact = True
    for token in re.findall(r"[A-Z0-9|!]+|[/&,+\-–—]", plain):
        if not token[0].isalnum() and token[0] not in "|!":
            if words and words[-1] != JOIN:
                words.append(JOIN)
            continue
        found = recognise_word(token)
        if found is not None:
            parts: Words = (found[0],)
            exact = exact and found[1]
        elif len(token) >= _MIN_GLUED and (glued := part_glued(token)):
            parts = tuple(CANONICAL.get(part, part) for part in glued)
        else:
            return None
        for part in parts:
            if part == "AND":
                words.append(JOIN)
            elif part not in SMALL_WORDS:
                words.append(part)
    return tuple(words), exact
