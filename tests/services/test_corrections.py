"""What a person says of a field, laid over the evidence: only what it replaces gives way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import (
    DocumentState,
    FieldAlternative,
    FieldName,
    FieldValue,
    Sighting,
    SightingKind,
    TypeGuess,
)
from backfile.domain.evidence import PageEvidence
from backfile.domain.geometry import WHOLE_PAGE, Box
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.request import FieldCorrection
from backfile.services.corrections import correct_document, correct_evidence

NAME, PLACE = FieldName.PATIENT_NAME, (0.1, 0.1, 0.3, 0.12)
TODAY = dt.date(2026, 3, 1)
HERS, MISREAD, OTHER = "Roe, Ann", "Roe, Arm", "Poe, Edgar"


def page(number: int, *names: str) -> PageEvidence:
    seen = tuple(Sighting(SightingKind.PATIENT_NAME, one, one, 0.7, number, PLACE) for one in names)
    return PageEvidence(number, seen)


def document(value: str, *others: str) -> StoredDocument:
    alternatives = tuple(FieldAlternative(one, 0.6, 2, PLACE) for one in others)
    return StoredDocument(
        id="doc_1",
        state=DocumentState.REVIEW,
        reason=Reason.SEVERAL_CANDIDATES,
        type=TypeGuess("progress_note", 0.9),
        match=MatchOutcome(DocumentState.REVIEW, Reason.SEVERAL_CANDIDATES),
        fields=(FieldValue(NAME, value, value, 0.7, 1, PLACE, alternatives),),
        cut_reason="first_page",
        received_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    )


def say(before: StoredDocument, value: str, *, page: int = 0, box: Box | None = None) -> StoredDocument:
    fix = FieldCorrection(NAME, value, page=page, box=box)
    return correct_document(before, type_name=None, corrections=[fix], pages=2, today=TODAY)


def names(pages: list[PageEvidence]) -> list[list[tuple[str, float]]]:
    return [[(one.value, one.confidence) for one in page.sightings] for page in pages]


def test_what_was_read_instead_gives_way_on_every_page_and_all_else_stays() -> None:
    said = say(document(MISREAD, OTHER), HERS, page=1, box=PLACE)
    pages = [page(1, MISREAD), page(2, MISREAD, OTHER)]
    assert names(correct_evidence(said, pages)) == [[(HERS, 1.0)], [(OTHER, 0.7)]]


def test_a_value_that_another_page_bears_too_replaces_what_was_misread() -> None:
    said = say(document(MISREAD, HERS), HERS, page=1, box=PLACE)
    assert names(correct_evidence(said, [page(1, MISREAD), page(2, HERS)])) == [[(HERS, 1.0)], [(HERS, 0.7)]]


def test_what_was_confirmed_as_read_and_corrected_later_takes_no_other_page_with_it() -> None:
    confirmed = say(document(MISREAD, OTHER), MISREAD)
    pages = [page(1, MISREAD), page(2, OTHER)]
    assert names(correct_evidence(confirmed, pages)) == [[(MISREAD, 1.0)], [(OTHER, 0.7)]]
    later = say(confirmed, HERS)
    assert names(correct_evidence(later, pages)) == [[(HERS, 1.0)], [(OTHER, 0.7)]]


def test_a_second_thought_still_replaces_what_was_read_and_the_reading_itself_may_come_back() -> None:
    pages = [page(1, MISREAD), page(2, OTHER)]
    second = say(say(document(MISREAD), "Roe, Anne"), HERS)
    assert names(correct_evidence(second, pages)) == [[(HERS, 1.0)], [(OTHER, 0.7)]]
    back = say(second, MISREAD)
    assert names(correct_evidence(back, pages)) == [[(MISREAD, 1.0)], [(OTHER, 0.7)]]


def test_what_a_person_takes_away_is_no_evidence_and_what_was_not_read_has_no_place() -> None:
    before = document(MISREAD)
    gone = say(before, "")
    pages = [page(1, MISREAD, OTHER), None]
    assert names(correct_evidence(gone, pages, before=before)) == [[(OTHER, 0.7)], []]
    typed = say(replace(before, fields=()), HERS)
    first, second = correct_evidence(typed, [None, page(2, OTHER)])
    (said,) = first.sightings
    assert (said.value, said.page, said.box, said.labelled) == (HERS, 1, WHOLE_PAGE, True)
    assert second == page(2, OTHER)
