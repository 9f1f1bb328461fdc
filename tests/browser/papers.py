"""Papers of one patient, printed as PDF: their words and dates are known, and the machine files them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.patient import Patient

MARK = "gadoterate"
"""A word of these papers that stands in no chart of the samples."""


def print_paper(path: Path, patient: Patient, *, title: str, date: str, pages: Sequence[str]) -> None:
    """Print a document on which every page names its patient.

    Args:
        path: where.
        patient: with birth date.
        title: the heading, by which the type is known.
        date: of service, as the paper writes it.
        pages: the text of each page; lines are broken at ``|``.
    """
    assert patient.birth_date is not None
    canvas = Canvas(str(path), pagesize=letter)
    name = patient.name
    for number, text in enumerate(pages, 1):
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawString(72, 730, title)
        canvas.setFont("Helvetica", 11)
        head = (
            f"Patient Name: {name.last}, {name.first} {name.middle}".rstrip(),
            f"MRN: {patient.mrn.value}    Date of Birth: {patient.birth_date:%m/%d/%Y}",
            f"Date of Service: {date}",
            f"Page {number} of {len(pages)}",
        )
        for line, words in enumerate((*head, "", *text.split("|"))):
            canvas.drawString(72, 705 - 18 * line, words.strip())
        canvas.showPage()
    canvas.save()
