"""Makes pages of a searchable PDF out of pages of received files. Only ever called in a child process.

A page of a PDF file is taken as it is, its streams untouched; a picture becomes a page that it fills.
Upright they stand by ``/Rotate`` alone. The invisible text comes first in the contents, where nothing has
moved the pen yet.
"""

from __future__ import annotations

import io
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from backfile.domain.page import Word
from backfile.domain.reasons import Reason
from backfile.errors import FileRefused, PageRefused
from ocr.kinds import HEAD_BYTES, FileKind, sniff_kind
from ocr.pdf_font import TextCodes
from ocr.pdf_frame import Rect, reading_matrix, turned_size
from ocr.pdf_hidden_text import drop_hidden_text
from ocr.pdf_jpeg import jpeg_entries, read_frame
from ocr.pdf_layers import copy_layers
from ocr.pdf_open import open_pdf
from ocr.pdf_picture import Picture, PicturePart, pack_pixels, part_matrix, read_png
from ocr.pdf_single import page_rotation, shown_box
from ocr.pdf_text_layer import FONT_NAME, write_text_layer
from ocr.pdf_tiff import take_tiff
from ocr.raster_image import decode_page

_POINTS_PER_INCH = 72.0
_KEPT = {"/Type", "/MediaBox", "/CropBox", "/Resources", "/Contents", "/Group", "/UserUnit"}
"""Of a page of a PDF; what else it has are actions, threads, thumbnails and notes on them."""
_ORIENTATION = 274
_RIFF_HEAD = 12
_PHOTO_QUALITY = 95
"""Of photographs whose lossy coding PDF does not know (HEIC, WebP); packed without loss they grow tenfold."""
PARSER_ERRORS = (
    *(pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError),
    *(SyntaxError, RuntimeError, ArithmeticError),
)
"""What libraries say of damaged files."""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of a received file, and what was read from it."""

    path: Path
    """Absolute."""
    number: int
    """In the file, from 1."""
    words: tuple[Word, ...] = ()
    """To be laid over the page, in reading order; those that the page itself writes left out."""
    rotation: int = 0
    """The reading's."""
    skew: float = 0.0
    """The reading's."""
    view_rotation: int = 0
    """Clockwise degrees by which a person turned it from how it was read."""
    size: tuple[float, float] | None = None
    """Width and height in points of a picture, upright as it was read; None: as its resolution says."""
    is_read_anew: bool = False
    """The words count in the place of text that the page hides, which is taken out."""


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page that was added."""

    page: pikepdf.Page
    shown: Rect
    is_copied: bool
    """Its pictures' coded bytes are those of the file."""
    is_vouched: bool
    """The file says that it is PDF/A."""


