"""The filing rules that no score may override: each a small function, all here and in ``conflicts``.

A document is filed without a person only if every page is bound, the identity rests on an accepted
combination, nothing conflicts, and exactly one person can be meant. A rule that is broken returns the
reason; ``None`` means that the rule is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeAlias

from backfile.domain.blocking import dates_like
from backfile.domain.duplicates import is_suspected_duplicate
from backfile.domain.names import fold_name, is_placeholder_name
from backfile.domain.nicknames import is_short_form
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import IdentifierKind, IdentifierStatus, Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from classify.matching.case import Case, Part
from classify.matching.facts import Facts, are_of_one_time, is_continuation
from classify.matching.letterheads import Standing
from classify.matching.levels import Comparison, Field, Level
from classify.matching.people import Person
from classify.matching.score import is_rare_name

NEWBORN_DAYS = 30
"""Days from birth in which mother and child share stickers, names and charts."""


# --- Records and names that identify nobody -----------------------------------------------------------


def check_record(case: Case) -> Reason | None:
    """Forbid records that receive nothing unaided.

    Those that were imported for review only block and no more. Of a number that two people claim, and of two
    records that are probably one person's, a person must say which is meant, whatever the page bears.
    """
    record = case.person.record
    if record.review_only:
        return Reason.REVIEW_ONLY_PATIENT
    if any(_is_doubted(i) for i in record.identifiers):
        return Reason.NUMBER_SUSPECT
    if any(is_suspected_duplicate(record, other.record) for other in case.neighbours):
        return Reason.SUSPECTED_DUPLICATE
    return None


def _is_doubted(number: PatientIdentifier) -> bool:
    return number.kind is IdentifierKind.MRN and number.status is IdentifierStatus.SUSPECT


def check_placeholder(case: Case) -> Reason | None:
    """Forbid a placeholder's page under a named person: it may be the baby's with the mother's sticker.

    It stays possible where the index itself has a placeholder, and for a newborn that was named since.
    """
    if not any(page.facts.has_placeholder for page in case.pages):
        return None
    if any(map(is_placeholder_name, case.person.names)) or is_newborn_case(case):
        return None
    return Reason.PLACEHOLDER_NAME


# --- 2. Identity --------------------------------------------------------------------------------------


def identify(case: Case) -> Reason | None:
    """Return the accepted combination on which the identity rests; None where there is none.

    The combination must stand on one sheet: facts from unconnected pages do not add up.
    """
    if is_newborn_case(case):
        return _first(case, has_mrn_and_birth_date)
    found = _first(
        case,
        has_mrn_and_birth_date,
        has_mrn_and_name,
        has_encounter_and_birth_date,
        has_encounter_and_name,
        has_name_birth_date_and_third,
        has_rare_name,
    )
    if found is None and case.has_header and not bears_another_number(case):
        return Reason.HEADER_SHEET if any(p.comparison.names_the_person for p in case.pages) else None
    return found


Combination: TypeAlias = Callable[[Case, Part], Reason | None]


def _first(case: Case, *combinations: Combination) -> Reason | None:
    found = (combination(case, sheet) for combination in combinations for sheet in case.sheets)
    return next((reason for reason in found if reason), None)


def has_mrn_and_birth_date(case: Case, sheet: Part) -> Reason | None:
    """Accept the site's MRN, read exactly, with the birth date."""
    agree = sheet.comparison[Field.MRN].agrees and sheet.comparison[Field.BIRTH_DATE].agrees
    return Reason.MRN_AND_BIRTH_DATE if agree else None


def has_mrn_and_name(case: Case, sheet: Part) -> Reason | None:
    """Accept the site's MRN, read exactly, with last and first name."""
    agree = sheet.comparison[Field.MRN].agrees and sheet.comparison.name_agrees
    return Reason.MRN_AND_NAME if agree else None


def has_encounter_and_birth_date(case: Case, sheet: Part) -> Reason | None:
    """Accept an account or encounter number that the site gave to one patient alone, with the birth date."""
    agree = sheet.comparison[Field.ENCOUNTER].agrees and sheet.comparison[Field.BIRTH_DATE].agrees
    return Reason.ENCOUNTER_AND_BIRTH_DATE if agree and not bears_another_number(case) else None


