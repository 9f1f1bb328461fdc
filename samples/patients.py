"""A synthetic patient index with the people that make matching hard: twins, fathers and sons, namesakes."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from backfile.domain.patient import IdentifierKind, IdentifierStatus, Patient, PatientIdentifier, PersonName
from samples.names import NamePool, draw_first_name, draw_last_name, draw_middle_name, draw_name, draw_origin
from samples.places import draw_address, draw_phone
from samples.registrar import NOW, OTHER_FACILITY, NumberStyle, Registrar, SamplePatient, draw_relatives

__all__ = ["CSV_COLUMNS", "NOW", "SamplePatient", "make_patients", "make_stranger", "write_patients_csv"]

CSV_COLUMNS = (
    "mrn", "last_name", "first_name", "middle_name", "suffix", "birth_date", "sex", "ssn_last4", "phone",
    "address", "city", "state", "zip", "facility", "aliases", "previous_mrns", "merged_into", "death_date",
    "mother_mrn", "multiple_birth",
)  # fmt: skip


def make_patients(
    count: int = 2000,
    *,
    seed: int = 1,
    pool: NamePool = NamePool.ALL,
    origins: Mapping[str, float] | None = None,
) -> tuple[SamplePatient, ...]:
    """Make an index of ``count`` records.

    About one in eight has a peculiarity: a twin, a father or son of the same name at the same address, a
    namesake (also of the same year of birth), a former number, a record merged into it, no birth date,
    or it is a newborn still called "Baby Boy".

    Args:
        count: How many records.
        seed: Of everything drawn.
        pool: The names that are given.
        origins: Shares of the names' origins; None: as in the samples.
    """
    registrar = Registrar(seed, pool=pool, origins=origins)
    rng = registrar.rng
    makers = [_add_twins, _add_father_and_son, _add_namesake, _add_merged, _add_newborn, _add_other_facility]
    weights = [4, 3, 6, 3, 3, 2]
    while len(registrar.people) < count:
        person = registrar.register_anybody()
        if rng.random() < 0.1:
            rng.choices(makers, weights)[0](registrar, person)
        elif rng.random() < 0.04:
            previous = replace(registrar.number(), kind=IdentifierKind.PREVIOUS)
            registrar.change(person, identifiers=(*person.patient.identifiers, previous))
        elif rng.random() < 0.015:
            registrar.change(person, birth_date=None, review_only=True)
    return tuple(registrar.people[:count])


def make_stranger(
    rng: random.Random, patients: Sequence[SamplePatient], *, birth_year: int | None = None
) -> SamplePatient:
    """Make somebody who is in nobody's index.

    Four in ten are near to somebody who is: the same name with another birth date, the same surname and
    address (kin), the same birth date with another first name, or a number one digit away.
    """
    taken = {identifier.value for person in patients for identifier in person.patient.identifiers}
    known = {(p.name.last, p.name.first, p.birth_date) for p in patients}
    site = [p for p in patients if not p.facility] or list(patients)
    model = rng.choice(site)
    style = NumberStyle(model.mrn.rstrip("0123456789"), len(model.mrn.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
    while True:
        sex, origin = rng.choice("FM"), draw_origin(rng)
        birth = NOW - dt.timedelta(days=int(rng.triangular(1, 96, 62) * 365.25) + rng.randint(0, 364))
        name, address, phone = draw_name(rng, sex, origin=origin), draw_address(rng), draw_phone(rng)
        number = style.draw(rng, taken)
        near = rng.random()
        if near < 0.12:
            name, sex = model.name, model.patient.sex or sex
        elif near < 0.24:
            first = draw_first_name(rng, model.origin, sex)
            name = PersonName(model.name.last, first, draw_middle_name(rng, model.origin, sex, first=first))
            address, phone = model.patient.address, model.patient.phone
        elif near < 0.32:
            name, birth = PersonName(model.name.last, name.first, name.middle), model.birth_date
        elif near < 0.40:
            at = rng.randrange(len(style.letter), len(model.mrn))
            near_number = model.mrn[:at] + rng.choice("0123456789") + model.mrn[at + 1 :]
            number = number if near_number in taken else near_number
        if (name.last, name.first, birth) not in known:
            break
    patient = Patient(
        id=f"stranger-{number}",
        name=name,
        identifiers=(PatientIdentifier(number, ""),),
        birth_date=birth,
        sex=sex,
        ssn_last4=f"{rng.randint(1, 9999):04d}",
        phone=phone,
        address=address,
    )
    relatives = draw_relatives(rng, name, birth, sex, origin)
    return SamplePatient(patient, origin, relatives, birth, indexed=False)


def write_patients_csv(patients: Iterable[SamplePatient], path: Path) -> None:
    """Write the index in the CSV that ``backfile patients import`` takes."""
    people = list(patients)
    numbers = {person.patient.id: person.mrn for person in people}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_COLUMNS)
        for person in people:
            record = person.patient
            previous = [i.value for i in record.identifiers if i.kind is IdentifierKind.PREVIOUS]
            writer.writerow(
                [
                    person.mrn,
                    record.name.last,
                    record.name.first,
                    record.name.middle,
                    record.name.suffix,
                    record.birth_date.isoformat() if record.birth_date else "",
                    record.sex,
                    record.ssn_last4,
                    record.phone,
                    record.address.street,
                    record.address.city,
                    record.address.state,
                    record.address.zip,
                    person.facility,
                    "; ".join(str(alias) for alias in record.aliases),
                    "; ".join(previous),
                    numbers[record.merged_into] if record.merged_into else "",
                    record.death_date.isoformat() if record.death_date else "",
                    record.mother_mrn,
                    "Y" if record.multiple_birth else "",
                ]
            )


def _add_twins(registrar: Registrar, person: SamplePatient) -> None:
    """Give somebody a twin: same surname, birth date, address; often an alike first name."""
    rng = registrar.rng
    person = registrar.change(person, multiple_birth=True)
    sex = person.patient.sex or "F"
    first = draw_first_name(rng, person.origin, sex, birth_year=person.birth_date.year, pool=registrar.pool)
    if rng.random() < 0.4:
        same = [draw_first_name(rng, "american", sex, pool=registrar.pool) for _ in range(40)]
        first = next((n for n in same if n[0] == person.name.first[0] and n != person.name.first), first)
    if first == person.name.first:
        first = draw_first_name(rng, "american", sex, pool=registrar.pool) + "lyn"
    name = PersonName(
        person.name.last, first, draw_middle_name(rng, person.origin, sex, first=first, pool=registrar.pool)
    )
    registrar.register(
        name, person.birth_date, sex, origin=person.origin, like=person, changes={"multiple_birth": True}
    )


def _add_father_and_son(registrar: Registrar, person: SamplePatient) -> None:
    """Give somebody a son of the same name at the same address."""
    rng = registrar.rng
    if person.patient.sex != "M" or person.birth_date.year > 1985:
        return _add_namesake(registrar, person)
    person = registrar.change(person, name=replace(person.name, suffix=rng.choice(["Sr", "Sr", ""])))
    birth = min(person.birth_date + dt.timedelta(days=int(rng.uniform(20, 38) * 365)), NOW)
    name = replace(person.name, suffix=rng.choice(["Jr", "Jr", "Jr", "II", ""]))
    registrar.register(name, birth, "M", origin=person.origin, like=person)
    return None


def _add_namesake(registrar: Registrar, person: SamplePatient) -> None:
    """Add somebody else of the same first and last name; one in three was born in the same year."""
    rng = registrar.rng
    chance = rng.random()
    if chance < 0.35:
        birth = person.birth_date.replace(month=rng.randint(1, 12), day=rng.randint(1, 28))
        birth = birth if birth <= NOW else birth.replace(year=birth.year - 1)
    else:
        birth = registrar.birth_date(1)
    if birth == person.birth_date:
        birth -= dt.timedelta(days=31)
    sex = person.patient.sex or "F"
    middle = (
        person.name.middle
        if chance > 0.8
        else draw_middle_name(rng, person.origin, sex, first="", pool=registrar.pool)
    )
    name = PersonName(person.name.last, person.name.first, middle)
    registrar.register(name, birth, sex, origin=person.origin)


def _add_merged(registrar: Registrar, person: SamplePatient) -> None:
    """Add a record that was merged into somebody's: misspelt, or under a former name."""
    rng = registrar.rng
    name = person.name
    if rng.random() < 0.5 and len(name.first) > 3:
        at = rng.randrange(1, len(name.first) - 1)
        name = replace(name, first=name.first[:at] + name.first[at + 1 :], middle="")
    elif person.patient.sex == "F":
        name = replace(name, last=draw_last_name(rng, person.origin, pool=registrar.pool))
    merged = registrar.register(
        name,
        person.birth_date,
        person.patient.sex,
        origin=person.origin,
        like=person,
        changes={"merged_into": person.patient.id},
    )
    number = replace(merged.patient.identifiers[0], status=IdentifierStatus.MERGED)
    registrar.change(merged, identifiers=(number,))


