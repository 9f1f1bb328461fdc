"""What a search says of itself: what it looked through, and what it could not see."""

from __future__ import annotations

from ui.finding.hits import Found, Looked


def tell_answer(found: Found, *, is_filtered: bool) -> str:
    """Return the sentence above the hits."""
    readable = _count(found.looked.pages_readable, "readable page")
    if found.total == 0:
        return f"Not found in the {readable}."
    pages = _count(found.total, "page")
    if not is_filtered:
        return f"Found on {pages}. Searched: {readable}."
    if found.shown_total == 0:
        return f"No hit under this filter; without it, {pages}. Searched: {readable}."
    return f"{found.shown_total} of {pages} shown by the filter. Searched: {readable}."


def tell_limits(looked: Looked, *, is_chart: bool) -> list[str]:
    """Return sentences about what the search could not see; none where it saw everything."""
    where = "this chart" if is_chart else "the archive"
    said = []
    if looked.pages_unreliable:
        verb = "is" if looked.pages_unreliable == 1 else "are"
        said.append(
            f"{_count(looked.pages_unreliable, 'page')} of {where} {verb} not reliably readable: "
            "words may be missed there."
        )
    if looked.documents_waiting:
        waiting = _count(looked.documents_waiting, "document")
        verb = "awaits" if looked.documents_waiting == 1 else "await"
        likely = ""
        if is_chart and looked.documents_likely:
            likely = f", {looked.documents_likely} of them perhaps of this patient,"
        said.append(f"{waiting}{likely} {verb} verification and {_were(looked)} not searched.")
    if looked.documents_unindexed:
        filed = _count(looked.documents_unindexed, "document")
        verb = "is" if looked.documents_unindexed == 1 else "are"
        said.append(f"{filed} of {where} {verb} being made searchable at this moment.")
    return said


def _were(looked: Looked) -> str:
    return "was" if looked.documents_waiting == 1 else "were"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
