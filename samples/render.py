"""Prints sheets: to a PDF file with real text, and to the gray image a scanner would take of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from samples.sheet import CodeOp, LineOp, Op, PathOp, RectOp, TextOp

Gray: TypeAlias = NDArray[np.uint8]
"""A page's pixels, rows by columns, 255 is white."""

_POINTS_PER_INCH = 72.0
_ROUND_DOWN = 1 - 1e-6
"""Keeps 3300.0000001 from being rendered as 3301 rows."""


class PrintedPage(Protocol):
    """What can be printed: a ``samples.sheet.Sheet``, or a page laid out already."""

    @property
    def width(self) -> float:
        """Points."""

    @property
    def height(self) -> float:
        """Points."""

    @property
    def ops(self) -> Sequence[Op]:
        """What is on it."""


def print_pdf(sheets: Sequence[PrintedPage], *, compress: bool = True) -> bytes:
    """Return a PDF file with real text, a page a sheet; the same sheets give the same bytes."""
    target = io.BytesIO()
    canvas = Canvas(target, pageCompression=int(compress), invariant=1)
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        # What is filled lies under what is printed.
        for op in sorted(sheet.ops, key=lambda op: not (isinstance(op, RectOp) and op.fill is not None)):
            match op:
                case TextOp():
                    _draw_text(canvas, sheet, op)
                case LineOp():
                    _draw_line(canvas, sheet, op)
                case RectOp():
                    _draw_rect(canvas, sheet, op)
                case CodeOp():
                    _draw_code(canvas, sheet, op)
                case PathOp():
                    _draw_path(canvas, sheet, op)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def render_sheet(sheet: PrintedPage, *, dpi: float) -> Gray:
    """Return the sheet as it comes out of a perfect printer and scanner.

    Args:
        sheet: what is printed.
        dpi: pixels per inch.
    """
    document = pypdfium2.PdfDocument(print_pdf([sheet], compress=False))
    try:
        page = document[0]
        bitmap = page.render(scale=dpi / _POINTS_PER_INCH * _ROUND_DOWN, grayscale=True)
        pixels = np.array(bitmap.to_numpy(), dtype=np.uint8, copy=True)
        bitmap.close()
        page.close()
    finally:
        document.close()
    return pixels.reshape(pixels.shape[:2])


def _draw_text(canvas: Canvas, sheet: PrintedPage, op: TextOp) -> None:
    canvas.setFillGray(op.gray)
    canvas.setFont(op.face, op.size)
    canvas.drawString(op.x, sheet.height - op.baseline, op.text)


def _draw_line(canvas: Canvas, sheet: PrintedPage, op: LineOp) -> None:
    canvas.setStrokeGray(op.gray)
    canvas.setLineWidth(op.width)
    canvas.setDash([op.dash, op.dash] if op.dash else [])
    canvas.line(op.x0, sheet.height - op.y0, op.x1, sheet.height - op.y1)
    canvas.setDash([])


def _draw_rect(canvas: Canvas, sheet: PrintedPage, op: RectOp) -> None:
    if op.fill is not None:
        canvas.setFillGray(op.fill)
    canvas.setStrokeGray(0.0)
    canvas.setLineWidth(op.width)
    canvas.rect(
        op.x0,
        sheet.height - op.y1,
        op.x1 - op.x0,
        op.y1 - op.y0,
        stroke=int(op.fill is None),
        fill=int(op.fill is not None),
    )


def _draw_code(canvas: Canvas, sheet: PrintedPage, op: CodeOp) -> None:
    """Draw a barcode's modules as boxes, so that it stays sharp at any resolution."""
    code = zxingcpp.create_barcode(op.text, getattr(zxingcpp.BarcodeFormat, op.format))
    # Without a quiet zone: the sheet leaves room around the place.
    modules = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)) < 128
    if op.format != "QRCode":
        modules = modules[:1]
    rows, columns = modules.shape
    step_x, step_y = (op.x1 - op.x0) / columns, (op.y1 - op.y0) / rows
    canvas.setFillGray(0.0)
    for row in range(rows):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], modules[row].astype(np.int8), [0]))))
        for start, end in edges.reshape(-1, 2).tolist():
            bottom = sheet.height - op.y0 - (row + 1) * step_y
            canvas.rect(op.x0 + start * step_x, bottom, (end - start) * step_x, step_y, stroke=0, fill=1)


def _draw_path(canvas: Canvas, sheet: PrintedPage, op: PathOp) -> None:
    """Draw a stroke: a Catmull-Rom spline through the points, as Bézier curves."""
    points = [(x, sheet.height - y) for x, y in op.points]
    if len(points) < 2:
        return
    canvas.setStrokeGray(op.gray)
    canvas.setLineWidth(op.width)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    path.moveTo(*points[0])
    padded = [points[0], *points, points[-1]]
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        path.curveTo(bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.setLineCap(0)
    canvas.setLineJoin(0)