class PageMaker:
    """Adds pages to one document."""

    def __init__(
        self, target: pikepdf.Pdf, codes: TextCodes, font: pikepdf.Object, *, max_pixels: int
    ) -> None:
        """Write into ``target``; ``font`` is one of its objects, and shows ``codes``."""
        self._target = target
        self._codes = codes
        self._font = font
        self._max_pixels = max_pixels
        self._sources: dict[Path, pikepdf.Pdf] = {}
        self._flattened: set[Path] = set()
        self._vouched: set[Path] = set()

    def add(self, source: SourcePage) -> MadePage:
        """Add a page.

        Raises:
            PageRefused, FileRefused: it cannot be had.
            OSError: the file cannot be read at the moment.
        """
        with source.path.open("rb") as file:
            kind = sniff_kind(file.read(HEAD_BYTES))
        if kind is None:
            raise PageRefused(Reason.PAGE_UNREADABLE)
        if kind is FileKind.PDF:
            page, shown, rotate = self._copy_page(source)
            is_copied = True
        else:
            picture, size = _take_picture(source, kind, max_pixels=self._max_pixels)
            page, shown, rotate = self._draw_picture(picture, size), (0.0, 0.0, *size), 0
            is_copied = picture.is_copied
        self._lay_text(page, source, shown, rotate)
        page.obj.Rotate = (rotate + source.rotation + source.view_rotation) % 360
        return MadePage(page, shown, is_copied, source.path in self._vouched)

    def finish(self) -> None:
        """Add what belongs to the document as a whole, once all pages are there."""
        copy_layers(self._target, self._sources.values())

    def close(self) -> None:
        """Close the files that pages came from; only after the document was written."""
        for pdf in self._sources.values():
            pdf.close()

    def _copy_page(self, source: SourcePage) -> tuple[pikepdf.Page, Rect, int]:
        pdf = self._open(source.path)
        if source.number > len(pdf.pages):
            raise PageRefused(Reason.PAGE_UNREADABLE)
        sheet = pdf.pages[source.number - 1]
        self._flatten(source.path, pdf, sheet)
        left, bottom, right, top = shown_box(sheet)
        rotate = round(page_rotation(sheet.obj) / 90) * 90 % 360
        media, resources = sheet.mediabox, sheet.resources
        crop = sheet.cropbox
        for key in [key for key in sheet.obj.keys() if key not in _KEPT and key != "/Parent"]:  # noqa: SIM118
            del sheet.obj[key]
        sheet.obj.MediaBox, sheet.obj.CropBox, sheet.obj.Resources = media, crop, resources
        self._target.pages.append(sheet)
        page = self._target.pages[-1]
        shown = (left, bottom, right, top)
        if source.is_read_anew:
            with suppress(*PARSER_ERRORS):  # contents that cannot be parsed are kept as they are
                drop_hidden_text(self._target, page, shown)
        return page, shown, rotate

    def _flatten(self, path: Path, pdf: pikepdf.Pdf, sheet: pikepdf.Page) -> None:
        """Draw form fields and stamps into the pages, as they were when the page was read."""
        notes: Any = sheet.obj.get("/Annots", [])
        if path in self._flattened or all(str(note.get("/Subtype")) == "/Link" for note in notes):
            return
        self._flattened.add(path)
        form = pdf.Root.get("/AcroForm")
        if isinstance(form, Dictionary) and _is_left_to_viewer(pdf, form):
            form.NeedAppearances = True
            with suppress(pikepdf.PdfError, RuntimeError):
                pdf.generate_appearance_streams()
        pdf.flatten_annotations(mode="screen")

    def _open(self, path: Path) -> pikepdf.Pdf:
        if path not in self._sources:
            self._sources[path] = _open_source(path)
            if _says_pdfa(self._sources[path]):
                self._vouched.add(path)
        return self._sources[path]

    def _draw_picture(self, picture: Picture, size: tuple[float, float]) -> pikepdf.Page:
        page = self._target.add_blank_page(page_size=size)
        objects, drawing = Dictionary(), []
        parameters: dict[bytes, pikepdf.Object] = {}  # said once for all strips
        for number, part in enumerate(picture.parts):
            name = f"Im{number}"
            entries = dict(part.entries)
            if "DecodeParms" in entries and len(picture.parts) > 1:
                found = entries["DecodeParms"]
                entries["DecodeParms"] = parameters.setdefault(
                    found.unparse(), self._target.make_indirect(found)
                )
            objects["/" + name] = self._target.make_stream(
                part.data, Subtype=Name.Image, Width=part.width, Height=part.height, **entries
            )
            drawing.append(f"q {part_matrix(picture, part, size).write()} cm /{name} Do Q")
        page.obj.Resources = Dictionary(XObject=objects)
        page.obj.Contents = self._pack("\n".join(drawing).encode())
        return page

    def _lay_text(self, page: pikepdf.Page, source: SourcePage, shown: Rect, rotate: int) -> None:
        if not source.words:
            return
        turn = (rotate + source.rotation) % 360
        layer = write_text_layer(
            source.words,
            matrix=reading_matrix(shown, turn=turn, skew=source.skew),
            size=turned_size(shown, turn),
            codes=self._codes,
        )
        old = page.obj.get("/Contents", Array())
        page.obj.Contents = Array([self._pack(layer), *(old if isinstance(old, Array) else [old])])
        resources = _copy_entries(page.obj.get("/Resources"))
        fonts = _copy_entries(resources.get("/Font"))
        fonts["/" + FONT_NAME] = self._font
        resources.Font = fonts
        page.obj.Resources = resources

    def _pack(self, contents: bytes) -> pikepdf.Object:
        return self._target.make_stream(zlib.compress(contents, 9), Filter=Name.FlateDecode)


def _copy_entries(entries: Any) -> Dictionary:
    """Return a dictionary of one's own with the same entries; it may have been shared with other pages."""
    return Dictionary(dict(entries.items())) if isinstance(entries, Dictionary) else Dictionary()


