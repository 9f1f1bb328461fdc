"""Packs scanned pages into the files that scanners write: PDF, TIFF, JPEG, PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from enum import StrEnum

import pikepdf
from PIL import Image

from samples.render import Gray


class FileFormat(StrEnum):
    """How a chart is written."""

    PDF_TEXT = "pdf_text"
    """Born digital: real text, no scan."""
    PDF_JPEG = "pdf_jpeg"
    PDF_G4 = "pdf_g4"
    TIFF_G4 = "tiff_g4"
    TIFF_LZW = "tiff_lzw"
    TIFF_JPEG = "tiff_jpeg"
    JPEG = "jpeg"
    """One page only."""
    PNG = "png"
    """One page only."""

    @property
    def is_bilevel(self) -> bool:
        """Whether it knows black and white only."""
        return self in {FileFormat.PDF_G4, FileFormat.TIFF_G4}

    @property
    def suffix(self) -> str:
        """End of the file name."""
        return {"pdf": ".pdf", "tiff": ".tif", "jpeg": ".jpg", "png": ".png"}[self.value.split("_")[0]]


def pack_scan(pages: Sequence[Gray], *, format: FileFormat, dpi: int, quality: int = 75) -> bytes:
    """Return the file with the pages.

    Args:
        pages: at least one; exactly one for JPEG and PNG.
        format: not ``PDF_TEXT``.
        dpi: pixels per inch, which the file says.
        quality: of JPEG, 1..95.

    Raises:
        ValueError: the format does not hold these pages.
    """
    if not pages or format is FileFormat.PDF_TEXT:
        raise ValueError(f"{format} does not hold {len(pages)} scanned pages")
    if format in {FileFormat.PDF_JPEG, FileFormat.PDF_G4}:
        return _pack_pdf(pages, bilevel=format.is_bilevel, dpi=dpi, quality=quality)
    images = [_as_image(page, bilevel=format.is_bilevel) for page in pages]
    target = io.BytesIO()
    match format:
        case FileFormat.JPEG | FileFormat.PNG:
            if len(pages) != 1:
                raise ValueError(f"{format} holds one page, not {len(pages)}")
            options = {"quality": quality} if format is FileFormat.JPEG else {"compress_level": 3}
            images[0].save(target, format.value.upper(), dpi=(dpi, dpi), **options)
        case FileFormat.TIFF_G4:
            _save_tiff(images, target, dpi, compression="group4")
        case FileFormat.TIFF_LZW:
            _save_tiff(images, target, dpi, compression="tiff_lzw")
        case FileFormat.TIFF_JPEG:
            _save_tiff(images, target, dpi, compression="jpeg", quality=quality)
    return target.getvalue()


def _as_image(page: Gray, *, bilevel: bool) -> Image.Image:
    return Image.fromarray(page >= 128) if bilevel else Image.fromarray(page)


def _save_tiff(images: Sequence[Image.Image], target: io.BytesIO, dpi: int, **options: object) -> None:
    images[0].save(target, "TIFF", save_all=True, append_images=list(images[1:]), dpi=(dpi, dpi), **options)


def _pack_pdf(pages: Sequence[Gray], *, bilevel: bool, dpi: int, quality: int) -> bytes:
    """Return a PDF with one image a page, packed as it is stored (no second compression)."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        for page in pages:
            height, width = page.shape
            image = _fax_stream(pdf, page) if bilevel else _jpeg_stream(pdf, page, quality)
            size = (width * 72 / dpi, height * 72 / dpi)
            sheet = pdf.add_blank_page(page_size=size)
            sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
            sheet.Contents = pdf.make_stream(f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Scan Do Q".encode())
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _jpeg_stream(pdf: pikepdf.Pdf, page: Gray, quality: int) -> pikepdf.Object:
    data = io.BytesIO()
    Image.fromarray(page).save(data, "JPEG", quality=quality)
    return _image_stream(pdf, page, data.getvalue(), bits=8, Filter=pikepdf.Name.DCTDecode)


def _fax_stream(pdf: pikepdf.Pdf, page: Gray) -> pikepdf.Object:
    """Take the one strip out of a Group 4 TIFF in which ink is 1, as a fax codes it."""
    height, width = page.shape
    data = io.BytesIO()
    # Photometric 0: white is zero (Pillow inverts for it). Rows per strip: all of them.
    _as_image(page, bilevel=True).save(data, "TIFF", compression="group4", tiffinfo={262: 0, 278: height})
    with Image.open(data) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = tags[273], tags[279]
    parms = pikepdf.Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=False)
    strip = data.getvalue()[start : start + length]
    return _image_stream(pdf, page, strip, bits=1, Filter=pikepdf.Name.CCITTFaxDecode, DecodeParms=parms)


def _image_stream(
    pdf: pikepdf.Pdf, page: Gray, data: bytes, *, bits: int, **filters: object
) -> pikepdf.Object:
    return pdf.make_stream(
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=page.shape[1],
        Height=page.shape[0],
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=bits,
        **filters,
    )
