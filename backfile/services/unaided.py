"""Filing without a person: what is held back for its record so far, and what people's decisions show of it.

Every decision about a document that the rules filed, or would have filed, is a check of the rules: the same
patient confirms them; another one, or nobody in the index, is an error, and stops its kind of filing until an
administrator lifts it. A small share of filings is drawn to be checked by somebody who is not told the
patient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from backfile.domain.audit import AuditAction
from backfile.domain.decision import DecisionKind, MatchOutcome
from backfile.domain.document import DocumentState
from backfile.domain.patient import resolve_patient
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.unaided import Unaided, Verdict, describe_stratum, name_stratum
from backfile.errors import UsageError
from backfile.store.catalog import Catalog
from backfile.store.unaided import UnaidedFiling
from backfile.store.unit_of_work import SERVICE, UnitOfWork

NOTICE = "unaided"
"""Name of the notice that tells of stopped strata."""
_DRAWN_OF = 64
"""One filing in so many is drawn: 1.6 %."""


@dataclass(frozen=True, slots=True)
class UnaidedPolicy:
    """What the site sets."""

    mode: Unaided = Unaided.DECLARED
    risk: float = 1e-4


def hold_back_unaided(
    outcome: MatchOutcome, pages: Iterable[tuple[bool, float]], uow: UnitOfWork, policy: UnaidedPolicy
) -> MatchOutcome:
    """Leave to a person what the rules would file, where its kind is stopped or not shown to be safe.

    Args:
        outcome: what the rules say.
        pages: of each page whether its reading is reliable, and its confidence.
        uow: reads what was checked.
        policy: what the site sets.
    """
    if outcome.state is not DocumentState.FILED:
        return outcome
    stratum = name_stratum(outcome.reason, pages)
    outcome = replace(outcome, stratum=stratum, unaided_patient=outcome.patient_id)
    if uow.unaided.is_stopped(stratum):
        return _hold(outcome, Reason.STRATUM_STOPPED)
    if policy.mode is Unaided.CHECKED and uow.unaided.count(stratum).bound > policy.risk:
        return _hold(outcome, Reason.NOT_SHOWN_YET)
    return outcome


def _hold(outcome: MatchOutcome, reason: Reason) -> MatchOutcome:
    return replace(outcome, state=DocumentState.REVIEW, reason=reason, patient_id=None, mrn="", facility="")


def note_unaided(document: StoredDocument, uow: UnitOfWork) -> None:
    """Note what the rules decided about a document that they file, or would file."""
    match = document.match
    if match is None or match.unaided_patient is None or document.reason is Reason.SPLIT_BY_PERSON:
        return
    now = UnaidedFiling(
        document.id,
        match.stratum,
        match.unaided_patient,
        uow.clock.now(),
        drawn=document.state is DocumentState.FILED and _is_drawn(document.id),
    )
    uow.unaided.put(now)


def _is_drawn(document_id: str) -> bool:
    """Draw by the id, which is random: nobody can choose what is checked."""
    return int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % _DRAWN_OF == 0


def note_part(document_id: str, part_id: str, uow: UnitOfWork) -> None:
    """Let a part that was split off count as filed under whom the whole was."""
    filing = uow.unaided.get(document_id)
    if filing is not None:
        uow.unaided.put(replace(filing, document_id=part_id, drawn=False))


def note_verdict(after: StoredDocument, kind: DecisionKind, uow: UnitOfWork, *, actor: str) -> None:
    """Hold a person's decision against what the rules decided; stop their kind of filing where they erred."""
    filing = uow.unaided.get(after.id)
    if filing is None:
        return
    verdict = _judge(filing, after, uow)
    if verdict is None and kind is not DecisionKind.UNDO:
        return  # postponed, turned, split: nothing is said of the patient
    if verdict is filing.verdict:
        return
    uow.unaided.judge(after.id, verdict, at=uow.clock.now(), by=actor)
    if verdict is Verdict.WRONG:
        stop_stratum(filing, uow, actor=actor)


