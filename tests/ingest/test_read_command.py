"""``backfile read``: a line a page, errors in words beside it, no home needed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backfile.errors import ExitCode
from ingest.cli.main import main
from ocr.read import ENGINES
from tests.ocr.pages import prose_page, recall, render, save_image, save_pdf

PAGE = prose_page(11)


def read(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    code = main(["read", "--json", *map(str, arguments)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scan_is_a_line_with_its_words(
    engine: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scan = save_image(render(PAGE, dpi=150), tmp_path / "scan.png", dpi=150)
    code, (line,) = read(capsys, "--engine", engine, "--reading", "fast", scan)
    assert code == ExitCode.DONE
    assert (line["file"], line["page"], line["source"]) == (str(scan), 1, "ocr")
    assert recall([word["text"] for word in line["words"]], PAGE.tokens()) > 0.9
    assert line["text"].split() == [word["text"] for word in line["words"]]
    assert (line["rotation"], line["blank"]) == (0, False)
    assert abs(line["skew"]) < 0.1
    assert {"dpi", "ink", "contrast", "sharpness", "reliable"} <= line["quality"].keys()
    assert line["seconds"] > 0
    for word in line["words"]:
        x0, y0, x1, y1 = word["box"]
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1
        assert 0 <= word["confidence"] <= 1


def test_what_cannot_be_read_is_told_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = save_pdf(PAGE, tmp_path / "good.pdf")
    bad = {
        "empty.pdf": b"",
        "letter.doc": b"\xd0\xcf\x11\xe0 a letter",
        "torn.png": b"\x89PNG\r\n\x1a\nnothing more",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    files = [tmp_path / name for name in (*bad, "missing.pdf")]
    code, lines = read(capsys, *files, tmp_path, good)
    assert code == ExitCode.BAD_INPUT
    codes = ["empty_file", "not_a_document", "broken_file", "not_found", "not_a_document"]
    assert [line["error"]["code"] for line in lines[:-1]] == codes
    assert all(line["error"]["message"].endswith(".") for line in lines[:-1])
    assert [line["file"] for line in lines] == [str(path) for path in (*files, tmp_path, good)]
    assert lines[-1]["source"] == "pdf"


def test_one_lost_page_does_not_hide_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second image of the file lies beyond its end."""
    sheets = [Image.fromarray(np.full((300, 200), 255, np.uint8)) for _ in range(2)]
    path = tmp_path / "two.tif"
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    with Image.open(path) as image:
        image.seek(1)
        place = image.tag_v2[273][0]  # type: ignore[attr-defined]
    data = path.read_bytes()
    path.write_bytes(data.replace(place.to_bytes(4, "little"), (2**31).to_bytes(4, "little")))
    code, (first, second) = read(capsys, path)
    assert code == ExitCode.BAD_INPUT
    assert (first["page"], first["blank"]) == (1, True)
    assert (second["page"], second["error"]["code"]) == (2, "page_unreadable")


def test_a_name_that_is_no_text_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sc\xffan.pdf"))
    save_pdf(PAGE, path)
    code, (line,) = read(capsys, path)
    assert code == ExitCode.DONE
    assert line["file"].endswith("sc\ufffdan.pdf")
