"""Patients to rows of the index's tables, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from backfile.domain.blocking import name_block_keys
from backfile.domain.confusable import spell_names
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import (
    Address,
    IdentifierKind,
    IdentifierStatus,
    Patient,
    PatientIdentifier,
    PersonName,
)
from backfile.store.patient_lookups import Row

PATIENT_COLUMNS = (
    "id", "last_name", "first_name", "middle_name", "suffix", "birth_date", "sex", "ssn_last4", "phone",
    "street", "city", "state", "zip", "death_date", "mother_mrn", "multiple_birth", "merged_into",
    "review_only",
)  # fmt: skip
IDENTIFIER_COLUMNS = ("patient_id", "position", "value", "normalized", "facility", "kind", "status")
ALIAS_COLUMNS = ("patient_id", "position", "last_name", "first_name", "middle_name", "suffix")
BLOCK_COLUMNS = ("key", "kind", "patient_id", "names")

_KINDS = {kind.value: kind for kind in IdentifierKind}
_STATUSES = {status.value: status for status in IdentifierStatus}


def identifier_of(row: Row) -> PatientIdentifier:
    """Return the number of a row of ``Lookup.IDENTIFIERS``."""
    _, _, value, facility, kind, status = row
    return PatientIdentifier(value, facility, _KINDS[kind], _STATUSES[status])


def alias_of(row: Row) -> PersonName:
    """Return the name of a row of ``Lookup.ALIASES``."""
    return PersonName(*row[2:])


def _date_of(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def patient_of(
    row: Row, identifiers: tuple[PatientIdentifier, ...], aliases: tuple[PersonName, ...]
) -> Patient:
    """Return the patient of a row of ``Lookup.PATIENTS``, with what hangs on it."""
    (
        patient_id, last, first, middle, suffix, birth_date, sex, ssn_last4, phone, street, city, state, code,
        death_date, mother_mrn, multiple_birth, merged_into, review_only,
    ) = row  # fmt: skip
    return Patient(
        patient_id,
        PersonName(last, first, middle, suffix),
        identifiers,
        _date_of(birth_date),
        sex,
        ssn_last4,
        phone,
        Address(street, city, state, code),
        aliases,
        _date_of(death_date),
        mother_mrn,
        bool(multiple_birth),
        merged_into,
        bool(review_only),
    )


def patient_row(patient: Patient) -> Row:
    """Return the row of a patient: ``PATIENT_COLUMNS``."""
    name, address = patient.name, patient.address
    return (
        patient.id,
        name.last,
        name.first,
        name.middle,
        name.suffix,
        patient.birth_date.isoformat() if patient.birth_date else None,
        patient.sex,
        patient.ssn_last4,
        patient.phone,
        address.street,
        address.city,
        address.state,
        address.zip,
        patient.death_date.isoformat() if patient.death_date else None,
        patient.mother_mrn,
        patient.multiple_birth,
        patient.merged_into,
        patient.review_only,
    )


def identifier_rows(patient: Patient) -> Iterator[Row]:
    """Yield the rows of a patient's numbers: ``IDENTIFIER_COLUMNS``."""
    for position, one in enumerate(patient.identifiers):
        number = normalize_number(one.value)
        yield (patient.id, position, one.value, number, one.facility, str(one.kind), str(one.status))


def alias_rows(patient: Patient) -> Iterator[Row]:
    """Yield the rows of a patient's other names: ``ALIAS_COLUMNS``."""
    for position, alias in enumerate(patient.aliases):
        yield (patient.id, position, alias.last, alias.first, alias.middle, alias.suffix)


def block_rows(patient: Patient) -> Iterable[Row]:
    """Return the rows under which a patient is found by name and birth date: ``BLOCK_COLUMNS``."""
    names = (patient.name, *patient.aliases)
    spelled = spell_names(names)
    keys = name_block_keys(names, patient.birth_date, is_merged=patient.merged_into is not None)
    return [(key, str(kind), patient.id, spelled) for kind, key in keys]
