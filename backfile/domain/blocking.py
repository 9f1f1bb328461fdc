"""Which patients are worth comparing: the keys under which the index keeps them.

Both patient indexes (the catalog's and the one in memory) are built on these functions, so they find
the same people. A key that is missed here is a patient that is never considered; a key too many only
costs a comparison.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from backfile.domain.names import fold_name
from backfile.domain.nicknames import are_forms_of_one_name, list_forms
from backfile.domain.normalize import normalize_number, normalize_zip
from backfile.domain.patient import Patient, PatientQuery, PersonName


class BlockKind(StrEnum):
    """What a key is made of."""

    NUMBER = "number"
    """Every number of the patient, at any facility."""
    BIRTH_DATE = "birth_date"
    BIRTH_INITIAL = "birth_initial"
    """Birth date with the first letter of the last name, and with that of the first name."""
    FULL_NAME = "full_name"
    """Last and first name as spelled, of records that are not merged away: the one that is counted."""
    SOUND = "sound"
    """Last and first name as they sound (American Soundex)."""
    PHONE = "phone"
    SSN_ZIP = "ssn_zip"


Key: TypeAlias = tuple[BlockKind, str]

MAX_PARTS = 3
"""Parts of a double last name that get a key of their own."""


def block_keys(patient: Patient) -> list[Key]:
    """Return the keys under which a patient is kept."""
    keys = [(BlockKind.NUMBER, normalize_number(i.value)) for i in patient.identifiers]
    if patient.birth_date:
        keys.append((BlockKind.BIRTH_DATE, patient.birth_date.isoformat()))
        keys += [key for name in _names(patient) for key in _initial_keys(name, patient.birth_date)]
    for name in (patient.name, *patient.aliases):
        if patient.merged_into is None:
            keys.append((BlockKind.FULL_NAME, full_name_key(name)))
        keys += [(BlockKind.SOUND, key) for key in _sound_keys(name, fold_name(name.first))]
    if patient.phone:
        keys.append((BlockKind.PHONE, patient.phone))
    if patient.ssn_last4 and (code := normalize_zip(patient.address.zip)):
        keys.append((BlockKind.SSN_ZIP, patient.ssn_last4 + code))
    return [key for key in dict.fromkeys(keys) if key[1]]


def query_keys(query: PatientQuery) -> list[Key]:
    """Return the keys for a search of candidates, the most telling first; sounds are ``sound_keys``."""
    keys = [(BlockKind.NUMBER, number) for number in query.mrns]
    for birth in query.birth_dates:
        dates = (birth, swap_day_and_month(birth))
        keys += [(BlockKind.BIRTH_DATE, date.isoformat()) for date in dates if date]
    keys += [(BlockKind.SSN_ZIP, last4 + code) for last4 in query.ssn_last4s for code in query.zips]
    keys += [(BlockKind.PHONE, phone) for phone in query.phones]
    keys += [(BlockKind.FULL_NAME, full_name_key(name)) for name in query.names]
    keys += [(BlockKind.NUMBER, other) for number in query.mrns for other in numbers_one_edit_away(number)]
    return [key for key in dict.fromkeys(keys) if key[1]]


def sound_keys(query: PatientQuery) -> list[Key]:
    """Return the keys of names that sound like those of the query, short forms and swapped ones included.

    Apart from the others, since a sound may be that of thousands.
    """
    ways = [way for name in query.names for way in (name, PersonName(last=name.first, first=name.last))]
    return list(dict.fromkeys(key for way in ways for key in _sounds_of(way)))


_WORTH = {
    BlockKind.NUMBER: 4.0,
    BlockKind.SSN_ZIP: 4.0,
    BlockKind.PHONE: 4.0,
    BlockKind.BIRTH_DATE: 3.0,
    BlockKind.FULL_NAME: 3.0,
    BlockKind.SOUND: 1.0,
}
"""How much sharing a block says, where more people share one than are looked at closely; in the order of the
weights of ``classify.matching.score``, which has the last word."""
_WORTH_OF_NAME = 4.0


def weigh_hits(
    hits: Iterable[tuple[str, str]], earlier: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return how much is shared with each patient, by id; each block counts once.

    Args:
        hits: kinds of blocks with ids of patients.
        earlier: what was found before.
    """
    worth = dict(earlier or {})
    for kind, patient_id in dict.fromkeys(hits):
        worth[patient_id] = worth.get(patient_id, 0.0) + _WORTH[BlockKind(kind)]
    return worth


