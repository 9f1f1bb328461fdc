"""The pages of a document beside one patient, as the person who decides is shown them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.patient import Patient, PatientIndex
from backfile.domain.reasons import Reason
from classify.matching.case import FilingRules
from classify.matching.compare import compare_facts
from classify.matching.conflicts import find_conflict
from classify.matching.encounters import EncounterBook
from classify.matching.facts import Facts, gather_facts, is_continuation, join_facts
from classify.matching.letterheads import LetterheadJudge
from classify.matching.levels import Compared, Comparison, Field, Level
from classify.matching.people import Person, group_people
from classify.matching.site_numbers import SiteNumbers


class PageMark(StrEnum):
    """What a page says of a patient."""

    AGREE = "agree"
    """It bears an identifier that agrees, and nothing that conflicts."""
    NONE = "none"
    """Nothing on it points at the patient or away from them."""
    CONFLICT = "conflict"
    """Something on it is another person's, by the filing rules."""


_KINDS = {
    Field.MRN: SightingKind.MRN,
    Field.LAST_NAME: SightingKind.PATIENT_NAME,
    Field.FIRST_NAME: SightingKind.PATIENT_NAME,
    Field.MIDDLE_NAME: SightingKind.PATIENT_NAME,
    Field.SUFFIX: SightingKind.PATIENT_NAME,
    Field.BIRTH_DATE: SightingKind.BIRTH_DATE,
    Field.SEX: SightingKind.SEX,
    Field.SSN_LAST4: SightingKind.SSN_LAST4,
    Field.PHONE: SightingKind.PHONE,
    Field.ADDRESS: SightingKind.ADDRESS,
    Field.SERVICE_DATE: SightingKind.SERVICE_DATE,
    Field.ENCOUNTER: SightingKind.ENCOUNTER,
    Field.STAY: SightingKind.SERVICE_DATE,
}
"""Which sightings a field is read from."""


@dataclass(frozen=True, slots=True)
class FieldBeside:
    """One field of the pages beside one patient's, with the place on the page that speaks for it."""

    field: Field
    compared: Compared
    sighting: Sighting | None = None
    """None where no page bears the field."""
    position: int = 0
    """Of its page in the document, from 1; 0 without a sighting."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A whole document beside one patient."""

    person: Person
    fields: tuple[FieldBeside, ...]
    """Every field that is compared, in the order in which a technician reads."""
    marks: tuple[PageMark, ...]
    """One a page, in order."""

    @property
    def has_conflict(self) -> bool:
        """Some page speaks against the patient."""
        return PageMark.CONFLICT in self.marks


class PageComparer:
    """Holds what stands on the pages of one document, to lay it beside one patient after the other."""

    def __init__(
        self, pages: Sequence[PageEvidence | None], *, index: PatientIndex, rules: FilingRules
    ) -> None:
        """Take the evidence of the pages in order; None for a page that could not be read."""
        self._index = index
        self._judge = LetterheadJudge(rules.facility)
        self._today = rules.today or dt.datetime.now(dt.UTC).date()
        self._numbers = SiteNumbers(index, self._judge)
        self._book = EncounterBook(index, self._judge)
        self._evidence = [page or PageEvidence(number, ()) for number, page in enumerate(pages, 1)]
        self._pages = self._gather(self._evidence)

    def lay_beside(self, patient: Patient) -> Beside | None:
        """Compare with a patient, a merged one's survivor; None where the merge leads nowhere."""
        people = group_people([patient], self._index)
        if not people:
            return None
        person = people[0]
        by_page = [self._compare(facts, person) for facts in self._pages]
        whole = self._compare(join_facts(self._pages), person) if self._pages else Comparison()
        return Beside(
            person,
            tuple(self._find_speaker(name, whole[name], by_page, person) for name in Field),
            tuple(_mark(facts, compared) for facts, compared in zip(self._pages, by_page, strict=True)),
        )

    def find_strays(self, patient: Patient) -> tuple[tuple[int, Reason], ...]:
        """Return the pages that do not belong to a patient (``pages.find_strays``)."""
        people = group_people([patient], self._index)
        found: list[tuple[int, Reason]] = []
        is_bound = False
        for at, facts in enumerate(self._pages):
            compared = self._compare(facts, people[0]) if people else Comparison()
            continues = at > 0 and is_continuation(self._pages[at - 1], facts)
            is_bound = compared.binds_the_page or (continues and is_bound)
            reason = find_conflict(facts, compared) or (None if is_bound else Reason.PAGE_UNBOUND)
            if reason is not None:
                found.append((at + 1, reason))
        return tuple(found)

    def _gather(self, evidence: Sequence[PageEvidence]) -> tuple[Facts, ...]:
        return gather_facts(DocumentEvidence(tuple(evidence)), judge=self._judge, today=self._today)

    def _compare(self, facts: Facts, person: Person) -> Comparison:
        return compare_facts(
            facts, person, judge=self._judge, bearers=self._numbers.find_bearers, book=self._book
        )

    def _find_speaker(
        self, name: Field, whole: Compared, by_page: Sequence[Comparison], person: Person
    ) -> FieldBeside:
        """Return the place that gave the field its verdict; the first that bears it, where none did."""
        seen = [
            (position, sighting)
            for position, page in enumerate(self._evidence, 1)
            for sighting in page.sightings
            if sighting.kind is _KINDS[name]
        ]
        if not seen:
            return FieldBeside(name, whole)
        speaking = [
            (position, sighting)
            for position, sighting in seen
            if by_page[position - 1][name].level is whole.level
        ]
        chosen = next(
            (one for one in speaking if self._verdict_of(*one, name, person) is whole.level),
            (speaking or seen)[0],
        )
        return FieldBeside(name, whole, chosen[1], chosen[0])

    def _verdict_of(self, position: int, sighting: Sighting, name: Field, person: Person) -> Level:
        page = self._evidence[position - 1]
        if sum(other.kind is sighting.kind for other in page.sightings) == 1:
            return self._compare(self._pages[position - 1], person)[name].level
        (facts,) = self._gather([replace(page, sightings=(sighting,))])
        return self._compare(facts, person)[name].level


def mark_pages(
    pages: Sequence[PageEvidence | None], patient: Patient, *, index: PatientIndex, rules: FilingRules
) -> tuple[PageMark, ...]:
    """Say of each page whether it agrees with a patient, conflicts, or says nothing.

    Args:
        pages: Evidence of the pages in order; None for a page that could not be read.
        patient: The patient; of a merged one the survivor counts.
        index: The patient index.
        rules: What the site sets.
    """
    beside = PageComparer(pages, index=index, rules=rules).lay_beside(patient)
    return beside.marks if beside else (PageMark.NONE,) * len(pages)


def find_strays(
    pages: Sequence[PageEvidence | None], patient: Patient, *, index: PatientIndex, rules: FilingRules
) -> tuple[tuple[int, Reason], ...]:
    """Return the pages that do not belong to a patient, or that nothing ties to them, each with the reason.

    Args:
        pages: evidence of a document's pages in order; None for a page that could not be read.
        patient: under whom they are filed; of a merged one the survivor counts.
        index: the patient index.
        rules: what the site sets.

    Returns:
        Positions from 1, with a conflict of the filing rules or ``PAGE_UNBOUND``. A numbered continuation is
        bound by the page before it.
    """
    return PageComparer(pages, index=index, rules=rules).find_strays(patient)


def _mark(facts: Facts, compared: Comparison) -> PageMark:
    if find_conflict(facts, compared):
        return PageMark.CONFLICT
    return PageMark.AGREE if compared.binds_the_page else PageMark.NONE
