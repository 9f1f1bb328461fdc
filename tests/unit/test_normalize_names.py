"""Names of people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.normalize import fold_name, is_placeholder_name, normalize_suffix, parse_name
from backfile.domain.patient import PersonName


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SMITH, JOHN QUINCY JR", PersonName("SMITH", "JOHN", "QUINCY", "Jr")),
        ("Smith, John", PersonName("Smith", "John")),
        ("Smith Jr., John A.", PersonName("Smith", "John", "A", "Jr")),
        ("Smith, John A., Jr.", PersonName("Smith", "John", "A", "Jr")),
        ("Smith, Jr., John", PersonName("Smith", "John", "", "Jr")),
        ("John M. Smith Jr.", PersonName("Smith", "John", "M", "Jr")),
        ("John Smith, III", PersonName("Smith", "John", "", "III")),
        ("Smith V, John", PersonName("Smith", "John", "", "V")),
        ("Smith, John V", PersonName("Smith", "John", "V")),
        ("Mrs. Maria de la Cruz", PersonName("de la Cruz", "Maria")),
        ("DE LA CRUZ, MARIA", PersonName("DE LA CRUZ", "MARIA")),
        ("Ludwig van der Berg", PersonName("van der Berg", "Ludwig")),
        ("Siobhan O’Brien-McCoy", PersonName("O’Brien-McCoy", "Siobhan")),
        ("O' Brien, Pat", PersonName("O'Brien", "Pat")),
        ("Dr. Jane Q. Public, MD, FACS", PersonName("Public", "Jane", "Q")),
        ("Public, Jane Q, RN", PersonName("Public", "Jane", "Q")),
        ("Jane Public MD", PersonName("Public", "Jane")),
        ("Nguyen, Do", PersonName("Nguyen", "Do")),
        ("Anh Nguyen, DO", PersonName("Nguyen", "Anh")),
        ("Garcia Lopez, Ma", PersonName("Garcia Lopez", "Ma")),
        ('Robert "Bob" Smith', PersonName("Smith", "Robert")),
        ("Smith (Jones), Ann", PersonName("Smith", "Ann")),
        ("Müller, Jürgen", PersonName("Müller", "Jürgen")),
        ("SMITH^JOHN^Q^JR^DR", PersonName("SMITH", "JOHN", "Q", "Jr")),
        ("Smith", PersonName("Smith", "")),
        ("Al Smith", PersonName("Smith", "Al")),
        ("MC DONALD, ANN", PersonName("MC DONALD", "ANN")),
    ],
)
def test_names_as_they_stand_on_paper(text: str, expected: PersonName) -> None:
    assert parse_name(text) == expected


@pytest.mark.parametrize("text", ["", "  ", "12345", "--", ",", "03/12/1987", "()", "a " * 40])
def test_what_is_no_name_is_none(text: str) -> None:
    assert parse_name(text) is None


words: st.SearchStrategy[str] = st.from_regex(
    r"[A-Z][a-z]{2,4}[eéño][a-z]{3,5}(-[A-Z][a-z]{2,6}a)?", fullmatch=True
).filter(lambda word: fold_name(word) not in {"REVEREND", "PROFESSOR"})
"""Seven letters and more: no title, degree, suffix or particle has so many."""


@given(words, words, st.one_of(st.just(""), words), st.sampled_from(["", "Jr", "Sr", "II", "III", "IV"]))
def test_round_trip(last: str, first: str, middle: str, suffix: str) -> None:
    name = PersonName(last, first, middle, suffix)
    assert parse_name(str(name)) == name
    assert parse_name(f"{first} {middle} {last} {suffix}") == name


@given(st.text(max_size=60))
def test_nothing_breaks_it(text: str) -> None:
    name = parse_name(text)
    assert name is None or name.last


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O'Brien", "OBRIEN"),
        ("Smith-Jones", "SMITH JONES"),
        ("  Núñez  y  Łódź ", "NUNEZ Y LODZ"),
        ("St. John", "ST JOHN"),
        ("Groß", "GROSS"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold_name(text) == expected


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


def test_suffixes() -> None:
    assert [normalize_suffix(text) for text in ("JR.", "junior", "Sr", "2nd", "iii", "4TH", "MD", "")] == [
        "Jr", "Jr", "Sr", "II", "III", "IV", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Smith, Baby Boy", "SMITH, BG A", "Baby Girl Smith", "Doe, John", "Jane Doe", "Trauma, Alpha",
        "ZZTEST, Ann", "Unknown, Male", "Test, Patient",
        "Smith, Girl", "BabyBoy Smith", "Smith, Newborn", "Smith, Twin A",
        "Infant of Smith", "Smith, BB", "Patient, Test", "ZZZ, Zz",
    ],
)  # fmt: skip
def test_placeholders(text: str) -> None:
    name = parse_name(text)
    assert name is not None
    assert is_placeholder_name(name)


@pytest.mark.parametrize(
    "text", ["Smith, John", "Babyak, Bo", "Doering, Jo", "Boyd, Gil", "Tester, Al", "Traumann, Lea"]
)
def test_people_with_names_like_placeholders(text: str) -> None:
    name = parse_name(text)
    assert name is not None
    assert not is_placeholder_name(name)
