"""Which patients are worth comparing: the keys under which the index keeps them.

Both patient indexes (the catalog's and the one in memory) are built on these functions, so they find
the same people. A key that is missed here is a patient that is never considered; a key too many only
costs a comparison.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
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
    keys += name_block_keys(_names(patient), patient.birth_date, is_merged=patient.merged_into is not None)
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


def spell_names(names: Iterable[PersonName]) -> str:
    """Return folded names as they stand beside a key, each after a line end: last name, bar, first name."""
    return "".join([f"\n{fold_name(name.last)}|{fold_name(name.first)}" for name in names])


def begin_spelled(spelled: str) -> list[str]:
    """Return how last and first names of ``spell_names`` begin, with the sign before them."""
    parts = (part for name in _split_spelled(spelled) for part in zip("\n|", name, strict=True))
    return list(dict.fromkeys(sign + text[:1] for sign, text in parts if text))


def are_spelled_alike(spelled: str, other: str, *, partly: bool = False) -> bool:
    """Say whether of two people's names (``spell_names``) any could be taken for one of the other.

    Args:
        spelled: names of one.
        other: names of the other.
        partly: last or first name is enough; else both must be alike.
    """
    for name in other.split("\n"):
        other_last, bar, other_first = name.partition("|")
        for last, first in _split_spelled(spelled) if bar else ():
            if _are_folded_alike(last, other_last):
                if partly or _is_folded_first_alike(first, other_first):
                    return True
            elif partly and _is_folded_first_alike(first, other_first):
                return True
    return False


@lru_cache(maxsize=1024)
def _split_spelled(spelled: str) -> tuple[tuple[str, str], ...]:
    parted = (one.partition("|") for one in spelled.split("\n") if one)
    return tuple((last, first) for last, _, first in parted)


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


_WORTH: dict[str, float] = {
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


def weigh_hits(hits: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return how much is shared with each patient, by id; each kind of block counts once.

    Args:
        hits: kinds of blocks with ids of patients.
    """
    worth: dict[str, float] = {}
    for kind, patient_id in dict.fromkeys(hits):
        worth[patient_id] = worth.get(patient_id, 0.0) + _WORTH[kind]
    return worth


_IS_ALIKE = 0.85
"""How alike names are from which they count as one of two things shared."""
_OF_ONE_THING = 6
"""Candidates with whom only one thing is shared, where a query has several to share."""
_THINGS: dict[str, int] = {kind: 1 << at for at, kind in enumerate(BlockKind)}
_THINGS[BlockKind.SOUND] = _THINGS[BlockKind.FULL_NAME]
"""What a block is shared by, a bit each: a name that sounds alike is the same thing as one spelled alike."""


def rank_candidates(
    hits: Sequence[tuple[str, str]],
    query: PatientQuery,
    names: Mapping[str, str],
    *,
    limit: int,
) -> list[str]:
    """Return the ids of those who share most with a query, best first.

    Thousands share a birth date or a name alone. Where the query has more than that to share and somebody
    shares it, only the best few of those who share one thing are returned, however many might be.

    Args:
        hits: kinds of blocks with ids of patients.
        query: what is searched for.
        names: of the patients who were hit, by id (``spell_names``).
        limit: most to return.
    """
    alike = _find_alike(query.names, names)
    worth = {one: value + _WORTH_OF_NAME * alike.get(one, 0.0) for one, value in weigh_hits(hits).items()}
    ranked = sorted(worth, key=lambda one: -worth[one])
    offered = (query.mrns, query.birth_dates, query.names, query.phones, query.ssn_last4s)
    if sum(map(bool, offered)) < 2:
        return ranked[:limit]
    shared = dict.fromkeys(worth, 0)
    for one, likeness in alike.items():
        if likeness >= _IS_ALIKE:
            shared[one] |= _THINGS[BlockKind.FULL_NAME]
    for kind, patient_id in hits:
        shared[patient_id] |= _THINGS[kind]
    are_near = {one for one, things in shared.items() if things & (things - 1)}  # two things at least
    kept, left = [], _OF_ONE_THING if are_near else limit
    for one in ranked:
        if one not in are_near:
            left -= 1
            if left < 0:
                continue
        kept.append(one)
    return kept[:limit]


def _find_alike(names: Iterable[PersonName], known: Mapping[str, str]) -> dict[str, float]:
    """Return how alike the best of a patient's names is to one of the query, by id; either way round."""
    folded = ((fold_name(name.last), fold_name(name.first)) for name in names)
    wanted = [(last.replace(" ", ""), first.replace(" ", "")) for last, first in folded]
    if not wanted:
        return {}
    by_name: dict[str, float] = {}  # hundreds may be called the same
    nobody = _liken("", "", wanted)
    for spelled in known.values():
        if spelled in by_name:
            continue
        alike = nobody
        for name in spelled.replace(" ", "").split("\n")[1:]:
            last, _, first = name.partition("|")
            alike = max(alike, _liken(last, first, wanted))
        by_name[spelled] = alike / 2
    return {patient_id: by_name[spelled] for patient_id, spelled in known.items()}


def _liken(last: str, first: str, wanted: Sequence[tuple[str, str]]) -> float:
    """Return how alike a name is to the nearest of several, 0..2; either way round."""
    alike, similarity = 0.0, JaroWinkler.similarity
    for a, b in wanted:
        alike = max(alike, similarity(last, a) + similarity(first, b))
        if last[:1] == b[:1] or first[:1] == a[:1]:
            alike = max(alike, similarity(last, b) + similarity(first, a))
    return alike


def neighbour_keys(patient: Patient, *, near_dates: bool = True) -> list[Key]:
    """Return the keys for a search of those who could be confused with a patient, the nearest first.

    Beside them numbers at most one edit away are searched for.

    Args:
        patient: the patient.
        near_dates: whether birth dates that are alike count as well as the very one.
    """
    keys: list[Key] = []
    names = _names(patient)
    if patient.birth_date:
        dates = dates_like(patient.birth_date) if near_dates else (patient.birth_date,)
        keys += [(BlockKind.BIRTH_DATE, date.isoformat()) for date in dates]
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


def _names(patient: Patient) -> tuple[PersonName, ...]:
    return (patient.name, *patient.aliases)


def _are_alike(one: str, other: str) -> bool:
    return _are_folded_alike(fold_name(one), fold_name(other))


def _are_folded_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if " " in one or " " in other:
        if set(one.split()) & set(other.split()):
            return True
        one, other = one.replace(" ", ""), other.replace(" ", "")
    if len(one) > 2 < len(other) and one[0] != other[0] and one[-1] != other[-1]:
        return False  # one edit leaves the beginning or the end as it was
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _is_first_alike(one: str, other: str) -> bool:
    return _is_folded_first_alike(fold_name(one), fold_name(other))


def _is_folded_first_alike(one: str, other: str) -> bool:
    if not one or not other or _are_folded_alike(one, other) or are_forms_of_one_name(one, other):
        return True
    return min(len(one), len(other)) == 1 and one[0] == other[0]


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
