"""Who signed a page: a note that only a nurse signed is a nurse's."""

from __future__ import annotations

import re

from classify.layout import PageLayout

_LAST_LINES = 6
_PROSE_WORDS = 8
_PROSE_LINES = 4
"""Words of a line of running text, and such lines of a note."""
_NURSE = re.compile(r"[\s,](?:R\.?\s?N|L\.?P\.?N|L\.?V\.?N)\b\.?", re.IGNORECASE)
_OTHERS = re.compile(
    r"[\s,](?:M\.?\s?D|D\.?\s?O|N\.?P|P\.?A(?:-C)?|FNP|CNM|CRNA|Ph\.?D|MBBS|Physician)\b", re.IGNORECASE
)


def is_nurses_note(layout: PageLayout) -> bool:
    """Say whether running text ends with a nurse's signature and nobody else's."""
    lines = [layout.text(*line) for line in layout.lines]
    last = lines[-_LAST_LINES:]
    if not any(_NURSE.search(line) for line in last) or any(_OTHERS.search(line) for line in last):
        return False
    return sum(len(line.split()) >= _PROSE_WORDS for line in lines) >= _PROSE_LINES
