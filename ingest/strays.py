"""Splitting off pages of somebody else that lay in the middle of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import Cut, DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.page import PageReading
from backfile.domain.reasons import Reason
from backfile.store.unit_of_work import UnitOfWork
from classify import DocumentReader, UnderstoodDocument, choose_fields
from classify.matching import FilingRules
from classify.matching.strays import find_strays_between

STRAY_CUT = "stray_page"
"""Why a document of stray pages begins where it does."""

Decide = Callable[[UnderstoodDocument], MatchOutcome]


def part_strays(
    documents: Sequence[UnderstoodDocument],
    readings: Sequence[PageReading | None],
    decide: Decide,
    *,
    reader: DocumentReader,
    uow: UnitOfWork,
    rules: FilingRules,
) -> Iterator[tuple[UnderstoodDocument, MatchOutcome]]:
    """Yield documents with what the rules say of them, and apart from them the stray pages in their middle.

    A page that bears another person's identifiers begins a document of its own, and what follows it another
    one; where the page numbers say that these are one document, they are put together again. The rest is
    decided on its own; what was split off waits for a person, whatever it bears: it may be the missing page
    under a wrong label.

    Args:
        documents: as they were cut, in order.
        readings: of all pages of the file, in order.
        decide: what the rules say.
        reader: names what was split off.
        uow: the transaction.
        rules: of filing.
    """

    def find(document: UnderstoodDocument) -> tuple[MatchOutcome, tuple[int, ...]]:
        outcome = decide(document)
        evidence = DocumentEvidence(document.evidence, is_boundary_doubtful=document.cut.doubtful)
        return outcome, find_strays_between(evidence, outcome, index=uow.patients, rules=rules)

    left = list(documents)
    while left:
        document, strays = left.pop(0), []
        while len(left) > 1 and _is_interrupted(document, left[0], left[1]):
            before, within = len(document.evidence), len(left[0].evidence)
            joined = _join(document, left[0], left[1])
            between = range(before, before + within)
            if find(joined)[1] != tuple(between):
                break
            strays.append(left[0])
            rest = [at for at in range(len(joined.evidence)) if at not in between]
            document = _take(joined, rest, document.cut)
            del left[:2]
        outcome, found = find(document)
        if found:
            whole = document
            document = _take(whole, [at for at in range(len(whole.evidence)) if at not in found], whole.cut)
            outcome = decide(document)
            strays += [_take(whole, run, whole.cut) for run in _runs(found)]
        yield document, outcome
        for stray in strays:
            pages = [readings[number - 1] for number in stray.cut.pages]
            guess = reader.understand_document(pages, reason=STRAY_CUT).type
            part = replace(stray, cut=replace(stray.cut, reason=STRAY_CUT, doubtful=True), type=guess)
            yield part, keep_apart(decide(part))


def _is_interrupted(
    document: UnderstoodDocument, between: UnderstoodDocument, following: UnderstoodDocument
) -> bool:
    """Say whether the page numbers go on behind what lies between, with or without counting it."""
    last, first = document.evidence[-1].page_of, following.evidence[0].page_of
    if last is None or first is None or last[1] != first[1]:
        return False
    return first[0] in (last[0] + 1, last[0] + 1 + len(between.evidence))


def _join(*documents: UnderstoodDocument) -> UnderstoodDocument:
    evidence = tuple(page for one in documents for page in one.evidence)
    pages = tuple(number for one in documents for number in one.cut.pages)
    doubtful = any(one.cut.doubtful for one in documents)
    cut = replace(documents[0].cut, pages=pages, doubtful=doubtful)
    return replace(documents[0], cut=cut, evidence=evidence, fields=choose_fields(evidence))


def keep_apart(outcome: MatchOutcome) -> MatchOutcome:
    """Leave a stray page to a person, and say why it is apart."""
    return replace(
        outcome,
        state=DocumentState.REVIEW,
        reason=Reason.STRAY_PAGE,
        patient_id=None,
        mrn="",
        facility="",
        stratum="",
        unaided_patient=None,
    )


def _take(document: UnderstoodDocument, positions: Sequence[int], cut: Cut) -> UnderstoodDocument:
    evidence = tuple(document.evidence[at] for at in positions)
    pages = tuple(document.cut.pages[at] for at in positions)
    return replace(document, cut=replace(cut, pages=pages), evidence=evidence, fields=choose_fields(evidence))


def _runs(positions: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for at in positions:
        if runs and runs[-1][-1] + 1 == at:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs
