"""Takes out text that nobody sees: what other software once read from the scan, under or over it.

A page that was read anew gets its words anew; the old ones would be found and copied twice. What is seen
stays.
"""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Operator

from ocr.pdf_frame import Matrix, Rect

_SHOWING = {"Tj", "TJ", "'", '"'}
_UNSEEN_MODE = 3
"""Neither filled nor stroked (ISO 32000-1, table 106)."""
_CLIPPING_MODES = {4, 5, 6, 7}
"""What follows is seen through the letters: they stay."""
_FULL_PAGE = 0.8
"""Share of the page that a picture covers where it is the scan (as ``raster_pdf`` has it)."""
_MAX_DEPTH = 6
"""Of forms within forms."""
_MAX_BYTES = 1024 * 1024
"""Contents that are longer are a drawing, not a scan with its text."""


def drop_hidden_text(pdf: pikepdf.Pdf, page: pikepdf.Page, shown: Rect) -> bool:
    """Take the hidden text out of a page's contents; return whether there was any.

    Args:
        pdf: the document that holds the page, and is written later.
        page: one of its pages; streams that it shares with others are copied first.
        shown: what a viewer shows of it.
    """
    if _length_of(page.obj.get("/Contents")) > _MAX_BYTES:
        return False
    resources = page.resources
    instructions = list(pikepdf.parse_content_stream(page))
    covered = _find_cover(instructions, resources, shown)
    kept, private = _filter(pdf, instructions, resources, 0, covered=covered, depth=0)
    if kept is None:
        return False
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    if private:
        page.obj.Resources = _with_forms(resources, private)
    return True


def _length_of(contents: Any) -> int:
    if isinstance(contents, pikepdf.Array):
        return sum(_length_of(part) for part in contents)
    return int(contents.get("/Length", 0)) if isinstance(contents, pikepdf.Stream) else 0


def _find_cover(instructions: list[Any], resources: Any, shown: Rect) -> int:
    """Return the position of the last opaque picture that fills the page; 0 where there is none."""
    matrix, saved, last = Matrix(), [], 0
    area = (shown[2] - shown[0]) * (shown[3] - shown[1])
    for number, (operands, operator) in enumerate(instructions):
        match str(operator):
            case "q":
                saved.append(matrix)
            case "Q" if saved:
                matrix = saved.pop()
            case "cm":
                matrix = Matrix(*(float(value) for value in operands)).then(matrix)
            case "Do":
                image = _resource(resources, "/XObject", operands)
                share = abs(matrix.a * matrix.d - matrix.b * matrix.c) / area
                if share >= _FULL_PAGE and _is_opaque_picture(image):
                    last = number
    return last


def _is_opaque_picture(item: Any) -> bool:
    if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") != "/Image":
        return False
    return not any(key in item for key in ("/SMask", "/Mask", "/SMaskInData")) and not item.get("/ImageMask")


def _filter(
    pdf: pikepdf.Pdf, instructions: list[Any], resources: Any, mode: int, *, covered: int, depth: int
) -> tuple[list[Any] | None, dict[str, Any]]:
    """Return the instructions without hidden text (None: there is none), and forms that were changed."""
    kept: list[Any] = []
    saved: list[int] = []
    forms: dict[str, Any] = {}
    changed = False
    for number, (operands, operator) in enumerate(instructions):
        name = str(operator)
        if name == "q":
            saved.append(mode)
        elif name == "Q" and saved:
            mode = saved.pop()
        elif name == "Tr":
            mode = int(operands[0])
        elif name in _SHOWING and mode not in _CLIPPING_MODES and (mode == _UNSEEN_MODE or number < covered):
            changed = True
            kept += _without_text(name, operands)
            continue
        elif name == "Do" and depth < _MAX_DEPTH:
            form = _resource(resources, "/XObject", operands)
            emptied = _filter_form(pdf, form, resources, mode, depth)
            if emptied is not None:
                changed = True
                forms[str(operands[0])] = emptied
        kept.append((operands, operator))
    return (kept if changed else None), forms


def _without_text(name: str, operands: Any) -> list[Any]:
    """Return what the operator does beside showing text: go to the next line, set spacing."""
    if name == "'":
        return [([], Operator("T*"))]
    if name == '"':
        return [
            ([operands[0]], Operator("Tw")),
            ([operands[1]], Operator("Tc")),
            ([], Operator("T*")),
        ]
    return []


def _filter_form(pdf: pikepdf.Pdf, form: Any, outer: Any, mode: int, depth: int) -> Any | None:
    """Return a copy of a form without its hidden text; None where it has none."""
    if (
        not isinstance(form, pikepdf.Stream)
        or form.get("/Subtype") != "/Form"
        or _length_of(form) > _MAX_BYTES
    ):
        return None
    resources = form.get("/Resources", outer)
    instructions = list(pikepdf.parse_content_stream(form))
    kept, private = _filter(pdf, instructions, resources, mode, covered=0, depth=depth + 1)
    if kept is None:
        return None
    copy = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    for key, value in form.items():
        if key not in ("/Length", "/Filter", "/DecodeParms"):
            copy[key] = value
    copy.Resources = _with_forms(resources, private)
    return copy


def _with_forms(resources: Any, forms: dict[str, Any]) -> Dictionary:
    """Return a copy of resources with some forms in the place of others."""
    copy = Dictionary(resources)
    objects = Dictionary(resources.get("/XObject", Dictionary()))
    for name, form in forms.items():
        objects[name] = form
    copy.XObject = objects
    return copy


def _resource(resources: Any, kind: str, operands: Any) -> Any:
    if not operands or not isinstance(operands[0], Name) or not isinstance(resources, Dictionary):
        return None
    found = resources.get(kind)
    return found.get(str(operands[0])) if isinstance(found, Dictionary) else None