def _judge(filing: UnaidedFiling, after: StoredDocument, uow: UnitOfWork) -> Verdict | None:
    if after.reason is Reason.NOT_REGISTERED:
        return Verdict.WRONG
    if after.reason is not Reason.CONFIRMED_BY_PERSON or after.patient_id is None:
        return None
    is_same = _person(after.patient_id, uow) == _person(filing.patient_id, uow)
    return Verdict.RIGHT if is_same else Verdict.WRONG


def _person(patient_id: str, uow: UnitOfWork) -> str:
    found = resolve_patient(patient_id, uow.patients)
    return found.id if found else patient_id


def stop_stratum(filing: UnaidedFiling, uow: UnitOfWork, *, actor: str = SERVICE) -> None:
    """Let a kind of filing wait for people: one of its documents was filed wrongly."""
    if uow.unaided.stop(filing.stratum, document_id=filing.document_id, at=uow.clock.now()):
        uow.record(
            AuditAction.STRATUM_STOPPED, "stratum", filing.stratum, actor=actor, document=filing.document_id
        )
        tell_stops(uow)


def lift_stratum(stratum: str, *, catalog: Catalog, actor: str) -> None:
    """Let a stopped kind of filing file again.

    Raises:
        UsageError: it is not stopped.
    """
    with catalog.begin() as uow:
        if not uow.unaided.lift(stratum):
            raise UsageError("No such kind of filing is stopped.", next_step="See what is: backfile strata")
        uow.record(AuditAction.STRATUM_LIFTED, "stratum", stratum, actor=actor)
        tell_stops(uow)
        uow.commit()


def tell_stops(uow: UnitOfWork) -> None:
    """Say in ``status`` and to supervisors what is stopped."""
    stopped = uow.unaided.stopped()
    if not stopped:
        uow.notices.clear(NOTICE)
        return
    kinds = "; ".join(describe_stratum(one.stratum) for one in stopped)
    text = (
        f"Stopped, since a document was filed under a wrong patient: filing unaided {kinds}. Such documents "
        "wait for review until an administrator lifts it (backfile strata --lift NAME)."
    )
    uow.notices.set(NOTICE, text, at=uow.clock.now())


def answer_check(document_id: str, patient_id: str | None, *, catalog: Catalog, actor: str) -> Verdict:
    """Take what a person found who checked a drawn document without knowing the patient.

    Where it differs, the document goes to review and its kind of filing is stopped.

    Args:
        document_id: the document.
        patient_id: whose it is; None for nobody in the index.
        catalog: the catalog.
        actor: who checked.

    Raises:
        UsageError: the document is not one of those to check, or was checked.
    """
    from backfile.services.changes import reopen_document  # it calls this module

    with catalog.begin() as uow:
        filing, document = uow.unaided.get(document_id), uow.documents.get(document_id)
        if filing is None or document is None or document.state is not DocumentState.FILED:
            raise UsageError(
                "This document is not one to check.", next_step="See which are: backfile check-filings"
            )
        if filing.verdict is not None:
            raise UsageError(
                "Somebody has checked this document already.",
                next_step="See which wait: backfile check-filings",
            )
        is_same = patient_id is not None and _person(patient_id, uow) == _person(filing.patient_id, uow)
        verdict = Verdict.RIGHT if is_same else Verdict.WRONG
        uow.unaided.judge(document_id, verdict, at=uow.clock.now(), by=actor)
        uow.record(
            AuditAction.FILING_CHECKED, "document", document_id, actor=actor, patient=filing.patient_id,
            verdict=verdict.value,
        )  # fmt: skip
        if verdict is Verdict.WRONG:
            stop_stratum(filing, uow, actor=actor)
            reopen_document(document, Reason.CHECK_DIFFERS, uow)
        uow.commit()
    return verdict
