"""Pictures in the PDF: the received bytes where a PDF can hold them, and always the same pixels."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from backfile.errors import BadInput
from ocr.kinds import FileKind
from ocr.pdf_export import source_page
from ocr.raster_image import Pixels, decode_page
from samples.files import FileFormat, pack_scan
from tests.ocr.pages import prose_page, render
from tests.ocr.pdf_readback import export, picture_bytes, render_page

WIDTH, HEIGHT = 330, 470
DPI = 50
_KINDS = {".jpg": FileKind.JPEG, ".png": FileKind.PNG, ".tif": FileKind.TIFF, ".webp": FileKind.WEBP}


def draw(mode: str) -> Image.Image:
    """Something that looks different however it is turned, mirrored or inverted."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 30, 120, 90), fill=(200, 30, 40))
    pen.rectangle((150, 30, 300, 60), fill=(20, 90, 200))
    pen.polygon([(20, 440), (60, 400), (100, 440)], fill=(0, 0, 0))
    for y in range(110, 380, 24):
        pen.text((25, y), f"Record line {y} of the note", fill=(0, 0, 0))
    for x in range(256):
        pen.line((30 + x, 385, 30 + x, 395), fill=(x, x, x))
    return image.quantize(16) if mode == "P" else image.convert(mode)


def deep(factor: int) -> Image.Image:
    return Image.fromarray(np.asarray(draw("L")).astype(np.uint16) * np.uint16(factor))


def clear() -> Image.Image:
    values = np.asarray(draw("RGBA")).copy()
    values[:, :100, 3] = 80
    return Image.fromarray(values)


def exif(orientation: int) -> Image.Exif:
    data = Image.Exif()
    data[274] = orientation
    return data


def fax(photometric: int, rows: int, **more: Any) -> dict[str, Any]:
    return {"tiffinfo": {262: photometric, 278: rows}, **more}


_WHOLE = {278: HEIGHT}
COPIED: dict[str, tuple[str, Callable[[], Image.Image], dict[str, Any]]] = {
    "gray jpeg": (".jpg", lambda: draw("L"), {"quality": 90}),
    "colour jpeg": (".jpg", lambda: draw("RGB"), {"quality": 90}),
    "progressive jpeg": (".jpg", lambda: draw("RGB"), {"quality": 90, "progressive": True}),
    "cmyk jpeg": (".jpg", lambda: draw("CMYK"), {"quality": 90}),
    **{
        f"jpeg turned {n}": (".jpg", lambda: draw("RGB"), {"quality": 90, "exif": exif(n)})
        for n in range(1, 9)
    },
    "gray png": (".png", lambda: draw("L"), {}),
    "colour png": (".png", lambda: draw("RGB"), {}),
    "bilevel png": (".png", lambda: draw("1"), {}),
    "palette png": (".png", lambda: draw("P"), {}),
    "palette png, clear": (".png", lambda: draw("P"), {"transparency": bytes([0, 100, *[255] * 14])}),
    "gray png, clear": (".png", lambda: draw("L"), {"transparency": 255}),
    "colour png, clear": (".png", lambda: draw("RGB"), {"transparency": (200, 30, 40)}),
    "deep png": (".png", lambda: deep(257), {}),
    "g4": (".tif", lambda: draw("1"), fax(0, HEIGHT, compression="group4")),
    "g4 inverted": (".tif", lambda: draw("1"), fax(1, HEIGHT, compression="group4")),
    "g3": (".tif", lambda: draw("1"), fax(0, HEIGHT, compression="group3")),
    "g3 of two dimensions": (
        ".tif",
        lambda: draw("1"),
        {"compression": "group3", "tiffinfo": {262: 0, 278: HEIGHT, 292: 1}},
    ),
    "huffman": (".tif", lambda: draw("1"), fax(0, HEIGHT, compression="tiff_ccitt")),
    **{
        f"g4 turned {n}": (
            ".tif",
            lambda: draw("1"),
            {"compression": "group4", "tiffinfo": {274: n, **_WHOLE}},
        )
        for n in range(2, 9)
    },
    "deflate": (".tif", lambda: draw("RGB"), {"compression": "tiff_adobe_deflate", "tiffinfo": _WHOLE}),
    "deflate, predicted": (
        ".tif",
        lambda: draw("RGB"),
        {"compression": "tiff_adobe_deflate", "tiffinfo": {317: 2, **_WHOLE}},
    ),
    "deflate, palette": (
        ".tif",
        lambda: draw("P"),
        {"compression": "tiff_adobe_deflate", "tiffinfo": _WHOLE},
    ),
}  # fmt: skip
PACKED: dict[str, tuple[str, Callable[[], Image.Image], dict[str, Any]]] = {
    "png with alpha": (".png", clear, {}),
    "deep tiff": (".tif", lambda: deep(257), {}),
    "twelve bits": (".tif", lambda: deep(16), {}),
    "g4 in many strips": (".tif", lambda: draw("1"), fax(0, 4, compression="group4")),
    "lzw turned": (".tif", lambda: draw("L"), {"compression": "tiff_lzw", "tiffinfo": {274: 6}}),
    "lzw predicted": (".tif", lambda: draw("L"), {"compression": "tiff_lzw", "tiffinfo": {317: 2}}),
    **{
        f"{name} {mode}": (".tif", lambda mode=mode: draw(mode), {"compression": compression})  # type: ignore[misc]
        for name, compression in (("lzw", "tiff_lzw"), ("packbits", "packbits"), ("plain", None))
        for mode in ("1", "L", "RGB", "P", "CMYK")
    },
}


