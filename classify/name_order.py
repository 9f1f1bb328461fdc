"""Which words of a name are the last name, where no comma says so.

"MOHAN BHATT" under "Name (Last, First)" may stand in either order, and of "Daryl Calderon Zavala" the last
name may be one word or two. What else the page says settles it: "Ms. Calderon Zavala reports", or the same
name with its comma elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.names import fold_name, normalize_suffix, parse_name
from backfile.domain.patient import PersonName

_HAS_ORDER = re.compile(r"[,^]|\w{3}\.")


def settle_name_order(sightings: Sequence[Sighting], titled: Collection[str]) -> tuple[Sighting, ...]:
    """Return the sightings with names that were written without a comma in the order that the page tells.

    Args:
        sightings: of one page.
        titled: folded last names of those whom the page calls Mr. or Ms.
    """
    names = [s for s in sightings if s.kind is SightingKind.PATIENT_NAME]
    known = {fold_name(name.last) for s in names if _is_ordered(s) and (name := parse_name(s.value))}
    last_names = known | set(titled)
    return tuple(
        replace(s, value=value)
        if s.kind is SightingKind.PATIENT_NAME and not _is_ordered(s) and (value := _reorder(s, last_names))
        else s
        for s in sightings
    )


def _is_ordered(sighting: Sighting) -> bool:
    return bool(_HAS_ORDER.search(sighting.raw.strip(" ,.")))


def _reorder(sighting: Sighting, last_names: Collection[str]) -> str:
    """Return the name with one of the last names as its own, the longest that fits; "" where none does."""
    name = parse_name(sighting.value)
    words = [word for word in re.split(r"[\s_]+", sighting.raw) if any(char.isalpha() for char in word)]
    words = [word.strip("()[]{}:;*|") for word in words if not normalize_suffix(word)]
    if name is None or len(words) < 2 or fold_name(name.last) in last_names:
        return ""
    if sorted(" ".join(map(fold_name, words)).split()) != sorted(_folded(name)):
        return ""  # the raw text holds more than the name, or other letters
    for count in range(len(words) - 1, 0, -1):
        for last, given in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            if fold_name(" ".join(last)) in last_names:
                return str(PersonName(" ".join(last), given[0], " ".join(given[1:]), name.suffix))
    return ""


def _folded(name: PersonName) -> list[str]:
    return fold_name(f"{name.first} {name.middle} {name.last}").split()
