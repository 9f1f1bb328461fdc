from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.stem import stem_word, stems_beside
from search.stem_words import INVARIABLE, IRREGULAR

WORDS = st.one_of(
    st.sampled_from(sorted(IRREGULAR) + sorted(INVARIABLE)),
    st.text(alphabet="abcdehiosuxyz", min_size=1, max_size=9),
    st.builds(
        str.__add__,
        st.text(alphabet="abcdefghimnoprstuy", min_size=2, max_size=6),
        st.sampled_from(["s", "es", "ies", "sses", "xes", "ches", "aches", "shes", "zzes", "us", "is"]),
    ),
)


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("fracture", "fractures"),
        ("biopsy", "biopsies"),
        ("mass", "masses"),
        ("box", "boxes"),
        ("patch", "patches"),
        ("headache", "headaches"),
        ("reach", "reaches"),
        ("rash", "rashes"),
        ("dose", "doses"),
        ("disease", "diseases"),
        ("valve", "valves"),
        ("toe", "toes"),
        ("diagnosis", "diagnoses"),
        ("metastasis", "metastases"),
        ("vertebra", "vertebrae"),
        ("embolus", "emboli"),
        ("virus", "viruses"),
        ("carcinoma", "carcinomas"),
        ("ray", "rays"),
        ("tooth", "teeth"),
    ],
)
def test_plural_and_singular_have_one_stem(singular: str, plural: str) -> None:
    assert stem_word(plural) == stem_word(singular)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("williams", "william"),
        ("james", "jame"),
        ("jones", "jone"),
        ("roberts", "robert"),
        ("davis", "davi"),
        ("santos", "santo"),
        ("thomas", "thoma"),
        ("hydroxyzine", "hydralazine"),
        ("aids", "aid"),
        ("lens", "len"),
        ("gas", "ga"),
        ("bleeding", "bleed"),
        ("sepsis", "sepsi"),
        ("universe", "university"),
    ],
)
def test_what_is_not_the_same_word_stays_apart(one: str, other: str) -> None:
    assert stem_word(one) != stem_word(other)


@pytest.mark.parametrize("number", ["0012345", "1987-03-12", "1.5", "5s", "a1cs"])
def test_numbers_and_codes_are_never_stemmed(number: str) -> None:
    assert stem_word(number) == number


@given(WORDS)
def test_a_stem_is_its_own_stem(word: str) -> None:
    assert stem_word(stem_word(word)) == stem_word(word)


@given(WORDS, st.data())
def test_every_beginning_of_a_word_finds_its_stem(word: str, data: st.DataObject) -> None:
    beginning = word[: data.draw(st.integers(1, len(word)))]
    stem = stem_word(word)
    assert stem.startswith(beginning) or stem in stems_beside(beginning)
