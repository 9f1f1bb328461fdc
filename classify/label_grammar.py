"""From the words of a label to what it announces: owner and attributes.

``interpret_label`` takes canonical words as ``fold_label`` gives them, so "Pt. Med Rec #", "Patient's
Medical Record No." and "PATlENT MEDICAL REC0RD NUMBER" are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from classify.given_names import GIVEN_NAMES
from classify.label_kinds import Attribute, Owner
from classify.label_owners import (
    FACILITY_OWNERS,
    OTHER_OWNERS,
    PATIENT_OWNERS,
    PROVIDER_MODIFIERS,
    PROVIDER_OWNERS,
    RELATIVE_OWNERS,
)
from classify.label_words import (
    ATTRIBUTE_PHRASES,
    ENCOUNTER_NUMBERS,
    LAST_FIRST_PHRASES,
    NUMBERS_BY_THEMSELVES,
    OTHER_EVENTS,
    OTHER_NUMBERS,
    SERVICE_EVENTS,
    SMALL_WORDS,
    STOPS,
    SYNONYMS,
)
from classify.word_lists import split_words

Words = tuple[str, ...]

JOIN = "+"
"""What "/", "&", "," and "-" between words of a label become."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a label announces."""

    owner: Owner | None
    """None where it does not say: "DOB" of whoever is spoken of."""
    attributes: tuple[Attribute, ...]
    """Several for "Age/Sex"."""
    is_bare_owner: bool = False
    """Only the owner is named, so a name is meant: "Guarantor"."""
    last_first: bool = False
    """It says that the last name comes first."""


_CANONICAL = {other: word for word, others in SYNONYMS.items() for other in others} | {
    word: word for word in SYNONYMS
}


def _phrases(raw: Iterable[str]) -> dict[Words, str]:
    """Return phrases in canonical words."""
    kept = {}
    for phrase in raw:
        words = tuple(_CANONICAL.get(w, w) for w in phrase.split() if w not in SMALL_WORDS)
        if words:
            kept[words] = phrase
    return kept


_OWNERS: dict[Words, Owner] = {
    **dict.fromkeys(_phrases(OTHER_OWNERS), Owner.OTHER),
    **dict.fromkeys(_phrases(FACILITY_OWNERS), Owner.FACILITY),
    **dict.fromkeys(_phrases(PROVIDER_OWNERS), Owner.PROVIDER),
    **dict.fromkeys(_phrases(RELATIVE_OWNERS), Owner.RELATIVE),
    **dict.fromkeys(_phrases(PATIENT_OWNERS), Owner.PATIENT),
    ("MOTHER",): Owner.MOTHER,
    ("MOTHER", "PARENT"): Owner.MOTHER,
    ("NEWBORN",): Owner.NEWBORN,
    ("PATIENT", "RESIDENT"): Owner.PATIENT,
}
_MODIFIERS = {_CANONICAL.get(word, word) for word in PROVIDER_MODIFIERS}
_SERVICE = {_CANONICAL.get(word, word) for word in SERVICE_EVENTS}
_OTHER = {_CANONICAL.get(word, word) for word in OTHER_EVENTS}
EVENTS = frozenset(_SERVICE | _OTHER)
"""Canonical words of what happens on a day."""
_NUMBERS = {_CANONICAL.get(word, word) for word in OTHER_NUMBERS}
_STOPS = {_CANONICAL.get(word, word) for word in STOPS}
_OUTSIDE = {"PREVIOUS", "OUTSIDE", "THEIR", "OTHER", "EXTERNAL", "SENDING", "REFERRING", "ALTERNATE", "HOME"}
_CHARTS = {"RECORD", "CHART", "FILE", "REGISTRATION", "REGISTER", "HISTORY"}
"""What a house keeps of its patients, by numbers."""
_HOUSES = {
    "HOSPITAL", "CLINIC", "INSTITUTE", "INSTITUTION", "UNIT", "PATIENT", "MEDICAL", "HEALTH", "CENTER",
    "RESIDENT", "FACILITY", "PRACTICE", "SITE",
}  # fmt: skip
_SECTION_WORDS = {"INFORMATION", "INFO", "DATA", "DETAILS", "DEMOGRAPHICS", "SECTION", "PROFILE"}

_A = Attribute
_ATTRIBUTES: dict[Words, Attribute] = {
    tuple(phrase.split()): attribute for attribute, phrases in ATTRIBUTE_PHRASES.items() for phrase in phrases
}
_PATIENT_NUMBERS = {("ID",), ("NO",), ("ID", "NO"), ("NO", "ID")}
_LAST_FIRST = {tuple(phrase.split()) for phrase in LAST_FIRST_PHRASES}


def _known_words() -> set[str]:
    words = set(_CANONICAL) | SMALL_WORDS | _MODIFIERS | _SERVICE | _OTHER | _NUMBERS | _STOPS
    words |= _OUTSIDE | _SECTION_WORDS | ENCOUNTER_NUMBERS | _CHARTS | _HOUSES
    for table in (_OWNERS, _ATTRIBUTES):
        for phrase in table:
            words.update(phrase)
    return words


