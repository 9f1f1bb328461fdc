"""veraPDF agrees with what claims to be PDF/A-2b."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from ocr.pdf_export import SourcePage, source_page
from samples.families import FamilySplit
from samples.make import make_samples
from tests.ocr.pages import form_page, prose_page, render, save_image, save_pdf, table_page
from tests.ocr.pdf_papers import embedded_font_page, page_with
from tests.ocr.pdf_readback import export, reading_of
from tests.ocr.test_pdf_export_pictures import COPIED, PACKED, write
from tests.ocr.test_pdfa import MENDED
from tests.servers.verapdf import find_violations

pytestmark = pytest.mark.long


def folder_of(root: Path, name: str) -> Path:
    folder = root / name.replace(" ", "_").replace(",", "")
    folder.mkdir()
    return folder


def test_whatever_claims_it_is_it(tmp_path: Path) -> None:
    claimed: list[Path] = []

    def add(name: str, pages: list[SourcePage], folder: Path) -> None:
        target, result = export(pages, folder, name=f"{folder.name}.pdf")
        assert result.is_pdfa, name
        claimed.append(target)

    for name, case in {**COPIED, **PACKED}.items():
        folder = folder_of(tmp_path, name)
        add(name, [source_page(write(case, folder), 1, None)], folder)
    for name, make in MENDED.items():
        folder = folder_of(tmp_path, name)
        add(name, [source_page(page_with(folder / "source.pdf", make), 1, None)], folder)
    folder = folder_of(tmp_path, "born digital")
    add("born digital", [source_page(embedded_font_page(folder / "source.pdf"), 1, None)], folder)
    folder = folder_of(tmp_path, "read")
    pages = []
    for number, page in enumerate((prose_page(1), form_page(2), table_page(3))):
        path = save_image(render(page, dpi=100), folder / f"{number}.png", dpi=100)
        turn = 90 * number
        size = (850, 1100) if turn % 180 == 0 else (1100, 850)
        words = [*page.words, ("Ελένη😀", (0.8, 0.9, 0.9, 0.92))]
        pages.append(source_page(path, 1, reading_of(words, size=size, dpi=100, rotation=turn, skew=2.0)))
    add("read", pages, folder)

    assert {path.name: clauses for path, clauses in find_violations(claimed).items() if clauses} == {}


def test_synthetic_charts_are_it_or_say_that_they_are_not(tmp_path: Path) -> None:
    samples = make_samples(tmp_path / "samples", charts=10, seed=977, families=FamilySplit.DEMO)
    claimed, plain = [], 0
    for number, path in enumerate(sorted(p for p in samples.charts_folder.rglob("*") if p.is_file())):
        folder = folder_of(tmp_path, f"chart {number}")
        pages = [source_page(path, n, None) for n in range(1, _count(path) + 1)]
        target, result = export(pages, folder, name=f"{folder.name}.pdf")
        if result.is_pdfa:
            claimed.append(target)
        else:
            plain += 1
    assert len(claimed) >= 5
    assert {path.name: clauses for path, clauses in find_violations(claimed).items() if clauses} == {}


def _count(path: Path) -> int:
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    from PIL import Image

    with Image.open(path) as image:
        return int(getattr(image, "n_frames", 1))


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    """Else the tests above would show nothing."""
    target, result = export([source_page(save_pdf(prose_page(2), tmp_path / "born.pdf"), 1, None)], tmp_path)
    assert not result.is_pdfa
    clauses = " ".join(find_violations([target])[target])
    assert "6.2.11.4.1" in clauses
