"""What the sightings of a page say of its patient, normalised and judged for how surely they were read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.normalize import (
    fold_name,
    is_placeholder_name,
    normalize_number,
    normalize_phone,
    normalize_sex,
    normalize_ssn_last4,
    parse_address,
    parse_name,
    read_date,
)
from backfile.domain.patient import Address, PersonName
from classify.matching.letterheads import LetterheadJudge, Standing

T = TypeVar("T")

_ONE_TIME = dt.timedelta(days=366)
"""Time between dates of service that one document may span: longer than nearly every stay."""
_SETS_LAST_NAME_OFF = re.compile(r"[,^]|\w{3}\.")
"""A comma, or the full stop that stands for one; "J." is an initial."""
EXACT_FLOOR = 0.75
"""Probability of being right from which a reading counts as exact.

A sighting is as sure as its least sure word. What both readers read alike has 0.95 and more, worn type that
only one reads rightly 0.75 and more. The floor can stand below certainty because a reading counts only
where it equals the index, and only together with a second one.
"""
CLEAR_FLOOR = 0.96
"""What is asked where nothing else supports a reading: clean type has it, worn type seldom."""
PATIENT_AREA = 0.25
"""Share of the page's height, from the top, where labels and headers name the patient."""


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """One value as read."""

    value: T
    is_sure: bool
    """Read exactly: above ``EXACT_FLOOR``, and nothing was guessed on the way from the raw text."""
    is_clear: bool = False
    """Sure, and above ``CLEAR_FLOOR``."""
    written: tuple[str, ...] = ()
    """The folded words of a name as they follow each other on the page, where no comma says which of them
    are the last name; else empty."""


@dataclass(frozen=True, slots=True)
class SeenNumber:
    """An MRN as read."""

    value: str
    is_sure: bool
    standing: Standing
    """Whose letterhead it stands under."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one page, or several together, say of the patient."""

    page: int
    names: tuple[Seen[PersonName], ...] = ()
    births: tuple[Seen[dt.date], ...] = ()
    services: tuple[dt.date, ...] = ()
    numbers: tuple[SeenNumber, ...] = ()
    ssns: tuple[Seen[str], ...] = ()
    phones: tuple[Seen[str], ...] = ()
    addresses: tuple[Seen[Address], ...] = ()
    sexes: tuple[str, ...] = ()
    relatives_in_patient_area: tuple[PersonName, ...] = ()
    encounters: tuple[SeenNumber, ...] = ()
    """Account and encounter numbers."""
    other_numbers: tuple[str, ...] = ()
    """Numbers that are not the patient's MRN, so far as was seen: accounts, a mother's MRN."""
    spoken_of: tuple[str, ...] = ()
    """Folded last names of those of whom the running text speaks."""
    born_between: tuple[dt.date, dt.date] | None = None
    """When the patient was born by an age on the page."""
    page_of: tuple[int, int] | None = None
    letterhead: str = ""
    heading: str = ""

    @property
    def has_identifiers(self) -> bool:
        """Something on it can point at a person; phone, address, sex and dates of service cannot."""
        return bool(self.names or self.births or self.numbers or self.ssns)

    @property
    def has_anything(self) -> bool:
        """Something on it can be compared with the index."""
        return self.has_identifiers or bool(self.phones or self.addresses)

    @property
    def has_placeholder(self) -> bool:
        """A name stands for somebody without one."""
        return any(is_placeholder_name(name.value) for name in self.names)


def gather_facts(document: DocumentEvidence, *, judge: LetterheadJudge, today: dt.date) -> tuple[Facts, ...]:
    """Return the facts of each page."""
    standings = judge.judge_pages([_letterhead(page) for page in document.pages])
    pages = [_gather(page, standing, today) for page, standing in zip(document.pages, standings, strict=True)]
    numbers = [number for page in pages for number in (*page.numbers, *page.encounters)]
    foreign = {number.value for number in numbers if number.standing is Standing.FOREIGN}
    return tuple(_mark_foreign(page, foreign) for page in pages) if foreign else tuple(pages)


