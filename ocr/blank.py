"""Tells blank pages: what scanners and paper leave on them is not ink.

What is no mark at all ``ocr.marks`` leaves out. What shines through from the other side makes marks, many
of them. Where a neighbour in the file is that other side, ``ocr.shine`` says which of them it explains, and
what is left decides. Where none is, they must be all of one kind: soft, because paper scatters light, and
pale; a mark of this side stands out by strength and sharpness together, for print that shines through gains
strength only by being broader, and so softer. In doubt a page is not blank: a faint signature, a note in
pencil or a single initial counts, even where nothing can be read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.marks import SPECK_MM, Look, Marks, find_marks, level_usual, look_at_page
from ocr.pieces import cut_marks
from ocr.raster_image import Pixels
from ocr.shine import Neighbour, explain_ink

_STROKE_MM = 2.4
"""A single mark this long is writing; a speck is not, nor are two that touch."""
_CROWD = 4
_CROWD_MM = 5.0
"""So many smaller marks within this distance are writing as well: small print."""
_CROWD_CHANCE = 0.02
"""Of so many specks that so many lie together by chance with this probability, one more is asked for."""
_ROWS_MM = ((5.0, 5.0), (8.0, 3.0), (3.0, 8.0), (20.0, 4.0), (4.0, 20.0))
_ROW_OTHERS, _ROW_CHANCE = 3, 1e-3
"""So many marks, however faint, within so far of another across and along are the pieces of a line if chance
would lay them so on fewer than one in a thousand pages."""
_MOST_IN_ROWS = 2000
"""Among more marks no line is looked for: each is compared with each."""
_CROWD_CONTRAST = 15.0
_CROWD_OVER_GRAIN = 4.0

_GRAINY = 4.0
_EVEN_OUT_MM, _EVEN_OUT_PIXELS = 0.15, 1.0
"""Gray levels of grain from which a page without marks is looked at again, and the sigma that softens it, at
least so many pixels: at 0.6 more grain passed for writing on coarse scans, and less writing was seen."""

_SPECK_OVER_GRAIN, _LARGEST_SPECK_MM = 6.0, 1.7
"""So much darker than the grain, and no larger, is a speck."""

_FEW_MARKS = 15
"""Fewer are never taken for what shines through."""
_SHINE_THROUGH_MARKS = 60
"""What shines through is a page of print; fewer marks may be a note."""
_PRINT_MM = 1.8
"""Specks are shorter, letters that shine through are longer or run into each other."""
_SOFT_MM = 0.9
_SOFT_PIXELS = 6.0
"""No pen or pencil is softer: the usual piece of a page must be, and each piece where marks are fewer. A page
of faint pencil is all of one kind as well, and has 0.5 to 0.8 mm at 150 and 200 dpi, up to 5.3 pixels at 100.
What shines through more sharply than that remains a page."""
_STRONG_CONTRAST = 60.0
"""Ink this much darker than the paper never shines through."""
_FAINT_WEIGHT, _FAINT_MM = 120.0, 12.0
"""Strokes of which none is longer or has more levels times millimetres are looked at again."""
_SOME_GRAIN, _TWO_MM, _FEW_STROKES = 2.0, 8.0, 20
"""But not in such grain where one is clear of it, nor where two of so few are so near to each other."""
_LEAST_THEIRS = 1.0
"""Levels explained where a mark lies, from which what shines through may have cut it."""
_TRACE_MM, _TRACE_SHARE = 3.0, 0.6
"""What is left of something that shines through is short, and pale for what is explained there."""
_PAIR_MM, _PAIR_CONTRAST, _CUT = 4.5, 9.0, 2.0
"""Two other pieces so near to each other, so strong, and so much explained where they lie, are of one letter
that was cut."""
_CUT_STROKE_MM, _SLENDER = 1.3, 0.45
"""So long a piece is a stroke of this side, the rest of which lies on what shines through, if its area is no
more than this part of the square around it: what is left there otherwise are specks, which are round."""
_HIDES_MM, _HIDES_SHARE = 2.0, 2.0
"""But not if it is so much darker than all that is explained so near to it: that would hide none of it."""
_PROOF_MARKS, _PROOF_BEYOND = 5, 0.1
"""So many marks at least must be the neighbour's, or what is too pale to be one must be like it: one or
two may be alike on both sides of a leaf."""
_PALE_SHARE = 0.7
"""Of the ink that must be paler, or the neighbours are not asked: a page of ink costs nothing that way."""
_PIECE_AREA = 1.0
"""Square millimetres of a piece that tells anything."""
_LEAST_OVER_GRAIN = 5.0
"""What shines through must be so much stronger than the grain, in which the edges of a thin pencil drown."""
_STANDS_OUT = 0.8
"""Logarithm of strength times sharpness, for the usual piece, from which one is of this side. In a trial on
generated sides nine in ten pages that shone through had under 0.8, and marks on them 1.0 and more."""


class InkKind(StrEnum):
    """What is on a page."""

    NONE = "none"
    """Nothing."""
    GHOST = "ghost"
    """Only faint blurred traces, as of the other side; blank if nothing can be read either."""
    INK = "ink"
    """Something printed or written."""


@dataclass(frozen=True, slots=True)
class InkMeasure:
    """How much ink is on a page."""

    kind: InkKind
    share: float
    """Of the page that is ink, 0..1; holes, edges and specks left out."""


def measure_ink(
    image: Pixels, *, dpi: float, get_neighbours: Callable[[], Sequence[Neighbour]] = tuple
) -> InkMeasure:
    """Measure the ink on a page.

    Args:
        image: gray.
        dpi: its dots per inch, to tell sizes.
        get_neighbours: gives the pages beside it in its file; called only where all that is on the page is
            pale, and may shine through.
    """
    look = look_at_page(image, dpi=dpi)
    marks = find_marks(look)
    stands_out = _is_writing(marks)
    share = marks.share
    if stands_out:
        is_none = _drowns(marks, look)
    elif marks.grain < _GRAINY:
        is_none = True
    else:
        look = _look_through_grain(look, image, dpi)
        marks = find_marks(look)
        is_none = not _is_writing(marks)
    if is_none:
        return InkMeasure(InkKind.NONE, share)
    if _is_pale(marks):
        is_theirs = False
        for explained in explain_ink(look.ink, marks, get_neighbours()):
            rest = find_marks(look, explained=explained.levels)
            theirs = len(marks.length) - len(rest.length)
            if theirs >= _PROOF_MARKS or explained.beyond_marks >= _PROOF_BEYOND:
                is_theirs = True
                if _is_spent(rest, look, image, dpi, explained.levels):
                    return InkMeasure(InkKind.GHOST, share)
        if is_theirs:
            return InkMeasure(InkKind.INK, share)
    is_blank = stands_out and _shines_through(marks, image, dpi=dpi)
    return InkMeasure(InkKind.GHOST if is_blank else InkKind.INK, share)


def _is_spent(rest: Marks, look: Look, image: Pixels, dpi: float, explained: NDArray[np.float32]) -> bool:
    """Say whether nothing is left on a page but what shines through it."""
    if _leaves_writing(rest, explained):
        return _drowns(rest, look, explained)
    if rest.grain < _GRAINY:
        return True
    evened = _look_through_grain(look, image, dpi)
    return not _leaves_writing(find_marks(evened, explained=explained), explained)


def _leaves_writing(rest: Marks, explained: NDArray[np.float32]) -> bool:
    """Say whether what is left is more than traces of what shines through there."""
    patches = rest.patches
    pixels = np.maximum(np.bincount(patches.mark, minlength=len(rest.length)), 1)
    theirs = np.bincount(patches.mark, explained.ravel()[patches.at], len(rest.length)) / pixels
    ours = (rest.length > _TRACE_MM) | (rest.strength > _TRACE_SHARE * theirs)
    clear = ours & (rest.strength >= np.maximum(_PAIR_CONTRAST, _CROWD_OVER_GRAIN * rest.grain))
    slender = (rest.length >= _CUT_STROKE_MM) & (rest.area <= _SLENDER * rest.length**2)
    window = np.ones((2 * round(_HIDES_MM * patches.mm) + 1,) * 2, np.uint8)
    around = cv2.dilate(explained, window).ravel()[patches.at]
    hidden = rest.strength <= _HIDES_SHARE * np.bincount(patches.mark, around, len(rest.length)) / pixels
    if (clear & slender & hidden & (theirs >= _LEAST_THEIRS)).any():
        return True
    # What is explained may have cut a letter in pieces.
    is_cut = _is_crowd(rest, ours & (theirs >= _CUT), least=_PAIR_CONTRAST, many=2, within=_PAIR_MM)
    return is_cut or _is_writing(rest, ours)


def _look_through_grain(look: Look, image: Pixels, dpi: float) -> Look:
    """Look again, more of the grain evened out, in which thin faint lines drown.

    Specks that stand out of it are taken away before, or they would run into each other.
    """
    factor = dpi / 25.4 / look.mm
    size = image.shape[::-1]
    specks = _find_specks(look).astype(np.uint8)
    where = cv2.resize(specks, size, interpolation=cv2.INTER_NEAREST) if factor > 1 else specks
    window = 2 * round(SPECK_MM * dpi / 25.4) + 1
    paper = cv2.medianBlur(image, min(window, 255))
    cleared = np.where(where > 0, paper, image).astype(np.uint8)
    sigma = max(_EVEN_OUT_MM * dpi / 25.4, _EVEN_OUT_PIXELS)
    return look_at_page(np.asarray(cv2.GaussianBlur(cleared, (0, 0), sigma), dtype=np.uint8), dpi=dpi)


def _find_specks(look: Look) -> NDArray[np.bool_]:
    """Return where small dark specks are, with their blur."""
    dark = (look.ink >= _SPECK_OVER_GRAIN * max(look.grain, 1.0)).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    is_speck = boxes[:, 2:4].max(axis=1) <= _LARGEST_SPECK_MM * look.mm
    is_speck[0] = False
    found = cv2.dilate(is_speck[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(found > 0, dtype=np.bool_)


def _drowns(marks: Marks, look: Look, explained: NDArray[np.float32] | None = None) -> bool:
    """Say whether short faint marks are what the scanner's grain and the blocks of JPEG make.

    Those are darker than the brightest paper near them, a pencil's line is darker than the usual as well.
    """
    strokes = marks.length >= _STROKE_MM
    weight = marks.strength * np.sqrt(marks.area)
    most = float(weight.max(initial=0.0))
    if most > _FAINT_WEIGHT or float(marks.length.max(initial=0.0)) > _FAINT_MM:
        return False
    is_few = np.count_nonzero(strokes) <= _FEW_STROKES  # what is everywhere is near to each other as well
    if marks.grain >= _SOME_GRAIN and (
        float(marks.strength[strokes].max(initial=0.0)) >= _CROWD_OVER_GRAIN * marks.grain
        or (is_few and _is_crowd(marks, strokes, least=0.0, many=2, within=_TWO_MM, over_grain=0.0))
        or _lie_in_rows(marks)
    ):
        return False
    if explained is None:
        return not _is_writing(find_marks(look, explained=level_usual(look)))
    return not _leaves_writing(find_marks(look, explained=level_usual(look) + explained), explained)


def _is_pale(marks: Marks) -> bool:
    """Say whether what is on the page is so pale on the whole that it may shine through."""
    return bool(len(marks.length)) and float(np.quantile(marks.patches.level, _PALE_SHARE)) < _STRONG_CONTRAST


def _is_writing(marks: Marks, of: NDArray[np.bool_] | None = None) -> bool:
    """Say whether the marks, or those of them that are asked for, are more than stray specks."""
    asked = np.ones(len(marks.length), np.bool_) if of is None else of
    if (marks.length[asked] >= _STROKE_MM).any():
        return True
    specks = int(np.count_nonzero(asked))
    around = math.pi * _CROWD_MM**2 / _find_area(marks)
    many = _CROWD + (_find_chance(specks, around, _CROWD - 1) >= _CROWD_CHANCE)
    if _is_crowd(marks, asked, least=_CROWD_CONTRAST, many=many, within=_CROWD_MM):
        return True
    return _lie_in_rows(marks, asked)


def _lie_in_rows(marks: Marks, of: NDArray[np.bool_] | None = None) -> bool:
    """Say whether marks lie together as the pieces of a line that grain tears, and not by chance."""
    x, y = (marks.x, marks.y) if of is None else (marks.x[of], marks.y[of])
    if len(x) > _MOST_IN_ROWS:
        return False
    area = _find_area(marks)
    across, along = np.abs(x[:, None] - x), np.abs(y[:, None] - y)
    for wide, high in _ROWS_MM:
        others = int(np.count_nonzero((across <= wide) & (along <= high), axis=0).max(initial=0)) - 1
        if others >= _ROW_OTHERS and _find_chance(len(x), 4 * wide * high / area, others) < _ROW_CHANCE:
            return True
    return False


def _find_area(marks: Marks) -> float:
    height, width = marks.patches.shape
    return max(1.0, height * width / marks.patches.mm**2)


def _find_chance(specks: int, share: float, others: int) -> float:
    """Return for how many of so many strewn specks there are so many others in their part of the page."""
    around = specks * share
    fewer = sum(around**number / math.factorial(number) for number in range(others))
    return specks * max(0.0, 1.0 - math.exp(-around) * fewer)


def _is_crowd(
    marks: Marks,
    of: NDArray[np.bool_],
    *,
    least: float,
    many: int,
    within: float,
    over_grain: float = _CROWD_OVER_GRAIN,
) -> bool:
    """Say whether so many marks, clear of the grain, lie within so many millimetres."""
    clear = of & (marks.strength >= max(least, over_grain * marks.grain))
    x, y = marks.x[clear], marks.y[clear]
    return any(
        np.count_nonzero(np.hypot(x - at_x, y - at_y) <= within) >= many
        for at_x, at_y in zip(x, y, strict=True)
    )


def _shines_through(marks: Marks, image: Pixels, *, dpi: float) -> bool:
    """Say whether all the marks are of one kind, pale and soft."""
    if len(marks.length) < _FEW_MARKS:
        return False
    strokes = marks.length >= _STROKE_MM
    family = (marks.strength <= _STRONG_CONTRAST) & (marks.length >= _PRINT_MM)
    if not family.any() or not strokes.any() or (marks.strength[strokes] >= _STRONG_CONTRAST).any():
        return False  # most pages of print end here, and need no closer look
    pieces = cut_marks(marks, image, dpi=dpi)
    whole = pieces.area >= _PIECE_AREA
    strokes = whole & (pieces.length >= _STROKE_MM)
    of_print = whole & (pieces.length >= _PRINT_MM) & (pieces.strength <= _STRONG_CONTRAST)
    if not strokes.any() or not of_print.any():
        return False
    weight = np.where(of_print, pieces.area, 0.0)
    strength, breadth = _usual(pieces.strength, weight), _usual(pieces.breadth, weight)
    if strength < _LEAST_OVER_GRAIN * marks.grain:
        return False
    is_page = np.count_nonzero(family) >= _SHINE_THROUGH_MARKS
    sharpest = breadth if is_page else float(pieces.breadth[strokes].min())
    if sharpest < max(_SOFT_MM, _SOFT_PIXELS * 25.4 / dpi):
        return False
    out = np.log(pieces.strength[strokes] / strength) + np.log(breadth / pieces.breadth[strokes])
    return bool(out.max() < _STANDS_OUT)


def _usual(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the weighted median."""
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    return max(float(values[order][int(np.searchsorted(total, total[-1] / 2))]), 1e-6)
