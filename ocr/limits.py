"""How much a file or page may cost before it is refused: sizes, pages, pixels, time and memory."""

from __future__ import annotations

from dataclasses import dataclass, field

_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child process that parses a file may use."""

    wall_seconds: float = 60.0
    """After this its whole process group is killed."""
    cpu_seconds: int = 25
    memory_bytes: int = 2048 * _MEBI
    """Address space beyond what it has when it starts."""
    file_bytes: int = 1024 * _MEBI
    """Longest file it may write, its result included."""
    open_files: int = 128


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a received file may be."""

    file_bytes: int = 2048 * _MEBI
    pages: int = 2000
    page_inches: float = 200.0
    """Longest side of a page that states its size in inches: a strip of a long ECG is under this."""
    page_pixels: int = 180_000_000
    """Pixels of a page image: an A3 sheet at 600 dpi has 70 million, A4 at 1200 dpi 139 million."""
    child: ChildLimits = field(default_factory=ChildLimits)


@dataclass(frozen=True, slots=True)
class RasterLimits:
    """What a page image may be once it is made."""

    pixels: int = 36_000_000
    """The resolution is lowered to keep within this: 300 dpi up to A2, 600 dpi letter at about 530."""
    decoded_pixels: int = 180_000_000
    """Pixels of an embedded or stored image that is decoded at all."""
    child: ChildLimits = field(default_factory=ChildLimits)


PROBE_LIMITS = FileLimits()
RASTER_LIMITS = RasterLimits()
