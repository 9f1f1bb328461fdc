"""Whether anything is ever filed under a wrong patient, over thousands of charts whose reading is simulated.

    .venv/bin/python -m benchmarks.filing_simulated [--charts 600] [--seeds 101,102,103,104,105] [--hard 60]

Everything after the reading is real: cutting, types, identifiers, the filing rules over a patient index of
2,000 records a seed. The pages are those of ``benchmarks.filing``, misread in the way that was measured on
real readings (``samples.misreading``), which takes a fiftieth of the time; ``--hard`` adds so many pages of
each case that is made to mislead. One chart in five belongs to nobody in the index. What is filed wrong is
listed by seed and chart.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

from backfile.domain.document import FieldName
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.page import PageQuality, PageReading, PageSource, Word
from backfile.domain.unaided import find_upper_bound
from classify import load_reader
from classify.matching import FilingRules, MemoryPatientIndex, decide_filing
from classify.reader import DocumentReader
from samples.charts import make_chart, site_of
from samples.families import FamilySplit
from samples.hard_cases import HardCase, make_hard_chart
from samples.make import PATIENTS
from samples.misreading import PageReader
from samples.patients import make_patients
from samples.registrar import SamplePatient
from samples.score import ScoredDocument, score_documents
from samples.truth import TrueChart, TruePage

_STRANGERS = 5
"""One chart in so many belongs to nobody in the index."""
_FAMILIES = FamilySplit.DEMO
_NOBODYS = (HardCase.TWO_PATIENTS, HardCase.BLANK_TEMPLATE)
"""Pages to be filed under nobody: the other's data would be in that chart, or nobody's name is on them."""

_OWN = {FieldName.PATIENT_NAME, FieldName.MRN, FieldName.BIRTH_DATE}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the charts of one seed."""

    counts: Counter[str]
    wrong: tuple[str, ...]
    """Where: seed, chart, reason."""


def main() -> int:
    """File, count and print; the exit code is 1 where anything was filed wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--charts", type=int, default=600, help="a seed")
    parser.add_argument("--hard", type=int, default=60, help="pages of each misleading case, a seed")
    parser.add_argument("--seeds", default="101,102,103,104,105")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    jobs = [(int(seed), options.charts, options.hard) for seed in options.seeds.split(",")]
    total: Counter[str] = Counter()
    wrong: list[str] = []
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        for outcome in pool.map(file_seed, jobs):
            total += outcome.counts
            wrong += outcome.wrong
    _print(total, wrong)
    return 1 if wrong else 0


def file_seed(job: tuple[int, int, int]) -> Outcome:
    """File the charts and the misleading pages of one seed.

    Args:
        job: seed, charts, misleading pages of each case.
    """
    seed, charts, hard = job
    people = make_patients(PATIENTS, seed=seed)
    clerk = _Clerk(people)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(1, charts + 1):
        chart = make_chart(
            seed * 1_000_000 + number, people, families=_FAMILIES, is_stranger=number % _STRANGERS == 0
        )
        _note(clerk.file(chart.truth), chart.truth, f"{seed}/{number}", chart.grade, counts, wrong)
    for case in HardCase:
        for number in range(1, hard + 1):
            made = make_hard_chart(case, seed * 10_000 + number, people, families=_FAMILIES)
            truth = made.chart.truth
            if case is HardCase.OTHER_STICKER and not _OWN & truth.documents[0].fields.keys():
                continue  # nothing on it says whose it is but the label: nobody could tell
            if case in _NOBODYS:
                truth = replace(truth, documents=tuple(replace(d, mrn=None) for d in truth.documents))
            _note(clerk.file(truth), truth, f"{seed}/{case.value}/{number}", case.value, counts, wrong)
    return Outcome(counts, tuple(wrong))


@dataclass(frozen=True, slots=True)
class _Filed:
    documents: tuple[ScoredDocument, ...]
    reasons: tuple[str, ...]


class _Clerk:
    """Reads, understands and files charts."""

    def __init__(self, people: Sequence[SamplePatient]) -> None:
        self._index = MemoryPatientIndex(person.patient for person in people)
        self._rules = FilingRules(facility=(site_of(_FAMILIES).name,))
        self._reader: DocumentReader = load_reader()
        self._numbers = {person.patient.id: person.mrn for person in people}

    def file(self, truth: TrueChart) -> _Filed:
        readings = list(_read(truth))
        documents, reasons = [], []
        for understood in self._reader.understand_pages(readings):
            evidence = DocumentEvidence(understood.evidence, is_boundary_doubtful=understood.cut.doubtful)
            outcome = decide_filing(evidence, index=self._index, rules=self._rules)
            pages = tuple((truth.name, number) for number in understood.cut.pages)
            number = self._numbers[outcome.patient_id] if outcome.patient_id else None
            documents.append(ScoredDocument(outcome.state.value, number, understood.type.name, pages))
            reasons.append(outcome.reason.value)
        return _Filed(tuple(documents), tuple(reasons))


def _read(truth: TrueChart) -> Iterable[PageReading]:
    """Yield each page as our readers would read it."""
    for page in truth.pages:
        rng = random.Random(f"reading {truth.name} {truth.seed} {page.number}")
        words = tuple(_misread(page, rng)) if page.words else ()
        quality = PageQuality(dpi=200.0, ink=0.05, contrast=0.8, sharpness=0.5, reliable=True)
        source = PageSource.PDF if page.grade == "born_digital" else PageSource.OCR
        yield PageReading(source, words, 0, 0.0, not words, quality, width=1700, height=2200)


def _misread(page: TruePage, rng: random.Random) -> Iterable[Word]:
    if page.grade == "born_digital":
        yield from page.words
        return
    reader = PageReader(page.grade, rng)
    for word in page.words:
        for read in reader.read(word.text):
            yield replace(word, text=read.text, confidence=read.confidence)


def _note(
    filed: _Filed, truth: TrueChart, place: str, slice_name: str, counts: Counter[str], wrong: list[str]
) -> None:
    score = score_documents([truth], filed.documents)
    counts["documents"] += len(filed.documents)
    for key in ("charts", "charts_in_index", "filed_right", "filed_wrong"):
        counts[f"{slice_name}.{key}"] += getattr(score, key)
    for document, reason in zip(filed.documents, filed.reasons, strict=True):
        counts["filed"] += document.state == "filed"
        if document.state != "filed":
            counts[f"reason.{reason}"] += 1
    if score.filed_wrong:
        wrong.append(f"{place} {slice_name}: {', '.join(filed.reasons)}")


def _print(total: Counter[str], wrong: Sequence[str]) -> None:
    slices = list(dict.fromkeys(key.split(".")[0] for key in total if key.endswith(".charts")))
    print(f"{'':<16}{'charts':>8}{'in index':>10}{'filed right':>13}{'filed wrong':>13}")
    for name in slices:
        known, right = total[f"{name}.charts_in_index"], total[f"{name}.filed_right"]
        share = f"{right / known:.1%}" if known else "-"
        print(
            f"{name:<16}{total[f'{name}.charts']:>8}{known:>10}{share:>13}{total[f'{name}.filed_wrong']:>13}"
        )
    errors, filed = len(wrong), total["filed"]
    bound = find_upper_bound(errors, filed)
    print(f"documents {total['documents']}, filed {filed}, wrong {errors}: below {bound:.1e} (95 %)")
    print(
        "why not filed:",
        ", ".join(f"{key[7:]} {n}" for key, n in total.most_common() if key.startswith("reason.")),
    )
    for line in wrong:
        print("WRONG", line)


if __name__ == "__main__":
    raise SystemExit(main())
