"""Joins JPEG strips, as TIFF files hold them, into one JPEG picture without coding anything anew.

Each strip begins with its predictions at nothing and ends at a whole byte. That is just what a restart
interval does (ITU-T T.81, F.1.1.5.1 and B.2.4.4): the coded bytes of the strips, a restart marker between
two, are the scan of the whole picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BASELINE = {0xC0, 0xC1}
_TABLES = {0xDB, 0xC4}
"""DQT, DHT."""
_SCAN, _END, _RESTART, _INTERVAL = 0xDA, b"\xff\xd9", 0xD0, 0xDD
_KEPT = {0xEE}
"""Adobe's segment tells how the colours are coded."""
_MOST_UNITS = 0xFFFF
_MARKER = re.compile(rb"\xff[^\x00\xff]")


@dataclass(frozen=True, slots=True)
class _Strip:
    tables: bytes
    frame: bytes
    """The frame's segment without marker and length: precision, height, width, components."""
    frame_marker: int
    scan: bytes
    """Segment that begins the scan."""
    coded: bytes

    @property
    def height(self) -> int:
        return int.from_bytes(self.frame[1:3], "big")

    @property
    def width(self) -> int:
        return int.from_bytes(self.frame[3:5], "big")

    @property
    def unit(self) -> tuple[int, int]:
        """Width and height of a coding unit, in pixels."""
        factors = [self.frame[7 + 3 * n] for n in range(self.frame[5])]
        if len(factors) == 1:
            return (8, 8)
        return 8 * max(f >> 4 for f in factors), 8 * max(f & 15 for f in factors)

    def is_like(self, other: _Strip) -> bool:
        """Say whether both are coded in the same way."""
        return (self.tables, self.frame_marker, self.scan, self.frame[3:]) == (
            *(other.tables, other.frame_marker, other.scan),
            other.frame[3:],
        )


def join_strips(strips: Sequence[bytes]) -> bytes | None:
    """Return one picture of strips that lie under one another; None where they do not fit together.

    Args:
        strips: whole JPEG pictures, from the top.
    """
    parts = [_take_apart(strip) for strip in strips]
    first = parts[0] if parts else None
    if first is None:
        return None
    across, down = first.unit
    units = -(-first.width // across) * (first.height // down)
    if first.height % down or not 0 < units <= _MOST_UNITS:
        return None
    coded = []
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        if part is None or not part.is_like(first) or part.height > first.height:
            return None
        if not is_last and part.height != first.height:
            return None
        coded.append(part.coded)
        coded.append(_END if is_last else bytes([0xFF, _RESTART + number % 8]))
    height = sum(part.height for part in parts if part is not None)
    if height > 0xFFFF:
        return None
    frame = first.frame[:1] + height.to_bytes(2, "big") + first.frame[3:]
    head = b"\xff\xd8" + first.tables + _segment(first.frame_marker, frame)
    return head + _segment(_INTERVAL, units.to_bytes(2, "big")) + first.scan + b"".join(coded)


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def _take_apart(data: bytes) -> _Strip | None:
    """Return the parts of a baseline picture of one scan without restarts; None where it is another."""
    tables, frame, marker_of_frame, at = b"", b"", 0, 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            coded = data[end:]
            if coded.endswith(_END):
                coded = coded[:-2]
            if not frame or _MARKER.search(coded):
                return None
            return _Strip(tables, frame, marker_of_frame, data[at:end], coded)
        if marker in _BASELINE and not frame:
            frame, marker_of_frame = data[at + 4 : end], marker
        elif marker in _TABLES | _KEPT:
            tables += data[at:end]
        elif not 0xE0 <= marker <= 0xFE:
            return None  # another frame, or restarts
        at = end
    return None
