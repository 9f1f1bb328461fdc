"""Whether two entries under one MRN are one person: a question of import, far from that of filing."""

from __future__ import annotations

from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.names import fold_name, is_placeholder_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.patient import Patient


def is_same_person(patient: Patient, other: Patient, *, later: bool = False) -> bool:
    """Say whether two entries with one MRN of one facility mean the same person.

    Args:
        patient: One entry.
        other: The other.
        later: The entries are of different times: people marry, newborns get their names, birth dates are
            corrected, so one strong fact may differ while the others hold. Within one file both entries
            are said of the same day, and nothing may differ but the spelling.
    """
    last_same = _are_alike(patient.name.last, other.name.last) or _shares_alias(patient, other)
    first_same = _is_first_alike(patient, other)
    is_named_same = last_same and first_same and _agree(patient.name.suffix, other.name.suffix)
    if patient.birth_date is None or other.birth_date is None:
        return is_named_same
    if patient.birth_date == other.birth_date:
        was_unnamed = last_same and (is_placeholder_name(patient.name) or is_placeholder_name(other.name))
        return is_named_same or (later and (first_same or was_unnamed))
    is_middle_same = _agree(fold_name(patient.name.middle)[:1], fold_name(other.name.middle)[:1])
    return later and is_named_same and is_middle_same


def _agree(one: str, other: str) -> bool:
    return one == other or not one or not other


def _are_alike(one: str, other: str) -> bool:
    a, b = fold_name(one).replace(" ", ""), fold_name(other).replace(" ", "")
    return DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1 or bool(
        set(fold_name(one).split()) & set(fold_name(other).split())
    )


def _shares_alias(patient: Patient, other: Patient) -> bool:
    mine = {fold_name(name.last) for name in (patient.name, *patient.aliases)}
    return bool(mine & {fold_name(name.last) for name in (other.name, *other.aliases)})


def _is_first_alike(patient: Patient, other: Patient) -> bool:
    a, b = fold_name(patient.name.first), fold_name(other.name.first)
    return _are_alike(a, b) or are_forms_of_one_name(a, b)
