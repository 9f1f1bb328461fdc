"""Which of those who share a block with a search of candidates are looked at closely, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import JaroWinkler

from backfile.domain.blocking import BlockKind
from backfile.domain.names import fold_name
from backfile.domain.patient import PatientQuery, PersonName

_WORTH: dict[str, float] = {
    BlockKind.NUMBER: 4.0,
    BlockKind.SSN_ZIP: 4.0,
    BlockKind.PHONE: 4.0,
    BlockKind.BIRTH_DATE: 3.0,
    BlockKind.FULL_NAME: 3.0,
    BlockKind.SOUND: 1.0,
}
"""How much sharing a block says, where more people share one than are looked at closely; in the order of the
weights of ``classify.matching.score``, which has the last word."""
_WORTH_OF_NAME = 4.0


def weigh_hits(hits: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return how much is shared with each patient, by id; each kind of block counts once.

    Args:
        hits: kinds of blocks with ids of patients.
    """
    worth: dict[str, float] = {}
    for kind, patient_id in dict.fromkeys(hits):
        worth[patient_id] = worth.get(patient_id, 0.0) + _WORTH[kind]
    return worth


_IS_ALIKE = 0.85
"""How alike names are from which they count as one of two things shared."""
_OF_ONE_THING = 6
"""Candidates with whom only one thing is shared, where a query has several to share."""
_THINGS: dict[str, int] = {kind: 1 << at for at, kind in enumerate(BlockKind)}
_THINGS[BlockKind.SOUND] = _THINGS[BlockKind.FULL_NAME]
"""What a block is shared by, a bit each: a name that sounds alike is the same thing as one spelled alike."""


def rank_candidates(
    hits: Sequence[tuple[str, str]],
    query: PatientQuery,
    names: Mapping[str, str],
    *,
    limit: int,
) -> list[str]:
    """Return the ids of those who share most with a query, best first.

    Thousands share a birth date or a name alone. Where the query has more than that to share and somebody
    shares it, only the best few of those who share one thing are returned, however many might be.

    Args:
        hits: kinds of blocks with ids of patients.
        query: what is searched for.
        names: of the patients who were hit, by id (``spell_names``).
        limit: most to return.
    """
    alike = _find_alike(query.names, names)
    worth = {one: value + _WORTH_OF_NAME * alike.get(one, 0.0) for one, value in weigh_hits(hits).items()}
    ranked = sorted(worth, key=lambda one: -worth[one])
    offered = (query.mrns, query.birth_dates, query.names, query.phones, query.ssn_last4s)
    if sum(map(bool, offered)) < 2:
        return ranked[:limit]
    shared = dict.fromkeys(worth, 0)
    for one, likeness in alike.items():
        if likeness >= _IS_ALIKE:
            shared[one] |= _THINGS[BlockKind.FULL_NAME]
    for kind, patient_id in hits:
        shared[patient_id] |= _THINGS[kind]
    are_near = {one for one, things in shared.items() if things & (things - 1)}  # two things at least
    kept, left = [], _OF_ONE_THING if are_near else limit
    for one in ranked:
        if one not in are_near:
            left -= 1
            if left < 0:
                continue
        kept.append(one)
    return kept[:limit]


def _find_alike(names: Iterable[PersonName], known: Mapping[str, str]) -> dict[str, float]:
    """Return how alike the best of a patient's names is to one of the query, by id; either way round."""
    folded = ((fold_name(name.last), fold_name(name.first)) for name in names)
    wanted = [(last.replace(" ", ""), first.replace(" ", "")) for last, first in folded]
    if not wanted:
        return {}
    by_name: dict[str, float] = {}  # hundreds may be called the same
    nobody = _liken("", "", wanted)
    for spelled in known.values():
        if spelled in by_name:
            continue
        alike = nobody
        for name in spelled.replace(" ", "").split("\n")[1:]:
            last, _, first = name.partition("|")
            alike = max(alike, _liken(last, first, wanted))
        by_name[spelled] = alike / 2
    return {patient_id: by_name[spelled] for patient_id, spelled in known.items()}


def _liken(last: str, first: str, wanted: Sequence[tuple[str, str]]) -> float:
    """Return how alike a name is to the nearest of several, 0..2; either way round."""
    alike, similarity = 0.0, JaroWinkler.similarity
    for a, b in wanted:
        alike = max(alike, similarity(last, a) + similarity(first, b))
        if last[:1] == b[:1] or first[:1] == a[:1]:
            alike = max(alike, similarity(last, b) + similarity(first, a))
    return alike
