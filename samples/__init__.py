"""Synthetic charts with exact truth, made from a seed. Nobody in them exists.

People:
    ``make_patients(count, seed=...)`` makes a patient index; ``write_patients_csv(patients, path)``
    writes it as ``backfile patients import`` takes it; ``make_stranger(rng, patients)`` makes somebody
    who is in no index.

Text, for training (about 80 documents a second, without images):
    ``make_page_texts(count, seed=..., families=FamilySplit.TRAIN)`` yields ``DocumentText``: pages of
    words in reading order with boxes, ``TrueSighting``s that point at the words, the type, page n of m.
    ``add_ocr_noise(page, rng, rate=0.03)`` spoils a page as an OCR engine would.

Charts:
    ``make_chart(seed, patients, families=FamilySplit.DEMO)`` returns a ``Chart``: the pages of one file
    as printed, and its truth.
    ``make_samples(folder, charts=60, seed=1, families=FamilySplit.DEMO, processes=2)`` writes charts as
    scanned files, the patient index and the truth (``python -m samples --out DIR``); ``load_truth(path)``
    reads the latter back.
    ``score_documents(truth, documents)`` counts what was filed, cut and typed right or wrong.

Layout families are split into ``FamilySplit.TRAIN``, ``CALIBRATE`` and ``DEMO``, which share neither a
page design, nor the wording of a label that identifies the patient, nor an institution.
"""

from __future__ import annotations

from samples.charts import Chart, Scan, make_chart, site_of
from samples.documents import TYPES
from samples.families import FamilySplit
from samples.make import SampleSet, load_truth, make_samples
from samples.noise import add_ocr_noise
from samples.patients import make_patients, make_stranger, write_patients_csv
from samples.registrar import SamplePatient
from samples.score import Score, ScoredDocument, Slice, score_documents
from samples.texts import DocumentText, PageText, make_document_text, make_page_texts
from samples.truth import TrueChart, TrueDocument, TruePage, TrueSighting

__all__ = [
    "TYPES",
    "Chart",
    "DocumentText",
    "FamilySplit",
    "PageText",
    "SamplePatient",
    "SampleSet",
    "Scan",
    "Score",
    "ScoredDocument",
    "Slice",
    "TrueChart",
    "TrueDocument",
    "TruePage",
    "TrueSighting",
    "add_ocr_noise",
    "load_truth",
    "make_chart",
    "make_document_text",
    "make_page_texts",
    "make_patients",
    "make_samples",
    "make_stranger",
    "score_documents",
    "site_of",
    "write_patients_csv",
]
