"""Synthetic pages with known words, and what paper and scanners do to them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.geometry import Box
from ocr.raster_image import Pixels

WIDTH, HEIGHT = LETTER
_FIRST = ("Maria", "James", "Aisha", "Robert", "Linda", "Chen", "Olga", "Samuel", "Grace", "Victor")
_LAST = ("Delgado", "Whitfield", "Okafor", "Lindqvist", "Harper", "Nguyen", "Petrov", "Abernathy", "Cole")
_PROSE = (
    "the patient was admitted with acute onset of chest discomfort radiating to left arm and mild dyspnea "
    "on exertion denies fever chills nausea vomiting or abdominal pain past history is notable for "
    "hypertension diabetes mellitus type two hyperlipidemia and remote appendectomy she takes lisinopril "
    "metformin atorvastatin daily allergies include penicillin rash examination reveals an alert woman in "
    "no distress lungs are clear heart regular rate without murmur abdomen soft extremities without edema "
    "laboratory studies were unremarkable except glucose which improved after insulin discharge planning "
    "follow up within one week with primary physician return if symptoms recur or worsen significantly"
)
_VOCABULARY = _PROSE.split()
_TESTS = (
    ("Sodium", "mmol/L", 135, 145), ("Potassium", "mmol/L", 3, 5), ("Chloride", "mmol/L", 98, 107),
    ("Glucose", "mg/dL", 70, 180), ("Creatinine", "mg/dL", 1, 2), ("Hemoglobin", "g/dL", 12, 16),
    ("Platelets", "K/uL", 150, 400), ("Calcium", "mg/dL", 8, 11), ("Albumin", "g/dL", 3, 5),
    ("Bilirubin", "mg/dL", 1, 2), ("Magnesium", "mg/dL", 1, 3), ("Phosphorus", "mg/dL", 2, 5),
)  # fmt: skip


@dataclass(slots=True)
class DrawnPage:
    """A page as it was drawn."""

    pdf: bytes
    words: list[tuple[str, Box]]

    def tokens(self) -> list[str]:
        return [text for text, _ in self.words]


@dataclass(slots=True)
class _Sheet:
    """A letter sheet that remembers the words drawn on it."""

    canvas: Canvas
    words: list[tuple[str, Box]] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, *, font: str = "Helvetica", size: float = 10) -> float:
        """Draw from ``x``, foot at ``y`` points from the top; return where it ends."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)
        at = x
        space = float(stringWidth(" ", font, size))
        for token in text.split(" "):
            width = float(stringWidth(token, font, size))
            if token:
                box = (
                    at / WIDTH,
                    (y - 0.75 * size) / HEIGHT,
                    (at + width) / WIDTH,
                    (y + 0.2 * size) / HEIGHT,
                )
                self.words.append((token, box))
            at += width + space
        return at

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.7) -> None:
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def draw(*painters: Callable[[_Sheet], None]) -> DrawnPage:
    """Draw one page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER, invariant=True)
    sheet = _Sheet(canvas)
    for painter in painters:
        painter(sheet)
    canvas.showPage()
    canvas.save()
    return DrawnPage(buffer.getvalue(), sheet.words)


def prose_page(seed: int = 0, *, font: str = "Times-Roman", size: float = 11) -> DrawnPage:
    """A discharge summary in running text."""
    rng = random.Random(seed)

    def paint(sheet: _Sheet) -> None:
        sheet.text(72, 60, "RIVERSIDE COMMUNITY HOSPITAL", font="Helvetica-Bold", size=15)
        sheet.text(72, 82, "Discharge Summary", font="Helvetica-Bold", size=12)
        sheet.text(
            72, 102, f"Patient: {rng.choice(_LAST)}, {rng.choice(_FIRST)}   MRN: {rng.randrange(10**7):07d}"
        )
        sheet.text(72, 116, f"DOB: {_date(rng)}   Admitted: {_date(rng)}   Discharged: {_date(rng)}")
        y = 145.0
        while y < 710:
            for _ in range(rng.randint(4, 8)):
                line = ""
                while stringWidth(line, font, size) < 420:
                    line += rng.choice(_VOCABULARY) + (". " if rng.random() < 0.08 else " ")
                sheet.text(72, y, line.strip(), font=font, size=size)
                y += size * 1.25
                if y > 710:
                    break
            y += size
        sheet.text(72, 740, f"Dictated by Dr. {rng.choice(_LAST)}   Page 1 of 2", size=8)

    return draw(paint)


def form_page(seed: int = 0, *, rules: bool = True, size: float = 9) -> DrawnPage:
    """A registration form: labels over boxes, values in another type, ruled."""
    rng = random.Random(seed)
    labels: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Patient name", lambda: f"{rng.choice(_LAST)}, {rng.choice(_FIRST)} {rng.choice('ABCDEFG')}"),
        ("Date of birth", lambda: _date(rng)),
        ("Medical record number", lambda: f"{rng.randrange(10**8):08d}"),
        ("Home phone", lambda: f"(555) 01{rng.randrange(10)}-{rng.randrange(10**4):04d}"),
        ("Street address", lambda: f"{rng.randrange(1, 999)} Maple Avenue Apt {rng.randrange(1, 30)}"),
        ("Insurance carrier", lambda: "Blue River Mutual"),
        ("Group number", lambda: f"GR{rng.randrange(10**6):06d}"),
        ("Referring physician", lambda: f"Dr. {rng.choice(_LAST)}"),
        ("Emergency contact", lambda: f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"),
        ("Reason for visit", lambda: " ".join(rng.choices(_VOCABULARY, k=3))),
    )

    def paint(sheet: _Sheet) -> None:
        sheet.text(60, 56, "PATIENT REGISTRATION", font="Helvetica-Bold", size=16)
        y = 80.0
        for row in range(20):
            for column, x in enumerate((60.0, 306.0)):
                label, value = labels[(2 * row + column) % len(labels)]
                sheet.text(x + 4, y + 9, label, size=7)
                sheet.text(x + 4, y + 22, value(), font="Courier", size=size)
            if rules:
                for x in (60.0, 306.0, 552.0):
                    sheet.rule(x, y, x, y + 29)
                sheet.rule(60, y, 552, y)
            y += 29
        if rules:
            sheet.rule(60, y, 552, y)
        sheet.text(60, y + 30, "Signature of patient or guardian", size=8)
        sheet.rule(60, y + 18, 300, y + 18)

    return draw(paint)


def table_page(seed: int = 0, *, size: float = 9) -> DrawnPage:
    """A laboratory report: a table of results."""
    rng = random.Random(seed)

    def paint(sheet: _Sheet) -> None:
        sheet.text(60, 60, "LABORATORY REPORT", font="Helvetica-Bold", size=14)
        sheet.text(60, 80, f"Name: {rng.choice(_FIRST)} {rng.choice(_LAST)}")
        sheet.text(330, 80, f"MRN: {rng.randrange(10**7):07d}")
        sheet.text(60, 96, f"DOB: {_date(rng)}")
        sheet.text(330, 96, f"Collected: {_date(rng)}")
        y = 125.0
        for x, head in (
            (60, "Test"),
            (210, "Result"),
            (290, "Units"),
            (380, "Reference range"),
            (500, "Flag"),
        ):
            sheet.text(x, y, head, font="Helvetica-Bold", size=size)
        sheet.rule(60, y + 4, 552, y + 4, width=1)
        for _ in range(34):
            y += 16.5
            name, unit, low, high = rng.choice(_TESTS)
            value = rng.uniform(low * 0.8, high * 1.2)
            sheet.text(60, y, name, size=size)
            sheet.text(210, y, f"{value:.1f}", size=size)
            sheet.text(290, y, unit, size=size)
            sheet.text(380, y, f"{low}.0 - {high}.0", size=size)
            if not low <= value <= high:
                sheet.text(500, y, "HIGH" if value > high else "LOW", size=size)

    return draw(paint)


def blank_sheet() -> DrawnPage:
    """Nothing."""
    return draw()


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/{rng.randint(1930, 2020)}"


def render(page: DrawnPage, *, dpi: float = 300) -> Pixels:
    """Return the page as a clean gray image."""
    document = pypdfium2.PdfDocument(page.pdf)
    return np.array(document[0].render(scale=dpi / 72, grayscale=True).to_numpy(), dtype=np.uint8)


def skew(image: Pixels, degrees: float) -> Pixels:
    """Turn the paper counter-clockwise about its centre, canvas kept."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(turned, dtype=np.uint8)


