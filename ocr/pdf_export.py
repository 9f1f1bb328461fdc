"""Writes one searchable PDF for a document: its pages as they were received, upright, words under them.

The facade of this part of the room. Everything that opens a received file runs in a limited child process.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
from PIL import Image

from backfile.domain.page import PageReading, PageSource, Word
from backfile.domain.reasons import Reason, reason_text
from backfile.errors import BadInput, FileRefused, PageRefused
from ocr.limits import PROBE_LIMITS, RASTER_LIMITS, ChildLimits
from ocr.pdf_about import PdfAbout, write_about
from ocr.pdf_font import make_font, number_characters
from ocr.pdf_pages import PARSER_ERRORS, MadePage, PageMaker, SourcePage
from ocr.pdf_text import read_pdf_text
from ocr.pdfa import add_output_intent, judge_parts, mend_parts
from ocr.pdfa_contents import Obstacle, collect_parts, obstacle_text
from ocr.sandbox import run_limited

__all__ = [
    "ExportedPdf",
    "Obstacle",
    "PdfAbout",
    "SourcePage",
    "obstacle_text",
    "source_page",
    "write_searchable_pdf",
]

_POINTS_PER_INCH = 72.0
_OWN_WORD = 1.0
"""Confidence of a word that stands in the page itself (``backfile.domain.page``)."""
_VERSION = "1.7"
"""What PDF/A-2 is a part of."""
_SECONDS_PER_PAGE = 5.0
_MOST_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class ExportedPdf:
    """What was written."""

    pages: int
    bytes: int
    copied_pages: int
    """Pages whose pictures have the very coded bytes that were received."""
    obstacles: tuple[Obstacle, ...]
    """Why it is no PDF/A-2b but a plain PDF; empty where it is one."""

    @property
    def is_pdfa(self) -> bool:
        """It claims to be PDF/A-2b."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class _Failure:
    """Which page could not be had."""

    position: int
    """In the document, from 1."""
    reason: Reason


def source_page(
    path: Path, number: int, reading: PageReading | None, *, view_rotation: int = 0
) -> SourcePage:
    """Return a page with what of its reading belongs into the PDF.

    Words that a born-digital page writes itself are left out: they are there already.

    Args:
        path: the received file.
        number: of the page in it, from 1.
        reading: None where it could not be read.
        view_rotation: clockwise degrees by which a person turned it on the screen.
    """
    page = SourcePage(path.absolute(), number, view_rotation=view_rotation)
    if reading is None:
        return page
    size = None
    if reading.quality.dpi > 0 and reading.width > 0 and reading.height > 0:
        size = (
            reading.width * _POINTS_PER_INCH / reading.quality.dpi,
            reading.height * _POINTS_PER_INCH / reading.quality.dpi,
        )
    words = reading.words
    if reading.source is PageSource.PDF:
        words = ()
    elif reading.source is PageSource.MIXED:
        words = _leave_out_own(words, path, number)
    return replace(
        page,
        words=words,
        rotation=reading.rotation or 0,
        skew=reading.skew,
        size=size,
        is_read_anew=reading.source is not PageSource.PDF,
    )


def write_searchable_pdf(pages: Sequence[SourcePage], target: Path, *, about: PdfAbout) -> ExportedPdf:
    """Write a document's PDF.

    PDF/A-2b where its pages allow that; else a plain PDF, which is said.

    Args:
        pages: in order; at least one.
        target: the file to write; there must be none, and there is none after an error.
        about: what the file says of the document.

    Raises:
        BadInput: a page cannot be had; nothing was written.
        OSError: a source cannot be read or the target cannot be written at the moment; nothing was written.
        DiskFull, Busy: as ``ocr.sandbox.run_limited``.
    """
    target = target.absolute()
    target.touch(mode=0o600, exist_ok=False)
    try:
        result = _run(tuple(pages), target, about)
    except BaseException:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise
    return result


def _run(pages: tuple[SourcePage, ...], target: Path, about: PdfAbout) -> ExportedPdf:
    limits = _limits_for(len(pages))
    try:
        try:
            result = run_limited(_build, pages, target, about, False, limits=limits)
        except FileRefused:
            # A page whose contents cannot be looked through in bearable time can still be taken as it is.
            plain = tuple(replace(page, is_read_anew=False) for page in pages)
            result = run_limited(_build, plain, target, about, True, limits=limits)
    except FileRefused as refused:
        raise BadInput(
            f"The document cannot be written as a PDF ({refused.reason.value}).",
            next_step=reason_text(refused.reason) or "",
        ) from None
    if isinstance(result, _Failure):
        raise BadInput(
            f"Page {result.position} of the document cannot be had ({result.reason.value}).",
            next_step=reason_text(result.reason) or "",
        )
    return result


def _limits_for(pages: int) -> ChildLimits:
    usual = RASTER_LIMITS.child
    more = min(pages * _SECONDS_PER_PAGE, _MOST_SECONDS)
    return replace(
        usual,
        wall_seconds=usual.wall_seconds + 2 * more,
        cpu_seconds=usual.cpu_seconds + int(more),
        file_bytes=2 * PROBE_LIMITS.file_bytes,
    )


def _leave_out_own(words: Sequence[Word], path: Path, number: int) -> tuple[Word, ...]:
    """Return the words of a mixed page that were read from its pictures."""
    text = read_pdf_text(path, number)
    own = Counter(word.text for word in text.words) if text is not None else Counter()
    kept = []
    for word in words:
        if word.confidence >= _OWN_WORD and own[word.text] > 0:
            own[word.text] -= 1
        else:
            kept.append(word)
    return tuple(kept)


def _build(
    pages: tuple[SourcePage, ...], path: Path, about: PdfAbout, is_plain: bool
) -> ExportedPdf | _Failure:
    """In the child: make the document and write it; a plain one without a look at what its pages draw."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # pictures are measured before they are decoded
    codes = number_characters(word.text for page in pages for word in page.words)
    made: list[MadePage] = []
    with pikepdf.new() as pdf:
        maker = PageMaker(pdf, codes, make_font(pdf, codes), max_pixels=RASTER_LIMITS.decoded_pixels)
        for position, page in enumerate(pages, 1):
            try:
                made.append(maker.add(page))
            except (PageRefused, FileRefused) as refused:
                return _Failure(position, refused.reason)
            except PARSER_ERRORS:
                return _Failure(position, Reason.PAGE_UNREADABLE)
        maker.finish()
        obstacles = {Obstacle.TOO_COMPLEX} if is_plain else _make_pdfa(pdf, made)
        write_about(pdf, about, is_pdfa=not obstacles)
        pdf.save(
            path,
            force_version=_VERSION,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            deterministic_id=True,
        )
        maker.close()
    copied = sum(page.is_copied for page in made)
    return ExportedPdf(len(made), path.stat().st_size, copied, tuple(sorted(obstacles)))


def _make_pdfa(pdf: pikepdf.Pdf, made: Sequence[MadePage]) -> set[Obstacle]:
    """Make it PDF/A where all pages allow that; return what stands against it."""
    obstacles: set[Obstacle] = set()
    try:
        parts = [collect_parts(one.page) for one in made]
        for one, part in zip(made, parts, strict=True):
            obstacles |= judge_parts(part, one.shown, is_vouched=one.is_vouched)
        if not obstacles:
            for part in parts:
                mend_parts(pdf, part)
            add_output_intent(pdf)
    except PARSER_ERRORS:
        obstacles.add(Obstacle.CONTENT_UNSUITABLE)
    return obstacles
