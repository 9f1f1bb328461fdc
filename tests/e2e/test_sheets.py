"""Sheets are printed by the command, laid on aged pages, scanned, and read by the whole service."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from backfile.domain.sheets import SheetKind, decode_codes
from ingest.cli.main import main
from ocr.barcodes import find_barcodes
from samples.degrade import Grade, degrade_page, turn_page
from samples.markup import Markup
from samples.render import Gray, render_sheet
from samples.sheet import LETTER, Sheet
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.server

DPI = 200
INDEX = """mrn,last_name,first_name,birth_date
70482913,Quillfeather,Anna,1961-04-18
70771234,Zolotareff,Burt,1944-02-03
70000007,Undated,Ulla,
"""
NOTE = """Returns for review of blood pressure and the results of the last tests.
Feels well, no chest pain, no shortness of breath, sleeps through the night.
Heart regular, lungs clear, no swelling of the legs, weight unchanged.
Goes on with lisinopril 10 mg daily, metformin 500 mg twice daily.
Comes again in three months, earlier if anything is amiss."""


def draw_note(name: str) -> Gray:
    sheet = Sheet(Markup(), LETTER)
    sheet.put(72, 80, "PROGRESS NOTE", "Helvetica-Bold", 18)
    sheet.put(72, 120, f"Patient: {name}", "Helvetica", 12)
    for at, line in enumerate(NOTE.splitlines()):
        sheet.put(72, 180 + 20 * at, line, "Helvetica", 11)
    return render_sheet(sheet, dpi=DPI)


def rasterize(path: Path) -> list[Gray]:
    document = pypdfium2.PdfDocument(path)
    pages = []
    for page in document:
        bitmap = page.render(scale=DPI / 72, grayscale=True)
        pages.append(np.array(bitmap.to_numpy(), copy=True).reshape(bitmap.height, bitmap.width))
        bitmap.close()
        page.close()
    document.close()
    return pages


def scan(target: Path, pages: list[Gray], *, seed: int) -> Path:
    """Write pages as an ordinary scanner does, after some years."""
    rng = random.Random(seed)
    aged = [
        Image.fromarray(degrade_page(page, rng, grade=Grade.CLEAN, dpi=DPI, marks=False).image)
        for page in pages
    ]
    aged[0].save(target, save_all=True, append_images=aged[1:], dpi=(DPI, DPI), compression="tiff_lzw")
    return target


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_printed_sheets_survive_fax_and_any_turn(tmp_path: Path, paper: str) -> None:
    printed = tmp_path / "sheets.pdf"
    assert main(["sheets", "type", "consent", "ecg_report", "-o", str(printed), "--paper", paper]) == 0
    rng = random.Random(f"fax {paper}")
    for name, page in zip(["consent", "ecg_report"], rasterize(printed), strict=True):
        for turn in (0, 90, 180, 270):
            aged = degrade_page(page, rng, grade=Grade.POOR, dpi=DPI, bilevel=True)
            found = decode_codes(code.text for code in find_barcodes(turn_page(aged.image, turn)))
            assert found is not None
            assert (found.kind, found.value) == (SheetKind.TYPE, name)


def test_chart_header_sheets_from_printing_to_filing(installation: Installation, tmp_path: Path) -> None:
    index, printed = tmp_path / "index.csv", tmp_path / "charts.pdf"
    index.write_text(INDEX)
    installation.run("patients", "import", index)
    done = installation.run("sheets", "chart", "--list", index, "--out", printed, expect=4)
    assert "line 4" in done.stderr
    assert "Undated" not in done.stderr + done.stdout
    anna, burt = rasterize(printed)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(printed))
    assert all(part in text for part in ("Quillfeather, Anna", "18 Apr 1961", "MRN 70482913"))
    blank = np.full_like(anna, 255)
    pages = [anna, blank, draw_note("Quillfeather, Anna"), burt, blank, draw_note("Zolotareff, Burt")]
    first = scan(tmp_path / "first.tif", pages, seed=1)
    copy = scan(tmp_path / "copy.tif", [anna, draw_note("Quillfeather, Anna")], seed=2)

    installation.run("ingest", first, "--wait")
    documents = installation.lines("documents")
    assert {(d["state"], d["reason"], d["patient"]["mrn"], d["pages"][0]["number"]) for d in documents} == {
        ("filed", "header_sheet", "70482913", 3),
        ("filed", "header_sheet", "70771234", 6),
    }
    (file,) = installation.lines("files")
    assert [page["state"] for page in file["pages"]] == [
        "separator", "blank", "filed", "separator", "blank", "filed",
    ]  # fmt: skip

    installation.run("ingest", copy, "--wait")
    (late,) = [d for d in installation.lines("documents") if d["id"] not in {one["id"] for one in documents}]
    assert (late["state"], late["reason"], late["patient"]) == ("review", "header_sheet_reused", None)
    assert installation.object("status")["balanced"]
    logs = "".join(path.read_text() for path in (installation.home / "logs").rglob("*") if path.is_file())
    assert "Quillfeather" not in logs
    installation.run("audit", "verify")


def test_what_cannot_be_printed_is_said(installation: Installation, tmp_path: Path) -> None:
    target = tmp_path / "none.pdf"
    installation.run("sheets", "chart", "404", "--out", target, expect=4)
    assert not target.exists()
    installation.run("sheets", "chart", "--out", target, expect=2)
    installation.run("sheets", "batch", " ", "--out", target, expect=2)
    installation.run("sheets", "batch", "Box", "--type", "poem", "--out", target, expect=2)
