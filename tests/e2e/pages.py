"""Small pages with known words, drawn for a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont


def draw_page(lines: Sequence[str]) -> Image.Image:
    """Return half a letter page at 150 dpi with large print: quick to read, hard to misread."""
    page = Image.new("L", (1275, 825), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(30)
    for number, line in enumerate(lines):
        draw.text((90, 70 + 48 * number), line, fill=0, font=font)
    return page


def write_chart(path: Path, pages: Sequence[Sequence[str]]) -> Path:
    """Write pages as a multi-page TIFF or PDF (by the name's ending), whole at once."""
    images = [draw_page(lines) for lines in pages]
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}")
    kind = {".pdf": "PDF", ".tif": "TIFF", ".png": "PNG"}[path.suffix]
    rest = {} if kind == "PNG" else {"save_all": True, "append_images": images[1:]}
    images[0].save(hidden, kind, dpi=(150, 150), **rest)
    hidden.rename(path)
    return path


def note(number: int, *, word: str = "pneumonia") -> list[str]:
    """Return the lines of a short note; ``word`` and ``number`` make it findable and unlike others."""
    return [
        "General Hospital",
        "PROGRESS NOTE",
        f"Visit number {number:04} on 03/12/1987",
        f"The patient was seen for {word}.",
        f"Reference word: zebra{number:04}",
        "Continue the present treatment and return in two weeks.",
    ]
