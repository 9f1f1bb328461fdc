"""From what stands on a document's pages to the decision: filed, for review, or an exception.

*Exception* here means that there is nothing to decide with: no identifier on any page. Whatever bears
one and is not filed is for review, with its candidates and the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.decision import Candidate, MatchOutcome
from backfile.domain.document import DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.normalize import normalize_zip
from backfile.domain.patient import IdentifierStatus, PatientIndex, PatientQuery
from backfile.domain.reasons import Reason
from classify.matching.calibration import CALIBRATION, Calibration, calibrate, kind_of
from classify.matching.case import Case, FilingRules, Part
from classify.matching.compare import compare_facts, own_numbers
from classify.matching.conflicts import check_conflicts, find_conflict
from classify.matching.encounters import EncounterBook
from classify.matching.facts import Facts, gather_facts, is_continuation, join_facts
from classify.matching.letterheads import LetterheadJudge, Standing
from classify.matching.levels import Comparison, Field, Level
from classify.matching.people import Person, group_people
from classify.matching.rules import (
    check_binding,
    check_newborn,
    check_placeholder,
    check_record,
    check_twin_on_record,
    explain_lack,
    explains_as_well,
    identify,
)
from classify.matching.score import find_likely_weight, find_probabilities, name_shares, weigh
from classify.matching.site_numbers import SiteNumbers

SHOWN = 5
"""Candidates that a technician is shown."""
_STRANGER = 0.05
"""Probability under which the best candidate is called nobody, unless the number is theirs."""
_RIVAL = 0.5
"""Probability, taken alone, from which another candidate without a conflict makes the case a person's."""


@dataclass(frozen=True, slots=True)
class _Scored:
    person: Person
    comparison: Comparison
    weight: float
    probability: float


def decide_filing(
    document: DocumentEvidence,
    *,
    index: PatientIndex,
    rules: FilingRules,
    calibration: Calibration = CALIBRATION,
) -> MatchOutcome:
    """Decide whose document it is, and whether it may be filed without a person.

    Args:
        document: What was seen on the pages, in order.
        index: The patient index.
        rules: What the site sets.
        calibration: How often probabilities came true.
    """
    today = rules.today or dt.datetime.now(dt.UTC).date()
    judge = LetterheadJudge(rules.facility)
    pages = gather_facts(document, judge=judge, today=today)
    header = _header_person(document, index)
    if not pages or (header is None and not any(page.has_anything for page in pages)):
        return MatchOutcome(DocumentState.EXCEPTION, Reason.NO_IDENTIFIERS)
    outcome = _Decision(pages, header, index, rules, judge).decide(
        is_boundary_doubtful=document.is_boundary_doubtful
    )
    return _calibrate(outcome, calibration)


def _header_person(document: DocumentEvidence, index: PatientIndex) -> Person | None:
    patient = index.get(document.header_patient) if document.header_patient else None
    people = group_people([patient], index) if patient else []
    return people[0] if people else None


