"""Looks through everything that a PDF page draws with, and collects what PDF/A-2 has rules for.

Only what is used counts: a font that paints nothing visible need not be embedded (ISO 19005-2, 6.2.11.4.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pikepdf

_MAX_DEPTH = 12
_MAX_BYTES = 1024 * 1024
"""Longer contents are not looked through."""
_MAX_SAVED = 28
"""Depth of ``q`` (6.1.13)."""
_UNSEEN_MODE = 3
_SHOWING = {"Tj", "TJ", "'", '"'}
_OPERATORS = {
    "b", "B", "b*", "B*", "BDC", "BI", "BMC", "BT", "c", "cm", "CS", "cs", "d", "d0", "d1", "Do", "DP", "EI",
    "EMC", "ET", "f", "F", "f*", "G", "g", "gs", "h", "i", "ID", "j", "J", "K", "k", "l", "M", "m", "MP", "n",
    "q", "Q", "re", "RG", "rg", "ri", "s", "S", "SC", "sc", "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf",
    "Tj", "TJ", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*", "y", "'", '"', "INLINE IMAGE",
}  # fmt: skip
"""All that there are (ISO 32000-1, annex A), those of compatibility sections left out (6.2.2)."""
_INTENTS = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}


class Obstacle(StrEnum):
    """Why a document cannot be written as PDF/A without changing how its pages look."""

    FONT_NOT_EMBEDDED = "font_not_embedded"
    FONT_UNSUITABLE = "font_unsuitable"
    """Its program, encoding or widths are not as the standard wants them."""
    FONT_NOT_JUDGED = "font_not_judged"
    """Its program is of a kind whose widths are not compared here (Type 1, CFF)."""
    COLOR_UNSUITABLE = "color_unsuitable"
    """A colour space or profile that the standard leaves out, or that is broken."""
    CONTENT_UNSUITABLE = "content_unsuitable"
    """Operators, halftones, PostScript or references that the standard leaves out."""
    TOO_COMPLEX = "too_complex"
    """Too much to look through."""


_TEXTS = {
    Obstacle.FONT_NOT_EMBEDDED: "a page uses a font that the received file does not carry",
    Obstacle.FONT_UNSUITABLE: "a page uses a font in a way that PDF/A leaves out",
    Obstacle.FONT_NOT_JUDGED: "a page uses a Type 1 font, whose program is not checked here",
    Obstacle.COLOR_UNSUITABLE: "a page uses a colour space that PDF/A leaves out",
    Obstacle.CONTENT_UNSUITABLE: "a page is drawn in a way that PDF/A leaves out",
    Obstacle.TOO_COMPLEX: "a page is too complex to be judged",
}


def obstacle_text(obstacle: Obstacle) -> str:
    """Return why there is no PDF/A, in words."""
    return _TEXTS[obstacle]


@dataclass(slots=True)
class FontUse:
    """A font and what is shown in it."""

    font: Any
    texts: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class PageParts:
    """What a page draws with."""

    fonts: list[FontUse] = field(default_factory=list)
    """Fonts in visible use, Type 3 left out."""
    images: list[Any] = field(default_factory=list)
    resources: list[Any] = field(default_factory=list)
    """Resource dictionaries of the page and all that it uses."""
    forms: list[Any] = field(default_factory=list)
    spaces: list[Any] = field(default_factory=list)
    """Colour spaces, as names or arrays."""
    states: list[Any] = field(default_factory=list)
    """Graphics state dictionaries."""
    obstacles: set[Obstacle] = field(default_factory=set)


def collect_parts(page: pikepdf.Page) -> PageParts:
    """Return what a page draws with, and what of its contents is against the rules."""
    walker = _Walker()
    walker.look_at(page.obj.get("/Contents"), page, page.resources, 0)
    group = page.obj.get("/Group")
    if isinstance(group, pikepdf.Dictionary) and "/CS" in group:
        walker.parts.spaces.append(group.CS)
    return walker.parts


@dataclass(slots=True)
class _Pen:
    font: Any = None
    mode: int = 0


class _Walker:
    """Goes from contents to what they use, and on from there."""

    def __init__(self) -> None:
        self.parts = PageParts()
        self._seen: set[tuple[int, int]] = set()
        self._uses: dict[tuple[int, int], FontUse] = {}

    def look_at(self, stream: Any, contents: Any, resources: Any, depth: int) -> None:
        """Look through contents.

        Args:
            stream: the object that holds them, to see how long they are and whether they were looked at.
            contents: to be parsed: a page or a form.
            resources: what names in them mean.
            depth: of forms within forms.
        """
        if depth > _MAX_DEPTH or _length_of(stream) > _MAX_BYTES:
            self.parts.obstacles.add(Obstacle.TOO_COMPLEX)
            return
        if isinstance(resources, pikepdf.Dictionary) and self._is_new(resources):
            self.parts.resources.append(resources)
            for space in _values(resources, "/ColorSpace"):
                self.parts.spaces.append(space)
        try:
            instructions = pikepdf.parse_content_stream(contents)
        except pikepdf.PdfError:
            self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
            return
        self._follow(instructions, resources, depth)

    def _follow(self, instructions: Any, resources: Any, depth: int) -> None:
        pen, saved = _Pen(), []
        for operands, operator in instructions:
            name = str(operator)
            if name not in _OPERATORS:
                self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
            elif name == "q":
                saved.append(_Pen(pen.font, pen.mode))
                if len(saved) > _MAX_SAVED:
                    self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
            elif name == "Q" and saved:
                pen = saved.pop()
            elif name == "Tf":
                pen.font = self._named(resources, "/Font", operands)
            elif name == "Tr":
                pen.mode = int(operands[0])
            elif name in _SHOWING:
                if pen.mode != _UNSEEN_MODE:
                    self._use_font(pen.font, operands, depth)
            elif name in ("k", "K"):
                self.parts.spaces.append(pikepdf.Name.DeviceCMYK)
            elif name in ("cs", "CS"):
                self.parts.spaces.append(operands[0])
            elif name == "ri" and str(operands[0]) not in _INTENTS:
                self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
            elif name == "INLINE IMAGE":
                self._use_inline(operands[0])
            else:
                self._use_named(name, operands, resources, pen, depth)

    def _use_named(self, name: str, operands: Any, resources: Any, pen: _Pen, depth: int) -> None:
        if name == "Do":
            self._use_object(self._named(resources, "/XObject", operands), resources, depth)
        elif name == "gs":
            self._use_state(self._named(resources, "/ExtGState", operands), pen, depth)
        elif name == "sh":
            self._use_shading(self._named(resources, "/Shading", operands))
        elif name in ("scn", "SCN") and operands and isinstance(operands[-1], pikepdf.Name):
            self._use_pattern(self._named(resources, "/Pattern", operands[-1:]), resources, depth)

    def _named(self, resources: Any, kind: str, operands: Any) -> Any:
        group = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
        found = group.get(str(operands[0])) if isinstance(group, pikepdf.Dictionary) and operands else None
        if found is None:
            self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
        return found

    def _use_object(self, item: Any, resources: Any, depth: int) -> None:
        if not isinstance(item, pikepdf.Stream) or not self._is_new(item):
            return
        kind = str(item.get("/Subtype"))
        if kind == "/Image":
            self.parts.images.append(item)
            if "/SMask" in item:
                self._use_object(item.SMask, resources, depth)
        elif kind == "/Form":
            self._use_form(item, resources, depth)
        else:
            self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)

    def _use_form(self, form: Any, outer: Any, depth: int) -> None:
        if "/Ref" in form or "/PS" in form or form.get("/Subtype2") == "/PS":
            self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
        group = form.get("/Group")
        if isinstance(group, pikepdf.Dictionary) and "/CS" in group:
            self.parts.spaces.append(group.CS)
        self.parts.forms.append(form)
        if "/Resources" not in form and isinstance(outer, pikepdf.Dictionary):
            form.Resources = outer  # what it meant in early PDF; the standard wants it said
        self.look_at(form, form, form.get("/Resources"), depth + 1)

    def _use_font(self, font: Any, operands: Any, depth: int) -> None:
        if not isinstance(font, pikepdf.Dictionary):
            self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
            return
        if font.get("/Subtype") != "/Type3":
            self._note_texts(font, operands)
            return
        if not self._is_new(font):
            return
        for _, drawing in (font.get("/CharProcs") or pikepdf.Dictionary()).items():
            self.look_at(drawing, drawing, font.get("/Resources", pikepdf.Dictionary()), depth + 1)

    def _note_texts(self, font: Any, operands: Any) -> None:
        use = self._uses.get(font.objgen) if font.is_indirect else None
        if use is None:
            use = FontUse(font)
            self.parts.fonts.append(use)
            if font.is_indirect:
                self._uses[font.objgen] = use
        shown = operands[-1]
        parts = shown if isinstance(shown, pikepdf.Array) else [shown]
        use.texts.update(bytes(part) for part in parts if isinstance(part, pikepdf.String))

    def _use_state(self, state: Any, pen: _Pen, depth: int) -> None:
        if not isinstance(state, pikepdf.Dictionary):
            return
        if "/Font" in state:
            pen.font = state.Font[0]
        if not self._is_new(state):
            return
        self.parts.states.append(state)
        mask = state.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary) and "/G" in mask:
            self._use_object(mask.G, pikepdf.Dictionary(), depth + 1)

    def _use_shading(self, shading: Any) -> None:
        if shading is not None and "/ColorSpace" in shading:
            self.parts.spaces.append(shading.ColorSpace)

    def _use_pattern(self, pattern: Any, outer: Any, depth: int) -> None:
        if pattern is None or not self._is_new(pattern):
            return
        if isinstance(pattern, pikepdf.Stream):
            self.look_at(pattern, pattern, pattern.get("/Resources", outer), depth + 1)
        elif "/Shading" in pattern:
            self._use_shading(pattern.Shading)

    def _use_inline(self, image: Any) -> None:
        """Look at an image within the contents; it cannot be mended in place."""
        entries = image.obj
        if "/LZWDecode" in image.filters or entries.get("/I", entries.get("/Interpolate", False)):
            self.parts.obstacles.add(Obstacle.CONTENT_UNSUITABLE)
        space = entries.get("/ColorSpace", entries.get("/CS"))
        if space is not None:
            self.parts.spaces.append(space)

    def _is_new(self, item: Any) -> bool:
        """Say whether an object is met for the first time; direct objects always are."""
        if not item.is_indirect:
            return True
        if item.objgen in self._seen:
            return False
        self._seen.add(item.objgen)
        return True


def _length_of(contents: Any) -> int:
    if isinstance(contents, pikepdf.Array):
        return sum(_length_of(part) for part in contents)
    return int(contents.get("/Length", 0)) if isinstance(contents, pikepdf.Stream) else 0


def _values(resources: Any, kind: str) -> Iterator[Any]:
    group = resources.get(kind)
    if isinstance(group, pikepdf.Dictionary):
        for _, value in group.items():
            yield value
