"""Bytes changed at random, in files of every kind: always an outcome in words, never a dead parent."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backfile.domain.reasons import REASON_TEXTS
from backfile.errors import FileRefused, PageRefused
from ocr.complete import is_structure_complete
from ocr.pdf_text import read_pdf_text
from ocr.probe import probe_file
from ocr.rasterize import rasterize_page
from tests.ocr.digital import LINES, hidden_lines, set_lines, write_canvas, write_fields
from tests.ocr.scans import (
    Name,
    basic_tags,
    encode,
    fax_parameters,
    group4,
    jbig2,
    scan_pdf,
    small_note,
    to_bilevel,
    write_tiff,
)

ROUNDS = 12
"""Damaged copies of each file; seeded, so that each run sees the same."""
NOTE = small_note()
SIZE = NOTE.shape[::-1]
RGB = Image.fromarray(np.repeat(NOTE[..., None], 3, axis=2))


def _fax(path: Path) -> None:
    bilevel = to_bilevel(NOTE)
    parameters = fax_parameters(bilevel)
    scan_pdf(path, group4(bilevel), size=SIZE, Filter=Name.CCITTFaxDecode, DecodeParms=parameters)


def _series(path: Path) -> None:
    path.write_bytes(encode(RGB, "TIFF", save_all=True, append_images=[RGB] * 2, compression="tiff_lzw"))


KINDS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: write_canvas(path, set_lines),
    "form": lambda path: write_fields(path, {"mrn": ("00482913", False), "name": ("Delgado", True)}),
    "jpeg scan": lambda path: scan_pdf(
        path, encode(NOTE, "JPEG"), size=SIZE, Filter=Name.DCTDecode, extra=hidden_lines(LINES)
    ),
    "jpx scan": lambda path: scan_pdf(path, encode(NOTE, "JPEG2000"), size=SIZE, Filter=Name.JPXDecode),
    "jbig2 scan": lambda path: scan_pdf(
        path, jbig2(to_bilevel(NOTE)), size=SIZE, Filter=Name.JBIG2Decode, BitsPerComponent=1
    ),
    "fax scan": _fax,
    "tiff": _series,
    "group4": lambda path: path.write_bytes(
        write_tiff(basic_tags(bits=1, compression=4, photometric=0), [group4(to_bilevel(NOTE))])
    ),
    "jpeg": lambda path: path.write_bytes(encode(RGB, "JPEG", progressive=True)),
    "png": lambda path: path.write_bytes(encode(RGB, "PNG")),
    "webp": lambda path: path.write_bytes(encode(RGB, "WEBP")),
    "heic": lambda path: path.write_bytes(
        (Path(__file__).parent / "files" / "photographs.heic").read_bytes()
    ),
}


def damage(data: bytes, rng: random.Random) -> bytes:
    """Change, drop, double or cut some bytes; often where the structure stands."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        near = rng.choice((64, 512, len(out)))
        at = rng.randrange(min(near, len(out))) if rng.random() < 0.7 else rng.randrange(len(out))
        match rng.randrange(5):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                out[at] ^= 1 << rng.randrange(8)
            case 2:
                del out[at : at + rng.randrange(1, 40)]
            case 3:
                out[at:at] = out[at : at + rng.randrange(1, 200)]
            case _:
                out[at : at + 4] = rng.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\0\0\0\1"))
        if not out:
            break
    return bytes(out[: rng.randrange(1, len(out))] if out and rng.random() < 0.2 else out)


def say_outcome(path: Path) -> str:
    """Return what became of the file's last page: why it is refused, or its size."""
    try:
        pages = probe_file(path).pages
        found = rasterize_page(path, pages)
        read_pdf_text(path, pages)
    except (FileRefused, PageRefused) as refused:
        return REASON_TEXTS[refused.reason]
    return f"{found.image.shape[1]} by {found.image.shape[0]} pixels" if found.image.size else ""


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_has_an_outcome_in_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / "scan"
    KINDS[name](path)
    whole = path.read_bytes()
    rng = random.Random(name)
    for _ in range(ROUNDS):
        path.write_bytes(damage(whole, rng))
        is_structure_complete(path)
        assert say_outcome(path)


@pytest.mark.parametrize("name", KINDS)
def test_a_file_cut_anywhere_is_never_complete_and_has_an_outcome(name: str, tmp_path: Path) -> None:
    path = tmp_path / "scan"
    KINDS[name](path)
    whole = path.read_bytes()
    assert is_structure_complete(path)
    for share in (0.02, 0.3, 0.6, 0.95):
        path.write_bytes(whole[: max(16, int(len(whole) * share))])
        assert not is_structure_complete(path)
        assert say_outcome(path)
