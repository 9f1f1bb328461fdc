"""A site adds a type by the command line alone: twelve examples, and the thirteenth is known."""

from __future__ import annotations

import json
import random
from pathlib import Path

import cv2
import pytest

from samples.documents import LaidPage, compose_document
from samples.families import FamilySplit
from samples.patients import make_patients
from samples.render import print_pdf, render_sheet
from tests.classify.new_kinds import lay_new_kind
from tests.e2e.conftest import Installation

pytestmark = [pytest.mark.server, pytest.mark.long, pytest.mark.timeout(1200)]


def _write_examples(folder: Path) -> list[Path]:
    """Write nine files with text and three images."""
    folder.mkdir()
    paths = []
    for number, page in enumerate(lay_new_kind("sleep_study", 12, families=FamilySplit.TRAIN, seed=1)):
        path = folder / (f"{number}.png" if number % 4 == 0 else f"{number}.pdf")
        _write(path, page)
        paths.append(path)
    return paths


def _write(path: Path, page: LaidPage) -> None:
    if path.suffix == ".png":
        path.write_bytes(cv2.imencode(".png", render_sheet(page, dpi=200))[1].tobytes())
    else:
        path.write_bytes(print_pdf([page]))


def test_a_dozen_examples_make_a_type(installation: Installation, tmp_path: Path) -> None:
    installation.environment["BACKFILE_READING"] = "fast"
    examples = _write_examples(tmp_path / "examples")
    add = ("types", "add", "sleep_study", "--name", "Sleep study", "--loinc", "28633-6")
    few = installation.run(*add, *examples[:5], expect=4)
    assert "12 are the least" in few.stderr
    assert "SS (" not in installation.run("types", "list").stdout

    added = installation.run(*add, *examples)
    assert "sleep_study (SS): from 12 examples" in added.stdout
    assert installation.run(*add, *examples, expect=2).stderr.startswith("backfile: The type sleep_study")
    own = [view for view in installation.lines("types", "list") if view["site"]]
    assert [(view["name"], view["loinc"], view["letters"]) for view in own] == [
        ("sleep_study", "28633-6", "SS")
    ]

    folder = installation.home / "types"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    _check_private(installation, folder)

    dropped = tmp_path / "dropped"
    dropped.mkdir()
    _write(dropped / "thirteenth.png", lay_new_kind("sleep_study", 1, families=FamilySplit.DEMO, seed=7)[0])
    consent = compose_document(
        random.Random(5),
        make_patients(50, seed=9)[3],
        type_name="consent",
        families=FamilySplit.DEMO,
        max_pages=1,
    )
    _write(dropped / "consent.png", consent.pages[0])
    installation.run("ingest", dropped, "--wait")
    types = {view["pages"][0]["file"]: view["type"] for view in installation.lines("documents")}
    assert types["thirteenth.png"]["name"] == "sleep_study"
    assert types["thirteenth.png"]["loinc"] == "28633-6"
    assert 0.5 <= types["thirteenth.png"]["probability"] < 1
    assert types["consent.png"]["name"] == "consent"

    installation.run("types", "remove", "sleep_study")
    assert not any(view["site"] for view in installation.lines("types", "list"))
    installation.run("types", "remove", "consent", expect=2)
    assert installation.object("audit", "verify")["sound"] is True


def _check_private(installation: Installation, folder: Path) -> None:
    """See that no name and no number of the examples lies in the home."""
    kept = json.loads((folder / "sleep_study.json").read_text())
    words = {word.strip("^") for feature in kept["weights"] for word in feature.split()}
    pages = lay_new_kind("sleep_study", 12, families=FamilySplit.TRAIN, seed=1)
    private = {
        "".join(char for char in page.words[at].text.casefold() if char.isalpha())
        for page in pages
        for sighting in page.sightings
        if sighting.kind.value in {"patient_name", "relative_name", "address", "mrn"}
        for at in sighting.words
    }
    assert not {word for word in private & words if len(word) > 2}
    logs = "".join(path.read_text() for path in (installation.home / "logs").glob("*"))
    assert "polysomnography" not in logs.casefold()
    assert not list(installation.home.glob("store/*/*"))
