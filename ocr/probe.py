"""Establishes what a received file is and how many pages can be had of it, before anything else."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from backfile.domain.reasons import Reason
from backfile.errors import FileRefused, PageRefused
from ocr.image_open import ImageDamaged, count_frames, refuse_image
from ocr.kinds import HEAD_BYTES, FileKind, sniff_kind
from ocr.limits import PROBE_LIMITS, FileLimits
from ocr.pdf_open import open_pdf
from ocr.raster_image import decode_page
from ocr.sandbox import run_limited
from ocr.tiff import BrokenTiff, walk_pages

_POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class FileProbe:
    """What a file is."""

    kind: FileKind
    pages: int
    """Pages to read; one of them may still turn out to be unreadable."""


def probe_file(path: Path, *, limits: FileLimits = PROBE_LIMITS) -> FileProbe:
    """Return the kind of a file and its number of pages.

    Kinds are told by content, never by name. A damaged file is taken if a page of it can be had.

    Raises:
        FileRefused: no page can be had; ``reason`` says why.
        OSError: the file cannot be read at the moment.
    """
    path = path.absolute()
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        head = file.read(HEAD_BYTES)
    if not stat.S_ISREG(status.st_mode):
        raise FileRefused(Reason.NOT_A_DOCUMENT)
    if status.st_size == 0:
        raise FileRefused(Reason.EMPTY_FILE)
    if status.st_size > limits.file_bytes:
        raise FileRefused(Reason.FILE_TOO_LARGE)
    kind = sniff_kind(head)
    if kind is None:
        raise FileRefused(Reason.NOT_A_DOCUMENT)
    return FileProbe(kind, _count_pages(path, kind, limits))


def _count_pages(path: Path, kind: FileKind, limits: FileLimits) -> int:
    match kind:
        case FileKind.PDF:
            try:
                return run_limited(_count_pdf_pages, path, limits, False, limits=limits.child)
            except FileRefused as refused:
                if refused.reason is not Reason.BROKEN_FILE:
                    raise
            # PDFium may have died of it: another child tries what qpdf makes of the file.
            return run_limited(_count_pdf_pages, path, limits, True, limits=limits.child)
        case FileKind.TIFF:
            return run_limited(_count_tiff_pages, path, limits, limits=limits.child)
        case FileKind.JPEG | FileKind.PNG | FileKind.WEBP | FileKind.HEIC:
            return run_limited(_count_image_pages, path, kind, limits, limits=limits.child)


def _count_pdf_pages(path: Path, limits: FileLimits, repair: bool) -> int:
    """Count the pages; one must open and be of a bearable size."""
    document = open_pdf(path, repair=repair)
    count = len(document)
    if count == 0:
        raise FileRefused(Reason.NO_PAGES)
    if count > limits.pages:
        raise FileRefused(Reason.TOO_MANY_PAGES)
    reason = Reason.BROKEN_FILE
    for number in range(count):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            continue  # that page will be missed when it is read
        if 0 < max(page.get_size()) <= limits.page_inches * _POINTS_PER_INCH:
            return count
        reason = Reason.PAGE_TOO_LARGE
        page.close()
    raise FileRefused(reason)


def _count_tiff_pages(path: Path, limits: FileLimits) -> int:
    """Count the directories; one page must decode. A torn chain counts one page more, to be missed."""
    pages, torn = 0, False
    with path.open("rb") as file:
        try:
            for _ in walk_pages(file, size=path.stat().st_size):
                pages += 1
                if pages > limits.pages:
                    raise FileRefused(Reason.TOO_MANY_PAGES)
        except BrokenTiff:
            torn = True
    if not pages:
        raise FileRefused(Reason.BROKEN_FILE if torn else Reason.NO_PAGES)
    _find_decodable(path, FileKind.TIFF, pages, limits)
    return pages + torn


def _count_image_pages(path: Path, kind: FileKind, limits: FileLimits) -> int:
    """A photograph or screenshot is one page, if it decodes; each image of a series is one."""
    try:
        pages = count_frames(path, kind)
    except ImageDamaged:
        refused = refuse_image(path, kind, 1).reason
        raise FileRefused(_file_reason({refused})) from None
    if pages > limits.pages:
        raise FileRefused(Reason.TOO_MANY_PAGES)
    _find_decodable(path, kind, pages, limits)
    return pages


def _find_decodable(path: Path, kind: FileKind, count: int, limits: FileLimits) -> None:
    """See that one page at least decodes and is of a bearable size."""
    reasons: set[Reason] = set()
    for number in range(1, count + 1):
        try:
            decode_page(path, kind, number, max_pixels=limits.page_pixels, color=False)
            return
        except PageRefused as refused:
            reasons.add(refused.reason)
    raise FileRefused(_file_reason(reasons))


def _file_reason(reasons: set[Reason]) -> Reason:
    """Return the reason for a file of which each page was refused for one of these."""
    for telling in (Reason.PAGE_TOO_LARGE, Reason.UNSUPPORTED_IMAGE):
        if telling in reasons:
            return telling
    return Reason.BROKEN_FILE
