"""The words of labels in canonical form: whose they name, what they announce, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable

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
    OTHER_EVENTS,
    OTHER_NUMBERS,
    SERVICE_EVENTS,
    SMALL_WORDS,
    STOPS,
    SYNONYMS,
)

Words = tuple[str, ...]

JOIN = "+"
"""What "/", "&", "," and "-" between words of a label become."""

CANONICAL = {other: word for word, others in SYNONYMS.items() for other in others} | {
    word: word for word in SYNONYMS
}


def _phrases(raw: Iterable[str]) -> dict[Words, str]:
    """Return phrases in canonical words."""
    kept = {}
    for phrase in raw:
        words = tuple(CANONICAL.get(w, w) for w in phrase.split() if w not in SMALL_WORDS)
        if words:
            kept[words] = phrase
    return kept


OWNERS: dict[Words, Owner] = {
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
MODIFIERS = {CANONICAL.get(word, word) for word in PROVIDER_MODIFIERS}
SERVICE_DAYS = {CANONICAL.get(word, word) for word in SERVICE_EVENTS}
OTHER_DAYS = {CANONICAL.get(word, word) for word in OTHER_EVENTS}
EVENTS = frozenset(SERVICE_DAYS | OTHER_DAYS)
"""Canonical words of what happens on a day."""
NUMBER_WORDS = {CANONICAL.get(word, word) for word in OTHER_NUMBERS}
STOP_WORDS = {CANONICAL.get(word, word) for word in STOPS}
OUTSIDE = {"PREVIOUS", "OUTSIDE", "THEIR", "OTHER", "EXTERNAL", "SENDING", "REFERRING", "ALTERNATE", "HOME"}
CHARTS = {"RECORD", "CHART", "FILE", "REGISTRATION", "REGISTER", "HISTORY"}
"""What a house keeps of its patients, by numbers."""
HOUSES = {
    "HOSPITAL", "CLINIC", "INSTITUTE", "INSTITUTION", "UNIT", "PATIENT", "MEDICAL", "HEALTH", "CENTER",
    "RESIDENT", "FACILITY", "PRACTICE", "SITE",
}  # fmt: skip
SECTION_WORDS = {"INFORMATION", "INFO", "DATA", "DETAILS", "DEMOGRAPHICS", "SECTION", "PROFILE"}

ATTRIBUTES: dict[Words, Attribute] = {
    tuple(phrase.split()): attribute for attribute, phrases in ATTRIBUTE_PHRASES.items() for phrase in phrases
}
