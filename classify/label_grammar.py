"""From the words of a label to what it announces: owner and attributes.

``interpret_label`` takes canonical words as ``label_folding.fold_label`` gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from classify.label_kinds import Attribute, Owner
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
from classify.label_words import ENCOUNTER_NUMBERS, LAST_FIRST_PHRASES, NUMBERS_BY_THEMSELVES

_A = Attribute
_PATIENT_NUMBERS = {("ID",), ("NO",), ("ID", "NO"), ("NO", "ID")}
_LAST_FIRST = {tuple(phrase.split()) for phrase in LAST_FIRST_PHRASES}
_OF_PATIENTS = (_A.BIRTH_DATE, _A.SEX, _A.AGE, _A.SSN)
"""What forms ask of patients and their families alone."""


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
    return tuple(CANONICAL.get(word, word) for word in merged)


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
    if all(word in SECTION_WORDS for word in rest):
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
    if words in OWNERS:
        return OWNERS[words]
    if words[-1] in {"PHYSICIAN", "SURGEON"} and all(word in MODIFIERS for word in words[:-1]):
        return Owner.PROVIDER
    if len(words) > 1 and words[0] in {"PRIMARY", "SECONDARY", "PATIENT", "OTHER", "ALTERNATE", "INSURANCE"}:
        inner = OWNERS.get(words[1:])
        return inner if inner in (Owner.RELATIVE, Owner.MOTHER, Owner.PROVIDER, Owner.OTHER) else None
    if (
        len(words) == 2
        and OWNERS.get(words[:1]) is Owner.MOTHER
        and words[1] in {"FATHER", "PARENT", "GUARDIAN"}
    ):
        return Owner.MOTHER
    return None


def _attribute_of(words: Words) -> Attribute | None:
    if words in ATTRIBUTES:
        return ATTRIBUTES[words]
    if len(words) > 1 and words[0] in OUTSIDE and ATTRIBUTES.get(words[1:]) is _A.MRN:
        return _A.OTHER_NUMBER
    if len(words) > 1 and words[0] in HOUSES and ATTRIBUTES.get(words[1:]) is _A.MRN:
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
    return _date_of(words) or (_A.STOP if all(word in STOP_WORDS for word in words) else None)


def _is_of_chart(words: Words) -> bool:
    """Say whether a phrase announces the number of a house's chart: "Clinic file no", "Hospital record"."""
    plain = [word for word in words if word not in {"NO", "ID"}]
    if len(plain) < 2 or plain[-1] not in CHARTS or not all(word in HOUSES for word in plain[:-1]):
        return False
    return len(plain) < len(words) or plain[-1] == "RECORD"


def _number_of(subject: Words) -> Attribute | None:
    rest = tuple(word for word in subject if word not in {"NO", "ID", "PATIENT", "HOSPITAL"})
    if rest and all(word in ENCOUNTER_NUMBERS for word in rest):
        return _A.ENCOUNTER
    if rest and all(word in NUMBER_WORDS or word in ENCOUNTER_NUMBERS or word in STOP_WORDS for word in rest):
        return _A.OTHER_NUMBER
    return None


def _date_of(words: Words) -> Attribute | None:
    """Return which date a phrase of event words, with or without "date", announces."""
    events = [word for word in words if word != "DATE"]
    if (
        not events
        or len(events) > 3
        or not all(word in SERVICE_DAYS or word in OTHER_DAYS for word in events)
    ):
        return None
    has_date = len(events) < len(words)
    if not has_date and all(word in STOP_WORDS or word in _OWNER_WORDS for word in events):
        return _A.STOP
    if events == ["DISCHARGE"]:
        return _A.DISCHARGE_DATE
    if events == ["ADMISSION"]:
        return _A.ADMISSION_DATE
    return _A.OTHER_DATE if any(word in OTHER_DAYS for word in events) else _A.SERVICE_DATE


_OWNER_WORDS = {phrase[0] for phrase in OWNERS if len(phrase) == 1}
