"""Synthetic charts with exact truth, made from a seed. Nobody in them exists.

- ``make_patients(count, seed=...)`` makes a patient index, ``write_patients_csv`` writes it,
  ``make_stranger`` makes people who are not in it.
"""

from __future__ import annotations

from samples.patients import SamplePatient, make_patients, make_stranger, write_patients_csv
from samples.truth import TrueChart, TrueDocument, TruePage, TrueSighting

__all__ = [
    "SamplePatient",
    "TrueChart",
    "TrueDocument",
    "TruePage",
    "TrueSighting",
    "make_patients",
    "make_stranger",
    "write_patients_csv",
]