def _mark_foreign(page: Facts, foreign: set[str]) -> Facts:
    """Know a number of a foreign page again on a page without letterhead."""

    def mark(numbers: Iterable[SeenNumber]) -> tuple[SeenNumber, ...]:
        return tuple(
            replace(n, standing=Standing.FOREIGN)
            if n.standing is Standing.DOUBTFUL and n.value in foreign
            else n
            for n in numbers
        )

    return replace(page, numbers=mark(page.numbers), encounters=mark(page.encounters))


def join_facts(pages: Sequence[Facts]) -> Facts:
    """Return the facts of several pages as one; equal values once, a sure reading before an unsure one."""
    if len(pages) == 1:
        return pages[0]
    return Facts(
        page=pages[0].page,
        names=_unique(seen for page in pages for seen in page.names),
        births=_unique(seen for page in pages for seen in page.births),
        services=tuple(dict.fromkeys(date for page in pages for date in page.services)),
        numbers=_unique(seen for page in pages for seen in page.numbers),
        encounters=_unique(seen for page in pages for seen in page.encounters),
        ssns=_unique(seen for page in pages for seen in page.ssns),
        phones=_unique(seen for page in pages for seen in page.phones),
        addresses=_unique(seen for page in pages for seen in page.addresses),
        sexes=tuple(dict.fromkeys(sex for page in pages for sex in page.sexes)),
        relatives_in_patient_area=tuple(
            dict.fromkeys(name for page in pages for name in page.relatives_in_patient_area)
        ),
        other_numbers=tuple(dict.fromkeys(number for page in pages for number in page.other_numbers)),
        spoken_of=tuple(dict.fromkeys(name for page in pages for name in page.spoken_of)),
        born_between=next((page.born_between for page in pages if page.born_between), None),
    )


def is_continuation(sheet: Facts, following: Facts) -> bool:
    """Say whether a page is the next numbered page of a sheet: "page n of m" after "page n - 1 of m".

    Two sheets of different institutions, under different titles or of different years are not one, whatever
    their numbers.
    """
    if sheet.page_of is None or following.page_of is None:
        return False
    (before, of), (number, also_of) = sheet.page_of, following.page_of
    return (
        of == also_of
        and 1 <= before < number <= of
        and number == before + 1
        and _are_alike(sheet.letterhead, following.letterhead)
        and _are_alike(sheet.heading, following.heading)
        and are_of_one_time(sheet.services, following.services)
    )


def are_of_one_time(some: Sequence[dt.date], others: Sequence[dt.date]) -> bool:
    """Say whether dates of service may stand in one document; pages years apart are of two."""
    return not some or not others or any(abs(a - b) <= _ONE_TIME for a in some for b in others)


def _are_alike(one: str, other: str) -> bool:
    a, b = fold_name(one), fold_name(other)
    return not a or not b or fuzz.token_set_ratio(a, b) >= 50


def _unique(seen: Iterable[T]) -> tuple[T, ...]:
    every = tuple(seen)
    return every if len(every) < 2 else tuple(dict.fromkeys(every))


def _letterhead(page: PageEvidence) -> str:
    """Return the institution at the head of the page, also where only a sighting names it."""
    if page.letterhead:
        return page.letterhead
    at_top = (
        s.raw or s.value
        for s in page.sightings
        if s.kind is SightingKind.FACILITY and s.box[1] < PATIENT_AREA / 2
    )
    return next(at_top, "")


