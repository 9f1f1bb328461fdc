"""Two records of the index that are probably one person: reported, and filed to by nobody unaided.

A chart that is split over two numbers is as dangerous as one that holds two people, and which of the two
numbers a page belongs under is for the people who keep the index to say. Name and birth date alone make
nobody a duplicate: namesakes of one day are looked after by the filing rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.names import fold_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.normalize import normalize_address
from backfile.domain.patient import IdentifierKind, Patient, PersonName

_SHORTEST = 4
"""Letters of a name of which one may differ; among shorter ones nearly all are one letter apart."""


class _Names(Enum):
    """How alike the names of two records are."""

    ONE = auto()
    """Equal, or the first names are forms of one."""
    NEAR_LAST = auto()
    """One letter of the last names differs."""
    NEAR_FIRST = auto()
    """One letter of the first names differs."""


def is_suspected_duplicate(patient: Patient, other: Patient) -> bool:
    """Say whether two records are probably one person's.

    Their numbers are of one facility; names and birth date agree; SSN-4, phone, street or a whole middle name
    agrees as well; and nothing that parts people differs: suffix, middle name, SSN-4 or sex. One letter of
    a last or first name may differ; of a first name only where the SSN-4 agrees, or the middle name besides
    telephone or street: twins share a home and may be called Jane and June, and thousands are called Van in
    the middle. Two of a multiple birth may have names that are forms of each other, so theirs must be equal.
    """
    if patient.id == other.id or patient.merged_into or other.merged_into:
        return False
    if patient.birth_date is None or patient.birth_date != other.birth_date:
        return False
    if not _facilities(patient) & _facilities(other):
        return False
    alike = set(_compare_names(patient, other))
    if not alike or _differ(patient, other):
        return False
    has_ssn = bool(patient.ssn_last4) and patient.ssn_last4 == other.ssn_last4
    has_middle, has_home = _share_middle_name(patient, other), _share_home(patient, other)
    if alike == {_Names.NEAR_FIRST}:
        return has_ssn or (has_middle and has_home)
    return has_ssn or has_middle or has_home


def _facilities(patient: Patient) -> set[str]:
    return {fold_name(i.facility) for i in patient.identifiers if i.kind is IdentifierKind.MRN}


def _compare_names(patient: Patient, other: Patient) -> Iterator[_Names]:
    exactly = patient.multiple_birth or other.multiple_birth
    for one in (patient.name, *patient.aliases):
        for two in (other.name, *other.aliases):
            found = _compare_pair(one, two, exactly=exactly)
            if found is not None:
                yield found


def _compare_pair(one: PersonName, other: PersonName, *, exactly: bool) -> _Names | None:
    last, first = (fold_name(one.last), fold_name(other.last)), (fold_name(one.first), fold_name(other.first))
    is_same_first = first[0] == first[1] or (not exactly and are_forms_of_one_name(*first))
    if last[0] == last[1] and is_same_first:
        return _Names.ONE
    if exactly:
        return None
    if is_same_first and _is_one_letter_off(*last):
        return _Names.NEAR_LAST
    return _Names.NEAR_FIRST if last[0] == last[1] and _is_one_letter_off(*first) else None


def _is_one_letter_off(one: str, other: str) -> bool:
    a, b = one.replace(" ", ""), other.replace(" ", "")
    return min(len(a), len(b)) >= _SHORTEST and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1


def _share_middle_name(patient: Patient, other: Patient) -> bool:
    middle = fold_name(patient.name.middle)
    return len(middle) > 1 and middle == fold_name(other.name.middle)


def _share_home(patient: Patient, other: Patient) -> bool:
    street = normalize_address(patient.address.street)
    return (bool(patient.phone) and patient.phone == other.phone) or (
        bool(street) and street == normalize_address(other.address.street)
    )


def _differ(patient: Patient, other: Patient) -> bool:
    middles = fold_name(patient.name.middle), fold_name(other.name.middle)
    pairs = (
        (patient.name.suffix, other.name.suffix),
        (middles[0][:1], middles[1][:1]),
        (patient.ssn_last4, other.ssn_last4),
        (patient.sex, other.sex),
    )
    return any(a and b and a != b for a, b in pairs)
