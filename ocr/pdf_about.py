"""What a PDF says of itself: kind of document, dates, where its pages came from, bookmarks.

No name, number or birth date of a patient: such entries show in file lists, search indexes and window
titles of machines that were never meant to hold them. Who the patient is stands on the pages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, OutlineItem

_PRODUCER = "Backfile"


@dataclass(frozen=True, slots=True)
class PdfAbout:
    """What is known of the document."""

    title: str
    """Its type, as people call it."""
    identifier: str
    """Opaque id of the document."""
    made_at: dt.datetime
    """With time zone."""
    service_date: str = ""
    """ISO date, "" where none is known."""
    sources: tuple[str, ...] = ()
    """What the pages were taken from, a line a file: digest and page numbers, no file names."""
    version: str = ""
    """Of the program."""


def write_about(pdf: pikepdf.Pdf, about: PdfAbout, *, is_pdfa: bool) -> None:
    """Write information, XMP, bookmarks and how a viewer opens it.

    Args:
        pdf: with all its pages.
        about: what is known.
        is_pdfa: claim PDF/A-2b.
    """
    producer = f"{_PRODUCER} {about.version}".strip()
    moment = about.made_at.astimezone(dt.UTC).replace(microsecond=0)
    pdf.docinfo = pdf.make_indirect(
        Dictionary(
            Title=about.title,
            Subject=f"{about.title}, {about.service_date}" if about.service_date else about.title,
            Producer=producer,
            CreationDate=moment.strftime("D:%Y%m%d%H%M%S+00'00'"),
            ModDate=moment.strftime("D:%Y%m%d%H%M%S+00'00'"),
        )
    )
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["dc:title"] = about.title
        meta["dc:description"] = str(pdf.docinfo.Subject)
        meta["dc:identifier"] = about.identifier
        meta["dc:format"] = "application/pdf"
        if about.service_date:
            meta["dc:date"] = [about.service_date]
        if about.sources:
            meta["dc:relation"] = set(about.sources)
        meta["pdf:Producer"] = producer
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            meta[key] = moment.isoformat()
        if is_pdfa:
            meta["pdfaid:part"] = "2"
            meta["pdfaid:conformance"] = "B"
    _add_bookmarks(pdf, about.title)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _add_bookmarks(pdf: pikepdf.Pdf, title: str) -> None:
    """Add the document and, where there are several, its pages."""
    count = len(pdf.pages)
    with pdf.open_outline() as outline:
        root = OutlineItem(title, 0)
        if count > 1:
            root.children.extend(OutlineItem(f"Page {n + 1}", n) for n in range(count))
            pdf.Root.PageMode = Name.UseOutlines
        outline.root.append(root)