def _open_source(path: Path) -> pikepdf.Pdf:
    """Open a PDF file; one that qpdf cannot open as PDFium writes it anew.

    Raises:
        FileRefused: encrypted or broken_file.
    """
    try:
        return pikepdf.open(path)
    except pikepdf.PasswordError:
        raise FileRefused(Reason.ENCRYPTED) from None
    except pikepdf.PdfError:
        pass
    document = open_pdf(path)
    buffer = io.BytesIO()
    document.save(buffer)
    try:
        return pikepdf.open(buffer)
    except pikepdf.PdfError:
        raise FileRefused(Reason.BROKEN_FILE) from None


def _is_left_to_viewer(pdf: pikepdf.Pdf, form: Dictionary) -> bool:
    """Say whether the values of fields are not drawn yet."""
    if form.get("/NeedAppearances", False):
        return True
    pages: list[Any] = [page.obj for page in pdf.pages]
    notes = [note for page in pages for note in page.get("/Annots", [])]
    return any(str(note.get("/Subtype")) == "/Widget" and "/AP" not in note for note in notes)


def _says_pdfa(pdf: pikepdf.Pdf) -> bool:
    try:
        return bool(pdf.open_metadata().pdfa_status)
    except PARSER_ERRORS:
        return False


def _take_picture(
    source: SourcePage, kind: FileKind, *, max_pixels: int
) -> tuple[Picture, tuple[float, float]]:
    """Return a page's picture, and the size in points at which a viewer shows it."""
    picture = _copy_picture(source.path, kind, source.number, max_pixels=max_pixels)
    if picture is not None and source.size is not None:
        width, height = source.size
        return picture, ((height, width) if source.rotation % 180 else (width, height))
    pixels, dpi = decode_page(source.path, kind, source.number, max_pixels=max_pixels, color=True)
    height, width = pixels.shape[:2]
    size = (width * _POINTS_PER_INCH / dpi, height * _POINTS_PER_INCH / dpi)
    if picture is None:
        image = Image.fromarray(pixels)
        picture = _pack_photo(image) if _is_lossy(source.path, kind) else pack_pixels(image)
    if picture is None:
        raise PageRefused(Reason.PAGE_UNREADABLE)
    return picture, size


def _copy_picture(path: Path, kind: FileKind, page: int, *, max_pixels: int) -> Picture | None:
    """Return the picture as the file has it, or packed without loss; None where it must be drawn first."""
    try:
        match kind:
            case FileKind.TIFF:
                return take_tiff(path, page, max_pixels=max_pixels)
            case FileKind.JPEG | FileKind.PNG:
                data = path.read_bytes()
                found = read_png(data) if kind is FileKind.PNG else _read_jpeg(data)
                return None if found is None else _turn(found, data)
            case _:
                return None
    except OSError as error:
        if error.errno is not None:
            raise
    except (*PARSER_ERRORS, EOFError):
        pass
    return None


def _read_jpeg(data: bytes) -> Picture | None:
    frame = read_frame(data)
    entries = jpeg_entries(frame) if frame is not None else None
    if frame is None or entries is None:
        return None
    part = PicturePart(data, frame.width, frame.height, entries)
    return Picture((part,), frame.width, frame.height)


def _turn(picture: Picture, data: bytes) -> Picture:
    """Return the picture with the orientation that its EXIF data say."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        orientation = image.getexif().get(_ORIENTATION, 1)
    known = orientation if orientation in range(1, 9) else 1
    return Picture(picture.parts, picture.width, picture.height, known, picture.is_copied)


def _is_lossy(path: Path, kind: FileKind) -> bool:
    """Say whether a picture was coded with loss already; a WebP file says so by its chunks' names."""
    if kind is not FileKind.WEBP:
        return kind in (FileKind.HEIC, FileKind.JPEG)
    data, at, names = path.read_bytes(), _RIFF_HEAD, set()
    while at + 8 <= len(data):
        names.add(data[at : at + 4])
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "little") + data[at + 4] % 2
    return b"VP8L" not in names


def _pack_photo(image: Image.Image) -> Picture | None:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=_PHOTO_QUALITY, subsampling=0)
    found = _read_jpeg(target.getvalue())
    return None if found is None else Picture(found.parts, found.width, found.height, is_copied=False)
