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
from classify.matching.weights import M, U, load_weights

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

WEIGHTS = load_weights()
"""m and u of every level: ``weights.csv``, which benchmarks.matching_weights learns."""

_BITS = {
    (name, level): math.log2(pair[M] / pair[U])
    for name, levels in WEIGHTS.items()
    for level, pair in levels.items()
}


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
    for name, compared in comparison.fields.items():
        if is_whole_name and name in (Field.LAST_NAME, Field.FIRST_NAME):
            continue
        weight = _BITS.get((name, compared.level), 0.0)
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


def find_likely_weight(probability: float, *, people: int) -> float:
    """Return a weight in bits below which a person, taken alone, is less probable than that.

    A little below the very one: only whoever lies above need be looked at closely.
    """
    odds = probability / (1 - probability) * NOT_IN_INDEX / (1 - NOT_IN_INDEX) * max(people, 1)
    return math.log2(odds) - 0.001


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
