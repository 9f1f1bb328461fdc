"""What a received file is, told from its bytes alone, and why some are refused."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from backfile.domain.reasons import Reason
from backfile.errors import FileRefused
from ocr.complete import is_structure_complete
from ocr.kinds import FileKind
from ocr.probe import probe_file
from tests.ocr.pages import prose_page, save_pdf


def make_tiff(path: Path, *, pages: int = 3, compression: str = "group4") -> Path:
    mode = "1" if compression == "group4" else "L"
    images = [Image.new(mode, (200, 100), 1 if mode == "1" else 255) for _ in range(pages)]
    images[0].save(path, "TIFF", save_all=True, append_images=images[1:], compression=compression)
    return path


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "jpeg"])
def test_a_tiff_of_many_pages_is_counted(tmp_path: Path, compression: str) -> None:
    probe = probe_file(make_tiff(tmp_path / "a.bin", compression=compression))
    assert (probe.kind, probe.pages) == (FileKind.TIFF, 3)


@pytest.mark.parametrize(("form", "kind"), [("PNG", FileKind.PNG), ("JPEG", FileKind.JPEG)])
def test_an_image_is_one_page(tmp_path: Path, form: str, kind: FileKind) -> None:
    path = tmp_path / "image.pdf"  # the name lies
    Image.new("L", (200, 100), 255).save(path, form)
    probe = probe_file(path)
    assert (probe.kind, probe.pages) == (kind, 1)


def _encrypted(path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))


def _no_pages(path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.save(path)


def _gigapixel(path: Path) -> None:
    """A PNG whose header promises 60,000 by 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        (lambda p: p.write_bytes(b""), {Reason.EMPTY_FILE}),
        (lambda p: p.write_bytes(b"PK\x03\x04 a letter"), {Reason.NOT_A_DOCUMENT}),
        (lambda p: p.write_bytes(b"%PDF-1.4\nrubbish\n%%EOF\n"), {Reason.BROKEN_FILE}),
        (lambda p: p.write_bytes(b"II*\0\x08\0\0\0"), {Reason.BROKEN_FILE}),
        (_encrypted, {Reason.ENCRYPTED}),
        (_no_pages, {Reason.NO_PAGES, Reason.BROKEN_FILE}),
        (_gigapixel, {Reason.PAGE_TOO_LARGE}),
    ],
)
def test_a_file_without_pages_is_refused_for_a_reason(
    tmp_path: Path, make: Callable[[Path], object], reasons: set[Reason]
) -> None:
    path = tmp_path / "file"
    make(path)
    with pytest.raises(FileRefused) as refused:
        probe_file(path)
    assert refused.value.reason in reasons


@pytest.mark.parametrize("kind", ["pdf", "tiff", "png", "jpeg"])
def test_a_file_cut_short_is_not_complete(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "scan"
    match kind:
        case "pdf":
            save_pdf(prose_page(1), path)
        case "tiff":
            make_tiff(path, compression="tiff_lzw")
        case _:
            Image.effect_noise((300, 200), 40).save(path, kind)
    whole = path.read_bytes()
    assert is_structure_complete(path)
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert not is_structure_complete(path)
