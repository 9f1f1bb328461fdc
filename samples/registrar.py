"""People and the desk that registers them: numbers, addresses, relatives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from backfile.domain.patient import Address, Patient, PatientIdentifier, PersonName
from samples.names import NICKNAMES, NamePool, draw_first_name, draw_last_name, draw_name, draw_origin
from samples.places import draw_address, draw_phone, draw_town

NOW = dt.date(2024, 9, 30)
"""The day on which the newest chart was written: everything is drawn relative to it."""


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody near the patient: emergency contact, guarantor, next of kin."""

    name: PersonName
    relation: str
    """``spouse``, ``mother``, ``father``, ``daughter``, ``son``, ``sister``, ``brother``, ``friend``."""
    phone: str
    birth_date: dt.date


@dataclass(frozen=True, slots=True)
class SamplePatient:
    """One person with the record in the index, and what only their charts say."""

    patient: Patient
    origin: str
    """Where the name comes from; charts of the patient draw relatives' names of it."""
    relatives: tuple[Relative, ...]
    birth_date: dt.date
    """Also where the index has none."""
    called: str = ""
    """Nickname, where they have one."""
    indexed: bool = True
    """False for a stranger."""
    is_mother_of: str = ""
    """MRN of a newborn of the index."""

    @property
    def mrn(self) -> str:
        """The number to file under."""
        return self.patient.mrn.value

    @property
    def facility(self) -> str:
        """Facility of the number; "" is the site itself."""
        return self.patient.mrn.facility

    @property
    def name(self) -> PersonName:
        """The registered name."""
        return self.patient.name


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How an institution writes its MRNs: fixed length, sometimes a letter before."""

    letter: str
    digits: int

    def draw(self, rng: random.Random, taken: set[str]) -> str:
        """Draw a number that nobody has."""
        while True:
            top = 10**self.digits - 1
            number = rng.randint(1, top) if rng.random() < 0.25 else rng.randint(top // 20, top)
            text = f"{self.letter}{number:0{self.digits}d}"
            if text not in taken:
                taken.add(text)
                return text


OTHER_FACILITY = "Riverbend"
"""Facility column of the second institution's numbers."""


