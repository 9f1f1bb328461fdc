from __future__ import annotations

import csv
from pathlib import Path

import pytest

from samples.__main__ import main
from samples.make import SampleSet, load_truth, make_samples


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SampleSet:
    return make_samples(tmp_path_factory.mktemp("samples"), charts=6, seed=11, processes=2)


def read_all(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_files_are_those_of_the_truth(made: SampleSet) -> None:
    assert sorted(read_all(made.charts_folder)) == sorted(chart.name for chart in made.charts)
    assert len(made.charts) == 6


def test_the_same_seed_gives_the_same_bytes_with_any_number_of_processes(
    made: SampleSet, tmp_path: Path
) -> None:
    make_samples(tmp_path, charts=6, seed=11, processes=1)
    assert read_all(tmp_path) == read_all(made.charts_folder.parent)


def test_truth_comes_back_from_its_file(made: SampleSet) -> None:
    assert load_truth(made.charts_folder.parent / "truth.json") == made.charts


def test_one_in_five_charts_belongs_to_nobody(made: SampleSet) -> None:
    with made.patients_csv.open(encoding="utf-8", newline="") as file:
        numbers = {row["mrn"] for row in csv.DictReader(file)}
    firsts = [chart.documents[0].mrn for chart in made.charts]
    assert firsts.count(None) == 1
    assert {mrn for mrn in firsts if mrn} <= numbers


def test_the_command_makes_them_and_another_seed_makes_others(
    made: SampleSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path), "--charts", "2", "--seed", "12", "--processes", "1"]) == 0
    assert "2 charts" in capsys.readouterr().out
    found = load_truth(tmp_path / "truth.json")
    assert [chart.pages for chart in found] != [chart.pages for chart in made.charts[:2]]


@pytest.mark.parametrize("args", [[], ["--out", "x", "--charts", "0"], ["--out", "x", "--families", "all"]])
def test_wrong_use_is_exit_2(args: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(args)
    assert stopped.value.code == 2