class _Decision:
    """One document being decided."""

    def __init__(
        self,
        pages: Sequence[Facts],
        header: Person | None,
        index: PatientIndex,
        rules: FilingRules,
        judge: LetterheadJudge,
    ) -> None:
        self.pages, self.header, self.index, self.rules, self.judge = pages, header, index, rules, judge
        self.whole = join_facts(pages)
        self._numbers = SiteNumbers(index, judge)
        self._book = EncounterBook(index, judge)
        self._compared: dict[tuple[int | str, ...], tuple[Facts, Comparison]] = {}

    def decide(self, *, is_boundary_doubtful: bool) -> MatchOutcome:
        scored = self._score()
        if not scored:
            return MatchOutcome(DocumentState.REVIEW, Reason.NOT_IN_INDEX)
        best = scored[0]
        if self.header:
            best = next(one for one in scored if self.header and one.person.id == self.header.id)
        is_hit = best.comparison[Field.MRN].agrees
        if self._is_any_number_suspect():
            return self._review(Reason.NUMBER_SUSPECT, scored)
        if not self.header and not is_hit and best.probability < _STRANGER:
            return self._review(self._why_stranger(best), scored)
        case = self._make_case(best)
        reason = check_conflicts(case)
        if reason is None:  # whom they could be confused with is a search of its own
            case = replace(case, neighbours=tuple(self._neighbours(case)))
            reason = self._find_reason(case, best, scored)
        if reason is None and is_boundary_doubtful:
            reason = Reason.DOUBTFUL_BOUNDARY
        if reason is not None:
            return self._review(reason, scored)
        identity = identify(case)
        assert identity is not None  # _find_reason saw to it
        return _outcome(DocumentState.FILED, identity, scored, best)

    def _find_reason(self, case: Case, best: _Scored, scored: Sequence[_Scored]) -> Reason | None:
        """Return the first rule that is broken by what does not conflict, None where all are kept."""
        for check in (check_record, check_placeholder, check_newborn):
            if reason := check(case):
                return reason
        if identify(case) is None:
            return explain_lack(case)
        if reason := check_binding(case) or check_twin_on_record(case):
            return reason
        if self._could_be_a_neighbour(case):
            return Reason.TWIN_OR_NAMESAKE
        if self._has_rival(case, best, scored):
            return Reason.SEVERAL_CANDIDATES
        return Reason.LOW_PROBABILITY if best.probability < 1 - self.rules.risk else None

    def _could_be_a_neighbour(self, case: Case) -> bool:
        """Say whether any page that is bound by what it bears could be a twin's or namesake's as well."""
        for page in case.pages:
            if not page.comparison.names_the_person:
                continue  # bound by the page before it or the header sheet
            is_theirs = _is_wholly_theirs(page)
            for other in case.neighbours:
                if is_theirs and self._has_other_numbers(other, page.facts):
                    continue  # spares laying the rest beside, which could not speak for the other
                if case.has_header and not _fits_better(page.comparison, self._compare(page.facts, other)):
                    continue  # the clerk who laid the sheet told them apart
                if explains_as_well(page.comparison, self._compare(page.facts, other)):
                    return True
        return False

    def _has_other_numbers(self, other: Person, facts: Facts) -> bool:
        """Say whether the site gave somebody numbers, each more than a misreading from those on a page."""
        own = own_numbers(other, self.judge)
        seen = [number.value for number in facts.numbers]
        return bool(own) and all(
            DamerauLevenshtein.distance(one, number, score_cutoff=1) > 1 for one in seen for number in own
        )

    def _has_rival(self, case: Case, best: _Scored, scored: Sequence[_Scored]) -> bool:
        """Say whether another candidate, taken alone, is likely too and nothing speaks against it."""
        people = max(len(self.index), 1)
        likely = find_likely_weight(_RIVAL, people=people)
        for other in scored:
            if other.weight < likely or other.person.id == best.person.id:
                continue
            (alone,) = find_probabilities([other.weight], people=people)
            if alone < _RIVAL or find_conflict(self.whole, other.comparison):
                continue
            if explains_as_well(best.comparison, other.comparison):
                return True
        return False

    def _score(self) -> list[_Scored]:
        found = [*self._book.find_patients(self.whole), *self.index.find_candidates(self._query())]
        people = group_people([*([self.header.record] if self.header else []), *found], self.index)
        share = name_shares(self.index)
        comparisons = [self._compare(self.whole, person) for person in people]
        weights = [
            weigh(compared, name_share=share(person.record.name) if compared.is_whole_name else 1.0)
            for person, compared in zip(people, comparisons, strict=True)
        ]
        at_header = 0 if self.header else None  # grouped first
        probabilities = find_probabilities(weights, people=len(self.index), header=at_header)
        scored = [
            _Scored(person, compared, weight, probability)
            for person, compared, weight, probability in zip(
                people, comparisons, weights, probabilities, strict=True
            )
        ]
        return sorted(scored, key=lambda one: (-one.probability, -one.weight, one.person.id))

    def _query(self) -> PatientQuery:
        facts = self.whole
        return PatientQuery(
            mrns=tuple(dict.fromkeys(n.value for n in facts.numbers if n.standing is not Standing.FOREIGN)),
            names=tuple(dict.fromkeys(seen.value for seen in facts.names)),
            birth_dates=tuple(dict.fromkeys(seen.value for seen in facts.births)),
            phones=tuple(dict.fromkeys(seen.value for seen in facts.phones)),
            ssn_last4s=tuple(dict.fromkeys(seen.value for seen in facts.ssns)),
            zips=tuple(
                dict.fromkeys(code for seen in facts.addresses if (code := normalize_zip(seen.value.zip)))
            ),
        )

    def _make_case(self, best: _Scored) -> Case:
        person = best.person
        pages = tuple(Part(facts, self._compare(facts, person)) for facts in self.pages)
        return Case(
            person=person,
            pages=pages,
            sheets=tuple(self._sheets(person)),
            neighbours=(),
            index=self.index,
            risk=self.rules.risk,
            has_header=self.header is not None and self.header.id == person.id,
        )

    def _sheets(self, person: Person) -> Iterator[Part]:
        group: list[Facts] = []
        for facts in self.pages:
            if group and not is_continuation(group[-1], facts):
                yield self._part(join_facts(group), person)
                group = []
            group.append(facts)
        yield self._part(join_facts(group), person)

    def _part(self, facts: Facts, person: Person) -> Part:
        return Part(facts, self._compare(facts, person))

    def _neighbours(self, case: Case) -> list[Person]:
        person = case.person
        records = (person.record, *person.merged)
        near_dates = not all(map(_is_wholly_theirs, case.pages))
        found = [
            other for record in records for other in self.index.find_neighbours(record, near_dates=near_dates)
        ]
        return [other for other in group_people(found, self.index) if other.id != person.id]

    def _compare(self, facts: Facts, person: Person) -> Comparison:
        key: tuple[int | str, ...] = (id(facts), person.id, *[one.id for one in person.merged])
        if key not in self._compared:
            compared = compare_facts(
                facts, person, judge=self.judge, bearers=self._numbers.find_bearers, book=self._book
            )
            self._compared[key] = (facts, compared)  # with the facts, so that no others get their id
        return self._compared[key][1]

    def _is_any_number_suspect(self) -> bool:
        """Say whether a number on the pages is claimed by more than one person: then it tells nothing."""
        for seen in self.whole.numbers:
            if seen.standing is Standing.FOREIGN:
                continue
            holders = self._numbers.find_holders(seen.value)
            statuses = [s for p in holders for s in self._numbers.standings(p, seen.value)]
            if IdentifierStatus.SUSPECT in statuses or len(self._numbers.find_bearers(seen.value)) > 1:
                return True
        return False

    def _why_stranger(self, best: _Scored) -> Reason:
        """Return why nobody fits."""
        if self.whole.has_placeholder and not self.whole.births and not self.whole.numbers:
            return Reason.PLACEHOLDER_NAME
        fits = best.comparison.names_the_person and not find_conflict(self.whole, best.comparison)
        return Reason.TOO_FEW_IDENTIFIERS if fits else Reason.NOT_IN_INDEX

    def _review(self, reason: Reason, scored: Sequence[_Scored]) -> MatchOutcome:
        return _outcome(DocumentState.REVIEW, reason, scored, scored[0])


