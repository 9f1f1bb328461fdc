"""Which patients are worth comparing: the keys under which the index keeps them.

Both patient indexes (the catalog's and the one in memory) are built on these functions, so they find
the same people. A key that is missed here is a patient that is never considered; a key too many only
costs a comparison.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

import jellyfish

from backfile.domain.names import fold_name
from backfile.domain.nicknames import list_forms
from backfile.domain.normalize import normalize_number, normalize_zip
from backfile.domain.patient import Patient, PatientQuery, PersonName


class BlockKind(StrEnum):
    """What a key is made of."""

    NUMBER = "number"
    """Every number of the patient, at any facility."""
    BIRTH_DATE = "birth_date"
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
    keys += name_block_keys(patient.names, patient.birth_date, is_merged=patient.merged_into is not None)
    if patient.phone:
        keys.append((BlockKind.PHONE, patient.phone))
    if patient.ssn_last4 and (code := normalize_zip(patient.address.zip)):
        keys.append((BlockKind.SSN_ZIP, patient.ssn_last4 + code))
    return [key for key in dict.fromkeys(keys) if key[1]]


def name_block_keys(names: Iterable[PersonName], birth_date: dt.date | None, *, is_merged: bool) -> list[Key]:
    """Return the keys that are made of names and birth date, each once.

    Args:
        names: name of record and aliases.
        birth_date: the birth date, where there is one.
        is_merged: the record was merged away.
    """
    keys = [(BlockKind.BIRTH_DATE, birth_date.isoformat())] if birth_date else []
    for name in names:
        if not is_merged:
            keys.append((BlockKind.FULL_NAME, full_name_key(name)))
        keys += [(BlockKind.SOUND, key) for key in _sound_keys(name, fold_name(name.first))]
    return [key for key in dict.fromkeys(keys) if key[1]]


def query_keys(query: PatientQuery) -> list[Key]:
    """Return the keys for a search of candidates, the most telling first.

    Numbers, also one edit away, and names that sound alike are searched for apart: ``numbers_one_edit_away``,
    ``sound_keys``.
    """
    keys: list[Key] = []
    for birth in query.birth_dates:
        dates = (birth, swap_day_and_month(birth))
        keys += [(BlockKind.BIRTH_DATE, date.isoformat()) for date in dates if date]
    keys += [(BlockKind.SSN_ZIP, last4 + code) for last4 in query.ssn_last4s for code in query.zips]
    keys += [(BlockKind.PHONE, phone) for phone in query.phones]
    keys += [(BlockKind.FULL_NAME, full_name_key(name)) for name in query.names]
    return [key for key in dict.fromkeys(keys) if key[1]]


def sound_keys(query: PatientQuery) -> list[Key]:
    """Return the keys of names that sound like those of the query, short forms and swapped ones included.

    Apart from the others, since a sound may be that of thousands.
    """
    ways = [way for name in query.names for way in (name, PersonName(last=name.first, first=name.last))]
    return list(dict.fromkeys(key for way in ways for key in _sounds_of(way)))


def neighbour_keys(patient: Patient, *, near_dates: bool = True) -> list[Key]:
    """Return the keys for a search of those who could be confused with a patient, the nearest first.

    Beside them numbers at most one edit away are searched for.

    Args:
        patient: the patient.
        near_dates: whether birth dates that are alike count as well as the very one.
    """
    keys: list[Key] = []
    names = patient.names
    if patient.birth_date:
        dates = dates_like(patient.birth_date) if near_dates else (patient.birth_date,)
        keys += [(BlockKind.BIRTH_DATE, date.isoformat()) for date in dates]
    keys += [(BlockKind.FULL_NAME, full_name_key(name)) for name in names]
    keys += [key for name in names for key in _sounds_of(name)]
    return [key for key in dict.fromkeys(keys) if key[1]]


def full_name_key(name: PersonName) -> str:
    """Return last and first name in one spelling, without spaces, parted by a bar."""
    last, first = fold_name(name.last).replace(" ", ""), fold_name(name.first).replace(" ", "")
    return f"{last}|{first}" if last and first else ""


def numbers_one_edit_away(number: str, *, signs: Sequence[str] | None = None) -> list[str]:
    """Return every number that one wrong, missing, extra or swapped sign makes of ``number``.

    Letters are tried only where the number has some: signs that OCR invents are digits' look-alikes, and
    those differ from the index in one place too.

    Args:
        number: the number, normalised.
        signs: those to try at each place and behind the last, where not all of them need be.
    """
    if not 3 <= len(number) <= 20:
        return []  # of two signs everything is one edit away; longer ones are no MRN
    if signs is None:
        every = string.digits + (string.ascii_uppercase if not number.isdigit() else "")
        signs = [every] * (len(number) + 1)
    cuts = [(number[:at], number[at:]) for at in range(len(number) + 1)]
    edits = {head + tail[1:] for head, tail in cuts if tail}
    edits |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    put = [(head, tail, sign) for (head, tail), here in zip(cuts, signs, strict=True) for sign in here]
    edits |= {head + sign + tail[1:] for head, tail, sign in put if tail}
    edits |= {head + sign + tail for head, tail, sign in put}
    edits.discard(number)
    return sorted(edits)


_SIGNS_OF_DATES = {4: "01", 6: "0123"}
"""What the first digit of a month and of a day can be; any other is tried in vain."""


@lru_cache(maxsize=4096)  # asked for several times for one document
def dates_like(date: dt.date) -> tuple[dt.date, ...]:
    """Return the date, the one with day and month swapped, and all with one digit changed."""
    digits = date.strftime("%Y%m%d")
    found = [date, swap_day_and_month(date)]
    for at in range(2, 8):  # the century is changed below: 18 and 29 hundreds are no years
        for sign in _SIGNS_OF_DATES.get(at, string.digits):
            found.append(_date_of(digits[:at] + sign + digits[at + 1 :]))
    found += [_date_of(century + digits[2:]) for century in ("18", "19", "20")]
    return tuple(dict.fromkeys(day for day in found if day))


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


@lru_cache(maxsize=65536)
def _soundex(word: str) -> str:
    letters = "".join(char for char in word if char in string.ascii_uppercase)
    return str(jellyfish.soundex(letters)) if letters else ""
