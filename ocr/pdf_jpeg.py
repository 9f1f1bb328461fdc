"""Takes JPEG data into a PDF as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name

_USUAL_FRAMES = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive Huffman coding: what every viewer's DCTDecode knows."""
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a length (ITU-T T.81, table B.1)."""
_SCAN = 0xDA
_ADOBE = 0xEE
_JFIF = 0xE0
_RGB_NAMES = b"RGB"


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """What the headers of JPEG data say."""

    width: int
    height: int
    components: int
    is_usual: bool
    """8 bits, coded in a way that PDF knows."""
    is_named_rgb: bool
    """Its components are called R, G and B, and nothing says otherwise: they are no YCbCr."""


def read_frame(data: bytes) -> JpegFrame | None:
    """Return the frame of JPEG data; None where they have none."""
    at, is_marked = 2, False
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            head = data[at + 4 : at + 2 + length]
            if len(head) < 6 or len(head) < 6 + 3 * head[5]:
                return None
            names = bytes(head[6 + 3 * n] for n in range(head[5]))
            return JpegFrame(
                width=int.from_bytes(head[3:5], "big"),
                height=int.from_bytes(head[1:3], "big"),
                components=head[5],
                is_usual=marker in _USUAL_FRAMES and head[0] == 8,
                is_named_rgb=names == _RGB_NAMES and not is_marked,
            )
        if marker == _SCAN:
            return None
        is_marked = is_marked or marker in (_ADOBE, _JFIF)
        at += 2 + length
    return None


def jpeg_entries(frame: JpegFrame, *, is_plain_rgb: bool = False) -> dict[str, Any] | None:
    """Return the image's dictionary; None where a PDF cannot hold the data.

    Args:
        frame: of the data.
        is_plain_rgb: the components are red, green and blue, whatever their names.
    """
    spaces = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
    if not frame.is_usual or frame.components not in spaces or not frame.width or not frame.height:
        return None
    entries: dict[str, Any] = {
        "ColorSpace": spaces[frame.components],
        "BitsPerComponent": 8,
        "Filter": Name.DCTDecode,
    }
    if frame.components == 3 and (is_plain_rgb or frame.is_named_rgb):
        entries["DecodeParms"] = Dictionary(ColorTransform=0)
    if frame.components == 4:  # Adobe's custom, which all follow: 0 is full ink
        entries["Decode"] = Array([1, 0] * 4)
    return entries
