"""Plain ways to understand the same readings: regular expressions, TF-IDF and logistic regression, Presidio.

TF-IDF and Presidio are run by ``benchmarks/understanding_rivals_job.py`` under the rivals' interpreter. All
get the text of the same readings, document by document. The types' baseline learns from generated documents
of the families that ours learnt from, clean and with reading errors. Presidio finds what is private, not
whose it is: for each field its most certain entity of the fitting kind is taken, the first of equals.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backfile.domain.document import FieldName, FieldValue
from backfile.domain.geometry import WHOLE_PAGE
from backfile.domain.normalize import normalize_number, parse_date, parse_name
from benchmarks.rivals import rivals_python
from benchmarks.understanding_types import TypedDocument
from samples.families import FamilySplit
from samples.noise import add_ocr_noise
from samples.texts import make_page_texts

_JOB = Path(__file__).with_name("understanding_rivals_job.py")
_TRAINING = 1500
"""Documents that the types' baseline learns from, twice as many as our model of types."""
_RATES = (0.0, 0.015, 0.04)
"""Reading errors in them, as in our own training."""

_DATE = (
    r"(\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})"
)
_PATTERNS = {
    FieldName.PATIENT_NAME: re.compile(
        r"(?i:\b(?:patient(?:'s)?(?: full)?(?: name)?|pt\.?(?: name)?|client name|name)"
        r"(?: ?\(last, first[^)]*\))?)\s*[:#-]?\s+"
        r"((?!Name)[A-Z][\w'’-]+, ?[A-Z][\w'’-]+(?: [A-Z][\w.]*)?"
        r"|(?!Name)[A-Z][\w'’-]+(?: [A-Z]\.?)? [A-Z][\w'’-]+)"
    ),
    FieldName.BIRTH_DATE: re.compile(
        rf"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birth\s?-?date|born)\b[^\w]{{0,4}}{_DATE}", re.IGNORECASE
    ),
    FieldName.MRN: re.compile(
        r"\b(?:mrn|m\.?r\.?\s?(?:#|no\.?|number)|med(?:ical|\.)?\s?rec(?:ord|\.)?\s?(?:#|no\.?|number)?"
        r"|chart\s?(?:#|no\.?|number)|hosp(?:ital)?\s?(?:#|no\.?|number)|unit\s?(?:#|no\.?|number))"
        r"[^\w]{0,4}([A-Z]{0,3}\d[\d-]{3,12}\d)",
        re.IGNORECASE,
    ),
}  # fmt: skip


def find_by_patterns(text: str) -> tuple[FieldValue, ...]:
    """Return name, birth date and MRN where a usual label with its value right behind it matches."""
    found = []
    for name, pattern in _PATTERNS.items():
        match = pattern.search(text)
        value = _normalize(name, match[1]) if match else ""
        if value:
            found.append(make_value(name, value))
    return tuple(found)


def _normalize(name: FieldName, text: str) -> str:
    if name is FieldName.BIRTH_DATE:
        date = parse_date(text, today=dt.date.today(), is_birth=True)
        return date.isoformat() if date else ""
    if name is FieldName.PATIENT_NAME:
        parsed = parse_name(text)
        return str(parsed) if parsed else ""
    return normalize_number(text)


def make_value(name: FieldName, value: str) -> FieldValue:
    """Return a value of which nothing else is known."""
    return FieldValue(name, value, value, 1.0, 1, WHOLE_PAGE)


def guess_types(texts: Sequence[str], truths: Sequence[str]) -> list[TypedDocument]:
    """Return the types that TF-IDF with logistic regression gives to documents."""
    rng = random.Random("types of rivals")
    training: list[tuple[str, str]] = []
    for number, document in enumerate(make_page_texts(_TRAINING, seed=77, families=FamilySplit.TRAIN)):
        rate = _RATES[number % len(_RATES)]
        pages = [add_ocr_noise(page, rng, rate=rate) if rate else page for page in document.pages]
        training.append((" ".join(word.text for page in pages for word in page.words), document.type))
    answer = _run("types", {"training": training, "texts": list(texts)})
    return [
        TypedDocument(truth, best, probability)  # always named: its probabilities are low where it is right
        for truth, (best, probability) in zip(truths, answer, strict=True)
    ]


def find_with_presidio(texts: Sequence[str]) -> list[tuple[FieldValue, ...]]:
    """Return what Presidio's recognizers find of the patient in each text."""
    found = []
    for entities in _run("presidio", {"texts": list(texts)}):
        values = []
        for name, kind in ((FieldName.BIRTH_DATE, "DATE_TIME"), (FieldName.MRN, "MRN")):
            best = max((e for e in entities if e[0] == kind), key=lambda e: (e[2], -e[3]), default=None)
            value = _normalize(name, best[1]) if best else ""
            if value:
                values.append(make_value(name, value))
        found.append(tuple(values))
    return found


def _run(task: str, given: dict[str, object]) -> list[list]:  # type: ignore[type-arg]
    """Let the rivals' interpreter work: JSON in, JSON out."""
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
        source, target = Path(name) / "in.json", Path(name) / "out.json"
        source.write_text(json.dumps(given), encoding="utf-8")
        subprocess.run([str(rivals_python()), str(_JOB), task, str(source), str(target)], check=True)
        answer: list[list] = json.loads(target.read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return answer
