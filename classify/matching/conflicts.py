"""The filing rules, third part: nothing on any page conflicts with the patient.

Each is a small function that returns the reason where it is broken; ``None`` means that it is kept.
"""

from __future__ import annotations

from itertools import combinations

from backfile.domain.names import fold_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.reasons import Reason
from classify.matching.case import Case
from classify.matching.facts import Facts
from classify.matching.levels import Comparison, Field, Level


def conflict_birth_date(facts: Facts, compared: Comparison) -> Reason | None:
    """Differ in the birth date: clearly, or by one digit that was read surely.

    One digit is all that parts some fathers from sons and some namesakes, so a sure reading that differs
    is a difference on the paper, not a misreading.
    """
    birth = compared[Field.BIRTH_DATE]
    is_other = birth.level in (Level.CLOSE, Level.SWAPPED) and birth.is_sure
    return Reason.CONFLICT_BIRTH_DATE if birth.conflicts or is_other else None


def conflict_mrn(facts: Facts, compared: Comparison) -> Reason | None:
    """Bear another MRN of the site: another patient's, clearly another, or by one digit that was read surely.

    Who is registered one after the other (twins, a family) has numbers one digit apart.
    """
    number = compared[Field.MRN]
    is_other = number.level is Level.CLOSE and number.is_sure
    return Reason.CONFLICT_MRN if number.conflicts or is_other else None


def conflict_first_name(facts: Facts, compared: Comparison) -> Reason | None:
    """Bear another first name, after nicknames and initials, or two that were read clearly.

    Mother and child, or two sisters, may be one letter apart: Hanh and Thanh.
    """
    is_other = compared[Field.FIRST_NAME].conflicts or _bears_two_first_names(facts)
    return Reason.CONFLICT_FIRST_NAME if is_other else None


def _bears_two_first_names(facts: Facts) -> bool:
    clear = {
        fold_name(seen.value.first).split()[0] for seen in facts.names if seen.is_clear and seen.value.first
    }
    return any(
        min(len(one), len(other)) > 1 and not are_forms_of_one_name(one, other)
        for one, other in combinations(sorted(clear), 2)
    )


def conflict_last_name(facts: Facts, compared: Comparison) -> Reason | None:
    """Bear a last name that is neither the patient's nor an alias of record."""
    return Reason.CONFLICT_LAST_NAME if compared[Field.LAST_NAME].conflicts else None


def conflict_suffix(facts: Facts, compared: Comparison) -> Reason | None:
    """Bear another suffix: Jr is not Sr."""
    return Reason.CONFLICT_SUFFIX if compared[Field.SUFFIX].conflicts else None


def conflict_ssn(facts: Facts, compared: Comparison) -> Reason | None:
    """Bear other last digits of the patient's own SSN."""
    return Reason.CONFLICT_SSN if compared[Field.SSN_LAST4].conflicts else None


def conflict_sex(facts: Facts, compared: Comparison) -> Reason | None:
    """Differ in sex together with a first name that is not exactly the patient's (Daniel, Danielle)."""
    has_other_name = bool(facts.names) and compared[Field.FIRST_NAME].level is not Level.EXACT
    return Reason.CONFLICT_SEX if compared[Field.SEX].conflicts and has_other_name else None


def conflict_service_date(facts: Facts, compared: Comparison) -> Reason | None:
    """Tell of a service before the patient was born."""
    return Reason.SERVICE_BEFORE_BIRTH if compared[Field.SERVICE_DATE].conflicts else None


def conflict_encounter(facts: Facts, compared: Comparison) -> Reason | None:
    """Bear an account or encounter number of the site that was given to another patient."""
    return Reason.CONFLICT_ENCOUNTER if compared[Field.ENCOUNTER].conflicts else None


def conflict_stay(facts: Facts, compared: Comparison) -> Reason | None:
    """Tell of a service outside the dates of the encounter whose number the page bears."""
    return Reason.SERVICE_OUTSIDE_ENCOUNTER if compared[Field.STAY].conflicts else None


CONFLICTS = (
    conflict_mrn,
    conflict_encounter,
    conflict_first_name,
    conflict_last_name,
    conflict_birth_date,
    conflict_suffix,
    conflict_ssn,
    conflict_sex,
    conflict_service_date,
    conflict_stay,
)
ANOTHER_PERSON = {
    Reason.CONFLICT_MRN,
    Reason.CONFLICT_ENCOUNTER,
    Reason.CONFLICT_FIRST_NAME,
    Reason.CONFLICT_LAST_NAME,
}


def find_conflict(facts: Facts, compared: Comparison) -> Reason | None:
    """Return the first conflict of a page."""
    return next((reason for rule in CONFLICTS if (reason := rule(facts, compared))), None)


def check_conflicts(case: Case) -> Reason | None:
    """Forbid any conflict on any page; tell pages of two people from a page of another one."""
    found = [find_conflict(page.facts, page.comparison) for page in case.pages]
    reason = next((one for one in found if one), None)
    others_fit = any(
        one is None and page.comparison.names_the_person for one, page in zip(found, case.pages, strict=True)
    )
    return Reason.PAGES_DISAGREE if reason in ANOTHER_PERSON and others_fit else reason
