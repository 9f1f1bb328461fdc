"""How a type of a site gets its two letters, and what cannot be one."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import pytest

from backfile.domain.document_types import SiteType
from backfile.domain.site_type import SiteTypeModel, SiteTypeScores
from backfile.domain.type_codes import TYPE_CODES
from backfile.errors import UsageError
from backfile.store.site_types import SiteTypeFolder
from ingest.cli.main import build_parser
from ingest.cli.own_types import _check_type


def _ask(*arguments: str) -> argparse.Namespace:
    return build_parser("types").parse_args(["types", "add", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> SiteTypeFolder:
    return SiteTypeFolder(tmp_path / "types")


def _save(folder: SiteTypeFolder, new: SiteType) -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    folder.save(SiteTypeModel(new, now, {"apnea": 1.0}, 0.0, 1.0, 0.0, SiteTypeScores(12, 1.0, 1.0, 0, 0)))


def test_examples_may_stand_before_or_after_the_options() -> None:
    before = _ask("sleep_study", "a.pdf", "b.pdf", "--name", "Sleep study")
    after = _ask("sleep_study", "--name", "Sleep study", "a.pdf", "b.pdf")
    assert before.examples == after.examples == ["a.pdf", "b.pdf"]


def test_letters_are_of_the_name_and_nobody_elses(folder: SiteTypeFolder) -> None:
    taken = set(TYPE_CODES.values())
    for name in ("Sleep study", "Sleep summary", "Progress sheet", "Dental chart", "Ärztlicher Brief", "42"):
        new = _check_type(_ask(f"own_{len(taken)}", "x.pdf", "--name", name), folder)
        assert len(new.letters) == 2
        assert new.letters.isascii()
        assert new.letters.isupper()
        assert new.letters not in taken
        taken.add(new.letters)
        _save(folder, new)
    kept = _check_type(_ask("own_30", "x.pdf", "--name", "Zzz", "--replace"), folder)
    assert kept.letters == "SS"


@pytest.mark.parametrize(
    "arguments",
    [
        ("consent", "x.pdf", "--name", "Consent"),
        ("../etc", "x.pdf", "--name", "Bad"),
        ("sleep_study", "x.pdf", "--name", " "),
        ("sleep_study", "x.pdf", "--name", "Sleep study", "--loinc", "abc"),
        ("sleep_study", "x.pdf", "--name", "Sleep study", "--letters", "PN"),
        ("sleep_study", "x.pdf", "--name", "Sleep study", "--letters", "S1"),
    ],
)
def test_what_cannot_be_a_type(folder: SiteTypeFolder, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        _check_type(_ask(*arguments), folder)
