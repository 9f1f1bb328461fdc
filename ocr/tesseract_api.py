"""Tesseract as a library in this process (``tesserocr``): no start-up for each page.

One instance is kept for each set of languages. It may be made in the parent of worker processes and
used after a fork; within a process its calls are serialised.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import Any

from backfile.domain.page import Word
from backfile.domain.reasons import Reason
from backfile.errors import PageRefused
from ocr.engine import PageMode
from ocr.models import find_models
from ocr.raster_image import Pixels
from ocr.tesseract_tsv import PAGE_SEGMENTATION, RECOGNIZE_SECONDS, parse_tsv

import tesserocr  # isort: skip - after OMP_THREAD_LIMIT is set


@dataclass(frozen=True, slots=True)
class Orientation:
    """What Tesseract's orientation detection says."""

    clockwise: int
    """Degrees by which the image must be turned clockwise to be upright."""
    confidence: float
    """Difference of the logarithms of the two best orientations; grows with the number of letters."""


class TesserocrEngine:
    """Reads words with the Tesseract library."""

    def __init__(self, languages: str = "eng") -> None:
        """Read these languages, named as Tesseract names them: "eng+spa".

        Raises:
            UsageError: their models are not on this machine.
        """
        self._languages = languages
        self._folder = find_models(languages)
        self._lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """Name and version."""
        library = tesserocr.tesseract_version().split("\n")[0].removeprefix("tesseract ")
        return f"tesserocr {version('tesserocr')}, Tesseract {library}, {self._languages}"

    @cached_property
    def _api(self) -> Any:
        return tesserocr.PyTessBaseAPI(
            path=f"{self._folder}/", lang=self._languages, psm=tesserocr.PSM.SPARSE_TEXT
        )

    def load(self) -> None:
        """Load the models now, so that processes forked from this one share them."""
        _ = self._api

    def read_words(self, image: Pixels, *, dpi: float, mode: PageMode) -> tuple[Word, ...]:
        """Return the words on an upright gray image.

        Raises:
            PageRefused: took_too_long.
        """
        height, width = image.shape
        with self._lock:
            self._api.SetPageSegMode(PAGE_SEGMENTATION[mode])
            data = image.tobytes()  # kept alive: Tesseract does not copy it
            self._api.SetImageBytes(data, width, height, 1, width)
            self._api.SetSourceResolution(round(dpi))
            try:
                if not self._api.Recognize(timeout=RECOGNIZE_SECONDS * 1000):
                    raise PageRefused(Reason.TOOK_TOO_LONG)
                table = self._api.GetTSVText(0)
            finally:
                self._api.Clear()
        return parse_tsv(table, width=width, height=height)


class OrientationDetector:
    """Detects by which quarter turn an image lies wrong."""

    def __init__(self) -> None:
        """Find the model.

        Raises:
            UsageError: it is not on this machine.
        """
        self._folder = find_models("osd")
        self._lock = threading.Lock()

    @cached_property
    def _api(self) -> Any:
        return tesserocr.PyTessBaseAPI(path=f"{self._folder}/", lang="osd", psm=tesserocr.PSM.OSD_ONLY)

    def load(self) -> None:
        """Load the model now."""
        _ = self._api

    def detect(self, image: Pixels, *, dpi: float) -> Orientation | None:
        """Return the orientation of a gray image; None where it has too few letters to tell."""
        height, width = image.shape
        with self._lock:
            data = image.tobytes()
            self._api.SetImageBytes(data, width, height, 1, width)
            self._api.SetSourceResolution(round(dpi))
            try:
                found = self._api.DetectOrientationScript()
            finally:
                self._api.Clear()
        if not found:
            return None
        return Orientation((360 - int(found["orient_deg"])) % 360, float(found["orient_conf"]))


@lru_cache(maxsize=4)
def get_tesserocr(languages: str) -> TesserocrEngine:
    """Return this process's engine for the languages."""
    return TesserocrEngine(languages)


@lru_cache(maxsize=1)
def get_orientation_detector() -> OrientationDetector:
    """Return this process's detector."""
    return OrientationDetector()
