"""Says whether a file that stands still has its end: cheap, by structure, without opening it.

A scanner may pause for seconds in the middle of a file, and a network share may show a size before
the bytes. What is looked for are the ends that the formats themselves have. Bytes after the end do no
harm; a file of an unknown kind counts as complete, because it will be refused in words.
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path
from typing import BinaryIO

from ocr.kinds import HEAD_BYTES, FileKind, sniff_kind
from ocr.tiff import BrokenTiff, walk_pages

_PDF_TAIL_BYTES = 1024 * 1024
_PDF_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_PDF_LINEAR_LENGTH = re.compile(rb"/Linearized\b[^>]*/L\s+(\d+)|/L\s+(\d+)[^>]*/Linearized\b")
_PDF_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")

_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_JPEG_END = 0xD9
_JPEG_ALONE = {0x01, 0xD8}
"""Markers without a length."""

_PNG_FIRST_CHUNK = 8
_PNG_CHUNK = struct.Struct(">I4s")
_PNG_CHECKSUM_BYTES = 4

_RIFF_HEAD = struct.Struct("<4sI")

_BOX = struct.Struct(">I4s")
_BOX_LARGE = 1
_BOX_TO_THE_END = 0
_HEIF_BOXES = {b"ftyp", b"meta", b"mdat"}
_MAX_BOX_BYTES = 4 * 1024 * 1024

_MAX_STEPS = 200_000
"""More pages or chunks than any scan has: what lies beyond is left to the limits of the reader."""
_MAX_JPEG_BYTES = 256 * 1024 * 1024
"""A longer one is left to them as well."""


def is_structure_complete(path: Path) -> bool:
    """Say whether the file has the end that its format asks for.

    Args:
        path: a regular file; it is read, not locked, and may be growing.

    Raises:
        OSError: it cannot be read at the moment.
    """
    # Read, not mapped: whoever cuts a mapped file short kills its readers.
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        match sniff_kind(file.read(HEAD_BYTES)):
            case FileKind.PDF:
                return _has_pdf_end(file, size)
            case FileKind.TIFF:
                return _has_all_tiff_pages(file, size)
            case FileKind.JPEG:
                return _has_jpeg_end(file, size)
            case FileKind.PNG:
                return _has_png_end(file, size)
            case FileKind.WEBP:
                return _has_riff_end(file, size)
            case FileKind.HEIC:
                return _has_all_heif_boxes(file, size)
            case _:
                return True


def _has_pdf_end(file: BinaryIO, size: int) -> bool:
    """Look for the last trailer: it points into the file, and nothing was begun after it."""
    file.seek(0)
    linear = _PDF_LINEAR_LENGTH.search(file.read(HEAD_BYTES))
    if linear and size < int(linear[1] or linear[2]):
        return False  # its first trailer stands near its start
    file.seek(max(0, size - _PDF_TAIL_BYTES))
    tail = file.read(_PDF_TAIL_BYTES)
    ends = list(_PDF_END.finditer(tail))
    if not ends:
        return False
    return int(ends[-1][1]) < size and not _PDF_OBJECT.search(tail, ends[-1].end())


def _has_all_tiff_pages(file: BinaryIO, size: int) -> bool:
    """Follow the chain of directories to its end, and see that all strips lie in the file."""
    pages = 0
    try:
        for page in walk_pages(file, size=size):
            pages += 1
            if page.data_end > size:
                return False
            if pages > _MAX_STEPS:
                return True
    except BrokenTiff:
        return False
    return pages > 0


def _has_jpeg_end(file: BinaryIO, size: int) -> bool:
    """Go from marker to marker; in the image data a 0xFF is always followed by 0 or a restart marker."""
    if size > _MAX_JPEG_BYTES:
        return True
    file.seek(0)
    data = file.read(_MAX_JPEG_BYTES)
    at = 0
    while found := _JPEG_MARKER.search(data, at):
        marker = found[0][1]
        if marker == _JPEG_END:
            return True
        at = found.end()
        if marker not in _JPEG_ALONE:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return False


def _has_png_end(file: BinaryIO, size: int) -> bool:
    """Go from chunk to chunk to IEND."""
    at = _PNG_FIRST_CHUNK
    for _ in range(_MAX_STEPS):
        if at + _PNG_CHUNK.size > size:
            return False
        file.seek(at)
        head = file.read(_PNG_CHUNK.size)
        if len(head) < _PNG_CHUNK.size:
            return False
        length, name = _PNG_CHUNK.unpack(head)
        at += _PNG_CHUNK.size + length + _PNG_CHECKSUM_BYTES
        if name == b"IEND":
            return bool(at <= size)
    return True


def _has_riff_end(file: BinaryIO, size: int) -> bool:
    """Compare with the length that the outer chunk states."""
    file.seek(0)
    head = file.read(_RIFF_HEAD.size)
    return len(head) == _RIFF_HEAD.size and _RIFF_HEAD.size + int(_RIFF_HEAD.unpack(head)[1]) <= size


def _has_all_heif_boxes(file: BinaryIO, size: int) -> bool:
    """Go from box to box (ISO/IEC 14496-12, section 4.2) until the images and what is said of them are there.

    What follows may be anything: telephones add boxes and trailers of their own.
    """
    missing = set(_HEIF_BOXES)
    at = 0
    for _ in range(_MAX_STEPS):
        file.seek(at)
        head = file.read(_BOX.size)
        if len(head) < _BOX.size:
            break
        length, name = _BOX.unpack(head)
        if length == _BOX_TO_THE_END:
            return not missing - {name}
        if length == _BOX_LARGE:
            length = int.from_bytes(file.read(8), "big")
        if length < _BOX.size or at + length > size:
            return not missing and name != b"mdat"
        missing.discard(name)
        if name == b"meta" and b"idat" in _read_box(file, at, length):
            missing.discard(b"mdat")  # the images lie inside
        at += length
    return not missing


def _read_box(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(min(length, _MAX_BOX_BYTES))