def _gather(page: PageEvidence, standing: Standing, today: dt.date) -> Facts:
    by_kind: dict[SightingKind, list[Sighting]] = {}
    for sighting in page.sightings:
        by_kind.setdefault(sighting.kind, []).append(sighting)

    def of(kind: SightingKind) -> list[Sighting]:
        return by_kind.get(kind, [])

    names = [(name, s) for s in of(SightingKind.PATIENT_NAME) if (name := parse_name(s.value))]
    placed_sexes = [sex for name, _ in names if (sex := _sex_of_placeholder(name))]
    return Facts(
        page=page.page,
        names=_unique(Seen(name, _is_sure(s), _is_clear(s), _written(name, s.raw)) for name, s in names),
        births=_unique(seen for s in of(SightingKind.BIRTH_DATE) if (seen := _date(s, today, is_birth=True))),
        services=tuple(
            seen.value for s in of(SightingKind.SERVICE_DATE) if (seen := _date(s, today, is_birth=False))
        ),
        numbers=_numbers(of(SightingKind.MRN), standing),
        encounters=_numbers(of(SightingKind.ENCOUNTER), standing),
        ssns=_unique(
            Seen(last4, _is_sure(s))
            for s in of(SightingKind.SSN_LAST4)
            if (last4 := normalize_ssn_last4(s.value))
        ),
        phones=_unique(
            Seen(phone, _is_sure(s)) for s in of(SightingKind.PHONE) if (phone := normalize_phone(s.value))
        ),
        addresses=_unique(
            Seen(parse_address(s.value), _is_sure(s)) for s in of(SightingKind.ADDRESS) if s.value.strip()
        ),
        sexes=tuple(
            dict.fromkeys(
                [*(sex for s in of(SightingKind.SEX) if (sex := normalize_sex(s.value))), *placed_sexes]
            )
        ),
        relatives_in_patient_area=tuple(
            name
            for s in of(SightingKind.RELATIVE_NAME)
            if s.box[1] < PATIENT_AREA and (name := parse_name(s.value))
        ),
        other_numbers=tuple(
            number for s in of(SightingKind.OTHER_NUMBER) if (number := normalize_number(s.value))
        ),
        page_of=page.page_of,
        letterhead=_letterhead(page),
        heading=page.heading,
        spoken_of=page.spoken_of,
        born_between=page.born_between,
    )


def _numbers(sightings: Iterable[Sighting], standing: Standing) -> tuple[SeenNumber, ...]:
    return _unique(
        SeenNumber(number, _is_sure(s) and number in normalize_number(s.raw or s.value), standing)
        for s in sightings
        if (number := normalize_number(s.value))
    )


def _written(name: PersonName, raw: str) -> tuple[str, ...]:
    """Return the words of a name whose order is open: written without a comma, nothing added or lost."""
    plain = parse_name(raw) if not re.search(r"[,^.]\s|\^", raw.strip()) else None
    if plain is None:
        return ()
    words = tuple(fold_name(f"{plain.first} {plain.middle} {plain.last}").split())
    return (
        words if sorted(words) == sorted(fold_name(f"{name.first} {name.middle} {name.last}").split()) else ()
    )


def _is_sure(sighting: Sighting) -> bool:
    return sighting.confidence >= EXACT_FLOOR


def _is_clear(sighting: Sighting) -> bool:
    return sighting.confidence >= CLEAR_FLOOR


def _date(sighting: Sighting, today: dt.date, *, is_birth: bool) -> Seen[dt.date] | None:
    """Read a date from the sighting's value; its raw text may say that the value was guessed."""
    parsed = read_date(sighting.value, today=today, is_birth=is_birth)
    if parsed is None:
        return None
    raw = read_date(sighting.raw, today=today, is_birth=is_birth) if sighting.raw else None
    is_guessed = not parsed.exact or (raw is not None and (not raw.exact or raw.date != parsed.date))
    return Seen(parsed.date, _is_sure(sighting) and not is_guessed, _is_clear(sighting) and not is_guessed)


def _sex_of_placeholder(name: PersonName) -> str:
    """Return the sex that "Baby Boy" or "BG" tells."""
    if not is_placeholder_name(name):
        return ""
    words = set(fold_name(f"{name.first} {name.middle} {name.last}").split())
    if words & {"BOY", "BABYBOY", "BBOY", "MALE"}:  # not BB, which is "bebé" as well
        return "M"
    return "F" if words & {"GIRL", "BG", "BABYGIRL", "BGIRL", "FEMALE"} else ""
