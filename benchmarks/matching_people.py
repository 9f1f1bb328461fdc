"""Who simulated documents are of: an index of patients, and the strangers who are hard to tell from them."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from backfile.domain.encounter import Encounter
from backfile.domain.names import fold_name, is_placeholder_name
from backfile.domain.nicknames import list_forms
from backfile.domain.patient import (
    IdentifierKind,
    IdentifierStatus,
    Patient,
    PatientIdentifier,
    PersonName,
)
from samples.names import ORIGINS, NamePool, draw_first_name, draw_last_name
from samples.patients import NOW, make_patients
from samples.registrar import Registrar, SamplePatient

SITE = "Cedar Falls General Hospital"
EVEN_ORIGINS = {origin: 30.0 if origin == "american" else 7.0 for origin in ORIGINS}
"""Shares of origins that leave thousands of documents to each; in life three quarters are in two of them."""


class Slice(StrEnum):
    """What makes a document hard."""

    ORDINARY = "ordinary"
    TWIN = "twins"
    JR_SR = "Jr/Sr"
    NEWBORN = "newborns, mothers' labels"
    NAMESAKE = "namesakes"
    NICKNAME = "nicknames"
    MAIDEN = "maiden names"
    RECYCLED = "recycled MRNs"
    FOREIGN = "foreign MRNs"
    STRAY = "stray pages"


@dataclass(frozen=True, slots=True)
class Owner:
    """The person a document is of."""

    record: Patient
    """What their labels are printed from; of a stranger too."""
    target: str | None
    """Id of the survivor in the index; None for a stranger."""
    origin: str
    is_double: bool = False
    """A stranger with name and birth date of a patient: what else is printed is all that tells them apart."""
    mother: Patient | None = None
    """Of a newborn."""
    printed_number: str = ""
    """What stands in the place of the number, where it is not their current one."""


class World:
    """A patient index and everybody around it."""

    def __init__(self, *, seed: int, patients: int, pool: NamePool) -> None:
        """Draw them.

        Args:
            seed: Of everything drawn.
            patients: Records in the index.
            pool: The names that are given.
        """
        self.rng = random.Random(f"world {seed}")
        self.pool = pool
        people = list(make_patients(patients, seed=seed, pool=pool, origins=EVEN_ORIGINS))
        self.numbers = {i.value for p in people for i in p.patient.identifiers}
        self.retired = _retire_numbers(people, self.rng)
        self.people: Sequence[SamplePatient] = people
        self.by_id = {p.patient.id: p for p in people}
        self._desk = Registrar(seed + 1_000_003, pool=pool, origins=EVEN_ORIGINS)
        self._desk.style, self._desk.taken = Registrar(seed).style, self.numbers
        self._groups = _group_people(people)
        self._by_mrn = {p.mrn: p for p in people}
        self.encounters = _draw_encounters(people, random.Random(f"encounters {seed}"))
        self._stays: dict[str, list[Encounter]] = defaultdict(list)
        for stay in self.encounters:
            self._stays[stay.patient_id].append(stay)
        self._accounts = {stay.number for stay in self.encounters}
        self._born = {(fold_name(p.name.last), fold_name(p.name.first), p.birth_date) for p in people}

    @property
    def patients(self) -> list[Patient]:
        """The index."""
        return [p.patient for p in self.people]

    def stays_of(self, record: Patient) -> Sequence[Encounter]:
        """Return the stays that are registered under a record; of a stranger there are none."""
        return self._stays.get(record.id, ())

    def free_account(self, rng: random.Random) -> str:
        """Return an account number that no stay of the index has."""
        while (number := _draw_account(rng, NOW.year)) in self._accounts:
            pass
        return number

    def is_anybody(self, name: PersonName, birth_date: dt.date | None) -> bool:
        """Say whether a record has this last and first name and birth date."""
        return (fold_name(name.last), fold_name(name.first), birth_date) in self._born

    def draw_owner(self, kind: Slice, *, is_stranger: bool) -> Owner:
        """Draw somebody for a slice; a stranger is as near to an indexed patient as the slice has it."""
        if kind is Slice.RECYCLED:
            return self._recycled(is_stranger=is_stranger)
        group = self._groups.get(kind) or self.people
        model = self.rng.choice(group)
        if not is_stranger:
            return self._indexed(model)
        makers: dict[Slice, Sequence[Callable[[SamplePatient], Owner]]] = {
            Slice.TWIN: (self._twin,),
            Slice.JR_SR: (self._generation,),
            Slice.NEWBORN: (self._newborn,),
            Slice.NAMESAKE: (self._namesake, self._born_near, self._double),
            Slice.NICKNAME: (self._short_named_kin, self._twin, self._namesake),
            Slice.MAIDEN: (self._same_first_name, self._namesake),
        }
        ordinary = (
            *(self._anybody,) * 4,
            self._twin,
            self._generation,
            self._double,
            self._sibling,
            self._same_first_name,
            self._born_near,
        )
        return self.rng.choice(makers.get(kind, ordinary))(model)

    def anybody_else(self, owner: Owner) -> Owner:
        """Draw somebody whose page strays into a document: half of the time kin, in the index or not."""
        chance = self.rng.random()
        if chance < 0.5:
            model = self.by_id.get(owner.record.id) or self.rng.choice(self.people)
            return self.rng.choice([self._twin, self._sibling, self._generation, self._born_near])(model)
        return self._indexed(self.rng.choice(self.people))

    def free_number(self, model: Patient) -> str:
        """Return a number that nobody has; four in ten times one digit away from the model's."""
        rng, old = self.rng, model.identifiers[0].value
        while True:
            at = rng.randrange(len(old))
            number = old[:at] + str(rng.randrange(10)) + old[at + 1 :]
            if rng.random() < 0.6:
                number = "".join(str(rng.randrange(10)) if c.isdigit() else c for c in old)
            if number not in self.numbers:
                return number

    # -- people of the index ---------------------------------------------------------------------------

    def _indexed(self, person: SamplePatient) -> Owner:
        record, survivor = person.patient, person.patient
        while survivor.merged_into is not None:
            survivor = self.by_id[survivor.merged_into].patient
        mother = self._by_mrn.get(record.mother_mrn)
        return Owner(
            replace(record, birth_date=person.birth_date),
            survivor.id,
            person.origin,
            mother=mother.patient if mother else None,
        )

    def _recycled(self, *, is_stranger: bool) -> Owner:
        """Return whoever had a number that somebody else has now, or who has it now."""
        rng = self.rng
        if not is_stranger:
            old, number = rng.choice(self.retired)
            if rng.random() < 0.35:
                return self._indexed(rng.choice(self.people))
            return replace(self._indexed(self.by_id[old]), printed_number=number)
        owner = self._anybody(rng.choice(self.people))
        return replace(owner, printed_number=rng.choice(self.people).mrn)

    # -- strangers ---------------------------------------------------------------------------------------

    def _anybody(self, model: SamplePatient) -> Owner:
        person = self._desk.register_anybody()
        self._desk.people.clear()
        number = PatientIdentifier(person.patient.identifiers[0].value, "")
        self.numbers.discard(number.value)
        return Owner(
            replace(person.patient, id="stranger", identifiers=(number,), birth_date=person.birth_date),
            None,
            person.origin,
        )

    def _like(self, model: SamplePatient, **changes: object) -> Owner:
        """Return somebody outside the index who shares all with a patient but number, SSN and the changes."""
        rng = self.rng
        kin = replace(
            model.patient,
            id="kin",
            identifiers=(PatientIdentifier(self.free_number(model.patient), ""),),
            ssn_last4=f"{rng.randint(1, 9999):04d}",
            aliases=(),
            birth_date=model.birth_date,
            merged_into=None,
            multiple_birth=False,
        )
        return Owner(replace(kin, **changes), None, model.origin)  # type: ignore[arg-type]

    def _first(self, model: SamplePatient) -> str:
        sex = model.patient.sex or "F"
        return draw_first_name(self.rng, model.origin, sex, birth_year=model.birth_date.year, pool=self.pool)

    def _twin(self, model: SamplePatient) -> Owner:
        first = self._first(model)
        while fold_name(first) == fold_name(model.name.first):
            first = self._first(model) + "lyn"
        return self._like(model, name=replace(model.name, first=first, middle=""))

    def _generation(self, model: SamplePatient) -> Owner:
        shift = self.rng.choice([-1, 1]) * self.rng.randint(18 * 365, 35 * 365)
        birth = min(model.birth_date + dt.timedelta(shift), NOW - dt.timedelta(self.rng.randrange(400)))
        suffix = self.rng.choice(["Sr", ""] if birth < model.birth_date else ["Jr", "II", ""])
        return self._like(model, name=replace(model.name, suffix=suffix), birth_date=birth)

    def _double(self, model: SamplePatient) -> Owner:
        other = self.rng.choice(self.people).patient
        name = replace(model.name, middle=other.name.middle)
        owner = self._like(model, name=name, phone=other.phone, address=other.address)
        return replace(owner, is_double=True)

    def _sibling(self, model: SamplePatient) -> Owner:
        birth = min(model.birth_date + dt.timedelta(self.rng.randint(-4000, 4000)), NOW)
        return self._like(model, name=PersonName(model.name.last, self._first(model)), birth_date=birth)

    def _same_first_name(self, model: SamplePatient) -> Owner:
        last = model.name.last
        while fold_name(last) == fold_name(model.name.last):
            last = draw_last_name(self.rng, model.origin, pool=self.pool)
        return self._like(model, name=replace(model.name, last=last))

    def _namesake(self, model: SamplePatient) -> Owner:
        other = self._anybody(model).record
        name = replace(model.name, middle=other.name.middle, suffix="")
        return Owner(replace(other, name=name, sex=model.patient.sex), None, model.origin)

    def _short_named_kin(self, model: SamplePatient) -> Owner:
        """Return a sibling who bears a short form of the patient's name as a name of their own."""
        forms = list_forms(fold_name(model.name.first))[1:] or (self._first(model).upper(),)
        shift = self.rng.choice([0, self.rng.randint(-4000, 4000)])
        birth = min(model.birth_date + dt.timedelta(shift), NOW)
        name = PersonName(model.name.last, self.rng.choice(forms).title())
        return self._like(model, name=name, birth_date=birth)

    def _born_near(self, model: SamplePatient) -> Owner:
        """Return a namesake born on a date one digit away."""
        rng, birth = self.rng, model.birth_date
        while True:
            digits = list(f"{birth:%Y%m%d}")
            digits[rng.randrange(2, 8)] = rng.choice("0123456789")
            try:
                near = dt.datetime.strptime("".join(digits), "%Y%m%d").date()
            except ValueError:
                continue
            if near != birth and near <= NOW:
                return self._like(model, birth_date=near)

    def _newborn(self, model: SamplePatient) -> Owner:
        """Return a newborn who is not in the index, of a mother who is."""
        rng = self.rng
        mother = self._by_mrn.get(model.patient.mother_mrn) or model
        sex = rng.choice("FM")
        first = rng.choice(["Baby Boy" if sex == "M" else "Baby Girl", self._first(model)])
        birth = NOW - dt.timedelta(rng.randrange(0, 200))
        owner = self._like(
            mother, name=PersonName(mother.name.last, first), birth_date=birth, sex=sex, ssn_last4=""
        )
        return replace(owner, mother=mother.patient)


