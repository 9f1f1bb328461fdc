"""Sheets that are laid between the pages of a scan, and what their barcodes say.

A sheet's barcode reads ``BACKFILE``, a letter for its kind, what it carries, and seven signs of check: the
CRC-32 of all before them, in Crockford's base 32 (no I, L, O, U). A CRC of 32 bits finds every wrong sign and
every exchange of neighbours, and one of four thousand million other texts passes; the prefix keeps out
the barcodes of labels, which have neither. The text is made of capitals, digits and ``_`` alone, so that
every symbology carries it.

A sheet that stands for a patient or a batch carries a random token and nothing else: what it stands for is
in the catalog.
"""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.page import PageReading

PREFIX = "BACKFILE"
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32."""
_CHECK_SIGNS = 7
"""Signs that 32 bits take."""
TOKEN_SIGNS = 16
"""80 random bits: nobody guesses one of a million printed sheets in a million million tries."""
_TOKEN = re.compile(f"[{_SIGNS}]{{{TOKEN_SIGNS}}}")
_TYPE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


class SheetKind(StrEnum):
    """What a sheet is for."""

    SEPARATOR = "separator"
    """The next document begins under it."""
    TYPE = "type"
    """So, and it is of this type."""
    BATCH = "batch"
    """A batch begins under it."""
    CHART = "chart"
    """A patient's chart begins under it: a clerk says whose."""
    UNCLEAR = "unclear"
    """A sheet, but not one that may be relied on: two, altered, or a barcode on a chart's page."""


_LETTERS = {SheetKind.SEPARATOR: "S", SheetKind.TYPE: "T", SheetKind.BATCH: "B", SheetKind.CHART: "P"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says."""

    kind: SheetKind
    value: str = ""
    """A token of a batch or chart header sheet, the key of a document type, else ""."""

    @property
    def begins_stack(self) -> bool:
        """What lies under an earlier sheet ends here."""
        return self.kind in {SheetKind.BATCH, SheetKind.CHART, SheetKind.UNCLEAR}


UNCLEAR_SHEET = Sheet(SheetKind.UNCLEAR)


MOST_WORDS = 90
"""Words on a sheet at most: one with the longest names has 60, and aged ones were read with up to 20 more in
the squares of their codes. A page that bears more is a page of a chart, whatever sticks on it."""
_NAMES_ITSELF = re.compile(r"\b(?:chart|batch)\s+header\s+sheet\b", re.IGNORECASE)


def find_sheet(reading: PageReading) -> Sheet | None:
    """Return the sheet that a page is, or whose barcode it bears; None for a page that is none.

    A header sheet whose barcodes are lost still ends what lies under the one before: it is unclear. So is a
    barcode that stands for a patient or a batch on a page of a chart.
    """
    sheet = decode_codes(code.text for code in reading.barcodes)
    if has_few_words(reading):
        is_named = sheet is None and _NAMES_ITSELF.search(reading.text.replace("\n", " "))
        return UNCLEAR_SHEET if is_named else sheet
    return UNCLEAR_SHEET if sheet is not None and sheet.begins_stack else sheet


def has_few_words(reading: PageReading) -> bool:
    """Say whether a page bears no more than a sheet does."""
    return len(reading.words) <= MOST_WORDS


def make_token() -> str:
    """Return a new random token."""
    return "".join(secrets.choice(_SIGNS) for _ in range(TOKEN_SIGNS))


def encode_sheet(sheet: Sheet) -> str:
    """Return the text of a sheet's barcodes.

    Raises:
        ValueError: no barcode can say that.
    """
    value = sheet.value.upper()
    if sheet.kind not in _LETTERS or not _fits(sheet.kind, value):
        raise ValueError(f"no barcode for a sheet of kind {sheet.kind.value} with this value")
    body = f"{PREFIX}{_LETTERS[sheet.kind]}{value}"
    return body + _check_of(body)


def decode_sheet(text: str) -> Sheet | None:
    """Return the sheet that a barcode's text stands for.

    Returns:
        None for a barcode that is no sheet's; an unclear sheet for one that begins like a sheet's and is
        none: altered, or of another version.
    """
    if not text.startswith(PREFIX):
        return None
    body, check = text[:-_CHECK_SIGNS], text[-_CHECK_SIGNS:]
    kind = _KINDS.get(body[len(PREFIX) : len(PREFIX) + 1])
    value = body[len(PREFIX) + 1 :]
    if kind is None or check != _check_of(body) or not _fits(kind, value):
        return UNCLEAR_SHEET
    return Sheet(kind, value.lower() if kind is SheetKind.TYPE else value)


def decode_codes(texts: Iterable[str]) -> Sheet | None:
    """Return the one sheet that the barcodes of a page stand for: None for none, unclear for several."""
    found = {sheet for text in texts if (sheet := decode_sheet(text)) is not None}
    if len(found) > 1:
        return UNCLEAR_SHEET
    return next(iter(found), None)


def _fits(kind: SheetKind, value: str) -> bool:
    match kind:
        case SheetKind.SEPARATOR:
            return value == ""
        case SheetKind.TYPE:
            return _TYPE.fullmatch(value) is not None
        case _:
            return _TOKEN.fullmatch(value) is not None


def _check_of(body: str) -> str:
    bits = zlib.crc32(body.encode("utf-8"))
    return "".join(_SIGNS[bits >> shift & 31] for shift in range(5 * (_CHECK_SIGNS - 1), -1, -5))
