"""Finds by which quarter turn a page lies wrong, and prefers "unsure" to a wrong turn.

Three witnesses, cheap to dear:

1. *Lines*: in print the runs of letter height along the lines outnumber those across, and more ink
   stands above the small letters (b, d, T) than hangs below (g, p). Costs milliseconds.
2. *Reading*: upside-down print reads as gibberish with low confidence. Where lines run along the page, but
   do not say clearly that they are upright, its first lines are read: they mostly are, and then nothing was
   done in vain.
3. *Tesseract's orientation detection*, where neither says clearly that the page is upright.

A turn counts as known only if what was read at it is convincing, so a wrong turn does not pass silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from backfile.domain.page import Word
from ocr.engine import OcrEngine, PageMode
from ocr.letters import Letters, find_letters
from ocr.raster_image import Pixels
from ocr.tesseract_api import get_orientation_detector

TURNS = (0, 90, 180, 270)

_STRIPS = 6
"""Vertical strips in which line runs are counted, so that columns and a rest of skew do no harm."""
_RUN_HEIGHTS = (0.8, 3.0)
_MIN_RUN_INK = 0.06
"""Ink at the darkest row of a run, as a share of the strip's width: one short word."""
_MIN_RUNS = 4
_CLEAR_RATIO = 1.4
_CLEAR_VOTE = 1.0
_HEADLONG_VOTE = 2.5
"""So clear a vote against it spares the reading of first lines; forms in capitals vote up to 2 against."""

_SURE_CONFIDENCE = 4.0
"""Of Tesseract's detection; of the wrong turns of a trial on 192 pages one was above."""
_DETECTION_LETTER = 24.0
"""Height in pixels to which small letters are brought for it."""
_DETECTION_LETTERS = 400
"""Letters that are enough for it: it looks at 250, and passes over some."""
_LIKE_LETTERS = (0.7, 1.7)
"""Heights of what is taken for a letter then, in heights of small ones."""

_GOOD_WORD = 0.8
_GOOD_WORD_LETTERS = 3
_FEW_WORDS = (1, 0.4)
_MANY_WORDS = (4, 0.25)
"""Good words, and their share of all letters, from which a reading convinces: on pages of few words, and
on others. The right turns of a trial had shares from 0.35 on, the wrong ones up to 0.12."""
_PLAIN_WORDS = ((4, 0.4), (8, 0.25))
"""The same for the first lines of a page of which nothing else says that it is upright: either will do."""
_PART_SHARE = 0.25
"""Share of the page that is read in the vote."""
_CLEAR_WINNER = 2.0


@dataclass(frozen=True, slots=True)
class LineSurvey:
    """What the runs of letters along and across a page say."""

    along: int
    """Runs of letter height along the rows of the image."""
    across: int
    """The same along its columns."""
    upright_vote: float
    """Above 0 where the lines along rows stand upright, below where upside down; ±1 and more is clear."""

    @property
    def runs_along(self) -> bool:
        """Whether lines run along the rows."""
        return self.along >= max(_MIN_RUNS, _CLEAR_RATIO * self.across)

    @property
    def runs_across(self) -> bool:
        """Whether lines run along the columns: the page lies on its side."""
        return self.across >= max(_MIN_RUNS, _CLEAR_RATIO * self.along)

    @property
    def is_upright(self) -> bool:
        """Whether the lines say clearly that the page is upright."""
        return self.runs_along and self.upright_vote >= _CLEAR_VOTE

    @property
    def may_be_upright(self) -> bool:
        """Whether lines say neither that the page lies on its side nor, very clearly, that it is on its head.

        To read its first lines then costs half of what the detection does, and most pages are upright.
        """
        return self.along >= _MIN_RUNS and not self.runs_across and self.upright_vote > -_HEADLONG_VOTE


