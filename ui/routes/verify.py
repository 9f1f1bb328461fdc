"""What the verification station asks the server: documents, decisions, patients.

All of it comes and goes in the bodies of POST requests, since addresses end up in logs and histories.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.routing import Route

from backfile.domain.document import FieldName
from backfile.domain.records import StoredDocument
from backfile.domain.request import FieldCorrection, RejectReason, Request, RequestKind
from backfile.errors import UsageError
from backfile.services.decide import apply_requests
from backfile.services.find_patients import find_patients
from backfile.services.queue import Holder, claim_documents, count_queue, release_claims, renew_claims
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import UnitOfWork
from ingest.tools import filing_rules
from ingest.workshop import Workshop
from ui.auth.rights import Right
from ui.context import Visitor
from ui.routes.audit import note_search
from ui.routes.http import json_route
from ui.verify.candidates import compare_patients
from ui.verify.corrections import read_evidence, understand
from ui.verify.judge import MatchingPageJudge
from ui.verify.read_document import propose_candidates, read_words, view_document
from ui.verify.successors import view_successors
from ui.verify.views import CandidateView, DocumentView, SuccessorView

Json = dict[str, object]
_Id = Annotated[str, Field(min_length=1, max_length=80)]
_Station = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,40}$")]
_Part = Annotated[float, Field(ge=0, le=1)]

_DOCUMENT: TypeAdapter[DocumentView] = TypeAdapter(DocumentView)
_CANDIDATES: TypeAdapter[list[CandidateView]] = TypeAdapter(list[CandidateView])
_SUCCESSORS: TypeAdapter[list[SuccessorView]] = TypeAdapter(list[SuccessorView])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _StationBody(_Body):
    station: _Station


class _ClaimBody(_StationBody):
    want: int = Field(default=5, ge=1, le=10)
    first: _Id | None = None
    """This one before all others."""
    near: _Id | None = None
    """On the screen now, or decided last: its chart goes on."""
    have: list[tuple[_Id, int]] = Field(default_factory=list, max_length=20)
    """Id and version of documents that the station holds: they are named, not sent again."""


class _Correction(_Body):
    name: FieldName
    value: str = Field(max_length=500)
    raw: str = Field(default="", max_length=500)
    page: int = Field(default=0, ge=0, le=100_000)
    box: tuple[_Part, _Part, _Part, _Part] | None = None

    def as_correction(self) -> FieldCorrection:
        return FieldCorrection(self.name, self.value, self.raw, self.page, self.box)


class _Decision(_Body):
    id: str = Field(pattern=r"^[A-Za-z0-9-]{8,40}$")
    kind: RequestKind
    document: _Id
    version: int = Field(ge=0)
    patient: _Id | None = None
    type: _Id | None = None
    fields: list[_Correction] = Field(default_factory=list, max_length=20)
    reject: RejectReason | None = None
    successor: _Id | None = None
    page: int | None = Field(default=None, ge=1, le=100_000)
    degrees: int = Field(default=0, ge=-270, le=270)
    seen: list[int] = Field(default_factory=list, max_length=10_000)
    undoes: _Id | None = None

    def as_request(self) -> Request:
        return Request(
            id=self.id,
            kind=self.kind,
            document=self.document,
            version=self.version,
            patient=self.patient,
            type=self.type,
            fields=tuple(field.as_correction() for field in self.fields),
            reject=self.reject,
            successor=self.successor,
            page=self.page,
            degrees=self.degrees,
            seen=frozenset(self.seen),
            undoes=self.undoes,
        )


class _DecideBody(_StationBody):
    decisions: list[_Decision] = Field(max_length=200)


class _PatientsBody(_Body):
    document: _Id
    text: str = Field(max_length=200)
    fields: list[_Correction] = Field(default_factory=list, max_length=20)


class _BesideBody(_Body):
    document: _Id
    patient: _Id
    fields: list[_Correction] = Field(default_factory=list, max_length=20)


class _MatchBody(_Body):
    document: _Id
    fields: list[_Correction] = Field(max_length=20)


class _SuccessorsBody(_Body):
    document: _Id
    patient: _Id | None = None
    """Whose the document is, where one is chosen."""


class _WordsBody(_Body):
    document: _Id
    position: int = Field(ge=1, le=100_000)


def claim(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return the next documents for a station, in chart order; nobody else gets them meanwhile."""
    asked = _ClaimBody.model_validate(body)
    catalog = workshop.catalog
    holder = _holder(visitor, asked.station)
    claimed = claim_documents(holder, count=asked.want, catalog=catalog, first=asked.first, near=asked.near)
    known = set(asked.have)
    rules = filing_rules(workshop.settings)
    documents: list[object] = []
    for document in claimed:
        if (document.id, document.version) in known:
            documents.append({"id": document.id, "version": document.version})
            continue
        with catalog.look() as uow:
            view = view_document(document, uow=uow, rules=rules)
        documents.append(_DOCUMENT.dump_python(view, mode="json"))
    return {"documents": documents, **_counts(catalog)}


