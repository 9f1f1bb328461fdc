"""Whether a sheet of paper bears what the filing rules need, told from the print alone.

Written from the rules as the manual states them and apart from their code, so that what the code is
needlessly strict about shows as documents that carry enough and are not filed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from backfile.domain.blocking import dates_like
from backfile.domain.document import SightingKind
from backfile.domain.encounter import Encounter
from backfile.domain.names import fold_name, is_placeholder_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.normalize import normalize_number, parse_name, read_date
from backfile.domain.patient import IdentifierKind, IdentifierStatus, Patient, PatientIndex, PersonName
from benchmarks.matching_paper import Paper, PaperPage
from benchmarks.matching_people import SITE
from samples.patients import NOW

K = SightingKind
_NEWBORN_DAYS = 30


def carries_what_is_needed(paper: Paper, index: PatientIndex) -> bool:
    """Say whether the paper of somebody in the index could be filed by whoever reads it without error.

    A document carries enough if every page names the patient or continues one that does, nothing printed
    contradicts the index, and one page has the site's number with birth date or name, or name and birth
    date, borne by nobody near, with a third fact.
    """
    record = index.get(paper.owner.target or "")
    if record is None or record.birth_date is None or record.review_only:
        return False
    if any(i.kind is IdentifierKind.MRN and i.status is IdentifierStatus.SUSPECT for i in record.identifiers):
        return False  # of a number that two people claim, a person says who is meant
    if paper.is_mixed or paper.bears_two_labels:
        return False
    reader = _PrintReader(paper, record, index)
    if any(reader.contradicts(page) for page in paper.pages):
        return False
    named = [reader.names_the_patient(page) for page in paper.pages]
    for at, page in enumerate(paper.pages):
        follows = at > 0 and page.page_of is not None and named[at - 1]
        named[at] = named[at] or follows
    if not all(named):
        return False
    if record.multiple_birth and not any(reader.has_name(page) for page in paper.pages):
        return False
    if reader.is_newborn():
        return reader.mother_is_apart() and any(
            reader.has_number(p) and reader.has_birth(p) for p in paper.pages
        )
    return any(map(reader.identifies, paper.pages))


class _PrintReader:
    """Reads the print of one document beside the record of its patient."""

    def __init__(self, paper: Paper, record: Patient, index: PatientIndex) -> None:
        self.paper, self.record, self.index = paper, record, index
        shown = index.get(paper.owner.record.id) or record
        self.names = [record.name, *record.aliases, shown.name, *shown.aliases]
        own = [i for i in (*record.identifiers, *shown.identifiers) if i.facility in ("", SITE)]
        self.numbers = {normalize_number(i.value) for i in own if i.status is not IdentifierStatus.SUSPECT}
        ids = {record.id, paper.owner.record.id}
        self._ids = ids
        self.is_foreign = any(page.letterhead not in ("", SITE) for page in paper.pages)

    def _texts(self, page: PaperPage, kind: SightingKind) -> Iterator[str]:
        return (f.text for f in page.fields if f.kind is kind and f.on_paper)

    def _names_on(self, page: PaperPage) -> Iterator[PersonName]:
        return (name for text in self._texts(page, K.PATIENT_NAME) if (name := parse_name(text)))

    def contradicts(self, page: PaperPage) -> bool:
        """Say whether print and index differ: a name or number that is not of record."""
        numbers = {normalize_number(text) for text in self._texts(page, K.MRN)}
        if not self.is_foreign and numbers - self.numbers:
            return True
        if not self.is_foreign and not all(map(self._is_own_stay, self._stays_on(page))):
            return True
        return any(
            is_placeholder_name(n) != is_placeholder_name(self.record.name) or not self._fits(n)
            for n in self._names_on(page)
        )

    def _stays_on(self, page: PaperPage) -> Iterator[list[Encounter]]:
        """Return what the index knows of each account number on the page; nothing says nothing."""
        found = (self.index.find_encounters(text) for text in self._texts(page, K.ENCOUNTER))
        return (stays for stays in found if stays)

    def _is_own_stay(self, stays: list[Encounter]) -> bool:
        """Say whether an account may be the patient's and the dates of service are its."""
        own = [stay for stay in stays if stay.patient_id in self._ids]
        return bool(own) and all(any(_is_within(date, stay) for stay in own) for date in self._services())

    def has_account(self, page: PaperPage) -> bool:
        """Say whether an account number stands on it that the patient alone was given."""
        return not self.is_foreign and any(
            {stay.patient_id for stay in stays} <= self._ids for stays in self._stays_on(page)
        )

    def _services(self) -> list[dt.date]:
        return [
            date.date
            for page in self.paper.pages
            for text in self._texts(page, K.SERVICE_DATE)
            if (date := read_date(text, today=NOW, is_birth=False))
        ]

    def _fits(self, name: PersonName, *, exactly: bool = False) -> bool:
        return any(_is_same(name, known, exactly=exactly) for known in self.names)

    def has_number(self, page: PaperPage) -> bool:
        """Say whether the site's number stands on it."""
        return not self.is_foreign and any(
            normalize_number(t) in self.numbers for t in self._texts(page, K.MRN)
        )

    def has_birth(self, page: PaperPage) -> bool:
        """Say whether the birth date stands on it."""
        born = self.record.birth_date
        dates = (read_date(t, today=NOW, is_birth=True) for t in self._texts(page, K.BIRTH_DATE))
        return any(date is not None and date.date == born for date in dates)

    def has_name(self, page: PaperPage) -> bool:
        """Say whether a name of the patient stands on it."""
        return any(map(self._fits, self._names_on(page)))

    def names_the_patient(self, page: PaperPage) -> bool:
        """Say whether anything on it ties it to the patient; a birth date alone could be a twin's."""
        return self.has_number(page) or self.has_name(page)

    def identifies(self, page: PaperPage) -> bool:
        """Say whether an accepted combination stands on the page."""
        if self.has_number(page) or self.has_account(page):
            return self.has_birth(page) or self.has_name(page)
        is_named = any(self._fits(name, exactly=True) for name in self._names_on(page))
        return is_named and self.has_birth(page) and self._has_third(page) and self._is_unique()

    def _has_third(self, page: PaperPage) -> bool:
        record = self.record
        middles = {fold_name(name.middle) for name in self.names if len(name.middle) > 1}
        return (
            any(fold_name(name.middle) in middles for name in self._names_on(page))
            or bool(record.phone and record.phone in self._texts(page, K.PHONE))
            or bool(record.ssn_last4 and record.ssn_last4 in self._texts(page, K.SSN_LAST4))
            or bool(record.address.street and str(record.address) in self._texts(page, K.ADDRESS))
        )

    def _is_unique(self) -> bool:
        birth = self.record.birth_date
        assert birth is not None
        near = {None, *dates_like(birth)}
        others = self.index.find_neighbours(self.record)
        return all(o.birth_date not in near for o in others if o.merged_into != self.record.id)

    def is_newborn(self) -> bool:
        """Say whether it is, or may be, of the first 30 days."""
        birth = self.record.birth_date
        assert birth is not None
        services = self._services()
        if not services:
            return bool(self.record.mother_mrn) or is_placeholder_name(self.record.name)
        return any(0 <= (day - birth).days <= _NEWBORN_DAYS for day in services)

    def mother_is_apart(self) -> bool:
        """Say whether nothing of the mother stands where the patient's label is."""
        fields = [f for page in self.paper.pages for f in page.fields]
        return not any(
            (f.kind is K.RELATIVE_NAME and f.top < 0.25) or f.kind is K.OTHER_NUMBER for f in fields
        )


def _is_within(date: dt.date, stay: Encounter) -> bool:
    """Say whether papers of a stay may bear a date: a month before admission to a month after discharge."""
    month = dt.timedelta(30)
    begins = stay.admitted or stay.discharged
    is_after = begins is None or begins - month <= date
    return is_after and (stay.discharged is None or date <= stay.discharged + month)


def _is_same(read: PersonName, known: PersonName, *, exactly: bool) -> bool:
    """Say whether two names are one, however the words are parted."""
    words = sorted(fold_name(f"{read.first} {read.middle} {read.last}").split())
    last, first = fold_name(known.last).split(), fold_name(known.first).split()
    if known.suffix and read.suffix and known.suffix != read.suffix:
        return False
    known_words = {*last, *first, *fold_name(known.middle).split()}
    if " " in fold_name(read.last) and not set(fold_name(read.last).split()) <= known_words:
        return False  # a double name of which one part is not of record
    rest = list(words)
    for word in (*last, *first):
        if word in rest:
            rest.remove(word)
        elif exactly or word not in first or not any(are_forms_of_one_name(word, w) for w in rest):
            return False
    return True
