"""Draws laid-out pages as PDF and as images, before any damage."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import zxingcpp
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.documents import LaidPage
from samples.sheet import CodeOp, LineOp, PathOp, RectOp, TextOp

GrayImage = npt.NDArray[np.uint8]
"""(height, width), 0 black to 255 white."""


def draw_pdf(pages: Sequence[LaidPage]) -> bytes:
    """Return a PDF with the pages, text as text; the same bytes for the same pages."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        _draw_page(canvas, page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw_image(page: LaidPage, dpi: int) -> GrayImage:
    """Return one page as a gray image."""
    document = pdfium.PdfDocument(draw_pdf([page]))
    try:
        bitmap = document[0].render(scale=dpi / 72, grayscale=True)
        return np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width))
    finally:
        document.close()


def _draw_page(canvas: Canvas, page: LaidPage) -> None:
    top = page.height
    # What is filled lies under what is printed.
    for op in page.ops:
        if isinstance(op, RectOp) and op.fill is not None:
            canvas.setFillGray(op.fill)
            canvas.rect(op.x0, top - op.y1, op.x1 - op.x0, op.y1 - op.y0, stroke=0, fill=1)
    for op in page.ops:
        match op:
            case TextOp():
                canvas.setFillGray(op.gray)
                canvas.setFont(op.face, op.size)
                canvas.drawString(op.x, top - op.baseline, op.text)
            case LineOp():
                canvas.setStrokeGray(op.gray)
                canvas.setLineWidth(op.width)
                canvas.setDash([op.dash, op.dash] if op.dash else [])
                canvas.line(op.x0, top - op.y0, op.x1, top - op.y1)
            case RectOp(fill=None):
                canvas.setStrokeGray(0)
                canvas.setDash([])
                canvas.setLineWidth(op.width)
                canvas.rect(op.x0, top - op.y1, op.x1 - op.x0, op.y1 - op.y0)
            case PathOp():
                _draw_stroke(canvas, op, top)
            case CodeOp():
                _draw_code(canvas, op, top)


def _draw_stroke(canvas: Canvas, op: PathOp, top: float) -> None:
    canvas.setStrokeGray(op.gray)
    canvas.setLineWidth(op.width)
    canvas.setDash([])
    canvas.setLineCap(1)
    path = canvas.beginPath()
    points = [(x, top - y) for x, y in op.points]
    path.moveTo(*points[0])
    for (x0, y0), (x1, y1) in zip(points[1:-1:2], points[2::2], strict=False):
        path.curveTo(x0, y0, x0, y0, x1, y1)
    canvas.drawPath(path)


def _draw_code(canvas: Canvas, op: CodeOp, top: float) -> None:
    image = zxingcpp.write_barcode(getattr(zxingcpp.BarcodeFormat, op.format), op.text, width=400, height=400)
    reader = ImageReader(_as_picture(np.asarray(image)))
    canvas.drawImage(reader, op.x0, top - op.y1, op.x1 - op.x0, op.y1 - op.y0)


def _as_picture(pixels: GrayImage) -> io.BytesIO:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    buffer.seek(0)
    return buffer