def write(case: tuple[str, Callable[[], Image.Image], dict[str, Any]], folder: Path) -> Path:
    suffix, make, options = case
    path = folder / f"scan{suffix}"
    make().save(path, dpi=(DPI, DPI), **options)
    return path


def decode(path: Path) -> Pixels:
    """What our own reading sees of the file, in colour."""
    pixels, dpi = decode_page(path, _KINDS[path.suffix], 1, max_pixels=10**7, color=True)
    assert dpi == pytest.approx(DPI, rel=1e-3)
    return np.asarray(Image.fromarray(pixels).convert("RGB"))


def difference(one: Pixels, other: Pixels) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize("name", COPIED)
def test_bytes_that_a_pdf_can_hold_are_kept(tmp_path: Path, name: str) -> None:
    path = write(COPIED[name], tmp_path)
    target, result = export([source_page(path, 1, None)], tmp_path)
    (stored,) = picture_bytes(target)
    assert stored in path.read_bytes() if path.suffix != ".png" else stored == _idat(path)
    assert (result.copied_pages, result.is_pdfa) == (1, True)
    assert difference(render_page(target, dpi=DPI), decode(path)) < 0.2
    assert result.bytes <= 1.05 * path.stat().st_size + 15_000 + 8_000


def _idat(path: Path) -> bytes:
    data, found, at = path.read_bytes(), b"", 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            found += data[at + 8 : at + 8 + length]
        at += 12 + length
    return found


@pytest.mark.parametrize("name", PACKED)
def test_what_a_pdf_cannot_hold_is_packed_without_loss(tmp_path: Path, name: str) -> None:
    path = write(PACKED[name], tmp_path)
    target, result = export([source_page(path, 1, None)], tmp_path)
    assert (result.copied_pages, result.is_pdfa) == (0, True)
    assert difference(render_page(target, dpi=DPI), decode(path)) < 0.2
    assert result.bytes <= 1.05 * path.stat().st_size + 15_000 + 8_000


@pytest.mark.parametrize("lossless", [True, False])
def test_a_photograph_that_no_pdf_can_hold_loses_no_more_than_it_lost(tmp_path: Path, lossless: bool) -> None:
    path = tmp_path / "scan.webp"
    draw("RGB").save(path, lossless=lossless, quality=90)
    target, result = export([source_page(path, 1, None)], tmp_path)
    assert (result.copied_pages, result.is_pdfa) == (0, True)
    pixels, dpi = decode_page(path, FileKind.WEBP, 1, max_pixels=10**7, color=True)
    off = difference(render_page(target, dpi=dpi), pixels)
    assert off == 0 if lossless else off < 0.5


