"""What stands on the pages of a simulated document, before anybody reads it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from backfile.domain.document import SightingKind
from backfile.domain.names import fold_name, is_placeholder_name
from backfile.domain.nicknames import list_forms
from backfile.domain.patient import IdentifierKind, Patient, PersonName
from benchmarks.matching_people import SITE, Owner, Slice, World
from samples.names import draw_last_name
from samples.patients import NOW

K = SightingKind
_ELSEWHERE = ("Riverbend Medical Center", "St. Brendan Regional Clinic", "Lakeshore Orthopedic Associates")
_MOVED = 0.25
"""Share of old papers with a telephone and an address that the index no longer has (assumed)."""
_WITH_ACCOUNT = 0.3
"""Share of papers that bear an account number (assumed)."""
_DATE_FORMS = ("%m/%d/%Y", "%m-%d-%Y", "%d-%b-%Y", "%m/%d/%y", "%B %d, %Y")


@dataclass(frozen=True, slots=True)
class Printed:
    """One field of a page."""

    kind: SightingKind
    text: str
    top: float = 0.1
    """Place on the page, 0..1."""
    on_paper: bool = True
    """False for what finding identifiers gets wrong: it took something else for the field."""


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page."""

    fields: tuple[Printed, ...]
    owner: str | None
    """Id of the person whose page it is; None for somebody who is not in the index."""
    page_of: tuple[int, int] | None
    letterhead: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document before it is scanned."""

    slice: Slice
    owner: Owner
    pages: tuple[PaperPage, ...]
    is_mixed: bool = False
    """Pages of several people are in it: nobody's to file unaided."""
    bears_two_labels: bool = False
    """A newborn's page bears the mother's label in the patient's place: a person's to say whose it is."""


def print_paper(world: World, kind: Slice, *, is_stranger: bool, rng: random.Random) -> Paper:
    """Draw a document of a slice."""
    owner = world.draw_owner(kind, is_stranger=is_stranger)
    printer = _Printer(world, rng, kind)
    count = rng.choices([1, 2, 3, 5], [5, 3, 2, 1])[0]
    if kind is Slice.STRAY:
        count = max(count, 2)
    pages = printer.print_pages(owner, count)
    if kind is Slice.STRAY:
        return _stray(world, printer, owner, pages, rng)
    has_two = False
    if kind is Slice.NEWBORN and owner.mother is not None:
        pages, has_two = printer.add_mother(pages, owner, owner.mother)
    return Paper(kind, owner, tuple(pages), bears_two_labels=has_two)


def _stray(
    world: World, printer: _Printer, owner: Owner, pages: list[PaperPage], rng: random.Random
) -> Paper:
    """Put a page of somebody else among the pages, where anything on it says so."""
    for _ in range(20):
        other = world.anybody_else(owner)
        (page,) = printer.print_pages(other, 1)
        if other.target is not None and other.target == owner.target:
            continue
        if _is_tellable(page, pages):
            at = rng.randrange(1, len(pages))
            numbered = replace(page, page_of=pages[at].page_of if rng.random() < 0.3 else page.page_of)
            return Paper(Slice.STRAY, owner, (*pages[:at], numbered, *pages[at + 1 :]), is_mixed=True)
    return Paper(Slice.ORDINARY, owner, tuple(pages))


def _is_tellable(page: PaperPage, others: list[PaperPage]) -> bool:
    """Say whether anything on a page differs from the others': of a namesake's bare name nobody can tell."""
    kinds = (K.PATIENT_NAME, K.BIRTH_DATE, K.MRN, K.SSN_LAST4)
    known = {(f.kind, _plain(f)) for other in others for f in other.fields}
    kinds_known = {kind for kind, _ in known}
    return any(
        f.kind in kinds and f.kind in kinds_known and (f.kind, _plain(f)) not in known for f in page.fields
    )


def _plain(field: Printed) -> str:
    """Return what a field says, whatever way it is written."""
    if field.kind is K.PATIENT_NAME:
        return " ".join(sorted(w for w in fold_name(field.text).split() if len(w) > 2))
    if field.kind is K.BIRTH_DATE:
        return next((str(day) for form in _DATE_FORMS if (day := _day(field.text, form))), field.text)
    return field.text


def _day(text: str, form: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, form).date()
    except ValueError:
        return None


