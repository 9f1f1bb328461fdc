"""Text-level pages: what the truth says is what stands on the page."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backfile.domain.document import SightingKind
from backfile.domain.geometry import union_boxes
from backfile.domain.normalize import fold_name, normalize_number, normalize_phone, read_date
from backfile.domain.reading_order import order_words
from samples import DocumentText, FamilySplit, PageText, add_ocr_noise, make_page_texts

_KINDS = SightingKind


@pytest.fixture(scope="module")
def documents() -> list[DocumentText]:
    return [d for f in FamilySplit for d in make_page_texts(36, seed=11, families=f)]


def _pages(documents: list[DocumentText]) -> list[PageText]:
    return [page for document in documents for page in document.pages]


def test_same_seed_gives_the_same_documents(documents: list[DocumentText]) -> None:
    again = list(make_page_texts(5, seed=11, families=FamilySplit.TRAIN))
    assert again == documents[:5]
    assert list(make_page_texts(5, seed=12, families=FamilySplit.TRAIN)) != again


def test_words_stand_in_reading_order_on_the_page(documents: list[DocumentText]) -> None:
    for page in _pages(documents)[::6]:
        assert page.words == order_words(page.words)
        for word in page.words:
            x0, y0, x1, y1 = word.box
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1


def test_sightings_point_at_their_words(documents: list[DocumentText]) -> None:
    for page in _pages(documents):
        for sighting in page.sightings:
            words = [page.words[at] for at in sighting.words]
            raw = " ".join(word.text for word in words)
            assert sighting.box == union_boxes(word.box for word in words)
            match sighting.kind:
                case _KINDS.MRN | _KINDS.ENCOUNTER | _KINDS.OTHER_NUMBER:
                    assert sighting.value in normalize_number(raw)
                case _KINDS.PHONE:
                    # The label may stand so close that it is one word with the number.
                    assert normalize_phone(raw[raw.find(":") + 1 :]) == sighting.value
                case _KINDS.PATIENT_NAME:
                    assert set(fold_name(sighting.value).split()) <= set(fold_name(raw).split())


def test_dates_say_their_day(documents: list[DocumentText]) -> None:
    checked = 0
    for page in _pages(documents):
        for sighting in page.sightings:
            if sighting.kind in {_KINDS.SERVICE_DATE, _KINDS.OTHER_DATE}:
                raw = " ".join(page.words[at].text for at in sighting.words).strip(".,:;()")
                parsed = read_date(raw, today=dt.date(2027, 1, 1))
                if parsed:
                    assert parsed.date.isoformat() == sighting.value
                    checked += 1
    assert checked > 250


def test_fields_come_from_what_stands_on_the_pages(documents: list[DocumentText]) -> None:
    for document in documents:
        seen = {(s.kind.value, s.value) for page in document.pages for s in page.sightings}
        assert {(name.value, value) for name, value in document.fields.items()} <= seen


def test_hard_cases_are_there(documents: list[DocumentText]) -> None:
    pages = _pages(documents)
    kinds = [{s.kind for s in page.sightings} for page in pages]
    assert any(document.is_foreign for document in documents)
    assert any(not k & {_KINDS.PATIENT_NAME, _KINDS.MRN, _KINDS.BIRTH_DATE} for k in kinds)
    assert any(page.number > 1 and not kinds[at] & {_KINDS.MRN} for at, page in enumerate(pages))
    assert sum(_KINDS.RELATIVE_NAME in k for k in kinds) > len(pages) / 12
    assert sum({_KINDS.BIRTH_DATE, _KINDS.OTHER_DATE} <= k for k in kinds) > len(pages) / 4
    assert sum({_KINDS.MRN, _KINDS.OTHER_NUMBER} <= k for k in kinds) > len(pages) / 8
    assert any(document.pages[0].total > 1 for document in documents)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), rate=st.floats(0.0, 0.12))
def test_noise_keeps_the_truth_pointing_at_words(
    documents: list[DocumentText], seed: int, rate: float
) -> None:
    page = documents[seed % len(documents)].pages[0]
    noisy = add_ocr_noise(page, random.Random(seed), rate=rate)
    assert noisy == add_ocr_noise(page, random.Random(seed), rate=rate)
    assert noisy.words == order_words(noisy.words)
    for sighting in noisy.sightings:
        assert sighting.words
        assert sighting.box == union_boxes(noisy.words[at].box for at in sighting.words)
    assert all(0 <= word.confidence <= 1 for word in noisy.words)


def test_more_noise_spoils_more_words(documents: list[DocumentText]) -> None:
    pages = _pages(documents)[:15]
    spoilt = []
    for rate in (0.0, 0.02, 0.08):
        left = total = 0
        for page in pages:
            noisy = {word.text for word in add_ocr_noise(page, random.Random(1), rate=rate).words}
            left += sum(word.text in noisy for word in page.words)
            total += len(page.words)
        spoilt.append(1 - left / total)
    assert spoilt[0] == 0
    assert 0.02 < spoilt[1] < 0.25
    assert spoilt[1] < spoilt[2] < 0.6
