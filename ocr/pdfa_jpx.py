"""Judges JPEG 2000 pictures by their file format (ISO 19005-2, 6.2.8.3; ISO/IEC 15444-1, annex I)."""

from __future__ import annotations

from collections.abc import Iterator

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_CHANNELS = {1, 3, 4}
_MOST_BITS = 38
_METHODS = {1, 2, 3}
_ENUMERATED = 1
_CIE_JAB = 19
_MOST_BOXES = 64


def is_jpx_sound(data: bytes) -> bool:
    """Say whether a JPEG 2000 file has channels, depths and a colour that PDF/A-2 allows."""
    if not data.startswith(_SIGNATURE):
        return False  # a bare codestream says nothing of its colours
    header = next((body for name, body in _boxes(data) if name == b"jp2h"), b"")
    boxes = list(_boxes(header))
    image = next((body for name, body in boxes if name == b"ihdr"), b"")
    colors = [body for name, body in boxes if name == b"colr"]
    if len(image) < 14 or len(colors) != 1 or len(colors[0]) < 3:
        return False
    channels, bits = int.from_bytes(image[8:10], "big"), (image[10] & 0x7F) + 1
    method = colors[0][0]
    is_jab = method == _ENUMERATED and int.from_bytes(colors[0][3:7], "big") == _CIE_JAB
    return channels in _CHANNELS and bits <= _MOST_BITS and method in _METHODS and not is_jab


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and contents of each box; what does not fit ends them."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if length == 0:
            length = len(data) - at
        if length < head or at + length > len(data):
            return
        yield name, data[at + head : at + length]
        at += length
