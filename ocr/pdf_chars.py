"""The characters of a PDF page that a viewer shows, by pdfminer. Only ever called in a child process.

pdfminer lays out all text alike. Left out here is what is drawn invisibly, wholly transparent, or before
a picture that covers it: mostly what other software once read from a scan, right or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFTextState
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

_INVISIBLE_MODES = {3, 7}
"""Text rendering modes without fill and stroke (ISO 32000-1, table 106)."""
_TRANSPARENT = 0.01
_OPAQUE = 0.99
_PLAIN_BLENDS = {"Normal", "Compatible"}
_ORNAMENT_FONTS = ("dingbats", "wingdings", "webdings")
_COVERING_POINTS = 4.0
"""Shortest side of a picture that can cover letters."""
_MAX_COVERINGS = 500
"""Pictures of a page that are asked what they cover; a page cut into more strips has its text read anew."""

_SAME_PLACE = 0.3
"""Share of the smaller box from which two characters stand at one place; tight kerning takes 0.1 to 0.2."""
_SAME_SIZE = 1.5
"""Ratio of their sizes up to which they do."""
_CELL_POINTS = 12.0
"""Side of the cells in which others are looked for; larger type is only found near its corner."""


@dataclass(frozen=True, slots=True)
class _Paint:
    """What a content stream has set about how paint falls on what lies under it."""

    opacity: float = 1.0
    is_plain: bool = True
    """It hides what lies under it, where it is opaque."""


def list_shown_characters(sheet: Any) -> list[dict[str, Any]]:
    """Return pdfplumber's characters of a page, without those that cannot be seen.

    Those of which others at the same place make doubtful what is seen are marked as ``disputed``.

    Args:
        sheet: a page of pdfplumber, not yet asked for its objects.

    Raises:
        Exception: whatever pdfminer stumbles over.
    """
    device = _ShownTextDevice(sheet.pdf.rsrcmgr, pageno=sheet.page_number, laparams=None)
    _PaintInterpreter(sheet.pdf.rsrcmgr, device).process_page(sheet.page_obj)
    sheet._layout = device.get_result()  # what pdfplumber would lay out itself
    return _judge_doubled([character for character in sheet.chars if not _is_ornament(character)])


def _is_ornament(character: dict[str, Any]) -> bool:
    """Say whether a letter or digit is the code of a sign: a ticked box is the digit 4 in ZapfDingbats."""
    name = str(character["fontname"]).casefold()
    return str(character["text"]).isascii() and any(font in name for font in _ORNAMENT_FONTS)


def _judge_doubled(characters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what stands a second time at its place, and mark as ``disputed`` where different ones stand.

    Shadows and false bold are drawn several times. A value may have been painted over and written anew:
    then the image tells which of them is to be seen.
    """
    placed: dict[tuple[int, int], list[int]] = {}
    again: set[int] = set()
    disputed: set[int] = set()
    for n, character in enumerate(characters):
        if not str(character["text"]).isalnum():
            continue
        cell = (int(character["x0"] // _CELL_POINTS), int(character["top"] // _CELL_POINTS))
        near = [(cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        others = [m for at in near for m in placed.get(at, ()) if _share_place(characters[m], character)]
        if any(characters[m]["text"] == character["text"] for m in others):
            again.add(n)
        elif others:
            disputed.update(others, [n])
        placed.setdefault(cell, []).append(n)
    return [
        {**character, "disputed": n in disputed} for n, character in enumerate(characters) if n not in again
    ]


def _share_place(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Say whether two characters are of one size and cover each other more than kerning makes them."""
    across = min(a["x1"], b["x1"]) - max(a["x0"], b["x0"])
    down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
    if across <= 0 or down <= 0 or max(a["size"], b["size"]) > _SAME_SIZE * min(a["size"], b["size"]):
        return False
    smaller = min(c["width"] * c["height"] for c in (a, b))
    return bool(across * down > _SAME_PLACE * smaller)


class _ShownTextDevice(PDFPageAggregatorWithMarkedContent):
    """Lays out a page, and takes back what is not shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paint = _Paint()
        self._laid: list[tuple[LTContainer[Any], LTChar]] = []
        self._coverings = 0

    def render_string(
        self, textstate: PDFTextState, seq: Any, ncs: Any, graphicstate: PDFGraphicState
    ) -> None:
        """Lay out a string, as ever, so that the next stands at its place; keep it if it is shown."""
        laid: list[Any] = self.cur_item._objs
        before = len(laid)
        super().render_string(textstate, seq, ncs, graphicstate)
        if textstate.render in _INVISIBLE_MODES or self.paint.opacity <= _TRANSPARENT:
            del laid[before:]
        else:
            self._laid += [(self.cur_item, item) for item in laid[before:]]

    def render_image(self, name: str, stream: Any) -> None:
        """Lay out a picture, and take back the characters under it."""
        super().render_image(name, stream)
        if self.paint.is_plain and self.paint.opacity >= _OPAQUE and not _is_see_through(stream):
            self._cover(self.cur_item.x0, self.cur_item.y0, self.cur_item.x1, self.cur_item.y1)

    def _cover(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._coverings += 1
        if min(x1 - x0, y1 - y0) < _COVERING_POINTS or self._coverings > _MAX_COVERINGS:
            return
        left = []
        covered: dict[int, set[int]] = {}
        for container, item in self._laid:
            if x0 <= (item.x0 + item.x1) / 2 <= x1 and y0 <= (item.y0 + item.y1) / 2 <= y1:
                covered.setdefault(id(container), set()).add(id(item))
            else:
                left.append((container, item))
        for container in {id(container): container for container, _ in self._laid}.values():
            gone = covered.get(id(container))
            if gone:
                container._objs = [item for item in container._objs if id(item) not in gone]
        self._laid = left


class _PaintInterpreter(PDFPageInterpreter):
    """Follows opacity and blending too, which pdfminer passes over."""

    device: _ShownTextDevice

    def init_state(self, ctm: Any) -> None:
        """Begin a content stream."""
        super().init_state(ctm)
        self._paints: list[_Paint] = []

    def do_q(self) -> None:
        """Save the graphics state."""
        super().do_q()
        self._paints.append(self.device.paint)

    def do_Q(self) -> None:  # noqa: N802 - named for the operator
        """Restore the graphics state."""
        super().do_Q()
        if self._paints:
            self.device.paint = self._paints.pop()

    def do_gs(self, name: Any) -> None:
        """Set parameters of the graphics state."""
        states = dict_value(self.resources.get("ExtGState", {}))
        state = dict_value(states.get(literal_name(name), {}))
        paint = self.device.paint
        opacity, blend = resolve1(state.get("ca")), resolve1(state.get("BM"))
        if isinstance(opacity, (int, float)):
            paint = replace(paint, opacity=float(opacity))
        if blend is not None:
            first = blend[0] if isinstance(blend, list) and blend else blend
            paint = replace(paint, is_plain=literal_name(first) in _PLAIN_BLENDS)
        self.device.paint = paint

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802 - named for the operator
        """Draw a form or a picture; what a form sets ends with it."""
        paint = self.device.paint
        super().do_Do(xobjid_arg)
        self.device.paint = paint


def _is_see_through(stream: Any) -> bool:
    """Say whether a picture lets through what lies under it: a stencil, or one with a mask."""
    attributes = ("ImageMask", "IM", "SMask", "Mask", "SMaskInData")
    return any(resolve1(stream.get(name)) not in (None, False, 0) for name in attributes)
