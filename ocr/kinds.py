"""What a received file is, by its first bytes: a name says nothing."""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 1024
"""How many first bytes tell the kind; a PDF may have a little junk before its header."""


class FileKind(StrEnum):
    """The kinds of file that are taken."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"


_SIGNATURES = (
    (b"II*\0", FileKind.TIFF),
    (b"MM\0*", FileKind.TIFF),
    (b"II+\0", FileKind.TIFF),
    (b"MM\0+", FileKind.TIFF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
)


def sniff_kind(head: bytes) -> FileKind | None:
    """Return the kind of a file that begins with these bytes; None where it is none that is taken."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return FileKind.PDF if b"%PDF-" in head[:HEAD_BYTES] else None