class Registrar:
    """Registers people one by one; every number is given once per facility."""

    def __init__(
        self, seed: int, *, pool: NamePool = NamePool.ALL, origins: Mapping[str, float] | None = None
    ) -> None:
        """Open the desk.

        Args:
            seed: Of everything drawn.
            pool: The names that are given.
            origins: Shares of the names' origins; None: as in the samples.
        """
        self.rng = random.Random(f"patients {seed}")
        self.pool = pool
        self._origins = origins
        self.style = NumberStyle(
            self.rng.choice(["", "", "", "M", "H", "E"]), self.rng.choice([6, 7, 7, 8, 8])
        )
        self.other_style = NumberStyle(self.rng.choice(["", "R", "RB"]), self.style.digits)
        self.taken: set[str] = set()
        self.other_taken: set[str] = set()
        self.people: list[SamplePatient] = []
        self.towns = [draw_town(self.rng) for _ in range(6)]

    def number(self, facility: str = "") -> PatientIdentifier:
        """Give a number that nobody has at the facility; "" is the site itself."""
        if facility:
            return PatientIdentifier(self.other_style.draw(self.rng, self.other_taken), facility)
        return PatientIdentifier(self.style.draw(self.rng, self.taken), "")

    def origin(self) -> str:
        """Draw where somebody's name comes from."""
        return draw_origin(self.rng, shares=self._origins) if self._origins else draw_origin(self.rng)

    def birth_date(self, low: int = 0, high: int = 97) -> dt.date:
        """Draw a birth date of somebody between two ages; the old are more often ill."""
        years = self.rng.triangular(low, high, low + (high - low) * 0.65)
        return NOW - dt.timedelta(days=int(years * 365.25) + self.rng.randint(0, 364))

    def register(
        self,
        name: PersonName,
        birth: dt.date,
        sex: str,
        *,
        origin: str,
        like: SamplePatient | None = None,
        changes: Mapping[str, object] = MappingProxyType({}),
    ) -> SamplePatient:
        """Register somebody, at the address of ``like`` where that is given."""
        rng = self.rng
        town = rng.choice(self.towns) if rng.random() < 0.85 else draw_town(rng)
        facility = OTHER_FACILITY if rng.random() < 0.04 and like is None else ""
        patient = Patient(
            id=f"sample-{len(self.people) + 1:06d}",
            name=name,
            identifiers=(self.number(facility),),
            birth_date=birth,
            sex=sex if rng.random() < 0.97 else "",
            ssn_last4=f"{rng.randint(1, 9999):04d}" if rng.random() < 0.7 else "",
            phone=(like.patient.phone if like else draw_phone(rng, area=town[3]))
            if rng.random() < 0.9
            else "",
            address=(
                like.patient.address
                if like
                else draw_address(rng, town=town)
                if rng.random() < 0.94
                else Address()
            ),
        )
        patient = replace(patient, **changes)  # type: ignore[arg-type]
        nickname = NICKNAMES.get(name.first, "") if rng.random() < 0.3 else ""
        relatives = draw_relatives(rng, name, birth, sex, origin, pool=self.pool)
        person = SamplePatient(patient, origin, relatives, birth, nickname)
        self.people.append(person)
        return person

    def register_anybody(self) -> SamplePatient:
        """Register somebody without any peculiarity but those of everybody."""
        rng = self.rng
        sex, origin = rng.choice("FFM" if rng.random() < 0.3 else "FM"), self.origin()
        birth = self.birth_date()
        name = draw_name(rng, sex, origin=origin, birth_year=birth.year, pool=self.pool)
        changes: dict[str, object] = {}
        aliases = []
        if sex == "F" and NOW.year - birth.year > 22 and rng.random() < 0.14:
            aliases.append(replace(name, last=draw_last_name(rng, self.origin(), pool=self.pool)))
        if rng.random() < 0.03 and (nickname := NICKNAMES.get(name.first)):
            aliases.append(PersonName(name.last, nickname))
        if aliases:
            changes["aliases"] = tuple(aliases)
        if birth.year < 1960 and rng.random() < 0.12:
            changes["death_date"] = NOW - dt.timedelta(days=rng.randint(30, 2500))
        if sex == "M" and rng.random() < 0.03:
            name = replace(name, suffix=rng.choice(["Jr", "Jr", "Sr", "II", "III"]))
        return self.register(name, birth, sex, origin=origin, changes=changes)

    def change(self, person: SamplePatient, **changes: object) -> SamplePatient:
        """Put a changed record in the place of the old one."""
        changed = replace(person, patient=replace(person.patient, **changes))  # type: ignore[arg-type]
        self.people[self.people.index(person, max(0, len(self.people) - 5))] = changed
        return changed


def draw_relatives(
    rng: random.Random,
    name: PersonName,
    birth: dt.date,
    sex: str,
    origin: str,
    *,
    pool: NamePool = NamePool.ALL,
) -> tuple[Relative, ...]:
    """Draw two or three people near somebody; most share the family name."""
    age = NOW.year - birth.year
    if age < 20:
        relations = ["mother", "father", "grandmother"]
    elif age < 50:
        relations = rng.sample(["spouse", "mother", "father", "sister", "brother", "friend"], 3)
    else:
        relations = rng.sample(["spouse", "daughter", "son", "sister", "brother", "friend"], 3)
    shift = {"mother": -27, "father": -29, "grandmother": -52, "daughter": 27, "son": 28}
    people = []
    for relation in relations:
        woman = relation in {"mother", "sister", "daughter", "grandmother"}
        kin_sex = "F" if woman or (relation == "spouse" and sex == "M") else "M"
        last = (
            name.last
            if rng.random() < 0.72 and relation != "friend"
            else draw_last_name(rng, origin, pool=pool)
        )
        first = draw_first_name(
            rng, origin, kin_sex, birth_year=birth.year + shift.get(relation, 0), pool=pool
        )
        if relation == "father" and sex == "M" and rng.random() < 0.15:
            first = name.first
        born = birth + dt.timedelta(days=int(shift.get(relation, 0) * 365.25) + rng.randint(-1500, 1500))
        people.append(Relative(PersonName(last, first), relation, draw_phone(rng), min(born, NOW)))
    return tuple(people)
