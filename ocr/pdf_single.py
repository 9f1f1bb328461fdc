"""Takes one page out of a PDF file, by qpdf. Only ever called in a child process (``ocr.sandbox``)."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

_MAX_DEPTH = 50
"""Of a page tree; a broken one may run in a circle."""
_SPACES = b" \0\3"
"""A space, and its usual number, 3, in fonts of two bytes a character."""
_MAX_SPACE_BYTES = 4
"""Other bytes that may be the space of some font: empty pages of word processors have one."""
_LINKS = {"/Link", "/Popup"}
"""Annotations without looks of their own."""


def copy_page(path: Path, page: int, *, draw_notes: bool) -> io.BytesIO | None:
    """Return a document of just one page, as a viewer shows it; None where qpdf cannot make it.

    Args:
        path: the file.
        page: from 1.
        draw_notes: draw form fields, stamps and the like into the page, so that their text is its own.
    """
    try:
        with pikepdf.open(path) as whole:
            sheet = whole.pages[page - 1]
            shown, rotation = shown_box(sheet), page_rotation(sheet.obj)
            single = pikepdf.new()
            single.pages.append(sheet)
            copy = single.pages[0]
            copy.obj.MediaBox = copy.obj.CropBox = pikepdf.Array(shown)
            copy.obj.Rotate = rotation % 360
            notes = [note for note in copy.obj.get("/Annots", []) if str(note.get("/Subtype")) not in _LINKS]
            if "/XFA" in whole.Root.get("/AcroForm", {}):  # still tells that a viewer was to lay it out
                single.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.String(""))
            if notes:
                _copy_form(whole, single, notes)
                if draw_notes:
                    single.flatten_annotations(mode="screen")
            buffer = io.BytesIO()
            single.save(buffer)
            buffer.seek(0)
            return buffer
    except (pikepdf.PdfError, IndexError, ValueError, TypeError, AttributeError, RuntimeError):
        return None


def has_whole_contents(path: Path, page: int) -> bool:
    """Say whether all that a page says it draws is there and can be unpacked."""
    try:
        with pikepdf.open(path) as whole:
            contents = whole.pages[page - 1].obj.get("/Contents")
            parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
            for part in parts:
                if isinstance(part, pikepdf.Stream):
                    part.read_bytes()
            return contents is not None or not whole.get_warnings()
    except (pikepdf.PdfError, pikepdf.DataDecodingError, IndexError, ValueError, TypeError, RuntimeError):
        return False


def says_something(path: Path, page: int) -> bool:
    """Say whether a page's own contents show text of more than spaces, whatever its fonts make of it."""
    said = 0
    try:
        with pikepdf.open(path) as whole:
            for instruction in pikepdf.parse_content_stream(whole.pages[page - 1], "Tj TJ ' \""):
                operands = instruction.operands
                parts = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
                strings = (bytes(part) for part in parts if isinstance(part, pikepdf.String))
                said += sum(len(string.translate(None, _SPACES)) for string in strings)
    except (pikepdf.PdfError, IndexError, ValueError, TypeError, RuntimeError):
        return True
    return said > _MAX_SPACE_BYTES


def _copy_form(whole: pikepdf.Pdf, single: pikepdf.Pdf, notes: list[pikepdf.Object]) -> None:
    """Take the form along; values that its writer left to the viewer to draw are drawn."""
    form = whole.Root.get("/AcroForm")
    widgets = [note for note in notes if str(note.get("/Subtype")) == "/Widget"]
    if not isinstance(form, pikepdf.Dictionary) or not widgets:
        return
    is_left = bool(form.get("/NeedAppearances", False)) or any("/AP" not in widget for widget in widgets)
    copied = pikepdf.Dictionary(Fields=pikepdf.Array(widgets), NeedAppearances=is_left)
    for key in ("/DR", "/DA"):
        if key in form:
            value = form[key]
            copied[key] = (
                single.copy_foreign(whole.make_indirect(value))
                if isinstance(value, pikepdf.Dictionary)
                else pikepdf.String(str(value))
            )
    single.Root.AcroForm = single.make_indirect(copied)
    if is_left:
        single.generate_appearance_streams()


def shown_box(sheet: pikepdf.Page) -> list[float]:
    """Return what a viewer shows of the page: its crop box within its media box, in points."""
    media, crop = ([float(v) for v in box] for box in (sheet.mediabox, sheet.cropbox))
    media, crop = (
        [min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])] for b in (media, crop)
    )
    inner = [max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])]
    return inner if inner[0] < inner[2] and inner[1] < inner[3] else media


def page_rotation(node: pikepdf.Object) -> int:
    """Return /Rotate of the page or of its nearest ancestor that has one."""
    for _ in range(_MAX_DEPTH):
        if "/Rotate" in node:
            return int(node.Rotate)
        if "/Parent" not in node:
            break
        node = node.Parent
    return 0
