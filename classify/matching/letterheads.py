"""Whose paper a page is: a number under another institution's letterhead means nothing here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rapidfuzz import fuzz

from backfile.domain.names import fold_name


class Standing(StrEnum):
    """Under whose letterhead a page stands."""

    OWN = "own"
    """The site's, or no letterhead in the document says otherwise."""
    FOREIGN = "foreign"
    DOUBTFUL = "doubtful"
    """It has none of its own, and other pages of the document are foreign."""


_COMMON = {
    "THE", "OF", "AND", "AT", "FOR", "INC", "LLC", "PC", "PA", "DEPARTMENT", "DEPT", "DIVISION", "SERVICES",
    "SERVICE", "WELCOME", "TO", "A", "MEMBER",
}  # fmt: skip
"""Words that may stand before the site's name without making it another's."""
_ALIKE = 90
"""Ratio (0..100) from which two spellings of one name are taken for the same, misread letters included."""


class LetterheadJudge:
    """Knows the site's names."""

    def __init__(self, facility: Iterable[str]) -> None:
        """Take the site's names and aliases; with none, letterheads are not judged."""
        self._names = tuple(folded for name in facility if (folded := fold_name(name)))

    def is_own(self, facility: str) -> bool:
        """Say whether the facility of an index number is the site."""
        return not facility or fold_name(facility) in self._names

    def is_own_letterhead(self, letterhead: str) -> bool:
        """Say whether a letterhead names the site: one of its names, with at most common words before it.

        "Mercy General Hospital" is not "General Hospital"; "General Hospital Department of Radiology" is.
        """
        words = fold_name(letterhead).split()
        for name in self._names:
            size = len(name.split())
            for at in range(max(1, len(words) - size + 1)):
                window = " ".join(words[at : at + size])
                if fuzz.ratio(window, name) >= _ALIKE and not set(words[:at]) - _COMMON:
                    return True
            if fuzz.ratio("".join(words), name.replace(" ", "")) >= _ALIKE:
                return True  # letters spaced out, or words run together
        return False

    def judge_pages(self, letterheads: Sequence[str]) -> list[Standing]:
        """Return the standing of each page of a document."""
        if not self._names:
            return [Standing.OWN] * len(letterheads)
        named = [
            None if not fold_name(letterhead) else self.is_own_letterhead(letterhead)
            for letterhead in letterheads
        ]
        unnamed = Standing.DOUBTFUL if False in named else Standing.OWN
        return [unnamed if own is None else Standing.OWN if own else Standing.FOREIGN for own in named]