def _is_wholly_theirs(page: Part) -> bool:
    """Say whether number, names and birth date on a page are a person's exactly, and nothing else parts them.

    Whoever is near by name and birth date but not of the same day differs in two things from such a page.
    None of them could be meant, so they need not be looked for.
    """
    exact = (Field.MRN, Field.LAST_NAME, Field.FIRST_NAME, Field.BIRTH_DATE)
    facts, compared = page.facts, page.comparison
    has_more = facts.ssns or facts.encounters or any(seen.value.suffix for seen in facts.names)
    return not has_more and all(compared[name].level is Level.EXACT for name in exact)


def _fits_better(mine: Comparison, theirs: Comparison) -> bool:
    """Say whether something on the page agrees with the other and not with the person."""
    fields = (Field.MRN, Field.FIRST_NAME, Field.LAST_NAME, Field.BIRTH_DATE, Field.SUFFIX, Field.SSN_LAST4)
    return any(theirs[name].agrees and not mine[name].agrees for name in fields)


def _outcome(state: DocumentState, reason: Reason, scored: Sequence[_Scored], best: _Scored) -> MatchOutcome:
    is_filed = state is DocumentState.FILED
    mrn = best.person.record.mrn
    return MatchOutcome(
        state=state,
        reason=reason,
        patient_id=best.person.id if is_filed else None,
        mrn=mrn.value if is_filed else "",
        facility=mrn.facility if is_filed else "",
        probability=best.probability,
        candidates=tuple(_candidate(one) for one in scored[:SHOWN]),
        comparisons=best.comparison.describe(),
    )


def _calibrate(outcome: MatchOutcome, calibration: Calibration) -> MatchOutcome:
    """Say the probabilities of those who are shown as they came true."""
    said = calibrate([one.probability for one in outcome.candidates], kind_of(outcome.reason), calibration)
    candidates = tuple(
        Candidate(one.patient_id, one.mrn, one.facility, probability, one.comparisons)
        for one, probability in zip(outcome.candidates, said, strict=True)
    )
    is_first = bool(said) and outcome.probability == outcome.candidates[0].probability
    return replace(outcome, candidates=candidates, probability=said[0] if is_first else outcome.probability)


def _candidate(one: _Scored) -> Candidate:
    mrn = one.person.record.mrn
    return Candidate(one.person.id, mrn.value, mrn.facility, one.probability, one.comparison.describe())