def wear(
    image: Pixels,
    seed: int = 0,
    *,
    noise: float = 8.0,
    blur: float = 0.6,
    fade: float = 1.0,
    paper: int = 245,
) -> Pixels:
    """Age and scan the page: soft, noisy, ink ``fade`` times as strong on paper of the given gray."""
    rng = np.random.default_rng(seed)
    values: NDArray[np.float32] = paper - (255.0 - image.astype(np.float32)) * fade * paper / 255.0
    if blur:
        values = np.asarray(cv2.GaussianBlur(values, (0, 0), blur), dtype=np.float32)
    values += rng.normal(0.0, noise, image.shape).astype(np.float32)
    worn: Pixels = np.clip(values, 0, 255).astype(np.uint8)
    return worn


def save_image(image: Pixels, path: Path, *, dpi: float = 300, **options: Any) -> Path:
    """Save as the suffix says, with the resolution."""
    Image.fromarray(image).save(path, dpi=(dpi, dpi), **options)
    return path


def save_pdf(page: DrawnPage, path: Path) -> Path:
    path.write_bytes(page.pdf)
    return path


def recall(read: list[str], truth: list[str]) -> float:
    """Share of the true tokens that were read, in any order."""
    left: dict[str, int] = {}
    for token in read:
        left[token.lower()] = left.get(token.lower(), 0) + 1
    found = 0
    for token in truth:
        if left.get(token.lower(), 0) > 0:
            left[token.lower()] -= 1
            found += 1
    return found / max(len(truth), 1)
