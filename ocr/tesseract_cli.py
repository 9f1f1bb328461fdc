"""The site's own Tesseract with its languages, by its command (``pytesseract``): one call a page."""

from __future__ import annotations

import tempfile
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import pytesseract

from backfile.domain.page import Word
from backfile.domain.reasons import Reason
from backfile.errors import PageRefused, UsageError
from ocr.engine import PageMode
from ocr.raster_image import Pixels
from ocr.tesseract_tsv import PAGE_SEGMENTATION, RECOGNIZE_SECONDS, parse_tsv


class PytesseractEngine:
    """Reads words with the ``tesseract`` command on the PATH."""

    def __init__(self, languages: str = "eng") -> None:
        """Read these languages, named as Tesseract names them.

        Raises:
            UsageError: there is no such command, or it lacks a language.
        """
        self._languages = languages
        try:
            available = set(pytesseract.get_languages(config=""))
        except (pytesseract.TesseractNotFoundError, OSError):
            raise UsageError(
                "There is no tesseract command on this machine.",
                next_step="Install it (Debian: apt-get install tesseract-ocr), or use the engine tesserocr.",
            ) from None
        missing = [name for name in languages.split("+") if name not in available]
        if missing:
            raise UsageError(
                f"The tesseract command has no model for {'+'.join(missing)}.",
                next_step="Install the language (Debian: tesseract-ocr-...), or change languages.",
            )

    @cached_property
    def name(self) -> str:
        """Name and version."""
        return f"pytesseract {pytesseract.__version__}, Tesseract {self._version}, {self._languages}"

    @cached_property
    def _version(self) -> str:
        return str(pytesseract.get_tesseract_version())

    def read_words(self, image: Pixels, *, dpi: float, mode: PageMode) -> tuple[Word, ...]:
        """Return the words on an upright gray image.

        Raises:
            PageRefused: page_unreadable or took_too_long.
        """
        height, width = image.shape
        with tempfile.TemporaryDirectory(prefix="backfile-") as folder:
            # Written plainly: what pytesseract makes of an array is a PNG, which costs more than it saves.
            file = Path(folder) / "page.pgm"
            cv2.imwrite(str(file), image)
            try:
                table = pytesseract.image_to_data(
                    str(file),
                    lang=self._languages,
                    config=f"--psm {PAGE_SEGMENTATION[mode]} --dpi {round(dpi)}",
                    timeout=RECOGNIZE_SECONDS,
                )
            except pytesseract.TesseractError:
                raise PageRefused(Reason.PAGE_UNREADABLE) from None
            except RuntimeError:
                raise PageRefused(Reason.TOOK_TOO_LONG) from None
        return parse_tsv(table, width=width, height=height)


@lru_cache(maxsize=4)
def get_pytesseract(languages: str) -> PytesseractEngine:
    """Return this process's engine for the languages."""
    return PytesseractEngine(languages)