_WITH_STAYS = 0.6
"""Share of patients with stays in the index; of the others the account numbers on papers say nothing."""
_GIVEN_TWICE = 0.005
"""Share of account numbers that two patients were given: a mother's and her newborn's, a mistake."""


def _draw_encounters(people: Sequence[SamplePatient], rng: random.Random) -> list[Encounter]:
    """Return stays of the patients of the site, one to three each."""
    found: list[Encounter] = []
    for person in people:
        if person.facility or rng.random() > _WITH_STAYS:
            continue
        first = max(person.birth_date, dt.date(1990, 1, 1))
        for _ in range(rng.choice([1, 1, 2, 3])):
            admitted = first + dt.timedelta(rng.randint(0, max((NOW - first).days, 0)))
            discharged = min(admitted + dt.timedelta(rng.choice([0, 0, 1, 2, 3, 5, 9, 20])), NOW)
            number = _draw_account(rng, admitted.year)
            if found and rng.random() < _GIVEN_TWICE:
                number = found[-1].number
            found.append(
                Encounter(
                    f"enc_{len(found)}",
                    number,
                    person.patient.id,
                    admitted=admitted,
                    discharged=discharged if rng.random() < 0.95 else None,
                )
            )
    return found


def _draw_account(rng: random.Random, year: int) -> str:
    return f"{year % 100:02d}{rng.randrange(10**8):08d}"


