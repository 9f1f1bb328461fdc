"""Two records of the index that are probably one person: reported, and filed to by nobody unaided.

A chart that is split over two numbers is as dangerous as one that holds two people, and which of the two
numbers a page belongs under is for the people who keep the index to say. Name and birth date alone make
nobody a duplicate: namesakes of one day are looked after by the filing rules.
"""

from __future__ import annotations

from backfile.domain.names import fold_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.normalize import normalize_address
from backfile.domain.patient import IdentifierKind, Patient, PersonName


def is_suspected_duplicate(patient: Patient, other: Patient) -> bool:
    """Say whether two records are probably one person's.

    Their numbers are of one facility; names and birth date agree; SSN-4, phone, street or a whole middle name
    agrees as well; and nothing that parts people differs: suffix, middle name, SSN-4 or sex. Two of a
    multiple birth may have names that are forms of each other, so theirs must be equal.
    """
    if patient.id == other.id or patient.merged_into or other.merged_into:
        return False
    if patient.birth_date is None or patient.birth_date != other.birth_date:
        return False
    if not _facilities(patient) & _facilities(other):
        return False
    are_twins = patient.multiple_birth or other.multiple_birth
    names = ((a, b) for a in (patient.name, *patient.aliases) for b in (other.name, *other.aliases))
    if not any(_is_one_name(a, b, exactly=are_twins) for a, b in names):
        return False
    return _has_third(patient, other) and not _differ(patient, other)


def _facilities(patient: Patient) -> set[str]:
    return {fold_name(i.facility) for i in patient.identifiers if i.kind is IdentifierKind.MRN}


def _is_one_name(one: PersonName, other: PersonName, *, exactly: bool) -> bool:
    if fold_name(one.last) != fold_name(other.last):
        return False
    a, b = fold_name(one.first), fold_name(other.first)
    return a == b or (not exactly and are_forms_of_one_name(a, b))


def _has_third(patient: Patient, other: Patient) -> bool:
    middle = fold_name(patient.name.middle)
    street = normalize_address(patient.address.street)
    return (
        (bool(patient.ssn_last4) and patient.ssn_last4 == other.ssn_last4)
        or (bool(patient.phone) and patient.phone == other.phone)
        or (bool(street) and street == normalize_address(other.address.street))
        or (len(middle) > 1 and middle == fold_name(other.name.middle))
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
