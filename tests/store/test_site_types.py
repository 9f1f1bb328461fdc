"""The folder of a site's types: private, read again after a change, and no damage stops the others."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from backfile.domain import document_types
from backfile.domain.document_types import (
    SiteType,
    find_type,
    is_type_name,
    loinc_of,
    title_of,
    use_site_types,
)
from backfile.domain.site_type import SiteTypeModel, SiteTypeScores
from backfile.store.site_types import SiteTypeFolder
from ui.verify.type_codes import code_of, list_types

_SLEEP = SiteTypeModel(
    SiteType("sleep_study", "28633-6", "Sleep study", "SY"),
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    {"apnea": 1.5, "sleep": 1.0, "^sleep": 0.5, "consent": -1.0},
    -1.5,
    1.0,
    0.0,
    SiteTypeScores(12, 1.0, 0.99, 464, 0),
)


@pytest.fixture
def folder(tmp_path: Path) -> SiteTypeFolder:
    return SiteTypeFolder(tmp_path / "types")


def test_what_is_saved_is_read_again(folder: SiteTypeFolder) -> None:
    assert not folder.models()
    other = SiteTypeFolder(folder.folder)
    assert not other.models()
    folder.save(_SLEEP)
    assert folder.models() == other.models() == {"sleep_study": _SLEEP}
    folder.save(replace(_SLEEP, bias=-3.0))
    assert other.models()["sleep_study"].bias == -3.0
    assert folder.remove("sleep_study")
    assert not folder.remove("sleep_study")
    assert not other.models()


def test_nobody_else_can_read_it(folder: SiteTypeFolder) -> None:
    folder.save(_SLEEP)
    assert folder.folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.folder.iterdir()] == [0o600]


def test_a_damaged_type_leaves_the_others(folder: SiteTypeFolder) -> None:
    folder.save(_SLEEP)
    (folder.folder / "dental_record.json").write_text("{")
    assert list(folder.models()) == ["sleep_study"]
    assert folder.damaged == ("dental_record",)
    assert folder.remove("dental_record")
    assert list(folder.models()) == ["sleep_study"]
    assert not folder.damaged


def test_words_speak_for_and_against(folder: SiteTypeFolder) -> None:
    all_three = {"apnea", "sleep", "^sleep"}
    assert _SLEEP.weigh(all_three) > _SLEEP.weigh({*all_three, "consent"}) + 0.1
    assert _SLEEP.weigh(all_three - {"^sleep"}) == 0.0
    assert _SLEEP.name_evidence({"apnea", "consent", "other"}, most=5) == ("apnea",)


def test_a_process_knows_the_types_of_its_site(
    folder: SiteTypeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_types, "_sources", [])
    assert find_type("sleep_study") is None
    use_site_types(folder.types)
    folder.save(_SLEEP)
    assert (title_of("sleep_study"), loinc_of("sleep_study")) == ("Sleep study", "28633-6")
    assert code_of("sleep_study") == "SY"
    assert "Sleep study" in [choice.label for choice in list_types()]
    folder.remove("sleep_study")
    assert (title_of("sleep_study"), loinc_of("sleep_study"), code_of("sleep_study")) == (
        "Sleep study",
        None,
        "",
    )


@pytest.mark.parametrize(
    ("name", "is_fine"),
    [
        ("sleep_study", True),
        ("consent", False),
        ("unknown", False),
        ("../x", False),
        ("Sleep", False),
        ("ab", False),
    ],
)
def test_what_can_be_a_key(name: str, is_fine: bool) -> None:
    assert is_type_name(name) is is_fine
