"""Patients beside a document: who they are, what agrees, what speaks against, who they could be taken for."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.domain.geometry import Box
from backfile.domain.names import is_placeholder_name
from backfile.domain.patient import IdentifierStatus, Patient
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules
from classify.matching.levels import Field
from classify.matching.lookalikes import find_lookalikes, find_lookalikes_among
from classify.matching.pages import Beside, FieldBeside, PageComparer
from classify.matching.people import Person
from ui.verify.corrections import Evidence
from ui.verify.judge import unite_conflicts
from ui.verify.views import CandidateView, ComparedView, NameView

_LABELS = {
    Field.MRN: "MRN",
    Field.LAST_NAME: "Last",
    Field.FIRST_NAME: "First",
    Field.MIDDLE_NAME: "Middle",
    Field.SUFFIX: "Suffix",
    Field.BIRTH_DATE: "Born",
    Field.SEX: "Sex",
    Field.SSN_LAST4: "SSN ends",
    Field.PHONE: "Phone",
    Field.ADDRESS: "Address",
    Field.SERVICE_DATE: "Service date",
    Field.ENCOUNTER: "Encounter",
    Field.STAY: "Dates of stay",
}
_ALWAYS = (Field.LAST_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.SUFFIX, Field.BIRTH_DATE, Field.MRN)
"""Shown whatever is known, in this order; the others where page or index have them."""
_IF_KNOWN = (Field.SEX, Field.ADDRESS, Field.PHONE, Field.SSN_LAST4, Field.SERVICE_DATE, Field.ENCOUNTER)


def compare_patients(
    patients: Sequence[Patient],
    evidence: Evidence,
    *,
    uow: UnitOfWork,
    rules: FilingRules,
    is_list: bool = False,
) -> list[CandidateView]:
    """Return the patients beside the pages, in this order; merged records as their survivors, each once.

    Args:
        patients: Whom to compare.
        evidence: Of the document's pages: compared as a person says it is; a page that conflicts as it was
            read is to be looked at all the same.
        uow: For the patient index.
        rules: What the site sets.
        is_list: Of a long list lookalikes are told only where they stand in it themselves; before one of
            it is chosen, compare that one alone.
    """
    comparer = PageComparer(evidence.as_said, index=uow.patients, rules=rules)
    is_corrected = evidence.as_said != evidence.as_read
    as_read = PageComparer(evidence.as_read, index=uow.patients, rules=rules) if is_corrected else None
    found: dict[str, CandidateView] = {}
    for patient in patients:
        beside = comparer.lay_beside(patient)
        if beside is not None and beside.person.id not in found:
            others = patients if is_list else None
            before = as_read.lay_beside(patient) if as_read else None
            found[beside.person.id] = _view(beside, before or beside, uow, others)
    return list(found.values())


def _view(
    beside: Beside, as_read: Beside, uow: UnitOfWork, others: Sequence[Patient] | None
) -> CandidateView:
    record = beside.person.record
    fields = {one.field: one for one in beside.fields}
    shown = [fields[name] for name in _ALWAYS]
    shown += [one for name in _IF_KNOWN if (one := fields[name]).sighting or _index_value(name, record)]
    if fields[Field.STAY].compared.conflicts:
        shown.append(fields[Field.STAY])
    return CandidateView(
        patient=record.id,
        name=NameView(record.name.last, record.name.first, record.name.middle, record.name.suffix),
        birth_date=record.birth_date.isoformat() if record.birth_date else "",
        sex=record.sex,
        address=str(record.address),
        phone=record.phone,
        mrn=record.mrn.value,
        facility=record.mrn.facility,
        deceased=record.death_date.isoformat() if record.death_date else "",
        warnings=(*_own_warnings(beside.person), *_lookalikes(beside.person, uow, others)),
        fields=tuple(_compared(one, record) for one in shown),
        page_marks=tuple(mark.value for mark in beside.marks),
        to_see=tuple(sorted(unite_conflicts((as_read.marks, beside.marks)))),
    )


def _compared(one: FieldBeside, record: Patient) -> ComparedView:
    sighting = one.sighting
    box: Box | None = sighting.box if sighting else None
    return ComparedView(
        name=one.field.value,
        label=_LABELS[one.field],
        agreement=one.compared.agreement.value,
        note=one.compared.note,
        read=sighting.raw or sighting.value if sighting else "",
        page=one.position,
        box=None if box is None or box[2] - box[0] >= 1 else box,
        index=_index_value(one.field, record),
    )


def _index_value(name: Field, record: Patient) -> str:
    return {
        Field.MRN: record.mrn.value,
        Field.LAST_NAME: record.name.last,
        Field.FIRST_NAME: record.name.first,
        Field.MIDDLE_NAME: record.name.middle,
        Field.SUFFIX: record.name.suffix,
        Field.BIRTH_DATE: record.birth_date.isoformat() if record.birth_date else "",
        Field.SEX: record.sex,
        Field.SSN_LAST4: record.ssn_last4,
        Field.PHONE: record.phone,
        Field.ADDRESS: str(record.address),
        Field.SERVICE_DATE: "",
        Field.ENCOUNTER: "",
        Field.STAY: "",
    }[name]


def _own_warnings(person: Person) -> list[str]:
    """Return what is unusual about the record itself."""
    record = person.record
    said = []
    if record.multiple_birth:
        said.append("One of a multiple birth: the twin may not be in the index.")
    if record.review_only or record.birth_date is None:
        said.append("The index has no birth date for this patient.")
    if any(i.status is IdentifierStatus.SUSPECT for i in record.identifiers):
        said.append("Two index entries claim this MRN.")
    if is_placeholder_name(record.name):
        said.append("The index name is a placeholder.")
    if person.merged:
        said.append("Several records were merged into this one.")
    if record.aliases:
        said.append("Also known as " + "; ".join(str(name) for name in record.aliases[:2]) + ".")
    return said


def _lookalikes(person: Person, uow: UnitOfWork, others: Sequence[Patient] | None) -> list[str]:
    if others is not None:
        return [one.text for one in find_lookalikes_among(person, others)]
    return [one.text for one in find_lookalikes(person, uow.patients)]