def decide(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Apply decisions, each once, in their order; the answers say in words what became of each."""
    asked = _DecideBody.model_validate(body)
    answers = apply_requests(
        [decision.as_request() for decision in asked.decisions],
        holder=_holder(visitor, asked.station),
        judge=MatchingPageJudge(filing_rules(workshop.settings)),
        catalog=workshop.catalog,
    )
    return {
        "answers": [
            {
                "request": answer.request,
                "outcome": answer.outcome.value,
                "text": answer.text,
                "decision": answer.decision,
                "version": answer.version,
            }
            for answer in answers
        ],
        **_counts(workshop.catalog),
    }


def search_patients(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return patients found by name, MRN or birth date, beside the document; audited without the words."""
    asked = _PatientsBody.model_validate(body)
    rules = filing_rules(workshop.settings)
    with workshop.catalog.look() as uow:
        document = _document(asked.document, uow)
        corrections = [field.as_correction() for field in asked.fields]
        evidence = read_evidence(document, corrections, uow=uow)
        found = find_patients(asked.text, patients=uow.patients, today=uow.today)
        views = compare_patients(found, evidence, uow=uow, rules=rules, is_list=True)
    note_search("patients", visitor, workshop, document=document.id, shown=str(len(views)))
    return {"candidates": _CANDIDATES.dump_python(views, mode="json")}


def lay_beside(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return one patient beside the document, with everybody in the index who could be taken for them."""
    asked = _BesideBody.model_validate(body)
    corrections = [field.as_correction() for field in asked.fields]
    with workshop.catalog.look() as uow:
        document = _document(asked.document, uow)
        patient = uow.patients.get(asked.patient)
        evidence = read_evidence(document, corrections, uow=uow)
        rules = filing_rules(workshop.settings)
        views = compare_patients([patient] if patient else [], evidence, uow=uow, rules=rules)
    if not views:
        raise UsageError("There is no such patient.", next_step="Search again.")
    return {"candidate": _CANDIDATES.dump_python(views, mode="json")[0]}


def match_again(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return whom matching proposes if the corrected fields are right, and how each was understood."""
    asked = _MatchBody.model_validate(body)
    rules = filing_rules(workshop.settings)
    corrections = [field.as_correction() for field in asked.fields]
    with workshop.catalog.look() as uow:
        today = uow.today
        document = _document(asked.document, uow)
        evidence = read_evidence(document, corrections, uow=uow)
        views = propose_candidates(document, evidence, uow=uow, rules=rules, anew=bool(corrections))
    understood = [understand(correction, today=today) for correction in corrections]
    return {
        "fields": [
            {"name": one.name.value, "value": one.value, "problem": one.problem} for one in understood
        ],
        "candidates": _CANDIDATES.dump_python(views, mode="json"),
    }


def list_successors(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return the documents of which one may have taken the place of another."""
    asked = _SuccessorsBody.model_validate(body)
    with workshop.catalog.look() as uow:
        views = view_successors(_document(asked.document, uow), uow=uow, patient_id=asked.patient)
    return {"successors": _SUCCESSORS.dump_python(views, mode="json")}


def read_page_words(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return the words of one page of a long document."""
    asked = _WordsBody.model_validate(body)
    with workshop.catalog.look() as uow:
        pages = uow.pages.of_document(asked.document)
        page = next((one for one in pages if one.position == asked.position), None)
        if page is None:
            raise UsageError("The document has no such page.", next_step="Load it anew.")
        return {"words": [list(word) for word in read_words(uow.pages.reading_of(page.id))]}


def renew(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Keep what a station in use holds from going to others."""
    asked = _StationBody.model_validate(body)
    renew_claims(_holder(visitor, asked.station), catalog=workshop.catalog)
    return _counts(workshop.catalog)


def release(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Give back what a station holds, since it is being closed."""
    asked = _StationBody.model_validate(body)
    release_claims(_holder(visitor, asked.station), catalog=workshop.catalog)
    return {}


def _holder(visitor: Visitor, station: str) -> Holder:
    """Return who holds; the session stands before the station's own name, so nobody can pass for another."""
    return Holder(visitor.user.id, visitor.user.name, f"{visitor.session[:16]}.{station}")


def _document(document_id: str, uow: UnitOfWork) -> StoredDocument:
    document = uow.documents.get(document_id)
    if document is None:
        raise UsageError("There is no such document.", next_step="Load the queue anew.")
    return document


def _counts(catalog: Catalog) -> Json:
    count = count_queue(catalog=catalog)
    return {"waiting": count.waiting, "claimed": count.claimed, "postponed": count.postponed}


ROUTES = [
    Route(f"/data/verify/{name}", json_route(Right.VERIFY, handler, counts_as_use=is_use), methods=["POST"])
    for name, handler, is_use in (
        ("claim", claim, False),  # the station also asks by itself
        ("decide", decide, True),
        ("patients", search_patients, True),
        ("beside", lay_beside, True),
        ("match", match_again, True),
        ("successors", list_successors, True),
        ("words", read_page_words, True),
        ("renew", renew, False),
        ("release", release, False),
    )
]