_NUMBER_SIGN = re.compile(r"\b[Nn]\.?\s?[º°]")
"""How a number is announced in other languages: "N.º de historia", "N° de dossier"."""
_OF_PATIENTS = (_A.BIRTH_DATE, _A.SEX, _A.AGE, _A.SSN)
"""What forms ask of patients and their families alone."""
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
        return _CANONICAL.get(raw, raw), True
    if (
        len(raw) < 3
        or raw in _NEAR_WORDS
        or raw in GIVEN_NAMES
        or sum(char.isalpha() for char in raw) * 2 <= len(raw)
    ):
        return None
    alike = _BY_SKELETON.get(_skeleton(raw))
    if alike:
        return _CANONICAL.get(alike, alike), False
    if len(raw) < 5:
        return None
    found = extractOne(
        raw, _LONG_WORDS, scorer=OSA.distance, score_cutoff=2 if len(raw) >= _TWICE else 1, processor=None
    )
    if found is None or (raw[0] != found[0][0] and raw[1:2] != found[0][1:2]):
        return None
    if found[0] == "PARENT" and OSA.distance(raw, "PATIENT", score_cutoff=_LIKE_PATIENT) <= _LIKE_PATIENT:
        return "PATIENT", False  # "Patent", "Pabent": far more forms ask for patients
    return _CANONICAL.get(found[0], found[0]), False


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
            parts = tuple(_CANONICAL.get(part, part) for part in glued)
        else:
            return None
        for part in parts:
            if part == "AND":
                words.append(JOIN)
            elif part not in SMALL_WORDS:
                words.append(part)
    return tuple(words), exact


@lru_cache(maxsize=65536)
def interpret_label(words: Words) -> Label | None:
    """Return what a phrase of canonical words announces; None where it is no label."""
    while words and words[-1] == JOIN:  # "Date/Time:" without its second part
        words = words[:-1]
    plain = tuple(word for word in _merge_letters(words) if word != JOIN)
    if not plain:
        return None
    if found := _interpret_plain(plain):
        return found
    if len(plain) > 1 and plain[-1] == "NO" and (found := _interpret_plain(plain[:-1])):
        return found  # a number sign for a colon: "Birth Dt# 3/12/50", "Chart Number# 123"
    return _interpret_compound(words)


def _merge_letters(words: Words) -> Words:
    """Join letters that stand alone, as in "D. O. B."."""
    merged: list[str] = []
    for word in words:
        if len(word) == 1 and word.isalpha() and merged and merged[-1] in {"D", "DO", "M", "MR", "S", "SS"}:
            merged[-1] += word
        else:
            merged.append(word)
    return tuple(_CANONICAL.get(word, word) for word in merged)


def _interpret_plain(words: Words) -> Label | None:
    if words in _LAST_FIRST:
        return Label(None, (_A.NAME,), last_first=True)
    attribute = _attribute_of(words)
    people = (Owner.RELATIVE, Owner.MOTHER, Owner.PROVIDER)
    if attribute and not (attribute is _A.STOP and _owner_of(words) in people):
        return Label(None, (attribute,))
    for length in range(min(len(words), 5), 0, -1):
        owner = _owner_of(words[:length])
        if owner is not None and (label := _with_owner(owner, words[length:], words[:length])):
            return label
    for length in range(min(len(words) - 1, 5), 0, -1):  # "Name of patient"
        owner = _owner_of(words[-length:])
        said = _attribute_of(words[:-length])
        if owner in (Owner.PROVIDER, Owner.FACILITY) and said in _OF_PATIENTS:
            return Label(None, (said,))  # "Birth Dr", which is "Birth Dt" misread
        if owner is not None and said and said not in (_A.RE, _A.OTHER_DATE, _A.SERVICE_DATE):
            return Label(owner, (said,))
    return None


def _with_owner(owner: Owner, rest: Words, said: Words) -> Label | None:
    """Return the label of an owner followed by what is said of them."""
    if not rest:
        return Label(owner, (_A.NAME,), is_bare_owner=True)
    if all(word in _SECTION_WORDS for word in rest):
        return Label(owner, (_A.SECTION,))
    if rest in _LAST_FIRST:
        return Label(owner, (_A.NAME,), last_first=True)
    if owner is Owner.PATIENT and rest in _PATIENT_NUMBERS:
        return Label(owner, (_A.OTHER_NUMBER if said[0] in ("MEMBER", "ENROLLEE") else _A.MRN,))
    if rest[0] == "SIGNATURE" or rest[-1] == "SIGNATURE":
        return Label(owner, (_A.STOP,))
    attribute = _attribute_of(rest)
    if attribute is _A.RE:
        return None
    if attribute in _OF_PATIENTS and owner in (Owner.PROVIDER, Owner.FACILITY):
        return Label(None, (attribute,))
    return Label(owner, (attribute,)) if attribute else None