def weigh_names(
    worth: Mapping[str, float], names: Iterable[PersonName], known: Iterable[tuple[str, PersonName]]
) -> dict[str, float]:
    """Return how much is shared with each patient, with how alike the best of the names is.

    Args:
        worth: what ``weigh_hits`` found.
        names: those of the query; first and last may be swapped.
        known: names of patients, by id.
    """
    wanted = [(fold_name(name.last), fold_name(name.first)) for name in names]
    wanted += [(first, last) for last, first in wanted]
    best: dict[str, float] = {}
    for patient_id, name in known:
        last, first = fold_name(name.last), fold_name(name.first)
        alike = max(
            (JaroWinkler.similarity(last, a) + JaroWinkler.similarity(first, b) for a, b in wanted),
            default=0.0,
        )
        best[patient_id] = max(best.get(patient_id, 0.0), alike / 2)
    return {one: value + _WORTH_OF_NAME * best.get(one, 0.0) for one, value in worth.items()}


def neighbour_keys(patient: Patient) -> list[Key]:
    """Return the keys for a search of those who could be confused with a patient, the nearest first."""
    keys: list[Key] = []
    for number in (normalize_number(i.value) for i in patient.identifiers):
        keys += [(BlockKind.NUMBER, other) for other in (number, *numbers_one_edit_away(number))]
    names = _names(patient)
    if patient.birth_date:
        keys.append((BlockKind.BIRTH_DATE, patient.birth_date.isoformat()))
        for date in dates_like(patient.birth_date):
            keys += [key for name in names for key in _initial_keys(name, date)]
    keys += [(BlockKind.FULL_NAME, full_name_key(name)) for name in names]
    keys += [key for name in names for key in _sounds_of(name)]
    return [key for key in dict.fromkeys(keys) if key[1]]


def are_confusable(patient: Patient, other: Patient) -> bool:
    """Say whether a page of one could be taken for a page of the other.

    Twins (same birth date with the same last name or mother), Jr/Sr and namesakes (same name, whatever
    the birth date), names and birth dates at most one edit away, and numbers one edit apart with a last or
    first name alike.
    """
    if patient.id == other.id:
        return False
    last_alike = any(_are_alike(a.last, b.last) for a in _names(patient) for b in _names(other))
    first_alike = any(_is_first_alike(a.first, b.first) for a in _names(patient) for b in _names(other))
    if last_alike and first_alike:
        return True
    is_same_day = patient.birth_date is not None and patient.birth_date == other.birth_date
    if is_same_day and (last_alike or first_alike or _share_mother_or_home(patient, other)):
        return True
    return (last_alike or first_alike or is_same_day) and _are_numbers_alike(patient, other)


def are_names_alike(name: PersonName, other: PersonName) -> bool:
    """Say whether last and first name of one could be taken for those of the other."""
    return _are_alike(name.last, other.last) and _is_first_alike(name.first, other.first)


def are_names_partly_alike(name: PersonName, other: PersonName) -> bool:
    """Say whether last or first name of one could be taken for that of the other."""
    return _are_alike(name.last, other.last) or _is_first_alike(name.first, other.first)


def full_name_key(name: PersonName) -> str:
    """Return last and first name in one spelling, without spaces, parted by a bar."""
    last, first = (fold_name(part).replace(" ", "") for part in (name.last, name.first))
    return f"{last}|{first}" if last and first else ""


