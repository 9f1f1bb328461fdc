"""What a technician is told of each field: a cause in words wherever two values are not simply the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from backfile.domain.decision import Agreement
from backfile.domain.patient import Address, PersonName
from classify.matching.compare import compare_facts
from classify.matching.encounters import EncounterBook
from classify.matching.facts import Facts, Seen
from classify.matching.letterheads import LetterheadJudge
from classify.matching.memory_index import MemoryPatientIndex
from classify.matching.people import Person
from tests.matching.builders import OAK, patient

_JUDGE = LetterheadJudge(())
_KNOWN = replace(
    patient("ann", "Garza, Katherine", "00482913", "1961-04-08", phone="5035550142", address=OAK),
    ssn_last4="4455",
)
_OAKS = replace(OAK, street="12 Oaks St")
_DOUBLE = PersonName("Garza-Ruiz", "Katherine")


def _explain(facts: Facts) -> dict[str, tuple[Agreement, str]]:
    compared = compare_facts(
        facts,
        Person(_KNOWN),
        judge=_JUDGE,
        bearers=lambda number: frozenset(),
        book=EncounterBook(MemoryPatientIndex([_KNOWN]), _JUDGE),
    )
    return {one.field: (one.agreement, one.note) for one in compared.describe()}


@pytest.mark.parametrize(
    ("facts", "field", "note"),
    [
        (Facts(1, births=(Seen(dt.date(1961, 8, 4), True),)), "birth_date", "day and month swapped"),
        (Facts(1, births=(Seen(dt.date(1861, 4, 8), True),)), "birth_date", "another century"),
        (Facts(1, births=(Seen(dt.date(1961, 4, 8), False),)), "birth_date", "equal, but read with doubt"),
        (Facts(1, names=(Seen(PersonName("Garza", "Kate"), True),)), "first_name", "short form of the name"),
        (
            Facts(1, names=(Seen(PersonName("Katherine", "Garza"), True),)),
            "last_name",
            "last and first name swapped",
        ),
        (Facts(1, names=(Seen(_DOUBLE, True),)), "last_name", "one part of a double name"),
        (Facts(1, phones=(Seen("9715550142", True),)), "phone", "another area code"),
        (Facts(1, phones=(Seen("5035550142", False),)), "phone", "equal, but read with doubt"),
        (Facts(1, ssns=(Seen("4455", False),)), "ssn_last4", "equal, but read with doubt"),
        (
            Facts(1, addresses=(Seen(replace(OAK, zip="97399"), True),)),
            "address",
            "another ZIP code",
        ),
        (Facts(1, addresses=(Seen(_OAKS, True),)), "address", "spelled much alike"),
    ],
)  # fmt: skip
def test_a_difference_is_told_in_words(facts: Facts, field: str, note: str) -> None:
    assert _explain(facts)[field] == (Agreement.CLOSE, note) or (
        note == "short form of the name" and _explain(facts)[field] == (Agreement.AGREE, note)
    )


def test_no_conflict_is_without_a_word() -> None:
    other = Facts(
        1,
        names=(Seen(PersonName("Quist", "Bo", "", "Jr"), True),),
        births=(Seen(dt.date(1990, 1, 2), True),),
        ssns=(Seen("9876", True),),
        phones=(Seen("2125550000", True),),
        addresses=(Seen(Address("9 Elm Rd", "Boise", "ID", "83701"), True),),
    )
    told = _explain(other)
    conflicts = [note for agreement, note in told.values() if agreement is Agreement.CONFLICT]
    assert len(conflicts) >= 6
    assert all(conflicts)
