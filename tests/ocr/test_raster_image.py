"""Image files of every kind, coding and depth come as a viewer shows them, or are refused for a reason."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backfile.domain.reasons import Reason
from backfile.errors import FileRefused, PageRefused
from ocr.complete import is_structure_complete
from ocr.kinds import FileKind, sniff_kind
from ocr.probe import probe_file
from ocr.raster_image import Pixels
from ocr.rasterize import rasterize_page
from tests.ocr.scans import basic_tags, encode, group4, small_note, to_bilevel, write_tiff

NOTE = small_note()
BILEVEL = to_bilevel(NOTE)
DEEP = NOTE.astype(np.uint16) * 257
RGB = np.repeat(NOTE[..., None], 3, axis=2)
INK = Image.merge("RGBA", [Image.new("L", NOTE.shape[::-1], 0)] * 3 + [Image.fromarray(255 - NOTE)])
PHOTOGRAPHS = Path(__file__).parent / "files" / "photographs.heic"
"""Two pages, kept lying and turned by the container; written by pillow-heif."""


def tiff_by_pillow(image: Pixels, compression: str, **tags: int) -> bytes:
    form = Image.fromarray(image)
    if compression.startswith("group") or compression == "tiff_ccitt":
        form = form.convert("1", dither=Image.Dither.NONE)
    return encode(form, "TIFF", compression=compression, tiffinfo={int(k[1:]): v for k, v in tags.items()})


def tiles(image: Pixels, side: int = 128) -> list[bytes]:
    padded = np.pad(image, [(0, -length % side) for length in image.shape], constant_values=255)
    rows, columns = (length // side for length in padded.shape)
    cut = [
        padded[side * r : side * (r + 1), side * c : side * (c + 1)]
        for r in range(rows)
        for c in range(columns)
    ]
    return [zlib.compress(tile.tobytes()) for tile in cut]


def tile_tags(*, photometric: int = 1, samples: int = 1, t284: int = 1) -> dict[int, tuple[int, list[int]]]:
    tags = basic_tags(compression=8, photometric=photometric, samples=samples, t284=t284, t322=128, t323=128)
    del tags[278]
    return tags


def mirrored_bits(data: bytes) -> bytes:
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)


_BY_PILLOW = (
    "raw", "packbits", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "zstd", "group3", "group4",
)  # fmt: skip

EXACT: dict[str, Callable[[], tuple[bytes, Pixels]]] = {
    **{
        name: lambda name=name: (tiff_by_pillow(BILEVEL, name), BILEVEL)  # type: ignore[misc]
        for name in (
            "raw",
            "packbits",
            "tiff_lzw",
            "tiff_deflate",
            "tiff_adobe_deflate",
            "zstd",
            "group3",
            "group4",
        )
    },
    "group3 in two dimensions": lambda: (tiff_by_pillow(BILEVEL, "group3", t292=1), BILEVEL),
    "group3 with filled ends": lambda: (tiff_by_pillow(BILEVEL, "group3", t292=4), BILEVEL),
    "fax without ends": lambda: (tiff_by_pillow(BILEVEL, "tiff_ccitt"), BILEVEL),
    "group4, bits mirrored": lambda: (
        write_tiff(
            basic_tags(bits=1, compression=4, photometric=0, t266=2), [mirrored_bits(group4(BILEVEL))]
        ),
        BILEVEL,
    ),
    "lzw with differences": lambda: (tiff_by_pillow(NOTE, "tiff_lzw", t317=2), NOTE),
    "strips": lambda: (
        write_tiff(
            basic_tags(compression=8) | {278: (4, [50])},
            [zlib.compress(NOTE[row : row + 50].tobytes()) for row in range(0, len(NOTE), 50)],
        ),
        NOTE,
    ),
    "planes": lambda: (
        write_tiff(basic_tags(photometric=2, samples=3, t284=2), [NOTE.tobytes()] * 3),
        NOTE,
    ),
    "tiles": lambda: (write_tiff(tile_tags(), tiles(NOTE), tiled=True), NOTE),
    "tiles in planes": lambda: (
        write_tiff(tile_tags(photometric=2, samples=3, t284=2), tiles(NOTE) * 3, tiled=True),
        NOTE,
    ),
    "big": lambda: (write_tiff(basic_tags(), [NOTE.tobytes()], big=True), NOTE),
    "big, other order": lambda: (write_tiff(basic_tags(), [NOTE.tobytes()], big=True, order=">"), NOTE),
    "white is zero": lambda: (write_tiff(basic_tags(photometric=0), [(255 - NOTE).tobytes()]), NOTE),
    "16 bits": lambda: (write_tiff(basic_tags(bits=16), [DEEP.tobytes()]), NOTE),
    "16 bits, other order": lambda: (
        write_tiff(basic_tags(bits=16), [DEEP.astype(">u2").tobytes()], order=">"),
        NOTE,
    ),
    "16 bits, white is zero": lambda: (
        write_tiff(basic_tags(bits=16, photometric=0), [(65535 - DEEP).astype(np.uint16).tobytes()]),
        NOTE,
    ),
    "16 bits, white is zero, other order": lambda: (
        write_tiff(basic_tags(bits=16, photometric=0), [(65535 - DEEP).astype(">u2").tobytes()], order=">"),
        NOTE,
    ),
    "32 bits": lambda: (
        write_tiff(basic_tags(bits=32), [(NOTE.astype(np.uint32) * 16843009).tobytes()]),
        NOTE,
    ),
    "colours of 16 bits": lambda: (
        write_tiff(basic_tags(bits=16, photometric=2, samples=3), [(RGB.astype(np.uint16) * 257).tobytes()]),
        NOTE,
    ),
    "cmyk": lambda: (encode(Image.fromarray(RGB).convert("CMYK"), "TIFF", compression="tiff_lzw"), NOTE),
    "png of one bit": lambda: (encode(Image.fromarray(BILEVEL).convert("1"), "PNG"), BILEVEL),
    "png of 16 bits": lambda: (encode(Image.fromarray(DEEP), "PNG"), NOTE),
    "dark png of 16 bits": lambda: (
        encode(Image.fromarray((NOTE // 2).astype(np.uint16) * 257), "PNG"),
        NOTE // 2,
    ),
    "png with a palette and transparent paper": lambda: (
        encode(Image.fromarray(NOTE).convert("P"), "PNG", transparency=255),
        NOTE,
    ),
    "png of ink on nothing": lambda: (encode(INK, "PNG"), NOTE),
    "gray png of ink on nothing": lambda: (encode(INK.convert("LA"), "PNG"), NOTE),
    "webp without loss": lambda: (encode(Image.fromarray(RGB), "WEBP", lossless=True), NOTE),
    "webp of ink on nothing": lambda: (encode(INK, "WEBP", lossless=True), NOTE),
}


@pytest.mark.parametrize("name", EXACT)
def test_pixels_are_those_that_were_stored(name: str, tmp_path: Path) -> None:
    path = tmp_path / "image"
    data, true = EXACT[name]()
    path.write_bytes(data)
    assert probe_file(path).pages == 1
    found = rasterize_page(path, 1)
    assert np.abs(found.image.astype(int) - true).max() <= 1
    assert is_structure_complete(path)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"mode": "CMYK"}], ids=str)
def test_jpeg_files_come_as_a_viewer_shows_them(options: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    mode = str(options.get("mode", "RGB"))
    kept = {key: value for key, value in options.items() if key != "mode"}
    path.write_bytes(encode(Image.fromarray(RGB).convert(mode), "JPEG", quality=95, **kept))
    assert np.abs(rasterize_page(path, 1).image.astype(int) - NOTE).mean() < 1


@pytest.mark.parametrize("compression", [1, 8])
@pytest.mark.parametrize(
    ("orientation", "store"),
    [
        (2, np.fliplr),
        (3, lambda image: np.rot90(image, 2)),
        (4, np.flipud),
        (5, np.transpose),
        (6, np.rot90),
        (7, lambda image: np.rot90(image.T, 2)),
        (8, lambda image: np.rot90(image, -1)),
    ],
)
def test_a_tiff_page_is_turned_as_its_tag_says(
    orientation: int, store: Callable[[Pixels], Pixels], compression: int, tmp_path: Path
) -> None:
    lying = np.ascontiguousarray(store(NOTE))
    data = lying.tobytes() if compression == 1 else zlib.compress(lying.tobytes())
    tags = basic_tags(shape=lying.shape, compression=compression, t274=orientation)
    (tmp_path / "page.tif").write_bytes(write_tiff(tags, [data]))
    assert np.array_equal(rasterize_page(tmp_path / "page.tif", 1).image, NOTE)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_turned_as_exif_says(form: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.fromarray(np.ascontiguousarray(np.rot90(RGB)))
    (tmp_path / "photo").write_bytes(encode(lying, form, exif=exif.tobytes(), quality=95))
    found = rasterize_page(tmp_path / "photo", 1).image
    assert found.shape == NOTE.shape
    assert np.abs(found.astype(int) - NOTE).mean() < 2


def test_heic_photographs_are_pages(tmp_path: Path) -> None:
    assert probe_file(PHOTOGRAPHS).kind is FileKind.HEIC
    assert probe_file(PHOTOGRAPHS).pages == 2
    first, second = (rasterize_page(PHOTOGRAPHS, page).image for page in (1, 2))
    assert first.shape == (220, 520)
    assert second.shape == (160, 400)
    assert (first[:, :20] > 200).all()  # the margins of the upright page
    assert np.argmax((first < 80).any(axis=1)) == pytest.approx(37, abs=4)
    assert is_structure_complete(PHOTOGRAPHS)
    whole = PHOTOGRAPHS.read_bytes()
    for share in (0.05, 0.5, 0.99):
        (tmp_path / "part").write_bytes(whole[: int(len(whole) * share)])
        assert not is_structure_complete(tmp_path / "part")
    (tmp_path / "trailer").write_bytes(whole + b"SEFT\x00\x01trailer of a telephone")
    assert is_structure_complete(tmp_path / "trailer")


def test_each_image_of_a_series_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "series"
    turned = Image.fromarray(RGB).rotate(180)
    for form in ("PNG", "WEBP", "TIFF"):
        options = {"lossless": True} if form == "WEBP" else {}
        path.write_bytes(encode(Image.fromarray(RGB), form, save_all=True, append_images=[turned], **options))
        assert probe_file(path).pages == 2
        assert np.array_equal(rasterize_page(path, 2).image, np.rot90(NOTE, 2))
        with pytest.raises(PageRefused):
            rasterize_page(path, 3)


def test_pages_of_a_tiff_may_differ(tmp_path: Path) -> None:
    sizes = [(403, 211), (800, 90), (60, 900)]
    pages = [Image.fromarray(NOTE).resize(size).convert(m) for size, m in zip(sizes, "L1L", strict=True)]
    pages[2] = pages[2].convert("CMYK")
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    assert probe_file(tmp_path / "a.tif").pages == 3
    found = [rasterize_page(tmp_path / "a.tif", page).image.shape[::-1] for page in (1, 2, 3)]
    assert found == sizes


def twelve_bits(data: bytes) -> bytes:
    """Let a JPEG file say that it has 12 bits a colour."""
    at = data.index(b"\xff\xc0")
    return data[: at + 1] + b"\xc1" + data[at + 2 : at + 4] + b"\x0c" + data[at + 5 :]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (twelve_bits(encode(NOTE, "JPEG")), Reason.UNSUPPORTED_IMAGE),
        (write_tiff(basic_tags(compression=34712), [encode(NOTE, "JPEG2000")]), Reason.UNSUPPORTED_IMAGE),
        (encode(Image.fromarray(RGB), "AVIF"), Reason.NOT_A_DOCUMENT),
        (encode(NOTE, "GIF"), Reason.NOT_A_DOCUMENT),
        (encode(NOTE, "JPEG")[:-900], Reason.BROKEN_FILE),
        (encode(Image.fromarray(RGB), "WEBP")[:-300], Reason.BROKEN_FILE),
        (PHOTOGRAPHS.read_bytes()[:3000], Reason.BROKEN_FILE),
    ],
    ids=["12 bits", "jpeg 2000 in tiff", "avif", "gif", "cut jpeg", "cut webp", "cut heic"],
)
def test_what_cannot_be_decoded_is_refused_for_its_reason(
    data: bytes, reason: Reason, tmp_path: Path
) -> None:
    (tmp_path / "image").write_bytes(data)
    with pytest.raises(FileRefused) as caught:
        probe_file(tmp_path / "image")
    assert caught.value.reason is reason


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)])
def test_the_smallest_images_are_pages(size: tuple[int, int], tmp_path: Path) -> None:
    (tmp_path / "dot").write_bytes(encode(Image.new("L", size, 0), "PNG"))
    assert rasterize_page(tmp_path / "dot", 1).image.shape == size[::-1]


@pytest.mark.parametrize(
    ("stated", "true"), [((0, 0), None), ((1, 1), None), ((60000, 60000), None), ((203, 196), 203)]
)
def test_odd_resolutions_are_believed_only_where_they_make_a_sheet(
    stated: tuple[int, int], true: float | None, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(encode(Image.new("L", (1700, 2200), 255), "JPEG", dpi=stated))
    assert rasterize_page(tmp_path / "a", 1).dpi == pytest.approx(true or 200)


def test_kinds_are_told_by_their_first_bytes() -> None:
    assert sniff_kind(PHOTOGRAPHS.read_bytes()[:64]) is FileKind.HEIC
    assert sniff_kind(b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf") is FileKind.HEIC
    assert sniff_kind(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf") is None
    assert sniff_kind(b"\0\0\0\x1cftypisom\0\0\0\0isomavc1mp41") is None
    assert sniff_kind(b"RIFF\x10\0\0\0WEBPVP8 ") is FileKind.WEBP
    assert sniff_kind(b"RIFF\x10\0\0\0WAVEfmt ") is None


def test_a_cut_webp_file_is_not_complete(tmp_path: Path) -> None:
    buffer = io.BytesIO(encode(Image.fromarray(RGB), "WEBP"))
    (tmp_path / "a").write_bytes(buffer.getvalue()[:-1])
    assert not is_structure_complete(tmp_path / "a")