def _interpret_compound(words: Words) -> Label | None:
    """Return a label of several attributes joined by "/" or "&": all must be labels themselves."""
    parts: list[Words] = [()]
    for word in words:
        if word == JOIN:
            parts.append(())
        else:
            parts[-1] = (*parts[-1], word)
    parts = [part for part in parts if part]
    labels = [_interpret_plain(part) for part in parts]
    found = [label for label in labels if label is not None]
    if len(parts) < 2 or len(found) < len(parts):
        return None
    if found[0].owner is Owner.PATIENT:  # "Patient name / ID"
        found = [
            Label(Owner.PATIENT, (_A.MRN,)) if part in _PATIENT_NUMBERS else label
            for part, label in zip(parts, found, strict=True)
        ]
    return Label(found[0].owner, tuple(a for label in found for a in label.attributes))


def _owner_of(words: Words) -> Owner | None:
    if words in _OWNERS:
        return _OWNERS[words]
    if words[-1] in {"PHYSICIAN", "SURGEON"} and all(word in _MODIFIERS for word in words[:-1]):
        return Owner.PROVIDER
    if len(words) > 1 and words[0] in {"PRIMARY", "SECONDARY", "PATIENT", "OTHER", "ALTERNATE", "INSURANCE"}:
        inner = _OWNERS.get(words[1:])
        return inner if inner in (Owner.RELATIVE, Owner.MOTHER, Owner.PROVIDER, Owner.OTHER) else None
    if (
        len(words) == 2
        and _OWNERS.get(words[:1]) is Owner.MOTHER
        and words[1] in {"FATHER", "PARENT", "GUARDIAN"}
    ):
        return Owner.MOTHER
    return None


def _attribute_of(words: Words) -> Attribute | None:
    if words in _ATTRIBUTES:
        return _ATTRIBUTES[words]
    if len(words) > 1 and words[0] in _OUTSIDE and _ATTRIBUTES.get(words[1:]) is _A.MRN:
        return _A.OTHER_NUMBER
    if len(words) > 1 and words[0] in _HOUSES and _ATTRIBUTES.get(words[1:]) is _A.MRN:
        return _A.MRN  # "Facility MRN", "Center MR#"
    if _is_of_chart(words):
        return _A.MRN
    if words[-1] in {"NO", "ID"} and len(words) > 1:
        return _number_of(words[:-1])
    if words[0] == "NO" and len(words) == 2 and words[1] in {"EPISODIO", "SEJOUR", "POLICY"}:
        return _number_of(words[1:])
    if len(words) == 1 and words[0] in NUMBERS_BY_THEMSELVES:
        return _A.ENCOUNTER if words[0] in ENCOUNTER_NUMBERS else _A.OTHER_NUMBER
    if words in {("ACCOUNT",), ("GROUP",), ("POLICY",), ("CLAIM",), ("AUTHORIZATION",), ("FAX",)}:
        return _A.ENCOUNTER if words == ("ACCOUNT",) else _A.OTHER_NUMBER
    return _date_of(words) or (_A.STOP if all(word in _STOPS for word in words) else None)


def _is_of_chart(words: Words) -> bool:
    """Say whether a phrase announces the number of a house's chart: "Clinic file no", "Hospital record"."""
    plain = [word for word in words if word not in {"NO", "ID"}]
    if len(plain) < 2 or plain[-1] not in _CHARTS or not all(word in _HOUSES for word in plain[:-1]):
        return False
    return len(plain) < len(words) or plain[-1] == "RECORD"


def _number_of(subject: Words) -> Attribute | None:
    rest = tuple(word for word in subject if word not in {"NO", "ID", "PATIENT", "HOSPITAL"})
    if rest and all(word in ENCOUNTER_NUMBERS for word in rest):
        return _A.ENCOUNTER
    if rest and all(word in _NUMBERS or word in ENCOUNTER_NUMBERS or word in _STOPS for word in rest):
        return _A.OTHER_NUMBER
    return None


def _date_of(words: Words) -> Attribute | None:
    """Return which date a phrase of event words, with or without "date", announces."""
    events = [word for word in words if word != "DATE"]
    if not events or len(events) > 3 or not all(word in _SERVICE or word in _OTHER for word in events):
        return None
    has_date = len(events) < len(words)
    if not has_date and all(word in _STOPS or word in _OWNER_WORDS for word in events):
        return _A.STOP
    if events == ["DISCHARGE"]:
        return _A.DISCHARGE_DATE
    if events == ["ADMISSION"]:
        return _A.ADMISSION_DATE
    return _A.OTHER_DATE if any(word in _OTHER for word in events) else _A.SERVICE_DATE


_OWNER_WORDS = {phrase[0] for phrase in _OWNERS if len(phrase) == 1}