def has_encounter_and_name(case: Case, sheet: Part) -> Reason | None:
    """Accept an account or encounter number that the site gave to one patient alone, with both names."""
    agree = sheet.comparison[Field.ENCOUNTER].agrees and sheet.comparison.name_agrees
    return Reason.ENCOUNTER_AND_NAME if agree and not bears_another_number(case) else None


def has_name_birth_date_and_third(case: Case, sheet: Part) -> Reason | None:
    """Accept first and last name with the birth date, unique in the index, and a third agreeing fact."""
    if not _is_unique_name_and_birth_date(case, sheet):
        return None
    third = (Field.MIDDLE_NAME, Field.SSN_LAST4, Field.PHONE, Field.ADDRESS)
    return Reason.NAME_BIRTH_DATE_AND_THIRD if any(sheet.comparison[name].agrees for name in third) else None


def has_rare_name(case: Case, sheet: Part) -> Reason | None:
    """Accept a rare name with the birth date, if nothing at all speaks against it.

    "Nothing" is stricter than the conflicts: no other phone, address or sex, and no number on the page
    that is not the patient's, be it of another institution or misread. Name and birth date are all there
    is, so both must be read clearly.
    """
    compared = sheet.comparison
    born = case.person.record.birth_date
    is_clear = any(seen.is_clear and seen.value == born for seen in sheet.facts.births)
    if not is_clear or not any(seen.is_clear for seen in sheet.facts.names):
        return None
    doubts = (Field.MIDDLE_NAME, Field.PHONE, Field.ADDRESS, Field.SEX)
    if any(compared[name].conflicts for name in doubts) or any(p.facts.numbers for p in case.pages):
        return None
    if not _is_unique_name_and_birth_date(case, sheet):
        return None
    if is_short_form(fold_name(case.person.record.name.first)):
        return None  # a twin outside the index may be called so: Kristine beside Kristy
    is_rare = is_rare_name(case.person.record.name, case.index, risk=case.risk)
    return Reason.RARE_NAME_AND_BIRTH_DATE if is_rare else None


def _is_unique_name_and_birth_date(case: Case, sheet: Part) -> bool:
    """Say whether name and birth date are the person's and nobody else's.

    Without a number the first name must be the very one: a short form may be the twin's (Lori, Loretta).
    """
    compared = sheet.comparison
    agree = compared[Field.LAST_NAME].agrees and compared[Field.BIRTH_DATE].agrees
    if not agree or compared[Field.FIRST_NAME].level is not Level.EXACT:
        return False
    if compared[Field.MIDDLE_NAME].conflicts or bears_another_number(case) or bears_two_numbers(case):
        return False
    return not find_doubles(case)


def bears_another_number(case: Case) -> bool:
    """Say whether a number of the site was read surely and is not the person's, be it by one digit.

    It forbids what rests on no number: a number that is surely another may be that of another person of
    the same name, and that person need not be in the index.
    """
    theirs = {normalize_number(i.value) for i in case.person.identifiers}
    return any(
        seen.is_sure and seen.standing is Standing.OWN and seen.value not in theirs
        for page in case.pages
        for seen in page.facts.numbers
    )


def bears_two_numbers(case: Case) -> bool:
    """Say whether a page bears two different numbers, be they read with doubt or of another institution.

    Two labels are two people: a mother's beside her newborn's, of which nothing else may have been read.
    """
    theirs = {normalize_number(i.value) for i in case.person.identifiers}
    on_pages = ({seen.value for seen in page.facts.numbers} for page in case.pages)
    return any(len(values) > 1 and values - theirs for values in on_pages)


def find_doubles(case: Case) -> list[Person]:
    """Return who could be meant by the person's name and birth date: twins, one-edit neighbours.

    Of the neighbours only those do not count whose birth date is more than a misreading away. A record
    without a birth date always counts.
    """
    birth = case.person.record.birth_date
    near = set(dates_like(birth)) if birth else set()
    return [
        other
        for other in case.neighbours
        if other.record.birth_date is None or birth is None or other.record.birth_date in near
    ]


