"""Who could be confused with whom: names, birth dates, homes and numbers that are nearly one another's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.names import fold_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient, PersonName


def are_confusable(patient: Patient, other: Patient) -> bool:
    """Say whether a page of one could be taken for a page of the other.

    Twins (same birth date with the same last name or mother), Jr/Sr and namesakes (same name, whatever
    the birth date), names and birth dates at most one edit away, and numbers one edit apart with a last or
    first name alike.
    """
    if patient.id == other.id:
        return False
    last_alike = any(_are_alike(a.last, b.last) for a in patient.names for b in other.names)
    first_alike = any(_is_first_alike(a.first, b.first) for a in patient.names for b in other.names)
    if last_alike and first_alike:
        return True
    is_same_day = patient.birth_date is not None and patient.birth_date == other.birth_date
    if is_same_day and (last_alike or first_alike or _share_mother_or_home(patient, other)):
        return True
    return (last_alike or first_alike or is_same_day) and _are_numbers_alike(patient, other)


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
