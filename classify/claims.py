"""A claim: a rule says that some pieces of a page are a value of some kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backfile.domain.document import Sighting, SightingKind, SightingSource
from backfile.domain.patient import PersonName
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout, box_of
from classify.people import FoundName
from classify.values import FoundValue

_K = SightingKind
_A = Attribute

_PATIENT_KINDS: dict[Attribute, SightingKind] = {
    _A.NAME: _K.PATIENT_NAME, _A.RE: _K.PATIENT_NAME, _A.BIRTH_DATE: _K.BIRTH_DATE, _A.SEX: _K.SEX,
    _A.SSN: _K.SSN_LAST4, _A.PHONE: _K.PHONE, _A.ADDRESS: _K.ADDRESS, _A.MRN: _K.MRN,
}  # fmt: skip
_RELATIVE_KINDS: dict[Attribute, SightingKind] = {
    _A.NAME: _K.RELATIVE_NAME, _A.BIRTH_DATE: _K.OTHER_DATE, _A.SSN: _K.OTHER_NUMBER,
    _A.PHONE: _K.OTHER_NUMBER, _A.MRN: _K.OTHER_NUMBER,
}  # fmt: skip
_ALWAYS: dict[Attribute, SightingKind] = {
    _A.SERVICE_DATE: _K.SERVICE_DATE, _A.OTHER_DATE: _K.OTHER_DATE, _A.DATE: _K.OTHER_DATE,
    _A.ADMISSION_DATE: _K.OTHER_DATE, _A.DISCHARGE_DATE: _K.OTHER_DATE,
    _A.ENCOUNTER: _K.ENCOUNTER, _A.OTHER_NUMBER: _K.OTHER_NUMBER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """Some pieces of a page, taken for a value."""

    kind: SightingKind | None
    """None: recognised, but nothing that is indexed; it only keeps others off."""
    attribute: Attribute
    owner: Owner
    start: int
    """First piece."""
    end: int
    """Piece after the last."""
    value: str
    strength: float
    """0..1: how much the rule is to be trusted, before the words' own confidence."""
    labelled: bool = True
    is_sure_owner: bool = True
    name: PersonName | None = None
    label: str = ""
    """Its label in capitals, "" where it has none."""
    extra: tuple[int, ...] = ()
    """Further pieces: the other parts of a name, the second line of an address."""

    def pieces(self) -> tuple[int, ...]:
        """Return all pieces it takes up."""
        return (*range(self.start, self.end), *self.extra)


def kind_of(attribute: Attribute, owner: Owner) -> SightingKind | None:
    """Return what a value of an attribute of somebody is to us."""
    if attribute in _ALWAYS:
        return _ALWAYS[attribute]
    if owner is Owner.PATIENT:
        return _PATIENT_KINDS.get(attribute)
    if owner in (Owner.RELATIVE, Owner.MOTHER, Owner.NEWBORN):
        return _RELATIVE_KINDS.get(attribute)
    if attribute is _A.NAME:
        return {Owner.PROVIDER: _K.PROVIDER, Owner.FACILITY: _K.FACILITY}.get(owner)
    if attribute in (_A.PHONE, _A.MRN, _A.SSN):
        return _K.OTHER_NUMBER
    return _K.OTHER_DATE if attribute is _A.BIRTH_DATE else None


def claim_unlabelled_value(kind: SightingKind, found: FoundValue, strength: float) -> Claim:
    """Return the claim that a value without a label is the patient's.

    Args:
        kind: of it; a field that an attribute bears the name of.
        found: the value.
        strength: how surely, if it is read well.
    """
    return Claim(
        kind=kind,
        attribute=Attribute(kind.value),
        owner=Owner.PATIENT,
        start=found.start,
        end=found.end,
        value=found.value,
        strength=strength * found.quality,
        labelled=False,
    )


def claim_unlabelled_name(name: FoundName, strength: float) -> Claim:
    """Return the claim that a name is the patient's although no label says so."""
    return Claim(
        kind=_K.PATIENT_NAME,
        attribute=_A.NAME,
        owner=Owner.PATIENT,
        start=name.start,
        end=name.end,
        value=str(name.name),
        strength=strength * name.quality,
        labelled=False,
        name=name.name,
    )


def find_taken(claims: Iterable[Claim], labels: Iterable[FoundLabel]) -> set[int]:
    """Return the pieces that claims and labels take up."""
    taken = {n for claim in claims for n in claim.pieces()}
    return taken | {n for label in labels for n in range(label.start, label.end)}


def make_sightings(claims: Iterable[Claim], layout: PageLayout, *, page: int) -> tuple[Sighting, ...]:
    """Turn claims into sightings with boxes, no surer than the least sure of their words."""
    sightings = []
    for claim in claims:
        if claim.kind is None or not claim.value:
            continue
        pieces = [layout.pieces[n] for n in claim.pieces()]
        sightings.append(
            Sighting(
                kind=claim.kind,
                value=claim.value,
                raw=" ".join(piece.text for piece in pieces),
                confidence=min(claim.strength, min(piece.confidence for piece in pieces)),
                page=page,
                box=box_of(pieces),
                source=SightingSource.RULE,
                labelled=claim.labelled,
            )
        )
    return tuple(sightings)
