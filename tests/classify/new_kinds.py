"""Kinds of documents that no shipped type covers, laid out by the generator: for what a site adds."""

from __future__ import annotations

import random
from collections.abc import Callable

from backfile.domain.page import PageReading
from classify.training.corpus import make_reading
from samples.content import Content, Pairs, Para, Section
from samples.documents import LaidPage, compose_document
from samples.families import FamilySplit
from samples.noise import add_ocr_noise
from samples.patients import make_patients
from samples.scribe import Scribe
from samples.texts import PageText

_SLEEP = (
    "The patient slept for {n} hours with a sleep efficiency of {nn} percent",
    "Sleep latency was {nn} minutes and REM latency {nn} minutes",
    "The apnea hypopnea index was {nn} events an hour",
    "Oxygen desaturation to {nn} percent was seen during REM sleep",
    "Periodic limb movements were {n} an hour with few arousals",
    "CPAP titration was begun at {n} cm of water",
    "Snoring was loud and continuous in the supine position",
    "Central apneas were rare; obstructive events prevailed",
    "Split night protocol was followed after two hours of recording",
    "Electrodes were placed by the 10-20 system and scored by AASM rules",
)
_DENTAL = (
    "Tooth number {nn} has occlusal caries and a fractured amalgam restoration",
    "Periodontal probing depths were {n} mm on the buccal side",
    "Scaling and root planing of the lower quadrants was done",
    "Bitewing radiographs were taken and shown to {pt}",
    "A composite restoration was placed under rubber dam isolation",
    "Oral hygiene instruction was given, flossing every day",
    "Crown preparation and temporary cement, return for seating",
    "Gingiva is inflamed with bleeding on probing",
    "Fluoride varnish was applied to all teeth",
    "Extraction of the third molar was discussed",
)


def _write(
    title: tuple[str, ...], heads: tuple[str, ...], pool: tuple[str, ...]
) -> Callable[[Scribe], Content]:
    def write(s: Scribe) -> Content:
        rng = s.rng
        told = [s.say(line) for line in rng.sample(pool, rng.randint(5, 8))]
        half = len(told) // 2
        sections = (
            Section(rng.choice(heads), (Para(". ".join(told[:half]) + "."),)),
            Section(rng.choice(heads), (Para(". ".join(told[half:]) + "."),)),
            Section("", (Pairs(((s.label("provider"), s.provider(s.physician)),)),)),
        )
        return Content("progress_note", sections, title=rng.choice(title))

    return write


WRITERS = {
    "sleep_study": _write(
        ("Polysomnography Report", "SLEEP STUDY", "Overnight Sleep Study Report"),
        ("Sleep Architecture", "Respiratory Events", "Summary", "Technique"),
        _SLEEP,
    ),
    "dental_record": _write(
        ("Dental Treatment Record", "DENTAL CHART NOTE", "Record of Dental Treatment"),
        ("Findings", "Treatment", "Periodontal", "Plan"),
        _DENTAL,
    ),
}


def lay_new_kind(name: str, count: int, *, families: FamilySplit, seed: int) -> list[LaidPage]:
    """Return pages of a new kind as printed."""
    rng = random.Random(f"new kind {name} {families.value} {seed}")
    people = make_patients(200, seed=500 + seed)
    found = []
    for _ in range(count):
        document = compose_document(
            rng,
            rng.choice(people),
            type_name="progress_note",
            families=families,
            write=WRITERS[name],
            max_pages=1,
        )
        found.append(document.pages[0])
    return found


def make_new_kind(
    name: str, count: int, *, families: FamilySplit, seed: int, rate: float = 0.01
) -> list[tuple[PageReading, ...]]:
    """Return the pages of documents of a new kind as a poor reader has them."""
    rng = random.Random(f"noise {name} {families.value} {seed}")
    found: list[tuple[PageReading, ...]] = []
    for page in lay_new_kind(name, count, families=families, seed=seed):
        text = PageText(page.words, page.sightings, name, 1, 1)
        found.append((make_reading(add_ocr_noise(text, rng, rate=rate).words),))
    return found