@pytest.mark.parametrize("photometric", [0, 1])
def test_strips_of_a_fax_are_kept_each(tmp_path: Path, photometric: int) -> None:
    path = write((".tif", lambda: draw("1"), fax(photometric, 100, compression="group4")), tmp_path)
    with Image.open(path) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        data = path.read_bytes()
        strips = [data[at : at + n] for at, n in zip(tags[273], tags[279], strict=True)]
    assert len(strips) == 5
    target, result = export([source_page(path, 1, None)], tmp_path)
    assert sorted(picture_bytes(target)) == sorted(strips)
    assert result.copied_pages == 1
    # Between strips a viewer rounds to whole pixels: compared where a pixel is four of the picture's.
    shown, true = (shrink(page) for page in (render_page(target, dpi=DPI), decode(path)))
    assert difference(shown, true) < 8


def shrink(page: Pixels) -> Pixels:
    image = Image.fromarray(page)
    return np.asarray(image.resize((image.width // 4, image.height // 4), Image.Resampling.BOX))


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("rows", [HEIGHT, 96, 16])
def test_jpeg_strips_of_a_tiff_are_not_coded_anew(tmp_path: Path, rows: int, mode: str) -> None:
    """Their tables stand apart in the file, so that they get them back; what is coded with them stays."""
    case = (".tif", lambda: draw(mode), {"compression": "jpeg", "quality": 90, "tiffinfo": {278: rows}})
    path = write(case, tmp_path)
    target, result = export([source_page(path, 1, None)], tmp_path)
    (stored,) = picture_bytes(target)
    data = path.read_bytes()
    begin = stored.index(b"\xff\xda")
    begin += 2 + int.from_bytes(stored[begin + 2 : begin + 4], "big")
    coded = re.split(rb"\xff[\xd0-\xd7]", stored[begin:-2])
    assert len(coded) == -(-HEIGHT // rows)
    assert all(part in data for part in coded)
    assert difference(render_page(target, dpi=DPI), decode(path)) < 0.2
    assert result.is_pdfa


@pytest.mark.parametrize("format", [FileFormat.PDF_JPEG, FileFormat.PDF_G4])
def test_a_scanned_pdf_keeps_its_streams(tmp_path: Path, format: FileFormat) -> None:
    scans = [render(prose_page(seed), dpi=100) for seed in range(3)]
    path = tmp_path / "scan.pdf"
    path.write_bytes(pack_scan(scans, format=format, dpi=100))
    stored = picture_bytes(path)
    target, result = export([source_page(path, n, None) for n in (3, 1)], tmp_path)
    assert sorted(picture_bytes(target)) == sorted([stored[2], stored[0]])
    assert (result.pages, result.copied_pages, result.is_pdfa) == (2, 2, True)
    for page, number in ((1, 3), (2, 1)):
        assert np.array_equal(render_page(target, page), render_page(path, number))


def scanned_pdf(path: Path, **entries: Any) -> Path:
    """A page of a PDF with one picture, stored as ``entries`` say."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        image = pdf.make_stream(
            entries.pop("data"),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=WIDTH,
            Height=HEIGHT,
            BitsPerComponent=8,
            **entries,
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
        page.obj.Contents = pdf.make_stream(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /Scan Do Q".encode())
        pdf.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return path


def ascii_85(data: bytes) -> bytes:
    import base64

    return base64.a85encode(data) + b"~>"


@pytest.mark.parametrize("filters", [["FlateDecode"], ["ASCII85Decode", "FlateDecode"], ["RunLengthDecode"]])
def test_any_filter_of_a_scanned_pdf_stays(tmp_path: Path, filters: list[str]) -> None:
    raw = draw("L").tobytes()
    data = zlib.compress(raw)
    if filters[0] == "ASCII85Decode":
        data = ascii_85(data)
    if filters[0] == "RunLengthDecode":
        data = b"".join(bytes([127]) + raw[at : at + 128] for at in range(0, len(raw) - 127, 128)) + b"\x80"
    names = pikepdf.Array([pikepdf.Name("/" + name) for name in filters])
    path = scanned_pdf(tmp_path / "scan.pdf", data=data, Filter=names, ColorSpace=pikepdf.Name.DeviceGray)
    target, result = export([source_page(path, 1, None)], tmp_path)
    assert picture_bytes(target) == picture_bytes(path) == [data]
    assert result.is_pdfa
    assert np.array_equal(render_page(target), render_page(path))


def test_lzw_of_a_scanned_pdf_gives_way_to_pdfa(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    draw("L").save(buffer, "TIFF", compression="tiff_lzw", tiffinfo={278: HEIGHT})
    with Image.open(buffer) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = tags[273], tags[279]
    data = buffer.getvalue()[start : start + length]
    path = scanned_pdf(
        tmp_path / "scan.pdf", data=data, Filter=pikepdf.Name.LZWDecode, ColorSpace=pikepdf.Name.DeviceGray
    )
    target, result = export([source_page(path, 1, None)], tmp_path)
    with pikepdf.open(target) as pdf:
        assert str(pdf.pages[0].Resources.XObject.Scan.Filter) == "/FlateDecode"
    assert result.is_pdfa
    assert np.array_equal(render_page(target), render_page(path))


def test_a_document_may_have_pages_of_several_files(tmp_path: Path) -> None:
    paths = [
        write(COPIED[name], tmp_path).rename(tmp_path / f"{n}") for n, name in enumerate(("g4", "gray png"))
    ]
    pdf = tmp_path / "scan.pdf"
    pdf.write_bytes(pack_scan([render(prose_page(1), dpi=60)], format=FileFormat.PDF_JPEG, dpi=60))
    pages = [source_page(path, 1, None) for path in (paths[1], pdf, paths[0])]
    target, result = export(pages, tmp_path)
    assert (result.pages, result.copied_pages) == (3, 3)
    with pikepdf.open(target) as made:
        widths = [float(page.mediabox[2]) for page in made.pages]
        assert widths == pytest.approx([WIDTH * 72 / DPI, 612, WIDTH * 72 / DPI], rel=1e-3)
        with made.open_outline() as outline:
            (root,) = outline.root
            assert root.title == "Progress note"
            assert [child.title for child in root.children] == ["Page 1", "Page 2", "Page 3"]


def test_a_picture_of_more_pixels_than_any_paper_is_refused(tmp_path: Path) -> None:
    side = 20_000
    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    body = zlib.compress(bytes((1 + side // 8) * side))
    path = tmp_path / "scan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))
    with pytest.raises(BadInput, match=r"Page 1 of the document cannot be had \(page_too_large\)"):
        export([source_page(path, 1, None)], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["scan.png"]


def chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + checksum


@pytest.mark.parametrize("name", ["colour jpeg", "colour png", "g4", "lzw RGB"])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_half_a_file_is_refused_by_the_page(tmp_path: Path, name: str, share: float) -> None:
    path = write({**COPIED, **PACKED}[name], tmp_path)
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])
    with pytest.raises(BadInput, match="Page 1 of the document cannot be had"):
        export([source_page(path, 1, None)], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_hidden_layers_of_a_pdf_stay_hidden(tmp_path: Path) -> None:
    path = tmp_path / "layers.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        layers = [
            pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(name)))
            for name in ("shown", "hidden")
        ]
        page.obj.Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(A=layers[0], B=layers[1]))
        page.obj.Contents = pdf.make_stream(
            b"/OC /A BDC 10 10 50 50 re f EMC /OC /B BDC 100 100 80 80 re f EMC"
        )
        pdf.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array(layers), D=pikepdf.Dictionary(OFF=pikepdf.Array([layers[1]]))
        )
        pdf.save(path)
    before = render_page(path)
    assert (before[:100] == 255).all()
    assert (before[100:] == 0).any()
    target, _ = export([source_page(path, 1, None)], tmp_path)
    assert np.array_equal(render_page(target), before)
