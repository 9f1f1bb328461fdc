"""What the tests of scans share."""

from __future__ import annotations

import random
from functools import lru_cache

from samples.documents import LaidPage, compose_document
from samples.families import FamilySplit
from samples.patients import make_patients
from samples.registrar import SamplePatient


@lru_cache(maxsize=1)
def patients() -> tuple[SamplePatient, ...]:
    return make_patients(200, seed=3)


def lay_out(seed: int, type_name: str = "discharge_summary") -> LaidPage:
    rng = random.Random(seed)
    document = compose_document(rng, rng.choice(patients()), type_name=type_name, families=FamilySplit.DEMO)
    return document.pages[0]
