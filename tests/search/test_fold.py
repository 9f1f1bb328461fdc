from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.fold import fold_text, unify_typography


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Müller", "muller"),
        ("GARCÍA", "garcia"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Ægir", "aegir"),
        ("ﬁbrosis", "fibrosis"),
        ("５ｍｇ", "5mg"),
        ("٣", "3"),
        ("µg", "ug"),
        ("İstanbul", "istanbul"),
        ("Ελένη", "ελενη"),
    ],
)
def test_case_and_accents_are_folded(written: str, folded: str) -> None:
    assert fold_text(written) == folded


@given(st.text())
@example("ΐ")
@example("ŉ")
@example("℀")
@example("ᾼͅ")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text())
def test_unifying_twice_changes_nothing_more(text: str) -> None:
    assert unify_typography(unify_typography(text)) == unify_typography(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_is_only_lowered(text: str) -> None:
    assert fold_text(text) == text.lower()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("post–op", "post-op"),
        ("O’Brien", "O'Brien"),
        ("hyper\u00adtension", "hypertension"),
        ("hyper\u00ad", "hyper-"),
        ("10⁹", "10 ⁹"),
        ("5½", "5 ½"),
        ("\ufeffname", "name"),
    ],
)
def test_typography_becomes_plain(written: str, plain: str) -> None:
    assert unify_typography(written) == plain
