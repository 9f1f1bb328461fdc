"""Whether two pages name the same person, as far as that can be told from the pages alone."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.evidence import PageEvidence
from backfile.domain.names import fold_name, parse_name

_T = TypeVar("_T")
_SHORTEST_PART = 4
"""Signs of a number from which it may be the beginning of a longer one."""
_CERTAIN = 0.55
"""Confidence from which an identifier counts."""
_ALIKE_NAME = 0.86
"""Jaro-Winkler similarity from which two spellings may be one name misread."""
_ALIKE_LETTERS = 0.6
_TO_DIGITS = str.maketrans("OQDILZSGB", "000112568")


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """The identifiers that a page bears with some certainty."""

    mrns: frozenset[str] = frozenset()
    birth_dates: frozenset[str] = frozenset()
    names: frozenset[tuple[str, str]] = frozenset()
    """(last, first and middle), folded."""
    visits: frozenset[str] = frozenset()
    """Numbers of visits: on another page one may be taken for the patient's."""

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not (self.mrns or self.birth_dates or self.names)


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """How two identities compare."""

    is_change: bool
    is_doubtful: bool = False
    """Something also agrees: two of a family, or a misread page."""


def identity_of(evidence: PageEvidence) -> PageIdentity:
    """Return the identifiers of a page."""
    certain = [s for s in evidence.sightings if s.confidence >= _CERTAIN]
    names = set()
    for sighting in certain:
        if sighting.kind is SightingKind.PATIENT_NAME and (name := parse_name(sighting.value)):
            last, first = fold_name(name.last), fold_name(name.first)
            if min(len(last), len(first)) > 1:
                names.add((last, f"{first} {fold_name(name.middle)}".strip()))
    return PageIdentity(
        mrns=_numbers(certain, SightingKind.MRN),
        birth_dates=frozenset(s.value for s in certain if s.kind is SightingKind.BIRTH_DATE),
        names=frozenset(names),
        visits=_numbers(certain, SightingKind.ENCOUNTER),
    )


def _numbers(sightings: Iterable[Sighting], kind: SightingKind) -> frozenset[str]:
    return frozenset(s.value.translate(_TO_DIGITS) for s in sightings if s.kind is kind)


def join_identities(identities: Iterable[PageIdentity]) -> PageIdentity:
    """Return the identifiers of several pages together."""
    every = list(identities)
    return PageIdentity(
        mrns=frozenset[str]().union(*(i.mrns for i in every)),
        birth_dates=frozenset[str]().union(*(i.birth_dates for i in every)),
        names=frozenset[tuple[str, str]]().union(*(i.names for i in every)),
        visits=frozenset[str]().union(*(i.visits for i in every)),
    )


def compare_identities(page: PageIdentity, known: PageIdentity) -> IdentityChange:
    """Say whether a page names somebody else than the pages before it.

    Any identifier that differs is a change. Only what may be one misread letter is not, if something
    else agrees; the filing rules see that difference again.
    """
    compared = [
        _compare(page.mrns - known.visits, known.mrns - page.visits, _is_part, _near_number),
        _compare(page.birth_dates, known.birth_dates, operator.eq, _near_number),
        _compare(page.names, known.names, _is_same_name, _near_name),
    ]
    agreeing, differing = compared.count("same"), compared.count("other")
    if differing:
        return IdentityChange(True, is_doubtful=agreeing > 0 and differing == 1)
    if compared.count("near") and not agreeing:
        return IdentityChange(compared.count("near") == 1 and "same" not in compared, is_doubtful=True)
    return IdentityChange(False)


def _compare(
    page: frozenset[_T], known: frozenset[_T], same: Callable[[_T, _T], bool], near: Callable[[_T, _T], bool]
) -> str:
    """Return ``none``, ``same``, ``near`` or ``other``."""
    if not page or not known:
        return "none"
    if any(same(a, b) for a in page for b in known):
        # A further value beside one that agrees is a second person on the page: the rules see that.
        return "same"
    return "near" if any(near(a, b) for a in page for b in known) else "other"


def _is_part(a: str, b: str) -> bool:
    """Say whether one number is the other, or its beginning or end: the rest of it was not read."""
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= _SHORTEST_PART and (long.startswith(short) or long.endswith(short)))


def _is_same_name(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Say whether two names are one, or one in another order, or with fewer of its words."""
    if a[0] == b[0] and a[1].split()[0] == b[1].split()[0]:
        return True
    words, others = ({word for part in name for word in part.split() if len(word) > 1} for name in (a, b))
    return min(len(words), len(others)) > 1 and (words <= others or others <= words)


def _near_number(a: str, b: str) -> bool:
    """Say whether one may be the other with a sign misread, or with up to two left out."""
    short, long = sorted((a, b), key=len)
    is_thinned = len(short) > _SHORTEST_PART and len(long) - len(short) == 2 and Indel.distance(a, b) == 2
    return is_thinned or OSA.distance(a, b, score_cutoff=1) <= 1


def _near_name(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Say whether one may be the other misread; the filing rules judge whether it is."""
    return all(
        JaroWinkler.similarity(x, y) >= _ALIKE_NAME or OSA.normalized_similarity(x, y) >= _ALIKE_LETTERS
        for x, y in zip((a[0], a[1].split()[0]), (b[0], b[1].split()[0]), strict=True)
    )