def numbers_one_edit_away(number: str) -> list[str]:
    """Return every number that one wrong, missing, extra or swapped sign makes of ``number``.

    Letters are tried only where the number has some: signs that OCR invents are digits' look-alikes, and
    those differ from the index in one place too.
    """
    if not 3 <= len(number) <= 20:
        return []  # of two signs everything is one edit away; longer ones are no MRN
    signs = string.digits + (string.ascii_uppercase if not number.isdigit() else "")
    cuts = [(number[:at], number[at:]) for at in range(len(number) + 1)]
    edits = {head + tail[1:] for head, tail in cuts if tail}
    edits |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    edits |= {head + sign + tail[1:] for head, tail in cuts if tail for sign in signs}
    edits |= {head + sign + tail for head, tail in cuts for sign in signs}
    edits.discard(number)
    return sorted(edits)


def dates_like(date: dt.date) -> list[dt.date]:
    """Return the date, the one with day and month swapped, and all with one digit changed."""
    digits = date.strftime("%Y%m%d")
    found = [date, swap_day_and_month(date)]
    for at in range(2, 8):  # the century is changed below: 18 and 29 hundreds are no years
        for sign in string.digits:
            found.append(_date_of(digits[:at] + sign + digits[at + 1 :]))
    found += [_date_of(century + digits[2:]) for century in ("18", "19", "20")]
    return list(dict.fromkeys(day for day in found if day))


def swap_day_and_month(date: dt.date) -> dt.date | None:
    """Return the date with day and month swapped; None where there is none."""
    return date.replace(month=date.day, day=date.month) if date.day <= 12 else None


def _date_of(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _sound_keys(name: PersonName, first: str) -> list[str]:
    """Return the sound of the whole last name, and of each part of a double one, with the first name's."""
    last = fold_name(name.last)
    parts = [last.replace(" ", ""), *last.split()[:MAX_PARTS]] if " " in last else [last]
    given = _soundex(first.replace(" ", ""))
    givens = [given] if " " not in first else [given, _soundex(first.split()[0])]
    return [f"{sound}{g}" for part in parts if (sound := _soundex(part)) for g in givens if g]


def _sounds_of(name: PersonName) -> list[Key]:
    """Return the sounds under which bearers of the name may be kept: its short forms and initial too."""
    first = fold_name(name.first)
    forms = (*list_forms(first), first[:1])
    return [(BlockKind.SOUND, key) for form in forms for key in _sound_keys(name, form)]


def _initial_keys(name: PersonName, birth: dt.date) -> list[Key]:
    """Of two names one edit apart, the last or the first name still begins with the same letter."""
    last, first = fold_name(name.last), fold_name(name.first)
    parts = [("L", last[:1]), ("F", first[:1])]
    return [(BlockKind.BIRTH_INITIAL, f"{birth:%Y%m%d}{part}{letter}") for part, letter in parts if letter]


def _soundex(word: str) -> str:
    letters = "".join(char for char in word if char in string.ascii_uppercase)
    return str(jellyfish.soundex(letters)) if letters else ""


def _names(patient: Patient) -> tuple[PersonName, ...]:
    return (patient.name, *patient.aliases)


def _are_alike(one: str, other: str) -> bool:
    a, b = fold_name(one).replace(" ", ""), fold_name(other).replace(" ", "")
    if a == b or DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1:
        return True
    return bool(set(fold_name(one).split()) & set(fold_name(other).split()))


def _is_first_alike(one: str, other: str) -> bool:
    a, b = fold_name(one), fold_name(other)
    if not a or not b or _are_alike(one, other) or are_forms_of_one_name(a, b):
        return True
    return min(len(a), len(b)) == 1 and a[0] == b[0]


def _share_mother_or_home(patient: Patient, other: Patient) -> bool:
    if patient.mother_mrn and patient.mother_mrn == other.mother_mrn:
        return True
    if patient.phone and patient.phone == other.phone:
        return True
    street = fold_name(patient.address.street)
    return bool(street) and street == fold_name(other.address.street)


def _are_numbers_alike(patient: Patient, other: Patient) -> bool:
    numbers = [normalize_number(i.value) for i in other.identifiers]
    return any(
        DamerauLevenshtein.distance(normalize_number(i.value), number, score_cutoff=1) <= 1
        for i in patient.identifiers
        for number in numbers
    )
