"""Made-up pages of made-up people, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence

from backfile.domain.page import Word
from backfile.ports import IndexedPage
from search.analysis import join_page
from search.engine import IndexedDocument


def _split(words: str) -> list[str]:
    return words.split()


LAST_NAMES = _split(
    """
    Williams William Okafor O'Brien Smith-Jones Müller García Burns Petrakis Whitfield James Tran
    """
)
FIRST_NAMES = _split(
    """
    Agnes Thomas Maria Lucas Ines Walter Noor Priya Douglas Ruth
    """
)
FINDINGS = _split(
    """
    fracture fractures biopsy biopsies effusion effusions diagnosis diagnoses metastasis metastases headache
    headaches mass masses nodule nodules pneumonia sepsis edema cough fever chills rigors dyspnea stenosis
    """
)
PLAIN = _split(
    """
    the patient was seen in clinic today with no acute distress and denies any new complaints since last visit
    exam shows regular rate without murmur lungs clear abdomen soft plan continue current treatment follow
    return if worse discussed risks benefits alternatives chest pain right left lower upper lobe hip knee
    """
)
DRUGS = _split(
    """
    metoprolol lisinopril warfarin aspirin insulin metformin heparin morphine cardizem cardura
    """
)
COMPOUNDS = _split(
    """
    post-op postop follow-up followup wt/ht s/p b.i.d. bid X-ray xray non-tender A1c B12 q6h HTN/DM
    """
)
MONTHS = _split(
    """
    January February March April May June July August September October November December
    """
)

TYPES = ("progress_note", "radiology_report", "discharge_summary")
STATES = ("filed", "filed", "filed", "review", "exception")


def make_text(rng: random.Random, *, words: int = 60) -> list[str]:
    """Return the words of a page."""
    out: list[str] = []
    while len(out) < words:
        out += rng.choices(
            (
                [rng.choice(PLAIN) for _ in range(6)],
                [rng.choice(FINDINGS), rng.choice(("of", "and", "without")), rng.choice(FINDINGS) + "."],
                [
                    rng.choice(DRUGS),
                    f"{rng.choice((5, 10, 25, 40, 81, 500))}{rng.choice(('mg', ' mg', ' mcg'))}",
                ],
                [rng.choice(COMPOUNDS)],
                [rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)],
                [_make_date(rng)],
                [f"{rng.randint(90, 180)}/{rng.randint(50, 110)}"],
                [f"{rng.randint(95, 104)}.{rng.randint(0, 9)}"],
                ["MRN", f"{rng.randint(0, 99_999):07d}"],
                [f"{rng.randint(200, 989)}-{rng.randint(200, 999)}-{rng.randint(0, 9999):04d}"],
            ),
            weights=(8, 4, 3, 3, 2, 1, 1, 1, 0.5, 0.5),
        )[0]
    return " ".join(out).split()


def _make_date(rng: random.Random) -> str:
    year, month, day = rng.randint(1950, 2023), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice(
        (
            f"{month:02d}/{day:02d}/{year}",
            f"{month}/{day}/{year % 100:02d}",
            f"{year}-{month:02d}-{day:02d}",
            f"{MONTHS[month - 1]} {day}, {year}",
            f"{day} {MONTHS[month - 1][:3]} {year}",
        )
    )


def make_page(page: str, document: str, words: Sequence[str], **fields: object) -> IndexedPage:
    """Return an indexed page with the given words."""
    values: dict[str, object] = {
        "version": 1,
        "patient": "pat_1",
        "state": "filed",
        "type": "progress_note",
        "service_date": "",
        "batch": "",
        "reliable": True,
    } | fields
    return IndexedPage(id=page, document=document, tokens=join_page(words), **values)  # type: ignore[arg-type]


def make_document(document: str, *texts: str, version: int = 1, **fields: object) -> IndexedDocument:
    """Return a document of pages with the given texts; its pages are named after it."""
    return IndexedDocument(
        document,
        version,
        tuple(
            make_page(f"{document}/{number}", document, text.split(), version=version, **fields)
            for number, text in enumerate(texts, start=1)
        ),
    )


def make_corpus(*, documents: int, seed: int = 7, words: int = 60) -> list[IndexedDocument]:
    """Return documents of one to four pages with varied metadata."""
    rng = random.Random(seed)
    corpus = []
    for number in range(documents):
        date = f"{rng.randint(1990, 2020)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        corpus.append(
            IndexedDocument(
                f"doc_{number}",
                1,
                tuple(
                    make_page(
                        f"doc_{number}/{page}",
                        f"doc_{number}",
                        make_text(rng, words=words),
                        patient=f"pat_{number % 40}",
                        state=STATES[number % len(STATES)],
                        type=TYPES[number % len(TYPES)],
                        service_date=date if number % 5 else "",
                        batch=f"bat_{number % 3}",
                        reliable=(number + page) % 7 > 0,
                    )
                    for page in range(1, rng.randint(2, 5))
                ),
            )
        )
    return corpus


def place_words(text: str, *, per_line: int = 8, confidence: float = 0.9) -> tuple[Word, ...]:
    """Return the words of a text laid out on a page, line by line."""
    words = []
    for index, word in enumerate(text.split()):
        line, column = divmod(index, per_line)
        x, y = column / per_line, 0.05 + line * 0.03
        words.append(Word(word, (x, y, x + 0.9 / per_line, y + 0.02), confidence, line))
    return tuple(words)