def _add_newborn(registrar: Registrar, person: SamplePatient) -> None:
    """Give a woman a newborn who has no first name yet, or has one already."""
    rng = registrar.rng
    age = NOW.year - person.birth_date.year
    if person.patient.sex != "F" or not 17 <= age <= 44 or person.facility:
        birth = registrar.birth_date(18, 42)
        name = draw_name(rng, "F", origin=person.origin, birth_year=birth.year, pool=registrar.pool)
        person = registrar.register(name, birth, "F", origin=person.origin, like=person)
    sex = rng.choice("FM")
    word = "Boy" if sex == "M" else "Girl"
    first = rng.choice([f"Baby {word}", f"Baby {word}", f"Baby {word}", "", f"BB {person.name.first}"])
    first = first or draw_first_name(rng, person.origin, sex, birth_year=NOW.year, pool=registrar.pool)
    birth = NOW - dt.timedelta(days=rng.randint(2, 200))
    child = registrar.register(
        PersonName(person.name.last, first),
        birth,
        sex,
        origin=person.origin,
        like=person,
        changes={"mother_mrn": person.mrn, "ssn_last4": ""},
    )
    at = registrar.people.index(person)
    registrar.people[at] = replace(person, is_mother_of=child.mrn)


def _add_other_facility(registrar: Registrar, person: SamplePatient) -> None:
    """Register a stranger at the second institution under a number that somebody has at the site."""
    rng = registrar.rng
    other = registrar.register_anybody()
    number = PatientIdentifier(person.mrn, OTHER_FACILITY)
    if not person.facility and not other.facility and rng.random() < 0.5:
        registrar.change(other, identifiers=(number,))
        registrar.other_taken.add(person.mrn)
    else:
        registrar.change(other, identifiers=(registrar.number(OTHER_FACILITY),))
