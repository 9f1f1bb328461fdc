"""The facts of a page beside one person of the index, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.blocking import swap_day_and_month
from backfile.domain.normalize import normalize_address, normalize_number, normalize_sex, normalize_zip
from backfile.domain.patient import Address, IdentifierStatus
from classify.matching.compare_names import compare_names, speaks_of_another
from classify.matching.encounters import EncounterBook, compare_encounters
from classify.matching.facts import Facts, Seen, SeenNumber
from classify.matching.letterheads import LetterheadJudge, Standing
from classify.matching.levels import Compared, Comparison, Field, Level, speak_for_all
from classify.matching.people import Person

T = TypeVar("T")

Bearers = Callable[[str], frozenset[str]]
"""Gives the ids of the people who bear a number at the site."""

_AS_DIGITS = str.maketrans("OQDILZSGB", "000112568")
"""Letters that worn type makes of digits."""


def compare_facts(
    facts: Facts, person: Person, *, judge: LetterheadJudge, bearers: Bearers, book: EncounterBook
) -> Comparison:
    """Compare everything that a page (or several) says with one person.

    Where a page has a field several times, a conflict outweighs any agreement: two people's data on one
    page are a person's decision.
    """
    record = person.record
    records = person.records if person.merged else (record,)
    fields: dict[Field, Compared] = compare_names(facts.names, person) if facts.names else {}
    if facts.numbers:
        own = own_numbers(person, judge)
        fields[Field.MRN] = speak_for_all(
            [_compare_number(seen, own, person.id, bearers) for seen in facts.numbers]
        )
    if record.birth_date:
        fields[Field.BIRTH_DATE] = speak_for_all(
            [compare_birth_date(seen, record.birth_date) for seen in facts.births]
        )
        fields[Field.SERVICE_DATE] = speak_for_all(
            [_compare_service(date, record.birth_date) for date in facts.services]
        )
    if facts.sexes:
        fields[Field.SEX] = speak_for_all([_compare_sex(sex, record.sex) for sex in facts.sexes])
    if facts.ssns:
        known_ssns = [known.ssn_last4 for known in records if known.ssn_last4]
        fields[Field.SSN_LAST4] = speak_for_all(
            [_best(_compare_ssn(seen, known) for known in known_ssns) for seen in facts.ssns]
        )
    if facts.phones:
        fields[Field.PHONE] = _best(
            _compare_phone(seen, known.phone) for seen in facts.phones for known in records if known.phone
        )
    if facts.addresses:
        fields[Field.ADDRESS] = _best(
            _compare_address(seen, known.address) for seen in facts.addresses for known in records
        )
    if facts.encounters:
        fields |= compare_encounters(facts, person, book)
    if facts.born_between and record.birth_date and not _is_between(record.birth_date, facts.born_between):
        fields[Field.BIRTH_DATE] = Compared(
            Level.CONFLICT, "the age on the page is another's", is_sure=True, is_far=True
        )
    if facts.spoken_of and speaks_of_another(facts.spoken_of, person):
        fields[Field.LAST_NAME] = Compared(
            Level.CONFLICT, "the text speaks of another last name", is_far=True
        )
    return Comparison(fields)


def own_numbers(person: Person, judge: LetterheadJudge) -> set[str]:
    """Return the numbers that the site gave to a person and to nobody else, as far as the index knows."""
    return {
        normalize_number(i.value)
        for i in person.identifiers
        if i.status is not IdentifierStatus.SUSPECT and judge.is_own(i.facility)
    }


_SURELY_EQUAL = Compared(Level.EXACT, is_sure=True)
_DOUBTFULLY_EQUAL = Compared(Level.UNSURE, "equal, but read with doubt")


def _equal(is_sure: bool) -> Compared:
    """Return what two equal values say, by how surely the one on the page was read."""
    return _SURELY_EQUAL if is_sure else _DOUBTFULLY_EQUAL


def _best(compared: Iterable[Compared]) -> Compared:
    """Return the best of several: one that fits is enough where people have more than one."""
    every = [one for one in compared if one.level is not Level.MISSING]
    fitting = [one for one in every if not one.conflicts]
    return speak_for_all(fitting or every)


def _compare_number(seen: SeenNumber, own: set[str], person_id: str, bearers: Bearers) -> Compared:
    if seen.standing is Standing.FOREIGN:
        return Compared(Level.MISSING, "a number of another institution")
    if not own:
        return Compared(Level.MISSING, "the index has no number of this site")
    nearest = min(DamerauLevenshtein.distance(seen.value, number, score_cutoff=2) for number in own)
    if nearest == 0:
        if seen.standing is Standing.DOUBTFUL:
            return Compared(Level.UNSURE, "equal, but perhaps of another institution")
        if not seen.is_sure:
            return Compared(Level.UNSURE, "equal, but read with doubt")
        return Compared(Level.EXACT, "", is_sure=True)
    if bearers(seen.value) - {person_id}:
        return Compared(Level.CONFLICT, "the number of another patient", seen.is_sure, is_far=nearest > 1)
    as_digits = _as_digits(seen.value)
    if any(len(number) == len(as_digits) and _as_digits(number) == as_digits for number in own):
        return Compared(Level.CLOSE, "letters read as digits")
    if any(number.lstrip("0") == seen.value.lstrip("0") for number in own):
        return Compared(Level.CLOSE, "zeros in front differ")
    if nearest == 1:
        return Compared(Level.CLOSE, "one digit differs", seen.is_sure)
    return Compared(Level.CONFLICT, "another number", seen.is_sure, is_far=True)


def compare_birth_date(seen: Seen[dt.date], known: dt.date) -> Compared:
    """Compare one birth date as read with that of the index."""
    read, is_sure = seen.value, seen.is_sure
    if read == known:
        return _equal(is_sure)
    if swap_day_and_month(read) == known:
        return Compared(Level.SWAPPED, "day and month swapped", is_sure)
    if abs(read.year - known.year) == 100 and (read.month, read.day) == (known.month, known.day):
        return Compared(Level.CLOSE, "another century", is_sure)
    a, b = read.isoformat().replace("-", ""), known.isoformat().replace("-", "")
    if DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1:
        return Compared(Level.CLOSE, "one digit differs", is_sure)
    return Compared(Level.CONFLICT, "another date", is_sure, is_far=True)


def _compare_sex(read: str, known: str) -> Compared:
    sex = normalize_sex(known)
    if not sex:
        return Compared()
    return Compared(Level.EXACT, is_sure=True) if sex == read else Compared(Level.CONFLICT, "another sex")


def _compare_ssn(seen: Seen[str], known: str) -> Compared:
    if seen.value == known:
        return _equal(seen.is_sure)
    is_near = DamerauLevenshtein.distance(seen.value, known, score_cutoff=1) <= 1
    if is_near and not seen.is_sure:
        return Compared(Level.CLOSE, "one digit differs")
    return Compared(Level.CONFLICT, "other digits", seen.is_sure, is_far=not is_near)


def _compare_phone(seen: Seen[str], known: str) -> Compared:
    if seen.value == known:
        return _equal(seen.is_sure)
    if seen.value[-7:] == known[-7:]:
        return Compared(Level.CLOSE, "another area code")
    if DamerauLevenshtein.distance(seen.value, known, score_cutoff=1) <= 1:
        return Compared(Level.CLOSE, "one digit differs")
    return Compared(Level.CONFLICT, "another number")


def _compare_address(seen: Seen[Address], known: Address) -> Compared:
    street, other = normalize_address(seen.value.street), normalize_address(known.street)
    code, other_code = normalize_zip(seen.value.zip), normalize_zip(known.zip)
    if not street or not other:
        return Compared()
    whole, other_whole = normalize_address(str(seen.value)), normalize_address(str(known))
    is_same_place = not code or not other_code or code == other_code
    if is_same_place and (street == other or whole == other_whole):
        return _equal(seen.is_sure)
    if whole.startswith(f"{other} ") and other_code and other_code in whole.split():
        # The parts could not be told apart on the page.
        return _equal(seen.is_sure)
    if street == other:
        return Compared(Level.CLOSE, "another ZIP code")
    if street.split()[0] == other.split()[0] and fuzz.ratio(street, other) >= 80:
        return Compared(Level.CLOSE, "spelled much alike")
    return Compared(Level.CONFLICT, "another address")


def _is_between(day: dt.date, span: tuple[dt.date, dt.date]) -> bool:
    return span[0] <= day <= span[1]


def _compare_service(date: dt.date, birth: dt.date) -> Compared:
    return Compared(Level.CONFLICT, "before the patient's birth") if date < birth else Compared()


def _as_digits(number: str) -> str:
    return number.translate(_AS_DIGITS)
