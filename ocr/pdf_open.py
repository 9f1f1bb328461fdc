"""Opens PDF files, also damaged ones. Only ever called in a child process (``ocr.sandbox``)."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from backfile.domain.reasons import Reason
from backfile.errors import FileRefused, PageRefused
from ocr.pdf_single import copy_page

_REPAIRED = "repaired.pdf"


def open_pdf(path: Path, *, repair: bool = False) -> pypdfium2.PdfDocument:
    """Return the document, with its form fields ready to be drawn.

    PDFium believes the page count that a file claims, and qpdf counts. Where they differ, or PDFium
    cannot open the file, it opens a copy that qpdf wrote anew; so page numbers mean the same at every
    opening.

    Args:
        path: the file.
        repair: open the copy in any case.

    Raises:
        FileRefused: encrypted or broken_file.
    """
    document = None if repair else _open_as_it_is(path)
    counted = _count_pages(path)
    if document is None or (counted and counted != len(document)):
        document = _open_repaired(path)
    return _prepare(document)


def open_page(path: Path, page: int, *, repair: bool = False) -> pypdfium2.PdfPage:
    """Return one page, counted as ``open_pdf`` counts; of a damaged file only that page is mended.

    Args:
        path: the file.
        page: from 1.
        repair: open what qpdf makes of the page in any case.

    Raises:
        FileRefused: encrypted.
        PageRefused: page_unreadable.
    """
    document = None if repair else _open_as_it_is(path)
    counted = _count_pages(path)
    if document is None or (counted and counted != len(document)):
        source = copy_page(path, page, draw_notes=False) if 1 <= page <= counted else None
        if source is None:
            raise PageRefused(Reason.PAGE_UNREADABLE)
        document, page = pypdfium2.PdfDocument(source), 1
    if not 1 <= page <= len(document):
        raise PageRefused(Reason.PAGE_UNREADABLE)
    return _prepare(document)[page - 1]


def _prepare(document: pypdfium2.PdfDocument) -> pypdfium2.PdfDocument:
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    return document


def _open_as_it_is(path: Path) -> pypdfium2.PdfDocument | None:
    """Return the document; None where PDFium finds none."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise FileRefused(Reason.ENCRYPTED) from None
        return None


def _count_pages(path: Path) -> int:
    """Return how many pages qpdf finds, 0 where it finds no document."""
    try:
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return 0


def _open_repaired(path: Path) -> pypdfium2.PdfDocument:
    """Open what qpdf could save of the file."""
    copy = Path(_REPAIRED).absolute()
    try:
        if not copy.exists():
            with pikepdf.open(path) as pdf:
                pdf.save(copy)
        return pypdfium2.PdfDocument(copy)
    except pikepdf.PasswordError:
        raise FileRefused(Reason.ENCRYPTED) from None
    except (pikepdf.PdfError, pypdfium2.PdfiumError):
        raise FileRefused(Reason.BROKEN_FILE) from None
