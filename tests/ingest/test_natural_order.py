"""Natural order of names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.natural_order import natural_key, natural_path_key


def test_numbers_count_as_numbers() -> None:
    names = ["page10.tif", "page2.tif", "Page1.tif", "page02.tif", "cover.tif"]
    assert sorted(names, key=natural_key) == [
        "cover.tif",
        "Page1.tif",
        "page02.tif",
        "page2.tif",
        "page10.tif",
    ]


def test_folders_come_as_their_names_say() -> None:
    paths = [("box 10", "a.pdf"), ("box 9", "b.pdf"), ("box 9", "a 2.pdf"), ("box 9", "a 11.pdf")]
    assert sorted(paths, key=natural_path_key) == [
        ("box 9", "a 2.pdf"),
        ("box 9", "a 11.pdf"),
        ("box 9", "b.pdf"),
        ("box 10", "a.pdf"),
    ]


@given(st.lists(st.text(max_size=12), max_size=8, unique=True))
def test_any_names_have_one_fixed_order(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)
