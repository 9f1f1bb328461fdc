"""Short ways to say what stands on a page and who is in the index."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, Sighting, SightingKind
from backfile.domain.encounter import Encounter
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.patient import (
    Address,
    IdentifierKind,
    IdentifierStatus,
    Patient,
    PatientIdentifier,
    PersonName,
)
from backfile.domain.reasons import Reason
from classify.matching import FilingRules, MemoryPatientIndex, decide_filing

TODAY = dt.date(2026, 11, 24)
OAK = Address("12 Oak St", "Salem", "OR", "97301")
RULES = FilingRules(today=TODAY)

JANE = Patient(
    id="pat_jane",
    name=PersonName("Harlow", "Jane", "Marie"),
    identifiers=(PatientIdentifier("00482913", ""),),
    birth_date=dt.date(1961, 4, 18),
    sex="F",
    ssn_last4="6712",
    phone="5035550144",
    address=OAK,
)


MRN, NAME, BORN = "00482913", "Harlow, Jane", "1961-04-18"
"""Jane's."""
LABEL: dict[str, Any] = {"mrn": MRN, "name": NAME, "born": BORN}


def patient(key: str, name: str, mrn: str, born: str | None = "1961-04-18", **changes: Any) -> Patient:
    """Return a patient; the name as "Last, First Middle"."""
    last, _, given = name.partition(", ")
    first, _, middle = given.partition(" ")
    made = Patient(
        id=f"pat_{key}",
        name=PersonName(last, first, middle),
        identifiers=(PatientIdentifier(mrn, ""),),
        birth_date=dt.date.fromisoformat(born) if born else None,
        review_only=born is None,
    )
    return replace(made, **changes)


def numbered(value: str) -> tuple[PatientIdentifier, ...]:
    """Return one MRN of the site, as a patient's only number."""
    return (PatientIdentifier(value, ""),)


def previous(value: str, facility: str = "") -> PatientIdentifier:
    return PatientIdentifier(value, facility, IdentifierKind.PREVIOUS)


def suspect(value: str) -> PatientIdentifier:
    return PatientIdentifier(value, "", status=IdentifierStatus.SUSPECT)


KINDS = {
    "mrn": SightingKind.MRN,
    "name": SightingKind.PATIENT_NAME,
    "born": SightingKind.BIRTH_DATE,
    "service": SightingKind.SERVICE_DATE,
    "ssn": SightingKind.SSN_LAST4,
    "phone": SightingKind.PHONE,
    "address": SightingKind.ADDRESS,
    "sex": SightingKind.SEX,
    "relative": SightingKind.RELATIVE_NAME,
    "other_number": SightingKind.OTHER_NUMBER,
    "other_date": SightingKind.OTHER_DATE,
    "facility": SightingKind.FACILITY,
    "encounter": SightingKind.ENCOUNTER,
}


def see(kind: str, value: str, confidence: float = 0.97, *, top: float = 0.1, raw: str = "") -> Sighting:
    """Return one sighting, in the patient area unless said otherwise."""
    return Sighting(KINDS[kind], value, raw or value, confidence, 1, (0.1, top, 0.4, top + 0.02))


def page(
    *sightings: Sighting,
    of: tuple[int, int] | None = None,
    letterhead: str = "",
    heading: str = "",
    **values: Any,
) -> PageEvidence:
    """Return a page with sightings: ``page(name="Harlow, Jane", mrn="00482913")``."""
    seen = (*sightings, *(see(kind, value) for kind, value in values.items()))
    return PageEvidence(1, seen, page_of=of, letterhead=letterhead, heading=heading)


def decide(
    *pages: PageEvidence,
    among: tuple[Patient, ...] = (JANE,),
    encounters: tuple[Encounter, ...] = (),
    rules: FilingRules = RULES,
    header: str | None = None,
    doubtful: bool = False,
) -> MatchOutcome:
    """Decide a document of these pages."""
    numbered = tuple(replace(one, page=number) for number, one in enumerate(pages, start=1))
    document = DocumentEvidence(numbered, header_patient=header, is_boundary_doubtful=doubtful)
    return decide_filing(document, index=MemoryPatientIndex(among, encounters=encounters), rules=rules)


def assert_filed(outcome: MatchOutcome, under: Patient, reason: Reason | None = None) -> None:
    """Assert that the document was filed under a patient."""
    assert outcome.state is DocumentState.FILED, outcome.reason
    assert outcome.patient_id == under.id
    assert outcome.mrn == under.mrn.value
    assert outcome.probability >= 1 - RULES.risk
    if reason:
        assert outcome.reason is reason


def assert_review(outcome: MatchOutcome, reason: Reason) -> None:
    """Assert that a person must decide, for this reason, and that nothing is preselected."""
    assert outcome.state is DocumentState.REVIEW
    assert outcome.reason is reason
    assert outcome.patient_id is None
    assert outcome.mrn == ""
