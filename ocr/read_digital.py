"""Reads a born-digital PDF page: its own words, and what only its image shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backfile.domain.geometry import turn_box
from backfile.domain.page import PageQuality, PageReading, PageSource, Word
from backfile.domain.reading_order import order_words
from ocr.attempt import Readers
from ocr.barcodes import find_barcodes
from ocr.blank import measure_ink
from ocr.clean import measure_tone, scale_letters
from ocr.combine import keep_words, leave_out
from ocr.confidence import load_calibration
from ocr.engine import OcrEngine, PageMode
from ocr.fusion import calibrate_words
from ocr.letters import Letters, find_letters
from ocr.orient import turn_page
from ocr.pdf_text import PdfText
from ocr.quality import measure_sharpness
from ocr.raster_image import Pixels
from ocr.rasterize import RasterPage
from ocr.read_image import read_image
from ocr.stopwatch import Stopwatch
from ocr.text_check import find_false_fonts

_SCAN_SHARE = 0.5
"""Share of the page that pictures cover, from which it is a scan with text on top, such as a fax's head."""
_LEAST_CONTRAST = 25
"""Gray levels between the lightest and the darkest pixel of a word that is shown."""
_BELIEVED_WORDS = 0.5
"""Share of the words that must be believed for any to be; else the page is read from its image alone."""
_MANY_REST_LETTERS, _REST_SHARE = 200, 0.5
"""Marks of letter size beside the text, at least and as a share of its letters, from which the page is read
from its image as a scan is: its text is a picture, or letters drawn as lines."""
_PAINT_MARGIN = 0.2
"""Part of its height by which a word's box is widened before it is painted over."""
_MIN_REST_LETTERS = 8
"""Marks of letter size outside the text, from which a page is read for what its pictures hold."""
_MIN_REST_CONFIDENCE = 0.5
_MIN_REST_LETTERS_OF_WORD = 2


def read_digital(
    raster: RasterPage, text: PdfText, *, readers: Readers, watch: Stopwatch
) -> PageReading | None:
    """Return the reading; None where the text is not what the page shows.

    Args:
        raster: the page as a viewer shows it.
        text: its own words.
        readers: read what only the image shows.
        watch: notes the seconds of each stage.
    """
    image = turn_page(raster.image, text.rotation)
    with watch.stage("pdf_text"):
        words = _believe(text, image, engine=readers.first, dpi=raster.dpi)
        if len(words) < _BELIEVED_WORDS * len(text.words):
            return None
        painted = _paint_over(image, words)
        letters = find_letters(painted)
    if raster.image_share >= _SCAN_SHARE or letters.count > _much_rest(words):
        scan = read_image(replace(raster, image=image), readers=readers, watch=watch)
        return _put_on_top(scan, words, turn=text.rotation)
    with watch.stage("ocr"):
        rest = _read_rest(painted, letters, words, engine=readers.first, dpi=raster.dpi)
    with watch.stage("barcodes"):
        barcodes = find_barcodes(image)
    with watch.stage("clean"):
        ink, tone = measure_ink(image, dpi=raster.dpi), measure_tone(image)
        sharpness = measure_sharpness(image)
    height, width = image.shape
    return PageReading(
        source=PageSource.MIXED if rest else PageSource.PDF,
        words=order_words([*words, *rest]),
        rotation=text.rotation,
        skew=0.0,
        blank=False,
        quality=PageQuality(
            dpi=raster.dpi,
            ink=ink.share,
            contrast=min(1.0, tone.contrast / 255.0),
            sharpness=sharpness,
            reliable=True,
        ),
        width=width,
        height=height,
        barcodes=barcodes,
        stages=watch.stages,
        engine=f"pdfplumber; {readers.first.name}" if rest else "pdfplumber",
    )


def _believe(text: PdfText, image: Pixels, *, engine: OcrEngine, dpi: float) -> list[Word]:
    """Return the words that the page shows: with ink where they stand, in a font that says what it shows."""
    pairs = [pair for pair in zip(text.words, text.fonts, strict=True) if _is_shown(pair[0], image)]
    false = find_false_fonts(
        image, [word for word, _ in pairs], [font for _, font in pairs], engine=engine, dpi=dpi
    )
    return [word for word, font in pairs if font not in false]


