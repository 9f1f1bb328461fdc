"""Patients to rows of the index's tables, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Address, Patient, PatientIdentifier, PersonName


def name_of(row: Row[Any]) -> PersonName:
    """Return the name that a row bears."""
    return PersonName(row.last_name, row.first_name, row.middle_name, row.suffix)


def _date_of(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def patient_of(
    row: Row[Any], identifiers: tuple[PatientIdentifier, ...], aliases: tuple[PersonName, ...]
) -> Patient:
    """Return the patient of a row, with what hangs on it."""
    return Patient(
        id=row.id,
        name=name_of(row),
        identifiers=identifiers,
        birth_date=_date_of(row.birth_date),
        sex=row.sex,
        ssn_last4=row.ssn_last4,
        phone=row.phone,
        address=Address(row.street, row.city, row.state, row.zip),
        aliases=aliases,
        death_date=_date_of(row.death_date),
        mother_mrn=row.mother_mrn,
        multiple_birth=row.multiple_birth,
        merged_into=row.merged_into,
        review_only=row.review_only,
    )


def patient_row(patient: Patient) -> dict[str, object]:
    """Return the row of a patient."""
    return {
        "id": patient.id,
        **_name_row(patient.name),
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex,
        "ssn_last4": patient.ssn_last4,
        "phone": patient.phone,
        "street": patient.address.street,
        "city": patient.address.city,
        "state": patient.address.state,
        "zip": patient.address.zip,
        "death_date": patient.death_date.isoformat() if patient.death_date else None,
        "mother_mrn": patient.mother_mrn,
        "multiple_birth": patient.multiple_birth,
        "merged_into": patient.merged_into,
        "review_only": patient.review_only,
    }


def identifier_rows(patient: Patient) -> Iterable[dict[str, object]]:
    """Yield the rows of a patient's numbers."""
    for position, identifier in enumerate(patient.identifiers):
        yield {
            "patient_id": patient.id,
            "position": position,
            "value": identifier.value,
            "normalized": normalize_number(identifier.value),
            "facility": identifier.facility,
            "kind": identifier.kind.value,
            "status": identifier.status.value,
        }


def alias_rows(patient: Patient) -> Iterable[dict[str, object]]:
    """Yield the rows of a patient's other names."""
    for position, alias in enumerate(patient.aliases):
        yield {"patient_id": patient.id, "position": position, **_name_row(alias)}


def _name_row(name: PersonName) -> dict[str, object]:
    return {
        "last_name": name.last,
        "first_name": name.first,
        "middle_name": name.middle,
        "suffix": name.suffix,
    }
