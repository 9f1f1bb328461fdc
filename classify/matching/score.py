"""How probable a person is, "not in the index" being one of the answers: Fellegi-Sunter weights.

The weight of a field is log2(m / u): m, how often the field looks so on pages *of* the person; u, how
often on pages of somebody else. Fellegi and Sunter, "A Theory for Record Linkage", JASA 64 (1969). A
probability never files anything by itself: the filing rules come first, and this comes after them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from backfile.domain.common_names import is_common_name
from backfile.domain.patient import PatientIndex, PersonName
from classify.matching.levels import Comparison, Field, Level

NOT_IN_INDEX = 0.2
"""Prior share of documents of people who are not in the index; research on open sets asks for a fifth."""
_HEADER_PRIOR = 0.95
"""Prior of the patient whose chart header sheet lies over the pages."""
BIRTH_DATES = 75 * 365.25
"""Birth dates that are about equally frequent among living and recently dead patients."""
_HOUSEHOLD_BITS = 12.0
"""Most that phone and address together can say: whoever shares one home shares both."""
_COMMONEST_NAME = 1e-3
"""Share of the commonest first and last name together, generously: James Smith is 1.2e-4 of Americans."""

M, U = 0, 1
WEIGHTS: dict[Field, dict[Level, tuple[float, float]]] = {
    # u: numbers of seven digits, one in a million; a stranger's number is one digit away now and then.
    Field.MRN: {
        Level.EXACT: (0.88, 1e-6), Level.UNSURE: (0.05, 1e-5), Level.CLOSE: (0.06, 1e-3),
        Level.CONFLICT: (0.01, 0.998),
    },
    # u: one of BIRTH_DATES; 26 of about 27,000 dates are one digit away.
    Field.BIRTH_DATE: {
        Level.EXACT: (0.90, 1 / BIRTH_DATES), Level.UNSURE: (0.04, 1 / BIRTH_DATES),
        Level.SWAPPED: (0.005, 2e-4), Level.CLOSE: (0.05, 2e-3), Level.CONFLICT: (0.005, 0.997),
    },
    # u: one in 200 Americans shares a given last name when drawn by frequency (Census 2010 surnames).
    Field.LAST_NAME: {
        Level.EXACT: (0.87, 4e-3), Level.UNSURE: (0.04, 4e-3), Level.PART: (0.02, 4e-3),
        Level.CLOSE: (0.04, 5e-3), Level.SOUND: (0.003, 5e-3), Level.SWAPPED: (0.003, 1e-4),
        Level.CONFLICT: (0.02, 0.975),
    },
    # u: one in 120 shares a given first name when drawn by frequency (SSA given names).
    Field.FIRST_NAME: {
        Level.EXACT: (0.83, 8e-3), Level.NICKNAME: (0.04, 4e-3), Level.UNSURE: (0.03, 8e-3),
        Level.INITIAL: (0.03, 0.07), Level.PART: (0.01, 5e-3), Level.CLOSE: (0.04, 0.01),
        Level.SOUND: (0.003, 5e-3), Level.SWAPPED: (0.003, 1e-4), Level.CONFLICT: (0.01, 0.89),
    },
    # m: middle names differ in 58 % of confirmed duplicates (Just et al. 2016, PMC4832129).
    Field.MIDDLE_NAME: {
        Level.EXACT: (0.40, 0.01), Level.UNSURE: (0.02, 0.01), Level.INITIAL: (0.40, 0.08),
        Level.PART: (0.02, 0.02), Level.CLOSE: (0.03, 0.02), Level.SOUND: (0.01, 0.01),
        Level.CONFLICT: (0.12, 0.85),
    },
    Field.SUFFIX: {
        Level.EXACT: (0.90, 0.40), Level.UNSURE: (0.03, 0.10), Level.CLOSE: (0.03, 0.10),
        Level.CONFLICT: (0.02, 0.40),
    },
    Field.SEX: {Level.EXACT: (0.98, 0.5), Level.CONFLICT: (0.02, 0.5)},
    # m: SSN differs in 53 % of confirmed duplicates (same source), mostly by being absent there.
    Field.SSN_LAST4: {
        Level.EXACT: (0.90, 1e-4), Level.UNSURE: (0.04, 1e-4), Level.CLOSE: (0.04, 4e-3),
        Level.CONFLICT: (0.02, 0.995),
    },
    Field.PHONE: {
        Level.EXACT: (0.60, 1e-4), Level.UNSURE: (0.03, 1e-4), Level.CLOSE: (0.07, 1e-3),
        Level.CONFLICT: (0.30, 0.99),
    },
    Field.ADDRESS: {
        Level.EXACT: (0.60, 3e-4), Level.UNSURE: (0.04, 3e-4), Level.CLOSE: (0.11, 1e-3),
        Level.CONFLICT: (0.25, 0.99),
    },
    # u: as an MRN's. That a page bears somebody else's stays rare, since most numbers are not in the index.
    Field.ENCOUNTER: {Level.EXACT: (0.88, 1e-6), Level.UNSURE: (0.05, 1e-5), Level.CONFLICT: (0.01, 0.5)},
}  # fmt: skip


def weigh(comparison: Comparison, *, name_share: float) -> float:
    """Return the weight of everything compared, in bits.

    Args:
        comparison: The fields beside one person's.
        name_share: Share of people who bear the person's first and last name, for the case that both
            agree exactly: a common name says less.
    """
    bits = 0.0
    is_whole_name = _is_exact(comparison, Field.LAST_NAME) and _is_exact(comparison, Field.FIRST_NAME)
    if is_whole_name:
        bits += math.log2(0.75 / name_share)
    household = 0.0
    for name, levels in WEIGHTS.items():
        if is_whole_name and name in (Field.LAST_NAME, Field.FIRST_NAME):
            continue
        pair = levels.get(comparison[name].level)
        if pair is None:
            continue
        weight = math.log2(pair[M] / pair[U])
        if name in (Field.PHONE, Field.ADDRESS):
            household += weight
        else:
            bits += weight
    return bits + min(household, _HOUSEHOLD_BITS)


def share_of_name(count: int, people: int) -> float:
    """Return how large the share of a name's bearers may be, given how many of the index bear it.

    The upper 95 % bound of a Poisson count (by its normal form), since one bearer among two thousand is
    a weak estimate; at most ``_COMMONEST_NAME``.
    """
    upper = count + 2 * math.sqrt(count) + 1.75
    return min(upper / max(people, 1), _COMMONEST_NAME)


def find_probabilities(
    weights: Sequence[float], *, people: int, header: int | None = None
) -> tuple[float, ...]:
    """Return the probability of each candidate; what is missing to 1 is "not in the index".

    Args:
        weights: Bits of each candidate.
        people: Number of people in the index.
        header: Which candidate the chart header sheet names.
    """
    if not weights:
        return ()
    prior = (1 - NOT_IN_INDEX) / max(people, 1)
    priors = [prior] * len(weights)
    nobody = NOT_IN_INDEX
    if header is not None:
        priors = [prior * (1 - _HEADER_PRIOR) for _ in weights]
        priors[header] = _HEADER_PRIOR
        nobody *= 1 - _HEADER_PRIOR
    exponents = [math.log2(p) + bits for p, bits in zip(priors, weights, strict=True)]
    top = max([*exponents, math.log2(nobody)])
    shares = [2 ** (exponent - top) for exponent in exponents]
    total = sum(shares) + 2 ** (math.log2(nobody) - top)
    return tuple(share / total for share in shares)


def is_rare_name(name: PersonName, index: PatientIndex, *, risk: float) -> bool:
    """Say whether name and birth date alone are safe enough for the site's risk.

    Nobody else in the index may bear the name, and the odds that a page with this name and this birth
    date is of somebody *outside* the index must stay under the risk. With N people indexed, f the share
    of the name's bearers, g = 1 / BIRTH_DATES and q the share of documents of strangers, those odds are
    q / (1 - q) * N * f * g, doubled because names follow fashion: who shares a name is likelier than
    others to share a year of birth. A name that is common in the whole country is never rare, however few
    of a small index bear it.
    """
    count, people = index.count_name(name), len(index)
    if count != 1 or is_common_name(name):
        return False
    odds = NOT_IN_INDEX / (1 - NOT_IN_INDEX) * people * share_of_name(count, people) / BIRTH_DATES
    return 2 * odds <= risk


def name_shares(index: PatientIndex) -> Callable[[PersonName], float]:
    """Return a look-up of ``share_of_name`` that asks the index once for each name."""
    known: dict[PersonName, float] = {}

    def find(name: PersonName) -> float:
        key = PersonName(name.last, name.first)
        if key not in known:
            known[key] = share_of_name(index.count_name(key), len(index))
        return known[key]

    return find


def _is_exact(comparison: Comparison, name: Field) -> bool:
    return comparison[name].level is Level.EXACT
