"""Numbers as records write them: decimals, thousands, and the letters that OCR reads for digits."""

from __future__ import annotations

import re

_CONFUSED = str.maketrans("OoIl|", "00111")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[OoIl|]+(?=\d)|(?<=\d[.,])[OoIl|](?=\d|\b)|(?<![^\W_])[Il|](?=\.\d)")
"""A letter inside a number: 1O5, 2l5, 5.O, l.5. Not 37o (a degree sign), O2 (oxygen), 2l (litres)."""
_AT_EDGE = re.compile(r"(?<![^\W_])[OIl|](?=\d{4,}(?![^\W_]))|(?<=\d{4})[OIl|](?![^\W_])")
"""The first or last character of a long number: O12345, l23456, 12345O."""

_IN_GROUPS = re.compile(r"(?<![^\W_])(?:[\dOIl|]+[-/.]){2,}[\dOIl|]+(?![^\W_])")
"""Dates, phones and numbers in three groups or more: 03/l2/1987, 555-O12-3456."""
_MIN_DIGITS = 3
"""In such groups, where they must also be half of all characters."""

_DECIMAL = re.compile(r"\d+\.\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def repair_digits(text: str) -> str:
    """Return the text with O, l, I and | inside numbers read as 0 and 1.

    Only where a number is certain: the letter has digits on both sides, ends a run of four digits, or stands
    among groups of digits.
    Pages and queries are repaired alike, so a wrong repair merges two spellings and hides none.
    """
    if text.isdigit() or text.isalpha():
        return text
    fixed = _BETWEEN_DIGITS.sub(lambda found: found[0].translate(_CONFUSED), text)
    fixed = _AT_EDGE.sub(lambda found: found[0].translate(_CONFUSED), fixed)
    return _IN_GROUPS.sub(_repair_groups, fixed)


def _repair_groups(found: re.Match[str]) -> str:
    characters = re.sub(r"[-/.]", "", found[0])
    digits = sum(char.isdigit() for char in characters)
    is_number = digits >= max(_MIN_DIGITS, len(characters) / 2)
    return found[0].translate(_CONFUSED) if is_number else found[0]


def split_number(run: str, *, before: str) -> tuple[str, ...]:
    """Return the tokens of a run of digits, points and commas that begins and ends with a digit.

    ``1.5`` stays whole, ``1,000`` is 1000, ``.5`` is 0.5, anything else (``555.123.4567``) falls into its
    parts. No zero is ever dropped: MRNs and codes keep theirs.

    Args:
        run: what stands on the page.
        before: the one or two characters before it, for a leading decimal point.
    """
    if run.isdigit():
        leads = before.endswith(".") and not before[:-1].isalnum()
        return (f"0.{run}",) if leads else (run,)
    if _DECIMAL.fullmatch(run):
        return (run,)
    if _THOUSANDS.fullmatch(run):
        return (run.replace(",", ""),)
    return tuple(part for part in re.split(r"[.,]+", run) if part)
