"""Whether two given names may be forms of one: BOB and ROBERT, BOB and ROB."""

from __future__ import annotations

from functools import cache

from backfile.domain.nickname_forms import FORMS


@cache
def _lines_of() -> dict[str, frozenset[int]]:
    lines: dict[str, set[int]] = {}
    for number, line in enumerate(FORMS.split("\n")):
        for name in line.split():
            lines.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in lines.items()}


@cache
def _lines() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in FORMS.split("\n"))


def are_forms_of_one_name(first: str, second: str) -> bool:
    """Say whether two folded given names (``fold_name``) may be the same: BOB and ROBERT, BOB and ROB."""
    lines = _lines_of()
    one, other = lines.get(first), lines.get(second)
    return one is not None and other is not None and not one.isdisjoint(other)


def is_short_form(first: str) -> bool:
    """Say whether a folded given name is also what others are called for short: KRISTY of KRISTINE."""
    return any(_lines()[number][0] != first for number in _lines_of().get(first, ()))


def list_forms(first: str) -> tuple[str, ...]:
    """Return every name that a folded given name may stand for, itself first."""
    others = {name for line in _lines_of().get(first, ()) for name in _lines()[line]}
    return (first, *sorted(others - {first}))
