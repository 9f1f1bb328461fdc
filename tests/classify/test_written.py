"""Documents that no generator made: nothing of whose they are is ever read wrong."""

from __future__ import annotations

import pytest

from backfile.domain.document import FieldName
from benchmarks.understanding_written import DIGITAL, SETS, Verdict, judge_field, understand_set
from classify.reader import DocumentReader, load_reader

_LEAST = {"sixth": 0.9}
"""Share of values that are found at least: the sixth set has MRNs under words that say something else."""
_WHOSE = (FieldName.PATIENT_NAME, FieldName.BIRTH_DATE, FieldName.MRN)


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return load_reader()


@pytest.mark.long
@pytest.mark.parametrize("name", SETS)
def test_written_documents_name_their_patient_or_nobody(name: str, reader: DocumentReader) -> None:
    right = total = 0
    for document, understood in understand_set(name, DIGITAL, reader=reader):
        given = {field.name: field.value for field in understood.fields}
        for field in _WHOSE:
            verdict = judge_field(field, document.fields[field], given.get(field, ""))
            assert verdict is not Verdict.WRONG, (document.types, field)
            right += verdict is Verdict.RIGHT
            total += 1
        assert understood.type.name in (*document.types, "unknown")
    assert right >= _LEAST.get(name, 0.94) * total