# --- 1. Every page is bound ---------------------------------------------------------------------------


_ELSEWHERE = (Field.PHONE, Field.ADDRESS, Field.SEX)
"""What is no conflict beside an identifier, since people move; alone on a page it says that the page strayed
in, whatever its number: page 2 of 2 of somebody else looks like that of this document."""


def is_bound(case: Case, at: int) -> bool:
    """Say whether a page bears an agreeing identifier, continues a sheet that does, or has the header."""
    page = case.pages[at]
    if case.has_header:
        return True
    if page.comparison.binds_the_page and (not _bears_a_name_alone(page) or _is_name_enough(case, page)):
        return True
    if at == 0 or not is_continuation(case.pages[at - 1].facts, page.facts):
        return False
    is_elsewhere = any(page.comparison[name].conflicts for name in _ELSEWHERE)
    if (is_elsewhere and not page.comparison.name_agrees) or _bears_a_strange_suffix(case, page):
        return False
    return not _bears_a_birth_date_alone(page) and is_bound(case, at - 1)


def _bears_a_birth_date_alone(page: Part) -> bool:
    """Say whether a birth date is all that was read of a label: of a twin's, the name may not have been."""
    facts = page.facts
    return bool(facts.births) and not (facts.names or facts.numbers or facts.ssns or facts.encounters)


_BESIDE_A_NAME = (Field.MRN, Field.BIRTH_DATE, Field.ENCOUNTER, Field.SSN_LAST4)


def _bears_a_name_alone(page: Part) -> bool:
    """Say whether a page's name is all that agrees on it.

    What parts namesakes, the number and the birth date, was not read, or is another institution's: a
    namesake's page that slipped in behind the patient's looks like that, and the index need not know the
    namesake. Address and telephone do not part father and son.
    """
    return not any(page.comparison[name].agrees for name in _BESIDE_A_NAME)


def _is_name_enough(case: Case, page: Part) -> bool:
    """Say whether a name alone may bind a page: a rare one, the very one, and nothing else speaks of anybody.

    Second pages often bear the name and no more. A number or birth date beside it that does not agree,
    another year, a suffix, another middle name, or a common name: then it may be a namesake's.
    """
    compared, facts = page.comparison, page.facts
    if facts.numbers or facts.births or facts.encounters or _bears_a_strange_suffix(case, page):
        return False
    if (
        any(compared[name].conflicts for name in (Field.MIDDLE_NAME, *_ELSEWHERE))
        or not compared.is_whole_name
    ):
        return False
    others = [other.facts for other in case.pages if other.facts is not facts]
    is_beside = any(are_of_one_time(facts.services, other.services) for other in others)
    name = case.person.record.name
    return (
        is_beside
        and not is_short_form(fold_name(name.first))
        and is_rare_name(name, case.index, risk=case.risk)
    )


def _bears_a_strange_suffix(case: Case, page: Part) -> bool:
    """Say whether a page names a Jr, Sr or III of whom the index knows no suffix: perhaps father or son."""
    known = {name.suffix for name in case.person.names if name.suffix}
    return not known and any(seen.value.suffix for seen in page.facts.names)


def check_binding(case: Case) -> Reason | None:
    """Forbid pages that nothing ties to the person."""
    return None if all(is_bound(case, at) for at in range(len(case.pages))) else Reason.PAGE_UNBOUND


# --- 4. One person ------------------------------------------------------------------------------------

_TELLING = (
    Field.MRN,
    Field.ENCOUNTER,
    Field.LAST_NAME,
    Field.FIRST_NAME,
    Field.SUFFIX,
    Field.BIRTH_DATE,
    Field.SSN_LAST4,
)
"""Fields that part one person from another."""
_RANKS = {Level.CONFLICT: 0, Level.MISSING: 1, Level.NICKNAME: 3, Level.EXACT: 4}