class _Printer:
    """Prints the labels and letterheads of one document."""

    def __init__(self, world: World, rng: random.Random, kind: Slice) -> None:
        self.world, self.rng, self.kind = world, rng, kind

    def print_pages(self, owner: Owner, count: int) -> list[PaperPage]:
        """Return pages that bear what a site's forms bear, some of them less."""
        rng = self.rng
        if rng.random() < _MOVED and not owner.is_double:
            elsewhere = rng.choice(self.world.people).patient
            lived = replace(owner.record, phone=elsewhere.phone, address=elsewhere.address)
            owner = replace(owner, record=lived)
        is_numbered = count > 1 and rng.random() < 0.6
        bears = {
            K.MRN: rng.random() < 0.9 or owner.is_double,
            K.BIRTH_DATE: rng.random() < 0.93,
            K.SERVICE_DATE: rng.random() < 0.85,
            K.PHONE: rng.random() < 0.35,
        }
        letterhead = self._letterhead(owner)
        number = self._number(owner, letterhead)
        name, service = self._written_name(owner), self._service_date(owner.record)
        account = ""
        if rng.random() < _WITH_ACCOUNT:
            account, service = self._account(owner, letterhead, service)
        date_form = rng.choices(_DATE_FORMS, [5, 2, 2, 2, 1])[0]
        pages = []
        for at in range(count):
            is_bare = at > 0 and is_numbered and rng.random() < 0.4
            fields = [] if is_bare else self._label(owner, name, number, account, service, date_form, bears)
            pages.append(
                PaperPage(
                    tuple(fields),
                    owner.target,
                    (at + 1, count) if is_numbered else None,
                    letterhead if at == 0 or rng.random() < 0.5 else "",
                )
            )
        return pages

    def add_mother(
        self, pages: list[PaperPage], owner: Owner, mother: Patient
    ) -> tuple[list[PaperPage], bool]:
        """Put the mother on a newborn's pages: named as such, or with her own label in their place."""
        rng, chance = self.rng, self.rng.random()
        if chance < 0.35:
            named = Printed(K.RELATIVE_NAME, str(mother.name), rng.choice([0.12, 0.4]))
            number = Printed(K.OTHER_NUMBER, mother.identifiers[0].value, 0.4)
            extra = (named, number) if rng.random() < 0.4 else (named,)
            return [replace(page, fields=(*page.fields, *extra)) for page in pages], False
        is_namesake = fold_name(mother.name.first) == fold_name(owner.record.name.first)
        if chance < 0.65 and not is_namesake and any(page.fields for page in pages):
            label = [Printed(K.PATIENT_NAME, str(mother.name)), Printed(K.MRN, mother.identifiers[0].value)]
            if mother.birth_date:
                label.append(Printed(K.BIRTH_DATE, mother.birth_date.strftime("%m/%d/%Y")))
            label = label[: rng.choice([1, 2, 3])] if rng.random() < 0.5 else label
            kept = rng.random() < 0.5  # the infant's own label stays beside the mother's, or a part of it
            at = rng.choice([n for n, page in enumerate(pages) if page.fields])
            own = [f for f in pages[at].fields if kept or f.kind in (K.PATIENT_NAME, K.SERVICE_DATE)]
            if not any(f.kind is K.PATIENT_NAME for f in own):
                own.append(Printed(K.PATIENT_NAME, str(owner.record.name)))
            pages[at] = replace(pages[at], fields=(*own, *label))
            return pages, True
        return pages, False

    # -- parts -----------------------------------------------------------------------------------------

    def _letterhead(self, owner: Owner) -> str:
        rng = self.rng
        if owner.is_double or self.kind is Slice.RECYCLED:
            return SITE
        if self.kind is Slice.FOREIGN:
            return rng.choice(_ELSEWHERE)
        elsewhere = any(i.facility for i in owner.record.identifiers[:1])
        return _ELSEWHERE[0] if elsewhere else rng.choices([SITE, "", rng.choice(_ELSEWHERE)], [88, 10, 2])[0]

    def _number(self, owner: Owner, letterhead: str) -> str:
        rng, record = self.rng, owner.record
        if owner.printed_number:
            return owner.printed_number
        if letterhead in _ELSEWHERE and not record.identifiers[0].facility:
            # Of another institution: two in five times the same as a number of somebody here.
            return rng.choice(self.world.people).mrn if rng.random() < 0.4 else self.world.free_number(record)
        former = [i.value for i in record.identifiers if i.kind is IdentifierKind.PREVIOUS]
        return rng.choice([record.identifiers[0].value] * 9 + former)

    def _account(self, owner: Owner, letterhead: str, service: dt.date) -> tuple[str, dt.date]:
        """Return an account number with the date of a service under it: of a stay, where the index knows one.

        A newborn's papers may bear the mother's account, and those of another institution bear its own.
        """
        rng = self.rng
        mothers = self.world.stays_of(owner.mother) if owner.mother else ()
        if self.kind is Slice.NEWBORN and mothers and rng.random() < 0.15:
            return rng.choice(mothers).number, service
        stays = self.world.stays_of(owner.record)
        if not stays or letterhead in _ELSEWHERE:
            return self.world.free_account(rng), service
        stay = rng.choice(stays)
        if self.kind is Slice.NEWBORN or stay.admitted is None:
            return stay.number, service
        days = rng.randint(-10, 25)  # papers before admission and after discharge belong to it as well
        begins = max(stay.admitted + dt.timedelta(days), owner.record.birth_date or stay.admitted)
        return stay.number, min(begins, (stay.discharged or NOW) + dt.timedelta(25), NOW)

    def _service_date(self, record: Patient) -> dt.date:
        birth = record.birth_date or NOW
        if self.kind is Slice.NEWBORN and (NOW - birth).days < 400 and self.rng.random() < 0.7:
            return min(birth + dt.timedelta(self.rng.randint(0, 40)), NOW)
        start = max(birth, dt.date(1985, 1, 1))
        return start + dt.timedelta(self.rng.randint(0, max((NOW - start).days, 0)))

    def _written_name(self, owner: Owner) -> str:
        """Return the name as this document writes it."""
        rng, record = self.rng, owner.record
        name = rng.choice(record.aliases) if record.aliases and rng.random() < 0.2 else record.name
        if not is_placeholder_name(name):
            short = [replace(name, first=form.title()) for form in list_forms(fold_name(name.first))[1:]]
            if owner.target is None:
                # No twin is called by the other's very name; of such a paper nobody could tell whose it is.
                short = [form for form in short if not self.world.is_anybody(form, record.birth_date)]
            if short and (self.kind is Slice.NICKNAME or rng.random() < 0.06):
                name = rng.choice(short)
            if self.kind is Slice.MAIDEN:
                name = self._maiden(name, record)
            middle = rng.choice([name.middle, name.middle[:1], ""])
            name = replace(name, middle=middle, suffix=name.suffix if rng.random() < 0.7 else "")
        if rng.random() < 0.3:
            return " ".join(part for part in (name.first, name.middle, name.last, name.suffix) if part)
        return str(name).upper() if rng.random() < 0.5 else str(name)

    def _maiden(self, name: PersonName, record: Patient) -> PersonName:
        """Return the name before or after a marriage: of record where one is, else one that is not."""
        if record.aliases:
            return replace(self.rng.choice(record.aliases), middle=name.middle)
        origin = self.rng.choice(self.world.people).origin
        other = draw_last_name(self.rng, origin, pool=self.world.pool)
        last = f"{name.last}-{other}" if self.rng.random() < 0.3 else other
        return replace(name, last=last)

    def _label(
        self,
        owner: Owner,
        name: str,
        number: str,
        account: str,
        service: dt.date,
        date_form: str,
        bears: dict[SightingKind, bool],
    ) -> list[Printed]:
        rng, record = self.rng, owner.record
        printed: list[Printed] = []
        if rng.random() < 0.96:
            printed.append(Printed(K.PATIENT_NAME, name))
        if bears[K.BIRTH_DATE] and record.birth_date and rng.random() < 0.95:
            printed.append(Printed(K.BIRTH_DATE, record.birth_date.strftime(date_form)))
        if bears[K.MRN] and (owner.is_double or owner.printed_number or rng.random() < 0.95):
            printed.append(Printed(K.MRN, number))
        if account and rng.random() < 0.95:
            printed.append(Printed(K.ENCOUNTER, account))
        if bears[K.SERVICE_DATE]:
            printed.append(Printed(K.SERVICE_DATE, service.strftime("%m/%d/%Y")))
        if bears[K.PHONE]:
            printed += [
                Printed(K.PHONE, record.phone),
                Printed(K.ADDRESS, str(record.address)),
                Printed(K.SEX, record.sex),
                Printed(K.SSN_LAST4, record.ssn_last4),
            ]
        printed += self._wrongly_extracted(record, service)
        return [one for one in printed if one.text]

    def _wrongly_extracted(self, record: Patient, service: dt.date) -> list[Printed]:
        """Return what finding identifiers gets wrong: kin, providers and other dates and numbers."""
        rng, found = self.rng, []
        other = rng.choice(self.world.people).patient
        if rng.random() < 0.006:
            found.append((K.PATIENT_NAME, str(PersonName(record.name.last, other.name.first))))
        if rng.random() < 0.004:
            found.append((K.PATIENT_NAME, str(other.name)))
        if rng.random() < 0.004:
            found.append((K.BIRTH_DATE, service.strftime("%m/%d/%Y")))
        if rng.random() < 0.004:
            wrong = rng.choice([other.identifiers[0].value, f"{rng.randrange(10**7):07d}"])
            found.append((K.MRN, wrong))
        if rng.random() < 0.002 and self.world.encounters:
            found.append((K.ENCOUNTER, rng.choice(self.world.encounters).number))
        return [Printed(kind, text, on_paper=False) for kind, text in found]
