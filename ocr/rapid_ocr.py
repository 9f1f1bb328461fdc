"""The second reader: RapidOCR's models, which read faint, noisy and coarse print that Tesseract loses.

It costs two to three times Tesseract's time on a whole page, so ``ocr.policy`` decides where it reads.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from backfile.domain.geometry import Box
from backfile.domain.page import Word
from ocr.engine import PageMode
from ocr.rapid_lines import find_lines
from ocr.rapid_models import Recognizer, load_detector, load_recognizer
from ocr.rapid_words import read_lines
from ocr.raster_image import Pixels

if TYPE_CHECKING:
    import onnxruntime

_FIND_SIDE = 1280
"""Pixels of the longer side at which lines are looked for."""


_LATIN = frozenset({
    "afr", "aze_latn", "bos", "cat", "ces", "cym", "dan", "deu", "eng", "est", "eus", "fin", "fra", "frm",
    "gle", "glg", "hrv", "hun", "ind", "isl", "ita", "lat", "lav", "lit", "ltz", "mlt", "mri", "msa", "nld",
    "nor", "oci", "pol", "por", "que", "ron", "slk", "slv", "spa", "spa_old", "sqi", "srp_latn", "swa",
    "swe", "tgl", "tur", "uzb", "vie",
})  # fmt: skip
_OTHER = frozenset({"chi_sim", "chi_tra", "jpn"})
"""Languages that its models know (RapidOCR's list for PP-OCRv6), as Tesseract names them."""


def reads_languages(languages: str) -> bool:
    """Say whether the models know all of the languages: "eng+spa"."""
    return set(languages.split("+")) <= _LATIN | _OTHER


def uses_latin_letters(languages: str) -> bool:
    """Say whether all of the languages are written in Latin letters."""
    return set(languages.split("+")) <= _LATIN


class RapidOcrEngine:
    """Reads words with RapidOCR's models, in the calling thread alone."""

    def __init__(self, *, latin: bool = True) -> None:
        """Read languages in Latin letters, or these and Chinese and Japanese."""
        self._latin = latin
        self._lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """Name and version."""
        return f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}"

    @cached_property
    def _detector(self) -> onnxruntime.InferenceSession:
        return load_detector()

    @cached_property
    def _recognizer(self) -> Recognizer:
        return load_recognizer(latin=self._latin)

    def load(self) -> None:
        """Load the models now, so that processes forked from this one share them.

        Raises:
            UsageError: they are not on this machine.
        """
        _ = self._detector, self._recognizer

    def read_words(self, image: Pixels, *, dpi: float, mode: PageMode) -> tuple[Word, ...]:
        """Return the words on an upright gray image; resolution and mode make no difference."""
        with self._lock:
            lines = find_lines(image, session=self._detector, side=_FIND_SIDE)
            return tuple(w for words in read_lines(image, lines, recognizer=self._recognizer) for w in words)

    def read_lines(self, image: Pixels, lines: Sequence[Box]) -> tuple[Word, ...]:
        """Return the words on lines whose places are known."""
        with self._lock:
            return tuple(w for words in read_lines(image, lines, recognizer=self._recognizer) for w in words)


@lru_cache(maxsize=2)
def get_rapid_ocr(*, latin: bool = True) -> RapidOcrEngine:
    """Return this process's engine."""
    return RapidOcrEngine(latin=latin)
