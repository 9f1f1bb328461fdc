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
    WEBP = "webp"
    HEIC = "heic"


_SIGNATURES = (
    (b"II*\0", FileKind.TIFF),
    (b"MM\0*", FileKind.TIFF),
    (b"II+\0", FileKind.TIFF),
    (b"MM\0+", FileKind.TIFF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
)

_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS = {b"mif1", b"msf1"}
"""Brands of the container alone: those that it names as compatible say how its images are coded."""


def sniff_kind(head: bytes) -> FileKind | None:
    """Return the kind of a file that begins with these bytes; None where it is none that is taken."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    if head[4:8] == b"ftyp":
        return FileKind.HEIC if _holds_hevc(head) else None
    return FileKind.PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def _holds_hevc(head: bytes) -> bool:
    """Say whether an ISO media file says that it holds HEVC images (ISO/IEC 23008-12, annex B)."""
    major = head[8:12]
    others = head[16 : min(int.from_bytes(head[:4], "big"), len(head))]
    compatible = {others[at : at + 4] for at in range(0, len(others), 4)}
    return major in _HEVC_BRANDS or (major in _HEIF_BRANDS and bool(compatible & _HEVC_BRANDS))
