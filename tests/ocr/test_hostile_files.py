"""Files that are made to hurt: each is refused or read, in bounded time, for a reason in words."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from backfile.domain.page import PageReading
from backfile.domain.reasons import REASON_TEXTS, Reason
from backfile.errors import FileRefused, PageRefused
from ocr.probe import probe_file
from ocr.read import ReadOptions, read_file

PATIENCE = 100.0
"""Seconds for everything that is done with one file; the limits of its children are the real bound."""


def make_pdf(path: Path, objects: list[bytes], *, root: int = 1) -> None:
    """Write a PDF of numbered objects with a sound cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        start,
    )
    path.write_bytes(bytes(out))


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data), extra) + data + b"\nendstream"


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def page(extra: bytes = b"", *, box: bytes = b"[0 0 612 792]") -> bytes:
    """Return a page object."""
    return b"<< /Type /Page /Parent 2 0 R /MediaBox " + box + b" " + extra + b" >>"


def page_tree_in_a_circle(path: Path) -> None:
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 9 /Parent 3 0 R >>"
    make_pdf(path, [CATALOG, kids, b"<< /Type /Pages /Kids [2 0 R] /Count 9 /Parent 2 0 R >>"])


def page_count_that_lies(path: Path) -> None:
    make_pdf(path, [CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", page()])


def page_as_large_as_a_field(path: Path) -> None:
    make_pdf(path, [CATALOG, ONE_PAGE, page(box=b"[0 0 99999999 99999999]")])


def page_without_an_area(path: Path) -> None:
    make_pdf(path, [CATALOG, ONE_PAGE, page(box=b"[0 0 0 0]")])


def stream_that_unfolds(path: Path) -> None:
    """A kilobyte that becomes a gigabyte of drawing operators."""
    once = zlib.compress(b"0 0 m 612 792 l S " * 4_000_000, 9)
    twice = zlib.compress(once, 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    make_pdf(path, [CATALOG, ONE_PAGE, page(b"/Contents 4 0 R"), stream(twice, filters)])


def picture_that_unfolds(path: Path) -> None:
    """An image that says it has ten gigapixels."""
    head = (
        b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceRGB /Filter /FlateDecode"
    )
    picture = stream(zlib.compress(bytes(1_000_000)), head)
    draw = stream(b"q 612 0 0 792 0 0 cm /I Do Q")
    resources = b"/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>"
    make_pdf(path, [CATALOG, ONE_PAGE, page(resources), draw, picture])


def form_that_draws_itself(path: Path) -> None:
    form = stream(
        b"/F Do /F Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F 5 0 R >> >>",
    )
    resources = b"/Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >>"
    make_pdf(path, [CATALOG, ONE_PAGE, page(resources), stream(b"/F Do"), form])


def dictionaries_a_hundred_thousand_deep(path: Path) -> None:
    deep = b"<< /A " * 100_000 + b"0" + b" >>" * 100_000
    make_pdf(path, [CATALOG, ONE_PAGE, page(b"/X " + deep)])


def script_and_launch(path: Path) -> None:
    run = b"<< /S /JavaScript /JS (while(true){}) /Next << /S /Launch /F (/bin/sh) >> >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + run + b" >>"
    make_pdf(path, [catalog, ONE_PAGE, page()])


def png_bomb(path: Path) -> None:
    """A gigapixel of nothing in a megabyte."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 32_000
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def tiff_in_a_circle(path: Path) -> None:
    """The second directory is the first."""
    entries = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 200)]
    entries += [(277, 3, 1, 1), (278, 3, 1, 8), (279, 4, 1, 64)]
    directory = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        directory += struct.pack("<HHII", tag, kind, count, value)
    directory += struct.pack("<I", 8)
    path.write_bytes((b"II*\0" + struct.pack("<I", 8) + directory).ljust(200, b"\0") + b"\x80" * 64)


def tiff_that_says_it_is_huge(path: Path) -> None:
    entries = [(256, 4, 1, 2_000_000_000), (257, 4, 1, 2_000_000_000), (258, 3, 1, 8), (262, 3, 1, 1)]
    entries += [(273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, 2_000_000_000), (279, 4, 1, 64)]
    directory = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        directory += struct.pack("<HHII", tag, kind, count, value)
    directory += struct.pack("<I", 0)
    path.write_bytes((b"II*\0" + struct.pack("<I", 8) + directory).ljust(264, b"\0"))


REFUSED: list[tuple[Callable[[Path], None], set[Reason]]] = [
    (page_tree_in_a_circle, {Reason.BROKEN_FILE, Reason.NO_PAGES}),
    (page_as_large_as_a_field, {Reason.PAGE_TOO_LARGE}),
    (png_bomb, {Reason.PAGE_TOO_LARGE}),
    (tiff_that_says_it_is_huge, {Reason.PAGE_TOO_LARGE, Reason.BROKEN_FILE}),
]
BORNE = [
    page_count_that_lies,
    page_without_an_area,
    pytest.param(stream_that_unfolds, marks=pytest.mark.long),  # until the child's clock runs out
    picture_that_unfolds,
    pytest.param(form_that_draws_itself, marks=pytest.mark.long),
    dictionaries_a_hundred_thousand_deep,
    script_and_launch,
    tiff_in_a_circle,
]


@pytest.mark.parametrize(("make", "reasons"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_file_without_a_bearable_page_is_refused(
    make: Callable[[Path], None], reasons: set[Reason], tmp_path: Path
) -> None:
    path = tmp_path / "scan"
    make(path)
    with pytest.raises(FileRefused) as caught:
        probe_file(path)
    assert caught.value.reason in reasons
    assert REASON_TEXTS[caught.value.reason]


@pytest.mark.parametrize("make", BORNE, ids=lambda make: str(make.__name__))
def test_a_hostile_file_costs_bounded_time_and_names_what_failed(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "scan"
    make(path)
    began = time.monotonic()
    found = _read_all(path)
    assert time.monotonic() - began < PATIENCE
    assert 1 <= len(found) <= 2
    assert all(isinstance(one, PageReading) or REASON_TEXTS[one.reason] for one in found)


def _read_all(path: Path) -> list[PageReading | PageRefused] | list[FileRefused]:
    try:
        return list(read_file(path, options=ReadOptions()))
    except FileRefused as refused:
        return [refused]