def _much_rest(words: list[Word]) -> float:
    """Return how many marks of letter size beside the text make the page one to be read from its image."""
    return max(_MANY_REST_LETTERS, _REST_SHARE * sum(len(word.text) for word in words))


def _pixels_of(word: Word, image: Pixels, margin: float = 0.0) -> tuple[slice, slice]:
    """Return the rows and columns of a word's box."""
    height, width = image.shape
    x0, y0, x1, y1 = word.box
    more = margin * (y1 - y0) * height
    rows = slice(int(max(0.0, y0 * height - more)), int(y1 * height + more) + 1)
    return rows, slice(int(max(0.0, x0 * width - more)), int(x1 * width + more) + 1)


def _is_shown(word: Word, image: Pixels) -> bool:
    """Say whether the image has ink where the word is said to stand."""
    part = image[_pixels_of(word, image)]
    return part.size > 0 and int(part.max()) - int(part.min()) >= _LEAST_CONTRAST


def _paint_over(image: Pixels, words: list[Word]) -> Pixels:
    """Return the page without its own words: what is left are pictures, stamps, drawn letters."""
    painted = image.copy()
    for word in words:
        place = _pixels_of(word, image, _PAINT_MARGIN)
        painted[place] = np.median(painted[place])
    return painted


def _read_rest(
    painted: Pixels, letters: Letters, words: list[Word], *, engine: OcrEngine, dpi: float
) -> list[Word]:
    """Read what is left when the page's own words are painted over."""
    if letters.count < _MIN_REST_LETTERS:
        return []
    scaled = scale_letters(painted, letter=letters.height)
    found = engine.read_words(scaled, dpi=dpi * scaled.shape[1] / painted.shape[1], mode=PageMode.SPARSE)
    sure = [
        word
        for word in keep_words(found)
        if word.confidence >= _MIN_REST_CONFIDENCE
        and sum(c.isalnum() for c in word.text) >= _MIN_REST_LETTERS_OF_WORD
    ]
    return calibrate_words(leave_out(sure, words), calibration=load_calibration())


def _put_on_top(scan: PageReading, words: list[Word], *, turn: int) -> PageReading:
    """Put the words of a text on top of a scan in the place of what was read of them.

    Args:
        scan: the reading of the page's image, which was turned by ``turn`` before.
        words: in the frame of that image.
        turn: clockwise degrees.
    """
    further = scan.rotation or 0
    rotation = None if scan.rotation is None and turn == 0 else (turn + further) % 360
    if not words:
        return replace(scan, rotation=rotation)
    turned = [replace(word, box=turn_box(word.box, further)) for word in words]
    placed = [replace(word, box=_turn_box(word, scan)) for word in turned]
    rest = leave_out(scan.words, placed)
    return replace(
        scan,
        source=PageSource.MIXED,
        words=order_words([*placed, *rest]),
        rotation=rotation,
        engine=f"pdfplumber; {scan.engine}",
        blank=False,
    )


def _turn_box(word: Word, scan: PageReading) -> tuple[float, float, float, float]:
    """Return where a word stands after the page was straightened about its centre."""
    if abs(scan.skew) < 0.1:
        return word.box
    angle = np.deg2rad(scan.skew)
    x = ((word.box[0] + word.box[2]) / 2 - 0.5) * scan.width
    y = ((word.box[1] + word.box[3]) / 2 - 0.5) * scan.height
    new_x = float(x * np.cos(angle) - y * np.sin(angle)) / scan.width + 0.5
    new_y = float(x * np.sin(angle) + y * np.cos(angle)) / scan.height + 0.5
    half_x, half_y = (word.box[2] - word.box[0]) / 2, (word.box[3] - word.box[1]) / 2
    return (new_x - half_x, new_y - half_y, new_x + half_x, new_y + half_y)
