"""Numbers, phones, sexes, addresses, SSN endings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.normalize import (
    normalize_address,
    normalize_number,
    normalize_phone,
    normalize_sex,
    normalize_ssn_last4,
    normalize_zip,
    parse_address,
)
from backfile.domain.patient import Address


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00-123 45", "0012345"), ("mrn#a12", "MRNA12"), (" 0007 ", "0007"), ("—", ""), ("１２３", "123")],
)
def test_number_keeps_zeros_and_letters(text: str, expected: str) -> None:
    assert normalize_number(text) == expected


@given(st.text())
def test_number_is_stable(text: str) -> None:
    once = normalize_number(text)
    assert normalize_number(once) == once
    assert all(char.isdigit() or "A" <= char <= "Z" for char in once)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(555) 867-5309", "5558675309"),
        ("+1 555 867 5309", "5558675309"),
        ("1-555-867-5309 ext. 12", "5558675309"),
        ("555.867.5309x44", "5558675309"),
        ("867-5309", ""),
        ("000-000-0000", ""),
        ("555867530", ""),
        ("", ""),
    ],
)
def test_phone(text: str, expected: str) -> None:
    assert normalize_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("f", "F"), ("Female", "F"), ("M.", "M"), ("male", "M"), ("U", ""), ("", ""), ("Mail", "")],
)
def test_sex(text: str, expected: str) -> None:
    assert normalize_sex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123-45-6789", "6789"),
        ("XXX-XX-6789", "6789"),
        ("***-**-6789", "6789"),
        ("6789", "6789"),
        ("0089", "0089"),
        ("0000", ""),
        ("678", ""),
        ("12345", ""),
        ("67B9", ""),
        ("6789-XX", ""),
    ],
)
def test_ssn_last4(text: str, expected: str) -> None:
    assert normalize_ssn_last4(text) == expected


def test_addresses_in_two_spellings_are_one() -> None:
    assert normalize_address("123 North Main Street, Apt. #4") == normalize_address("123 N. MAIN ST APT 4")
    assert normalize_address("P.O. Box 12") == normalize_address("PO BOX 12")
    assert normalize_address("9 Oak Ave, Salem, OR 97301-1234") == "9 OAK AVE SALEM OR 97301"
    assert normalize_address("9 Oak Ave") != normalize_address("9 Oak St")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_address_is_stable(text: str) -> None:
    once = normalize_address(text)
    assert normalize_address(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Oak St, Salem, OR 97301", Address("12 Oak St", "Salem", "OR", "97301")),
        ("12 Oak St, Apt 4, Salem, OR 97301-1234", Address("12 Oak St, Apt 4", "Salem", "OR", "97301-1234")),
        ("12 Oak St, Salem OR 97301", Address("12 Oak St", "Salem", "OR", "97301")),
        ("12 Oak St, Salem, OR, 97301", Address("12 Oak St", "Salem", "OR", "97301")),
        ("12 Oak St\nSalem, OR 97301", Address("12 Oak St", "Salem", "OR", "97301")),
        ("12 Oak St", Address("12 Oak St")),
        ("", Address()),
    ],
)
def test_address_parts(text: str, expected: Address) -> None:
    assert parse_address(text) == expected


@given(
    st.from_regex(r"[1-9][0-9]{0,3} [A-Z][a-z]{2,8} (St|Ave|Rd)", fullmatch=True),
    st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True),
    st.sampled_from(["OR", "NY", "TX"]),
    st.from_regex(r"[0-9]{5}", fullmatch=True),
)
def test_address_round_trip(street: str, city: str, state: str, code: str) -> None:
    address = Address(street, city, state, code)
    assert parse_address(str(address)) == address


def test_zip() -> None:
    assert normalize_zip("97301-1234") == normalize_zip(" 97301 ") == normalize_zip("973011234") == "97301"
    assert normalize_zip("9730") == normalize_zip("OR 97301 x") == ""