def _retire_numbers(people: list[SamplePatient], rng: random.Random) -> list[tuple[str, str]]:
    """Say whose number was given to somebody else; (id, number) of the former bearer.

    Of some the index still lists it, so that the importer has marked it suspect on both records.
    """
    ordinary = [at for at, p in enumerate(people) if not p.facility and p.patient.merged_into is None]
    chosen = rng.sample(ordinary, max(4, len(people) // 50 * 2))
    retired: list[tuple[str, str]] = []
    for old_at, new_at in zip(chosen[::2], chosen[1::2], strict=True):
        number = people[new_at].mrn
        retired.append((people[old_at].patient.id, number))
        if rng.random() < 0.3:
            suspect = PatientIdentifier(number, "", IdentifierKind.PREVIOUS, IdentifierStatus.SUSPECT)
            _add_number(people, old_at, suspect)
            own = [
                replace(i, status=IdentifierStatus.SUSPECT) if i.value == number else i
                for i in people[new_at].patient.identifiers
            ]
            people[new_at] = _with_numbers(people[new_at], own)
    return retired


def _add_number(people: list[SamplePatient], at: int, number: PatientIdentifier) -> None:
    people[at] = _with_numbers(people[at], [*people[at].patient.identifiers, number])


def _with_numbers(person: SamplePatient, numbers: Iterable[PatientIdentifier]) -> SamplePatient:
    return replace(person, patient=replace(person.patient, identifiers=tuple(numbers)))


def _group_people(people: Sequence[SamplePatient]) -> dict[Slice, list[SamplePatient]]:
    """Return the patients with a peculiarity."""
    by_name: dict[str, list[SamplePatient]] = defaultdict(list)
    by_day: dict[tuple[str, dt.date], list[SamplePatient]] = defaultdict(list)
    for p in people:
        if p.patient.merged_into is None:
            by_name[fold_name(f"{p.name.last} {p.name.first}")].append(p)
            by_day[fold_name(p.name.last), p.birth_date].append(p)
    namesakes = [p for group in by_name.values() if len(group) > 1 for p in group]
    return {
        Slice.TWIN: [p for group in by_day.values() if len(group) > 1 for p in group],
        Slice.JR_SR: [
            p
            for group in by_name.values()
            for p in group
            if p.name.suffix or any(p is not o and p.patient.address == o.patient.address for o in group)
        ],
        Slice.NAMESAKE: namesakes,
        Slice.NEWBORN: [p for p in people if p.patient.mother_mrn or p.is_mother_of],
        Slice.NICKNAME: [
            p
            for p in people
            if len(list_forms(fold_name(p.name.first))) > 1 and not is_placeholder_name(p.name)
        ],
        Slice.MAIDEN: [p for p in people if p.patient.sex == "F" and p.birth_date.year < 2002],
    }
