"""From files to filed, searchable documents, by the command line alone."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from backfile.domain.document import FieldName
from backfile.domain.document_types import DOCUMENT_TYPES
from samples.make import SampleSet
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.server


def test_charts_are_filed_queued_found_and_accounted_for(
    installation: Installation, sample_set: SampleSet, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in sample_set.charts_folder.rglob("*") if path.is_file()}
    imported = installation.object("patients", "import", sample_set.patients_csv)
    assert imported["imported"] == 2000
    assert imported["bad"] == []

    summary = installation.object("ingest", sample_set.charts_folder, "--wait")
    assert summary["balanced"] is True
    assert summary["files"]["in"] == summary["files"]["taken"] == len(before)
    assert summary["pages"]["working"] == 0
    assert summary["documents"]["filed"] >= 1
    assert summary["pages_per_minute"] > 0
    assert {"rasterize", "ocr", "understand"} <= summary["stages"].keys()
    assert {path: path.read_bytes() for path in before} == before

    _check_files(installation, sample_set)
    documents = _check_documents(installation)
    _check_search(installation, documents)
    _check_export(installation, documents, tmp_path)
    _check_again(installation, sample_set)

    result = installation.object("verify")
    assert result["sound"] is True
    assert result["stale_documents"] == []
    assert installation.object("audit", "verify")["sound"] is True


def _check_files(installation: Installation, sample_set: SampleSet) -> None:
    files = installation.lines("files")
    assert {file["file"] for file in files} == {
        path.relative_to(sample_set.charts_folder).as_posix()
        for path in sample_set.charts_folder.rglob("*")
        if path.is_file()
    }
    for file in files:
        assert [page["number"] for page in file["pages"]] == list(range(1, len(file["pages"]) + 1))
        assert file["batch"] == (str(Path(file["file"]).parent) if "/" in file["file"] else None)


def _check_documents(installation: Installation) -> list[dict[str, Any]]:
    documents = installation.lines("documents", "--text")
    for document in documents:
        assert document["type"]["name"] in DOCUMENT_TYPES
        names = [field["name"] for field in document["fields"]]
        assert set(names) <= {name.value for name in FieldName}
        assert len(set(names)) == len(names)
        assert (document["patient"] is not None) == (document["state"] == "filed")
        for field in document["fields"]:
            assert 1 <= field["page"] <= len(document["pages"])
            assert 0 <= field["confidence"] <= 1
            x0, y0, x1, y1 = field["box"]
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1
    return documents


def _check_search(installation: Installation, documents: list[dict[str, Any]]) -> None:
    filed = next(d for d in documents if d["state"] == "filed")
    words = [w for w in str(filed["text"]).split() if w.isalpha() and w.isascii() and len(w) > 6]
    found = installation.object("search", max(words, key=len), "--limit", "100")
    assert filed["id"] in {hit["document"] for hit in found["hits"]}
    hit = next(hit for hit in found["hits"] if hit["document"] == filed["id"])
    assert hit["boxes"]
    assert hit["snippet"]
    assert found["coverage"]["pages_searched"] >= found["total"] >= 1
    mrn = filed["patient"]["mrn"]
    mine = installation.object("search", max(words, key=len), "--patient", mrn)
    assert {hit["mrn"] for hit in mine["hits"]} == {mrn}
    nothing = installation.object("search", "xylophonequartz")
    assert nothing["total"] == 0
    assert nothing["coverage"]["pages_searched"] > 0


def _check_export(installation: Installation, documents: list[dict[str, Any]], folder: Path) -> None:
    """A document taken out has its pages, and every word that was read can be copied from it, in order."""
    for document in documents[:4]:
        told = installation.object("export-pdf", document["id"], "-o", folder)
        assert told["pages_copied"] <= told["pages"] == len(document["pages"])
        assert told["pdfa"] is (told["obstacles"] == [])
        pdf = pypdfium2.PdfDocument(told["file"])
        texts = document["text"].split("\f")
        assert len(pdf) == len(texts)
        for page, text in zip(pdf, texts, strict=True):
            copied = page.get_textpage().get_text_range().split()
            assert SequenceMatcher(None, copied, text.split(), autojunk=False).ratio() > 0.9
        pdf.close()


def _check_again(installation: Installation, sample_set: SampleSet) -> None:
    """The same bytes again are linked, not processed; an undone decision goes to review, and back."""
    again = installation.object("ingest", sample_set.charts_folder, "--wait")
    assert again["files"]["duplicate"] + again["files"]["taken"] == again["files"]["in"]
    assert again["files"]["duplicate"] >= 1
    filed = next(d for d in installation.lines("documents") if d["state"] == "filed")
    installation.run("undo", filed["decision"])
    undone = next(d for d in installation.lines("documents") if d["id"] == filed["id"])
    assert (undone["state"], undone["reason"], undone["patient"]) == ("review", "undone", None)
    installation.run("reindex")
    assert installation.object("status")["balanced"] is True


def test_match_decides_by_the_same_rules(installation: Installation, sample_set: SampleSet) -> None:
    installation.run("patients", "import", sample_set.patients_csv)
    done = installation.run("match", "--json", stdin='{"id": 7, "mrn": "no-such"}\n[1]\nnonsense\n', expect=4)
    first, second, third = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["id"] == 7
    assert first["decision"] != "filed"
    assert "mrn" not in first
    assert "error" in second
    assert "error" in third
