"""Papers of one patient, printed as PDF: their words and dates are known, and the machine files them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.patient import Patient
from backfile.domain.reasons import Reason
from tests.browser.screens import Screens, wait_for_pages

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


@dataclass(frozen=True)
class ChartBox:
    """A batch of papers of one patient."""

    patient: Patient
    folder: str


def drop_box(screens: Screens, drafts: Path) -> ChartBox:
    """Three papers of one patient of the index, and a file that is none, dropped as one batch."""
    workshop = screens.workshop
    with workshop.catalog.look() as uow:
        filed = [d for d in uow.documents.all() if d.reason is Reason.MRN_AND_BIRTH_DATE]
        patient = uow.patients.get(filed[0].patient_id or "")
        before = uow.counts.summarize().files.received
    assert patient is not None
    note = (
        f"Subjective: headache for two weeks. MRI with {MARK} was ordered.|Assessment: tension headache."
        f"|Plan: {MARK} enhanced MRI; return in one week.",
        f"Addendum: {MARK} was well tolerated.",
    )
    print_paper(drafts / "a.pdf", patient, title="PROGRESS NOTE", date="03/02/1998", pages=note)
    scan = (
        f"Examination: MRI of the brain with {MARK} contrast.|Findings: no mass.|Impression: normal MRI.",
    )
    print_paper(drafts / "b.pdf", patient, title="RADIOLOGY REPORT", date="03/09/1998", pages=scan)
    leaving = (f"Hospital course: pneumonia, treated.|No {MARK} was given.|Discharge medications: aspirin.",)
    print_paper(drafts / "c.pdf", patient, title="DISCHARGE SUMMARY", date="07/09/2003", pages=leaving)
    (drafts / "d.pdf").write_text("These are words and no scan.")
    folder = screens.home / "inbox" / "box 7"
    folder.mkdir()
    for draft in sorted(drafts.iterdir()):
        shutil.copyfile(draft, folder / draft.name)
    wait_for_pages(screens, files=before + 4)
    return ChartBox(patient, "box 7")