def turn_page(image: Pixels, clockwise: int) -> Pixels:
    """Return the image turned by 0, 90, 180 or 270 degrees clockwise."""
    return np.ascontiguousarray(np.rot90(image, k=-(clockwise // 90)))


def survey_lines(letters: Letters, *, skew: float = 0.0) -> LineSurvey:
    """Count runs of letters along both axes.

    Args:
        letters: what ``find_letters`` found.
        skew: of the page as it lies, degrees counter-clockwise.
    """
    mask = letters.mask
    height, width = mask.shape
    if abs(skew) > 0.1:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
        turned = cv2.warpAffine(mask.astype(np.uint8), matrix, (width, height), flags=cv2.INTER_NEAREST)
        mask = np.asarray(turned > 0, dtype=np.bool_)
    letter = max(6.0, letters.height * letters.factor)
    along, vote = _count_runs(mask, letter)
    across, _ = _count_runs(mask.T, letter)
    return LineSurvey(along, across, vote)


def _count_runs(mask: NDArray[np.bool_], letter: float) -> tuple[int, float]:
    """Return the number of runs along the rows, and the vote of ascenders against descenders."""
    width = mask.shape[1]
    step = max(1, width // _STRIPS)
    runs, signs = 0, 0.0
    for left in range(0, width - step + 1, step):
        profile = mask[:, left : left + step].sum(axis=1)
        filled = np.diff(np.concatenate(([0], (profile > 0).astype(np.int8), [0])))
        for start, end in zip(np.flatnonzero(filled == 1), np.flatnonzero(filled == -1), strict=True):
            if not _RUN_HEIGHTS[0] * letter <= end - start <= _RUN_HEIGHTS[1] * letter:
                continue
            rows = profile[start:end]
            if rows.max() < _MIN_RUN_INK * step:
                continue
            core = np.flatnonzero(rows >= 0.5 * rows.max())
            above, below = int(rows[: core[0]].sum()), int(rows[core[-1] + 1 :].sum())
            runs += 1
            signs += float(np.sign(above - below))
    return runs, signs / max(runs, 1) ** 0.5


def detect_turn(image: Pixels, survey: LineSurvey, letters: Letters) -> int:
    """Return the likeliest clockwise turn of a page that is not plainly upright.

    Args:
        image: gray, as it lies.
        survey: of its lines.
        letters: on it.
    """
    points = {turn: float(survey.runs_along) for turn in (0, 180)}
    points |= {turn: float(survey.runs_across) for turn in (90, 270)}
    vote = min(max(survey.upright_vote / 3.0, -1.0), 1.0)
    points[0] += vote + 0.1  # most pages lie right
    points[180] -= vote
    found = get_orientation_detector().detect(_fit_for_detection(image, letters), dpi=200.0)
    if found is not None:
        points[found.clockwise] += 3.0 if found.confidence >= _SURE_CONFIDENCE else found.confidence / 2
    return max(TURNS, key=lambda turn: points[turn])


def _fit_for_detection(image: Pixels, letters: Letters) -> Pixels:
    """Bring the letters to the size that the detection knows, and take no more of the page than needed."""
    small = letters.height
    scale = min(max(_DETECTION_LETTER / small, 0.3), 3.0) if small > 0 else 1.0
    high = letters.boxes[:, 3] / max(letters.factor * small, 1e-6)
    middles = letters.boxes[:, 1] + letters.boxes[:, 3] / 2
    rows = np.sort(middles[(high >= _LIKE_LETTERS[0]) & (high <= _LIKE_LETTERS[1])]) / letters.factor
    if len(rows) > _DETECTION_LETTERS:  # where they stand closest
        fullest = int((rows[_DETECTION_LETTERS:] - rows[:-_DETECTION_LETTERS]).argmin())
        top, bottom = rows[fullest] - 2 * small, rows[fullest + _DETECTION_LETTERS] + 2 * small
        image = image[max(0, int(top)) : int(bottom) + 1]
    if 0.9 < scale < 1.1:
        return np.ascontiguousarray(image)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=how), dtype=np.uint8)


def is_convincing(words: Sequence[Word], *, aspect: float) -> bool:
    """Say whether words were read the right way up.

    Tesseract also reads lines that run down the page, with high boxes: those do not convince. Nor do
    numbers: 1961 reads well on its head.

    Args:
        words: as read.
        aspect: width of the image for one of its height.
    """
    good, share = _weigh_words(words, aspect)
    return (good >= _MANY_WORDS[0] and share >= _MANY_WORDS[1]) or (
        good >= _FEW_WORDS[0] and share >= _FEW_WORDS[1]
    )


def is_plainly_upright(words: Sequence[Word], *, aspect: float) -> bool:
    """Say whether a few words leave no doubt that they were read the right way up; see ``is_convincing``."""
    good, share = _weigh_words(words, aspect)
    return any(good >= words and share >= least for words, least in _PLAIN_WORDS)


def _weigh_words(words: Sequence[Word], aspect: float) -> tuple[int, float]:
    """Return how many good words there are, and their share of all letters."""
    letters = sum(len(word.text) for word in words)
    good = [
        len(word.text)
        for word in words
        if word.confidence >= _GOOD_WORD
        and sum(c.isalpha() for c in word.text) >= _GOOD_WORD_LETTERS
        and (word.box[2] - word.box[0]) * aspect > 0.8 * (word.box[3] - word.box[1])
    ]
    return len(good), sum(good) / max(letters, 1)


def vote_by_reading(image: Pixels, *, engine: OcrEngine, dpi: float) -> int | None:
    """Read the fullest part of a page at all four turns; None unless one turn wins clearly.

    Args:
        image: gray, as it lies, cleaned for reading.
        engine: that reads.
        dpi: dots per inch of the image.
    """
    part = _fullest_part(image)
    weights: dict[int, float] = {}
    for turn in TURNS:
        turned = turn_page(part, turn)
        words = engine.read_words(turned, dpi=dpi, mode=PageMode.SPARSE)
        good, share = _weigh_words(words, turned.shape[1] / turned.shape[0])
        weights[turn] = good * share
    first, second = sorted(TURNS, key=lambda turn: -weights[turn])[:2]
    if weights[first] >= 1.0 and weights[first] >= _CLEAR_WINNER * weights[second]:
        return first
    return None


def _fullest_part(image: Pixels) -> Pixels:
    """Return a quarter of the page, of its shape, where most letters are."""
    letters = find_letters(image)
    height, width = letters.mask.shape
    share = _PART_SHARE**0.5
    high, wide = max(1, int(height * share)), max(1, int(width * share))
    sums = cv2.integral(letters.mask.astype(np.uint8))
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    row, column = divmod(int(inside.argmax()), inside.shape[1])
    top, left = int(row / letters.factor), int(column / letters.factor)
    size = (int(high / letters.factor), int(wide / letters.factor))
    return np.ascontiguousarray(image[top : top + size[0], left : left + size[1]])
