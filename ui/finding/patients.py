"""Finding the one patient whose chart is to be opened: by MRN, birth date, name, or any of them together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.blocking import full_name_key
from backfile.domain.names import fold_name, parse_name
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import IdentifierKind, Patient, PatientQuery, PersonName, find_survivor
from backfile.errors import UsageError
from backfile.services.patient_text import PatientText, read_patient_text
from backfile.store.charts import ChartRepository
from backfile.store.unit_of_work import UnitOfWork

MAX_FOUND = 20
_LOOKED_AT = 200
"""Patients that are compared with the other things typed, before the list is cut."""
_MIN_NUMBER = 3
_MIN_NAME = 2


@dataclass(frozen=True, slots=True)
class PatientCard:
    """A patient as the screens show one: always name, birth date and MRN together."""

    id: str
    name: PersonName
    birth_date: dt.date | None
    sex: str
    mrn: str
    facility: str
    """"" is the site itself."""
    death_date: dt.date | None
    notes: tuple[str, ...] = ()
    """What a reader must know before choosing: namesakes, merged numbers, other names."""


@dataclass(frozen=True, slots=True)
class FoundPatients:
    """Who could be meant."""

    patients: tuple[PatientCard, ...]
    """At most ``MAX_FOUND``."""
    are_more: bool
    is_by_sound: bool
    """Nobody has the name as typed; these sound alike."""


def show_patient(patient: Patient, *, notes: Sequence[str] = ()) -> PatientCard:
    """Return a patient as the screens show one."""
    mrn = patient.mrn
    return PatientCard(
        id=patient.id,
        name=patient.name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        mrn=mrn.value,
        facility=mrn.facility,
        death_date=patient.death_date,
        notes=tuple(notes),
    )


def find_patients(text: str, *, uow: UnitOfWork, today: dt.date) -> FoundPatients:
    """Return the patients that fit everything typed.

    A merged record is shown as the one that it was merged into.

    Args:
        text: an MRN, a birth date, a name ("Last, First", "First Last", or the beginning of it), or several.
        uow: reads the patient index.
        today: decides the century of two-digit years.

    Raises:
        UsageError: there is nothing to look for.
    """
    typed = _take_apart(text, today)
    charts = ChartRepository(uow.connection)
    ids, is_by_sound = _find_ids(typed, uow, charts)
    found: dict[str, Patient] = {}
    formerly: dict[str, str] = {}
    for patient in uow.patients.get_all(ids):
        if not _fits(patient, typed, is_by_sound):
            continue
        survivor = find_survivor(patient, uow.patients) or patient
        if patient.merged_into is not None:
            formerly[survivor.id] = patient.mrn.value
        found.setdefault(survivor.id, survivor)
    shown = list(found.values())[:MAX_FOUND]
    cards = tuple(
        show_patient(one, notes=_write_notes(one, typed, formerly.get(one.id), uow)) for one in shown
    )
    return FoundPatients(cards, len(found) > MAX_FOUND, is_by_sound and bool(cards))


def _take_apart(text: str, today: dt.date) -> PatientText:
    typed = read_patient_text(text, today=today)
    is_number = len(typed.number) >= _MIN_NUMBER
    if not is_number and typed.birth_date is None and len(fold_name(typed.name)) < _MIN_NAME:
        raise UsageError(
            "There is nothing to look for.",
            next_step="Type an MRN, a birth date (MM/DD/YYYY), or a name (Last, First).",
        )
    return replace(typed, name=typed.name.rstrip(" ,"))


def _find_ids(typed: PatientText, uow: UnitOfWork, charts: ChartRepository) -> tuple[list[str], bool]:
    """Return ids by the most telling thing typed, and whether only the sound of a name fits."""
    if typed.number:
        return [patient.id for patient in uow.patients.find_by_number(typed.number)], False
    if typed.birth_date is not None:
        return charts.find_by_birth_date(typed.birth_date.isoformat(), limit=_LOOKED_AT), False
    ids = [
        one
        for beginning in _name_beginnings(typed.name)
        for one in charts.find_by_name_beginning(beginning, limit=_LOOKED_AT)
    ]
    if ids:
        return list(dict.fromkeys(ids)), False
    name = parse_name(typed.name)
    if name is None or not name.first:
        return [], False
    alike = uow.patients.find_candidates(PatientQuery(names=(name,)), limit=MAX_FOUND + 1)
    return [patient.id for patient in alike], True


def _name_beginnings(text: str) -> list[str]:
    """Return the beginnings of ``full_name_key`` under which the name may be kept, both orders."""
    last, comma, first = text.partition(",")
    if comma:
        return [f"{_squeeze(last)}|{_squeeze(first)}"] if _squeeze(last) else []
    words = fold_name(text).split()
    ways = [(_squeeze(" ".join(words[at:])), _squeeze(" ".join(words[:at]))) for at in range(1, len(words))]
    ways += [(first_word, last_word) for last_word, first_word in ways]
    beginnings = [f"{one}|{other}" for one, other in ways if one and other]
    return [*dict.fromkeys(beginnings), _squeeze(text)]


def _squeeze(text: str) -> str:
    return fold_name(text).replace(" ", "")


def _fits(patient: Patient, typed: PatientText, is_by_sound: bool) -> bool:
    if typed.birth_date is not None and patient.birth_date not in (None, typed.birth_date):
        return False
    if typed.birth_date is not None and patient.birth_date is None and not typed.number:
        return False
    if not typed.name or is_by_sound:
        return True
    wanted = _name_beginnings(typed.name)
    keys = [full_name_key(name) or _squeeze(name.last) for name in (patient.name, *patient.aliases)]
    return any(key.startswith(beginning) for key in keys for beginning in wanted)


def _write_notes(patient: Patient, typed: PatientText, formerly: str | None, uow: UnitOfWork) -> list[str]:
    notes = []
    namesakes = uow.patients.count_name(patient.name)
    if namesakes > 1:
        notes.append(f"⚠ {namesakes} people have this name: compare birth date and MRN.")
    if formerly is not None:
        notes.append(f"MRN {formerly} was merged into this record.")
    elif typed.number and typed.number != normalize_number(patient.mrn.value):
        held = [i for i in patient.identifiers if normalize_number(i.value) == typed.number]
        if held and held[0].kind is IdentifierKind.PREVIOUS:
            notes.append(f"{held[0].value} is a former MRN.")
        elif held and held[0].facility:
            notes.append(f"{held[0].value} is the MRN at {held[0].facility}.")
    if patient.aliases:
        notes.append("Also known as " + "; ".join(str(alias) for alias in patient.aliases[:3]) + ".")
    if patient.review_only:
        notes.append("No birth date in the index.")
    return notes
