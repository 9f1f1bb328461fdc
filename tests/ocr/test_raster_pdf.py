"""A page that is one scan comes as that scan, pixel for pixel; one that lost its contents is not blank."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from backfile.domain.reasons import Reason
from backfile.errors import PageRefused
from ocr.raster_image import Pixels
from ocr.raster_pdf import TextLayer
from ocr.rasterize import rasterize_page
from tests.ocr.scans import (
    Array,
    Dictionary,
    Name,
    encode,
    fax_parameters,
    flate_scan,
    group4,
    jbig2,
    scan_pdf,
    to_bilevel,
)


def noise(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


@pytest.mark.parametrize(
    ("pixels", "page"),
    [
        ((850, 1100), (612.0, 792.0)),
        ((851, 1098), (612.0, 792.0)),  # hardly square
        ((1275, 1650), (611.9, 791.8)),  # sizes that no binary number meets
        ((827, 1170), (595.28, 841.89)),
        ((440, 280), (336.2, 213.7)),  # a card
    ],
)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_scan_is_taken_as_it_is(
    pixels: tuple[int, int], page: tuple[float, float], rotate: int, tmp_path: Path
) -> None:
    image = noise(pixels[1], pixels[0])
    found = rasterize_page(flate_scan(tmp_path / "scan.pdf", image, page=page, rotate=rotate), 1)
    assert np.array_equal(found.image, np.rot90(image, -rotate // 90))
    assert found.dpi == pytest.approx(pixels[0] / page[0] * 72, rel=0.01)


def _by_dct(path: Path, image: Pixels) -> Pixels:
    data = encode(image, "JPEG", quality=92)
    scan_pdf(path, data, size=image.shape[::-1], Filter=Name.DCTDecode)
    return np.asarray(Image.open(io.BytesIO(data)))


def _by_jpx(path: Path, image: Pixels) -> Pixels:
    scan_pdf(path, encode(image, "JPEG2000"), size=image.shape[::-1], Filter=Name.JPXDecode)
    return image


def _by_ccitt(path: Path, image: Pixels) -> Pixels:
    image = to_bilevel(image)
    parameters = fax_parameters(image)
    scan_pdf(
        path, group4(image), size=image.shape[::-1],
        Filter=Name.CCITTFaxDecode, DecodeParms=parameters, BitsPerComponent=1,
    )  # fmt: skip
    return image


def _by_jbig2(path: Path, image: Pixels) -> Pixels:
    image = to_bilevel(image)
    scan_pdf(path, jbig2(image), size=image.shape[::-1], Filter=Name.JBIG2Decode, BitsPerComponent=1)
    return image


def _by_lzw_like_runs(path: Path, image: Pixels) -> Pixels:
    """Run lengths, and hexadecimal digits around them."""
    flat = image.tobytes()
    runs = b"".join(bytes([len(flat[n : n + 128]) - 1]) + flat[n : n + 128] for n in range(0, len(flat), 128))
    filters = Array([Name.ASCIIHexDecode, Name.RunLengthDecode])
    scan_pdf(path, (runs + b"\x80").hex().encode() + b">", size=image.shape[::-1], Filter=filters)
    return image


def _by_palette(path: Path, image: Pixels) -> Pixels:
    """Sixteen grays, named backwards."""
    names = (15 - (image >> 4)).astype(np.uint8)
    table = bytes(value for n in range(16) for value in [255 - 17 * n] * 3)
    space = Array([Name.Indexed, Name.DeviceRGB, 15, pikepdf.String(table)])
    flate_scan(path, names, ColorSpace=space)
    return ((image >> 4) * 17).astype(np.uint8)


@pytest.mark.parametrize(
    "write",
    [_by_dct, _by_jpx, _by_ccitt, _by_jbig2, _by_lzw_like_runs, _by_palette],
    ids=lambda f: f.__name__,
)
def test_the_pixels_are_those_of_the_stream(write: Callable[[Path, Pixels], Pixels], tmp_path: Path) -> None:
    image = _smooth_page()
    true = write(tmp_path / "scan.pdf", image)
    found = rasterize_page(tmp_path / "scan.pdf", 1).image
    assert found.shape == true.shape
    # Fixed-point arithmetic of two JPEG decoders, and weights of gray for equal colours, differ by one.
    assert np.abs(found.astype(int) - true).max() <= 1


def _smooth_page() -> Pixels:
    return np.asarray(Image.fromarray(noise(110, 85)).resize((850, 1100), Image.Resampling.BICUBIC))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_colour_photograph_of_a_page_is_taken_as_it_is(rotate: int, tmp_path: Path) -> None:
    bands = [np.asarray(Image.fromarray(noise(110, 85, n)).resize((850, 1100))) for n in range(3)]
    data = encode(np.stack(bands, axis=2), "JPEG", quality=92)
    path = scan_pdf(
        tmp_path / "scan.pdf", data, size=(850, 1100),
        Filter=Name.DCTDecode, ColorSpace=Name.DeviceRGB, rotate=rotate,
    )  # fmt: skip
    true = Image.open(io.BytesIO(data))
    colors = rasterize_page(path, 1, color=True).image
    assert np.abs(colors.astype(int) - np.rot90(np.asarray(true), -rotate // 90)).max() <= 1
    gray = rasterize_page(path, 1).image
    # The decoders' brightness is that of the stream, before it is made colours and cut at their limits.
    assert np.abs(gray.astype(int) - np.rot90(np.asarray(true.convert("L")), -rotate // 90)).mean() <= 1


@pytest.mark.parametrize(
    ("entries", "extra", "look"),
    [
        ({"Decode": Array([1, 0])}, b"", lambda true: 255 - true),
        ({"Mask": Array([0, 255])}, b"", lambda true: np.full_like(true, 255)),
        ({}, b"0 g 0 396 612 396 re f", lambda true: np.where(np.arange(1100)[:, None] < 550, 0, true)),
    ],
    ids=["inverted", "of colours that count as none", "painted over"],
)
def test_a_jpeg_scan_that_is_more_than_that_is_drawn(
    entries: dict[str, Any], extra: bytes, look: Callable[[Pixels], Pixels], tmp_path: Path
) -> None:
    data = encode(_smooth_page(), "JPEG", quality=92)
    path = tmp_path / "scan.pdf"
    scan_pdf(path, data, size=(850, 1100), Filter=Name.DCTDecode, extra=extra, **entries)
    true = np.asarray(Image.open(io.BytesIO(data)))
    found = rasterize_page(path, 1).image
    found = found if found.shape == true.shape else np.asarray(Image.fromarray(found).resize((850, 1100)))
    # Whoever paints over a picture paints to the edge of a pixel.
    assert np.abs(found.astype(int) - look(true))[np.abs(np.arange(1100) - 550) > 2].max() <= 2


def test_of_a_jpeg_scan_that_breaks_off_there_is_what_is_there(tmp_path: Path) -> None:
    data = encode(_smooth_page(), "JPEG", quality=92)
    scan_pdf(tmp_path / "scan.pdf", data[: len(data) // 2], size=(850, 1100), Filter=Name.DCTDecode)
    true = np.asarray(Image.open(io.BytesIO(data)))
    found = rasterize_page(tmp_path / "scan.pdf", 1).image
    assert np.abs(found[:400].astype(int) - true[:400]).max() <= 1


def test_an_inline_image_is_drawn(tmp_path: Path) -> None:
    image = to_bilevel(noise(40, 30))
    bits = np.packbits(image > 0, axis=1).tobytes()
    draw = b"q 612 0 0 792 0 0 cm BI /W 30 /H 40 /BPC 1 /CS /G ID " + bits + b" EI Q"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792)).obj.Contents = pdf.make_stream(draw)
        pdf.save(tmp_path / "scan.pdf")
    found = rasterize_page(tmp_path / "scan.pdf", 1, dpi=100).image
    rows, columns = (np.arange(40) + 0.5) * len(found) / 40, (np.arange(30) + 0.5) * found.shape[1] / 30
    assert np.array_equal(found[np.ix_(rows.astype(int), columns.astype(int))] > 127, image > 127)


def test_the_lines_of_a_fax_are_made_square(tmp_path: Path) -> None:
    found = rasterize_page(flate_scan(tmp_path / "fax.pdf", noise(1100, 1728)), 1)
    assert found.image.shape[1] == 1728
    assert found.image.shape[0] == pytest.approx(1728 * 792 / 612, abs=2)
    assert found.dpi == pytest.approx(1728 / 8.5, rel=0.01)


def test_a_dense_scan_is_made_smaller_for_reading(tmp_path: Path) -> None:
    image = np.full((6600, 5100), 255, np.uint8)
    image[3000:3600, 1000:2000] = 0
    found = rasterize_page(flate_scan(tmp_path / "dense.pdf", image), 1)
    assert found.dpi == pytest.approx(300, rel=0.01)
    assert found.image.shape == (3300, 2550)
    assert found.image[1650, 750] == 0


def test_what_lies_over_a_scan_comes_along(tmp_path: Path) -> None:
    """The scan keeps its pixels, and shows that text of its own is on it."""
    image = np.maximum(noise(1100, 850), 128).astype(np.uint8)
    path = flate_scan(tmp_path / "scan.pdf", image, extra=b"0 g 100 100 50 50 re f")
    found = rasterize_page(path, 1).image
    changed = found != image
    assert changed[900:950, 150:200].all()
    assert not changed[:800].any()
    stamped = flate_scan(tmp_path / "stamped.pdf", image, extra=b"BT /F 20 Tf 90 90 Td (RECEIVED) Tj ET")
    assert rasterize_page(stamped, 1).text_layer is TextLayer.SHOWN
    hidden = flate_scan(tmp_path / "hidden.pdf", image, extra=b"BT 3 Tr /F 20 Tf 90 90 Td (words) Tj ET")
    assert rasterize_page(hidden, 1).text_layer is TextLayer.HIDDEN


def test_a_page_whose_contents_are_lost_is_not_a_blank_one(tmp_path: Path) -> None:
    white = np.full((1100, 850), 255, np.uint8)
    found = rasterize_page(flate_scan(tmp_path / "white.pdf", white), 1).image
    assert (found == 255).all()
    lost = scan_pdf(tmp_path / "lost.pdf", b"no image", size=(850, 1100), Filter=Name.DCTDecode)
    unset = tmp_path / "unset.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792)).obj
        page.Resources = Dictionary(Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type3)))
        page.Contents = pdf.make_stream(b"BT /F 12 Tf 72 700 Td (Allergic to penicillin) Tj ET")
        pdf.save(unset)
    torn = tmp_path / "torn.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792)).obj.Contents = pdf.make_stream(b"BT ET " * 50)
        pdf.save(torn, compress_streams=False)
    torn.write_bytes(torn.read_bytes().replace(b"/Length", b"/Filter /FlateDecode /Length", 1))
    xfa = tmp_path / "xfa.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp:xdp/>"))
        pdf.save(xfa)
    for path in (lost, unset, torn, xfa):
        with pytest.raises(PageRefused) as caught:
            rasterize_page(path, 1)
        assert caught.value.reason is Reason.PAGE_UNREADABLE
