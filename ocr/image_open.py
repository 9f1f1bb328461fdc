"""Opens TIFF, JPEG, PNG, WebP and HEIC files. Only ever called in a child process (``ocr.sandbox``)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pi_heif
from PIL import Image

from backfile.domain.reasons import Reason
from backfile.errors import PageRefused
from ocr.kinds import FileKind
from ocr.tiff import BrokenTiff, TiffPage, walk_pages

_FORMATS = {
    FileKind.TIFF: ("TIFF",),
    FileKind.JPEG: ("JPEG",),
    FileKind.PNG: ("PNG",),
    FileKind.WEBP: ("WEBP",),
    FileKind.HEIC: ("HEIF",),
}

_JPEG_START_OF_FRAME = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a length."""
_JPEG_BITS = 8
_JPEG_LOSSLESS = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF}
"""Frames of lossless and hierarchical coding (ITU-T T.81, table B.1)."""

# One worker for each core; and threads do not survive the forks of ocr.sandbox.
pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)


class ImageDamaged(Exception):
    """A decoder found no image where one should be. Never leaves this room's child process."""


class ImageUnknown(ImageDamaged):
    """It could not even be begun: the file is damaged, or of a form that Pillow does not know."""


@contextmanager
def open_frame(path: Path, kind: FileKind, page: int) -> Iterator[Image.Image]:
    """Open a file at one of its images, not yet decoded.

    Args:
        path: the file.
        kind: what it is.
        page: from 1.

    Raises:
        ImageUnknown: there is none, or it is of a form that Pillow does not know.
        ImageDamaged: it could not be decoded, in the body of the ``with``.
        PageRefused: as the body raises it.
        OSError: the file cannot be read at the moment.
    """
    Image.MAX_IMAGE_PIXELS = None  # pages are measured before anything is decoded
    warnings.simplefilter("ignore")
    # Given a path, Pillow 13 maps uncompressed TIFF images and loses the turn that they state.
    with path.open("rb") as file:
        with _telling(ImageUnknown):
            image = Image.open(file, formats=_FORMATS[kind])
            if kind is not FileKind.JPEG:
                if page - 1 != image.tell():
                    image.seek(page - 1)
            elif page != 1:  # others of its images are thumbnails and depths
                raise ImageUnknown
        with image, _telling(ImageDamaged):
            yield image


@contextmanager
def _telling(damaged: type[ImageDamaged]) -> Iterator[None]:
    """Raise ``damaged`` for whatever a decoder stumbles over; it is never the machine's fault."""
    try:
        yield
    except (PageRefused, ImageDamaged, MemoryError):
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise damaged from None
    except Exception:  # decoders let through all kinds
        raise damaged from None


def count_frames(path: Path, kind: FileKind) -> int:
    """Return how many pages a file of images says it has; every image of an animation is one.

    Raises:
        ImageDamaged: the file cannot be opened.
        OSError: the file cannot be read at the moment.
    """
    with open_frame(path, kind, 1) as image:
        return 1 if kind is FileKind.JPEG else int(getattr(image, "n_frames", 1))


def refuse_image(path: Path, kind: FileKind, page: int) -> PageRefused:
    """Return why an image that could not be decoded is refused: its coding is unknown, or it is damaged."""
    is_unknown = False
    if kind is FileKind.JPEG:
        is_unknown = _is_unknown_jpeg(path.read_bytes())
    elif kind is FileKind.TIFF:
        found = find_tiff_page(path, page)
        is_unknown = found is not None and not found.is_readable
    return PageRefused(Reason.UNSUPPORTED_IMAGE if is_unknown else Reason.PAGE_UNREADABLE)


def find_tiff_page(path: Path, page: int) -> TiffPage | None:
    """Return what the directory of a TIFF page says; None where there is none."""
    with path.open("rb") as file:
        try:
            for number, found in enumerate(walk_pages(file, size=path.stat().st_size), 1):
                if number == page:
                    return found
        except BrokenTiff:
            return None
    return None


def _is_unknown_jpeg(data: bytes) -> bool:
    """Say whether the frame header tells of more than 8 bits, or of lossless or hierarchical coding."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_START_OF_FRAME:
            return data[at + 4] != _JPEG_BITS or marker in _JPEG_LOSSLESS
        at += 2 if marker in _JPEG_ALONE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False