def explains_as_well(mine: Comparison, theirs: Comparison) -> bool:
    """Say whether a page could be another person's too.

    It could not, if something that agrees with the person is clearly otherwise at the other (more than a
    misreading away), or two things are otherwise at all; and nothing fits the other better.
    """
    if any(_rank(theirs, name) > max(_rank(mine, name), 1) for name in _TELLING):
        return True
    agreeing = [name for name in _TELLING if mine[name].agrees]
    if any(theirs[name].conflicts and theirs[name].is_far for name in agreeing):
        return False
    otherwise = [name for name in agreeing if not theirs[name].agrees and _rank(theirs, name) != 1]
    return len(otherwise) < 2


def _rank(compared: Comparison, name: Field) -> int:
    return _RANKS.get(compared[name].level, 2)


def check_twin_on_record(case: Case) -> Reason | None:
    """Demand the first name of whoever is one of a multiple birth: the twin may not be in the index."""
    if not case.person.record.multiple_birth:
        return None
    is_named = any(
        sheet.comparison[Field.FIRST_NAME].agrees
        and (sheet.comparison[Field.MRN].agrees or sheet.comparison[Field.BIRTH_DATE].agrees)
        for sheet in case.sheets
    )
    return None if is_named else Reason.TWIN_OR_NAMESAKE


# --- Newborns -----------------------------------------------------------------------------------------


def is_newborn_case(case: Case) -> bool:
    """Say whether the pages are, or may be, of the person's first 30 days.

    Pages without a date of service may be, where the index knows the mother or the person is a newborn
    today's paper can still be about.
    """
    record = case.person.record
    if record.birth_date is None:
        return False
    services = [date for page in case.pages for date in page.facts.services]
    last_day = record.birth_date + dt.timedelta(days=NEWBORN_DAYS)
    if services:
        return any(record.birth_date <= date <= last_day for date in services)
    return bool(record.mother_mrn) or any(map(is_placeholder_name, case.person.names))


def check_newborn(case: Case) -> Reason | None:
    """Demand the infant's own MRN and birth date, and no identifier of the mother in the patient area."""
    if not is_newborn_case(case):
        return None
    if identify(case) is not Reason.MRN_AND_BIRTH_DATE:
        return Reason.NEWBORN
    mother_mrn = normalize_number(case.person.record.mother_mrn)
    mothers = case.index.find_by_number(mother_mrn) if mother_mrn else []
    for page in case.pages:
        numbers = {*(seen.value for seen in page.facts.numbers), *page.facts.other_numbers}
        if mother_mrn and mother_mrn in numbers:
            return Reason.NEWBORN
        if page.facts.relatives_in_patient_area or _bears_name_of(page.facts, mothers):
            return Reason.NEWBORN
    return None


def _bears_name_of(facts: Facts, people: Sequence[Patient]) -> bool:
    names = {_whole(seen.value) for seen in facts.names}
    return any(_whole(name) in names for one in people for name in (one.name, *one.aliases))


def _whole(name: PersonName) -> tuple[str, str]:
    return (fold_name(name.last), fold_name(name.first))


# --- Why too little agrees ----------------------------------------------------------------------------


def explain_lack(case: Case) -> Reason:
    """Return why no accepted combination was found, as precisely as can be said."""
    numbers = [seen for page in case.pages for seen in page.facts.numbers]
    names_and_birth = any(
        sheet.comparison.name_agrees and sheet.comparison[Field.BIRTH_DATE].agrees for sheet in case.sheets
    )
    if names_and_birth and find_doubles(case):
        return Reason.TWIN_OR_NAMESAKE
    if any(page.facts.has_placeholder for page in case.pages):
        return Reason.PLACEHOLDER_NAME
    elsewhere = {normalize_number(i.value) for i in case.person.identifiers if i.facility}
    if any(seen.standing is not Standing.OWN or seen.value in elsewhere for seen in numbers):
        return Reason.FOREIGN_NUMBER
    if numbers and not any(page.comparison[Field.MRN].agrees for page in case.pages):
        return Reason.NUMBER_NOT_EXACT
    return Reason.TOO_FEW_IDENTIFIERS
