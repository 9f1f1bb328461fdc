"""Names of those whose document it is not: relatives, and those who treat."""

from __future__ import annotations

from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.not_names import KINSHIP, PROVIDER_TITLES
from classify.people import WIDEST_SPACE, FoundName, is_name_word, plain_word, take_name


def find_relatives(layout: PageLayout, taken: set[int]) -> list[FoundName]:
    """Return names beside a word of kinship: "Mary Smith (wife)", "Smith, Mary - sister", "son Jo Smith"."""
    found: list[FoundName] = []
    for start, end in layout.lines:
        at = start
        while at < end:
            limit = next((n for n in range(at, end) if n in taken), end)
            begins_name = at < limit and is_name_word(layout.pieces[at].text)
            name = take_name(layout, at, limit) if begins_name else None
            if name is None or name.start != at:
                at += 1
                continue
            if not name.is_provider and _has_kinship(layout, name, start, end):
                found.append(name)
            at = name.end
    return found


def _has_kinship(layout: PageLayout, name: FoundName, start: int, end: int) -> bool:
    before = layout.pieces[name.start - 1].text if name.start > start else ""
    if plain_word(before) in KINSHIP and before.islower() and layout.pieces[name.start].gap <= WIDEST_SPACE:
        return True
    after = name.end
    if after < end and layout.pieces[after].text in {"-", "–", ","}:
        after += 1
    if after >= end or layout.pieces[after].gap > WIDEST_SPACE:
        return False
    word = layout.pieces[after].text
    set_off = word.startswith("(") or after > name.end or layout.pieces[name.end - 1].text.endswith(",")
    return set_off and plain_word(word.strip("().,;")) in KINSHIP


def find_providers(layout: PageLayout, labels: tuple[FoundLabel, ...]) -> list[FoundName]:
    """Return the names with a title or degree of somebody who treats, wherever they stand."""
    taken = {piece for label in labels for piece in range(label.start, label.end)}
    found: list[FoundName] = []
    for start, end in layout.lines:
        at = start
        while at < end:
            if at in taken:
                at += 1
                continue
            limit = next((n for n in range(at, end) if n in taken), end)
            name = _provider_at(layout, at, limit)
            if name is not None:
                found.append(name)
                at = max(name.end, at + 1)
            else:
                at += 1
    return found


def _provider_at(layout: PageLayout, at: int, limit: int) -> FoundName | None:
    if plain_word(layout.pieces[at].text) in PROVIDER_TITLES:
        name = take_name(layout, at, limit, min_words=1)
        return name if name is not None and name.is_provider else None
    if not is_name_word(layout.pieces[at].text):
        return None
    name = take_name(layout, at, limit)
    return name if name is not None and name.is_provider and name.start == at else None
