"""Simulated documents over a synthetic index: who they are of, what stands on them, what reading makes of it.

Everything that turns up in a records department is in it at a higher rate than in life: strangers who
are namesakes, twins, kin or sons of indexed people, numbers one digit away, mothers and newborns, pages
of somebody else in the middle, wrong extraction, and characters misread with full confidence.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backfile.domain.document import Sighting, SightingKind, SightingSource
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.nicknames import list_forms
from backfile.domain.normalize import (
    fold_name,
    is_placeholder_name,
    normalize_number,
    normalize_phone,
    normalize_ssn_last4,
    parse_name,
    read_date,
)
from backfile.domain.patient import IdentifierKind, Patient, PatientIdentifier, PersonName
from samples.patients import NOW, SamplePatient, make_stranger

K = SightingKind
DOUBLE = "double"
"""Id of a stranger with name and birth date of a patient: only what else is printed tells them apart."""
SITE = "Cedar Falls General Hospital"

_MISREAD = {
    "0": "O86", "1": "I7l4", "2": "Z7", "3": "8", "4": "19", "5": "S6", "6": "8G5", "7": "1", "8": "B36",
    "9": "40", "A": "4R", "B": "8R", "C": "GO", "D": "O0", "E": "FB", "G": "C6", "H": "N", "I": "1l",
    "L": "I", "M": "N", "N": "MH", "O": "0Q", "R": "K", "S": "5", "U": "V", "V": "U", "a": "eo", "e": "co",
    "i": "lj", "l": "1i", "n": "ru", "o": "ea", "r": "nt", "s": "5", "t": "f", "u": "n", "/": "1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grade:
    """How good the paper is."""

    name: str
    error: float
    """Share of characters that are misread."""
    lowest: float
    """Probability that reading gives the worst word that it reads rightly."""


CLEAN, FAIR, POOR = Grade("clean", 0.001, 0.94), Grade("fair", 0.01, 0.75), Grade("poor", 0.03, 0.62)


@dataclass(frozen=True, slots=True)
class Simulated:
    """One document and the truth about it."""

    evidence: DocumentEvidence
    patient_id: str | None
    """Of the survivor; None where nobody of the index is meant, or pages of several people are in it."""
    grade: str
    kind: str
    """``indexed``, ``stranger`` or ``mixed``."""


@dataclass(frozen=True, slots=True)
class _Owner:
    record: Patient
    kind: str
    target: str | None


class Simulator:
    """Draws documents."""

    def __init__(self, people: Sequence[SamplePatient], *, seed: int) -> None:
        self.rng = random.Random(seed)
        self.people = list(people)
        self.by_id = {person.patient.id: person.patient for person in people}
        self.numbers = {i.value for person in people for i in person.patient.identifiers}
        self.birth_dates = {person.patient.id: person.birth_date for person in people}

    def documents(self, count: int) -> Iterator[Simulated]:
        """Yield documents."""
        for _ in range(count):
            yield self._document()

    def _document(self) -> Simulated:
        rng = self.rng
        owner = self._indexed() if rng.random() < 0.7 else self._stranger()
        grade = rng.choices([CLEAN, FAIR, POOR], [5, 3, 2])[0]
        pages = rng.choices([1, 2, 3, 5], [5, 3, 2, 1])[0]
        letterhead = rng.choices([SITE, "", "Riverbend Medical Center"], [86, 10, 4])[0]
        evidence = self._pages(owner.record, pages, grade, letterhead)
        kind, target = owner.kind, owner.target
        if len(evidence) > 1 and rng.random() < 0.04:
            intruder = self._kin_of(owner.record) if rng.random() < 0.5 else self._indexed().record
            (page,) = self._pages(intruder, 1, grade, letterhead)
            if intruder.id != owner.record.id and _is_tellable(page, evidence):
                evidence[rng.randrange(1, len(evidence))] = page
                kind, target = "mixed", None
        numbered = tuple(replace(page, page=number) for number, page in enumerate(evidence, start=1))
        return Simulated(DocumentEvidence(numbered), target, grade.name, kind)

    # -- whose ---------------------------------------------------------------------------------------

    def _indexed(self) -> _Owner:
        record = self.rng.choice(self.people).patient
        survivor = record
        while survivor.merged_into is not None:
            survivor = self.by_id[survivor.merged_into]
        if record.birth_date is None:
            record = replace(record, birth_date=self.birth_dates[record.id])
        return _Owner(record, "indexed", survivor.id)

    def _stranger(self) -> _Owner:
        if self.rng.random() < 0.5:
            return _Owner(make_stranger(self.rng, self.people).patient, "stranger", None)
        return _Owner(self._kin_of(self.rng.choice(self.people).patient), "stranger", None)

    def _kin_of(self, model: Patient) -> Patient:
        """Return somebody outside the index who is hard to tell from a patient of it."""
        rng = self.rng
        birth = model.birth_date or self.birth_dates.get(model.id) or NOW
        kin = replace(
            model,
            id="kin",
            identifiers=(PatientIdentifier(self._free_number(model), ""),),
            ssn_last4=f"{rng.randint(1, 9999):04d}",
            aliases=(),
            merged_into=None,
            multiple_birth=False,
        )
        first = rng.choice(self.people).name.first
        kind = rng.randrange(6)
        if kind == 0:  # a twin who is not in the index
            return replace(kin, name=replace(kin.name, first=first), birth_date=birth)
        if kind == 1:  # a son or father of the same name
            shift = rng.choice([-1, 1]) * rng.randint(18 * 365, 35 * 365)
            return replace(kin, birth_date=min(birth + dt.timedelta(shift), NOW), ssn_last4=kin.ssn_last4)
        if kind == 2:  # the same name and birth date: all else is another's, and stands on the page
            other = rng.choice(self.people).patient
            name = replace(kin.name, middle=other.name.middle)
            return replace(
                kin, id=DOUBLE, name=name, birth_date=birth, phone=other.phone, address=other.address
            )
        if kind == 3:  # a sibling at the same address
            shift = rng.randint(-4000, 4000)
            return replace(
                kin, name=PersonName(kin.name.last, first), birth_date=min(birth + dt.timedelta(shift), NOW)
            )
        if kind == 4:  # the same first name and birth date
            last = rng.choice(self.people).name.last
            return replace(kin, name=replace(kin.name, last=last), birth_date=birth)
        digits = list(f"{birth:%Y%m%d}")  # a namesake born on a date one digit away
        digits[rng.randrange(2, 8)] = rng.choice("0123456789")
        try:
            near = dt.date(int("".join(digits[:4])), int("".join(digits[4:6])), int("".join(digits[6:])))
        except ValueError:
            near = birth + dt.timedelta(1)
        near = near if near != birth else birth + dt.timedelta(1)
        return replace(kin, birth_date=min(near, NOW))

    def _free_number(self, model: Patient) -> str:
        """Return a number that nobody has, often one digit away from the model's."""
        while True:
            old = model.identifiers[0].value
            at = self.rng.randrange(len(old))
            digit = str(self.rng.randrange(10))
            number = old[:at] + digit + old[at + 1 :]
            if self.rng.random() < 0.6:
                number = "".join(str(self.rng.randrange(10)) if c.isdigit() else c for c in old)
            if number not in self.numbers:
                return number

    # -- what stands on the pages ----------------------------------------------------------------------

    def _pages(self, record: Patient, count: int, grade: Grade, letterhead: str) -> list[PageEvidence]:
        rng = self.rng
        is_numbered = count > 1 and rng.random() < 0.6
        facts = {
            "number": rng.random() < 0.9,
            "birth": rng.random() < 0.93,
            "support": rng.random() < 0.35,
            "service": rng.random() < 0.85,
        }
        if record.id == DOUBLE:
            facts["number"], letterhead = True, SITE
        service = self._service_date(record)
        written = self._written_name(record)
        pages = []
        for at in range(count):
            is_bare = at > 0 and is_numbered and rng.random() < 0.4
            sightings = [] if is_bare else self._label(record, written, service, facts, grade)
            pages.append(
                PageEvidence(
                    1,
                    tuple(sightings),
                    page_of=(at + 1, count) if is_numbered else None,
                    letterhead=letterhead if at == 0 or rng.random() < 0.5 else "",
                )
            )
        return pages

    def _label(
        self, record: Patient, written: str, service: dt.date, facts: dict[str, bool], grade: Grade
    ) -> list[Sighting]:
        rng = self.rng
        birth = record.birth_date or NOW
        printed: list[tuple[SightingKind, str]] = []
        if rng.random() < 0.96:
            printed.append((K.PATIENT_NAME, written))
        if facts["birth"] and rng.random() < 0.95:
            printed.append((K.BIRTH_DATE, birth.strftime(rng.choice(["%m/%d/%Y", "%m-%d-%Y", "%d-%b-%Y"]))))
        if facts["number"] and (record.id == DOUBLE or rng.random() < 0.95):
            printed.append((K.MRN, rng.choice(self._printed_numbers(record))))
        if facts["service"]:
            printed.append((K.SERVICE_DATE, service.strftime("%m/%d/%Y")))
        if facts["support"]:
            printed += [(K.PHONE, record.phone), (K.ADDRESS, str(record.address)), (K.SEX, record.sex)]
            printed.append((K.SSN_LAST4, record.ssn_last4))
        printed += self._wrongly_extracted(record, service)
        seen = (self._see(kind, text, grade) for kind, text in printed if text)
        return [sighting for sighting in seen if sighting is not None]

    def _printed_numbers(self, record: Patient) -> list[str]:
        former = [i.value for i in record.identifiers if i.kind is IdentifierKind.PREVIOUS]
        return [record.identifiers[0].value] * 9 + former

    def _wrongly_extracted(self, record: Patient, service: dt.date) -> list[tuple[SightingKind, str]]:
        """Return what finding identifiers gets wrong."""
        rng = self.rng
        other = rng.choice(self.people).patient
        found: list[tuple[SightingKind, str]] = []
        if rng.random() < 0.006:
            found.append((K.PATIENT_NAME, str(PersonName(record.name.last, other.name.first))))
        if rng.random() < 0.004:
            found.append((K.PATIENT_NAME, str(other.name)))
        if rng.random() < 0.004:
            found.append((K.BIRTH_DATE, service.strftime("%m/%d/%Y")))
        if rng.random() < 0.004:
            found.append((K.MRN, rng.choice([other.identifiers[0].value, f"{rng.randrange(10**7):07d}"])))
        return found

    def _service_date(self, record: Patient) -> dt.date:
        birth = record.birth_date or NOW
        start = max(birth, dt.date(1985, 1, 1))
        return start + dt.timedelta(self.rng.randint(0, max((NOW - start).days, 0)))

    def _written_name(self, record: Patient) -> str:
        """Return the name as one document writes it."""
        rng = self.rng
        name = rng.choice(record.aliases) if record.aliases and rng.random() < 0.2 else record.name
        if not is_placeholder_name(name):
            forms = list_forms(fold_name(name.first))
            if len(forms) > 1 and rng.random() < 0.08:
                name = replace(name, first=rng.choice(forms[1:]).title())
            middle = rng.choice([name.middle, name.middle[:1], ""])
            name = replace(name, middle=middle, suffix=name.suffix if rng.random() < 0.7 else "")
        if rng.random() < 0.3:
            return " ".join(part for part in (name.first, name.middle, name.last, name.suffix) if part)
        return str(name).upper() if rng.random() < 0.5 else str(name)

    # -- what reading makes of it ----------------------------------------------------------------------

    def _see(self, kind: SightingKind, text: str, grade: Grade) -> Sighting | None:
        rng = self.rng
        read, is_spoiled = text, False
        if kind is not K.SEX:
            signs = [
                rng.choice(_MISREAD[sign]) if sign in _MISREAD and rng.random() < grade.error else sign
                for sign in text
            ]
            read = "".join(signs)
            is_spoiled = read != text
        low, high = (0.3, 0.97) if is_spoiled else (grade.lowest, 0.99)
        value = self._normalize(kind, read)
        if not value:
            return None
        top = 0.05 + rng.random() * 0.1
        return Sighting(
            kind,
            value,
            read,
            rng.uniform(low, high),
            1,
            (0.1, top, 0.4, top + 0.02),
            SightingSource.RULE,
            True,
        )

    def _normalize(self, kind: SightingKind, read: str) -> str:
        if kind is K.PATIENT_NAME:
            return str(parse_name(read) or "")
        if kind in (K.BIRTH_DATE, K.SERVICE_DATE):
            parsed = read_date(read, today=NOW, is_birth=kind is K.BIRTH_DATE)
            return parsed.date.isoformat() if parsed else ""
        if kind is K.MRN:
            return normalize_number(read)
        if kind is K.PHONE:
            return normalize_phone(read)
        return normalize_ssn_last4(read) if kind is K.SSN_LAST4 else read


def _is_tellable(page: PageEvidence, others: Sequence[PageEvidence]) -> bool:
    """Say whether anything on a page differs from the others': of a namesake's bare name nobody can tell."""
    identifiers = (K.PATIENT_NAME, K.BIRTH_DATE, K.MRN, K.SSN_LAST4)
    known = {_essence(sighting) for other in others for sighting in other.sightings}
    return any(s.kind in identifiers and _essence(s) not in known for s in page.sightings)


def _essence(sighting: Sighting) -> tuple[SightingKind, str]:
    name = parse_name(sighting.value) if sighting.kind is K.PATIENT_NAME else None
    return (sighting.kind, fold_name(f"{name.last} {name.first}") if name else sighting.value)
