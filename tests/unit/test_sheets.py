"""What barcodes of sheets say, and which pages lie under which sheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.sheets import (
    PREFIX,
    UNCLEAR_SHEET,
    Sheet,
    SheetKind,
    decode_codes,
    decode_sheet,
    encode_sheet,
    make_token,
)
from backfile.domain.stack import Cover, PageRole, StackPage, cover_pages

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
tokens = st.text(SIGNS, min_size=16, max_size=16)
sheets = st.one_of(
    st.just(Sheet(SheetKind.SEPARATOR)),
    st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True).map(lambda name: Sheet(SheetKind.TYPE, name)),
    tokens.map(lambda token: Sheet(SheetKind.BATCH, token)),
    tokens.map(lambda token: Sheet(SheetKind.CHART, token)),
)


@given(sheets)
def test_a_sheet_is_read_as_it_was_written(sheet: Sheet) -> None:
    assert decode_sheet(encode_sheet(sheet)) == sheet


@given(sheets, st.data())
def test_one_wrong_sign_is_found(sheet: Sheet, data: st.DataObject) -> None:
    text = encode_sheet(sheet)
    at = data.draw(st.integers(len(PREFIX), len(text) - 1))
    wrong = data.draw(st.sampled_from(SIGNS + "ILOU_*").filter(lambda sign: sign != text[at]))
    assert decode_sheet(text[:at] + wrong + text[at + 1 :]) == UNCLEAR_SHEET


@given(sheets, st.data())
def test_neighbours_that_changed_places_are_found(sheet: Sheet, data: st.DataObject) -> None:
    text = encode_sheet(sheet)
    at = data.draw(st.integers(len(PREFIX), len(text) - 2))
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert decode_sheet(swapped) == (sheet if swapped == text else UNCLEAR_SHEET)


@given(st.text().filter(lambda text: not text.startswith(PREFIX)))
def test_what_labels_say_is_no_sheet(text: str) -> None:
    assert decode_sheet(text) is None


@given(st.text())
def test_what_merely_begins_like_one_is_unclear(text: str) -> None:
    assert decode_sheet(PREFIX + "Q" + text) == UNCLEAR_SHEET


@pytest.mark.parametrize("text", ["https://example.org/q?id=1", "00123456", "PATCHT", "", "backfileS"])
def test_other_codes_are_ignored_beside_a_sheets(text: str) -> None:
    sheet = Sheet(SheetKind.CHART, make_token())
    assert decode_codes([text]) is None
    assert decode_codes([text, encode_sheet(sheet), encode_sheet(sheet)]) == sheet


def test_two_sheets_on_a_page_are_none_to_rely_on() -> None:
    codes = [encode_sheet(Sheet(SheetKind.CHART, make_token())) for _ in range(2)]
    assert decode_codes(codes) == UNCLEAR_SHEET


def test_an_unclear_sheet_is_not_printed() -> None:
    with pytest.raises(ValueError, match="no barcode"):
        encode_sheet(UNCLEAR_SHEET)
    with pytest.raises(ValueError, match="no barcode"):
        encode_sheet(Sheet(SheetKind.CHART, "00123456"))


# --- which pages lie under which sheet ----------------------------------------------------------------

A, B = (Sheet(SheetKind.CHART, sign * 16) for sign in "AB")
TYPE = Sheet(SheetKind.TYPE, "consent")
BATCH = Sheet(SheetKind.BATCH, "C" * 16)


def stack(*parts: Sheet | str) -> list[StackPage]:
    """Return pages named by their place: sheets, "page", "blank", "patch" or "unread"."""
    pages = []
    for at, part in enumerate(parts, 1):
        if isinstance(part, Sheet):
            pages.append(StackPage(f"p{at}", PageRole.ASIDE, part, is_separator=True))
        else:
            role = {"page": PageRole.CONTENT, "unread": PageRole.UNREAD}.get(part, PageRole.ASIDE)
            pages.append(StackPage(f"p{at}", role, is_separator=part == "patch"))
    return pages


def over(*parts: Sheet | str) -> dict[str, str]:
    """Return the token over each page, with what speaks against it."""
    marks = {}
    for page, cover in cover_pages(stack(*parts)).items():
        token = cover.sheet.value[:1] if cover.sheet else "-"
        marks[page] = token + "r" * cover.is_repeated + "d" * cover.is_disordered
    return marks


def test_a_chart_header_sheet_lies_over_what_follows_until_the_next() -> None:
    assert over("page", A, "page", "patch", "blank", "page", B, "page") == {
        "p1": "-", "p3": "A", "p6": "A", "p8": "B",
    }  # fmt: skip


@pytest.mark.parametrize("end", [BATCH, "unread"])
def test_it_ends_at_a_batch_and_at_a_page_that_may_have_been_a_sheet(end: Sheet | str) -> None:
    assert over(A, "page", end, "page")["p4"] == "-"


def test_an_unclear_sheet_lies_over_what_follows() -> None:
    covers = cover_pages(stack(A, "page", UNCLEAR_SHEET, "page"))
    assert covers["p4"] == Cover(UNCLEAR_SHEET, "p3")


def test_a_back_that_shines_through_is_the_same_sheet() -> None:
    covers = cover_pages(stack(A, A, "blank", "page"))
    assert covers == {"p4": Cover(A, "p1")}


def test_a_sheet_at_two_places_is_a_copy() -> None:
    assert over(A, "page", B, "page", A, "page") == {"p2": "Ar", "p4": "B", "p6": "Ar"}


def test_sheets_below_their_pages_are_found_out() -> None:
    assert over("page", A, "page", B) == {"p1": "-", "p3": "Ad"}
    assert over("page", A) == {"p1": "-"}


def test_of_two_sheets_on_each_other_one_has_lost_its_pages() -> None:
    assert over(A, B, "page", "page") == {"p3": "Bd", "p4": "Bd"}


def test_a_type_holds_until_the_next_sheet() -> None:
    covers = cover_pages(
        stack(A, TYPE, "page", "blank", "page", Sheet(SheetKind.SEPARATOR), "page", TYPE, B, "page")
    )
    assert {page: cover.type for page, cover in covers.items()} == {
        "p3": "consent", "p5": "consent", "p7": "", "p10": "",
    }  # fmt: skip
