"""``patients`` and ``match`` as programs use them: bad input is told line by line, and the rest is done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backfile.errors import ExitCode
from ingest.cli.main import main
from ingest.workshop import Workshop, prepare_workshop

CSV = (
    "mrn,last_name,first_name,birth_date,ssn_last4\n"
    "00482913,Harlow,Jane,1961-04-18,6712\n"
    "00600001,Harlow,Jane,1961-04-18,6712\n"
    "00482913,Blackwood,Amos,1950-02-30,\n"
    "7,Núñez,Íñigo,03/12/1950,\n"
    f"8,{'X' * 200},Long,1950-01-01,\n"
    "9,Poe,Bo,2050-01-01,\n"
    ",Nobody,None,,\n"
)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return prepare_workshop(tmp_path / "home")


def _run(workshop: Workshop, *arguments: str) -> int:
    return main([*arguments, "--home", str(workshop.home.root)])


def _match(workshop: Workshop, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-m", "ingest.cli", "match", "--home", str(workshop.home.root)],
        input="".join(f"{line}\n" for line in lines).encode(),
        stdout=subprocess.PIPE,
        timeout=120,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_an_import_names_each_bad_line_and_takes_the_rest(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    file = tmp_path / "patients.csv"
    file.write_bytes(CSV.encode(encoding))
    assert _run(workshop, "patients", "import", str(file), "--json") == ExitCode.BAD_INPUT
    result = json.loads(capsys.readouterr().out)
    assert (result["imported"], result["updated"], result["unchanged"]) == (5, 0, 0)
    assert [(bad["line"], bad["column"]) for bad in result["bad"]] == [
        (2, "mrn"),  # two people under one number
        (4, "birth_date"),
        (4, "mrn"),
        (6, "last_name"),
        (7, "birth_date"),
        (8, "mrn"),
    ]
    assert all(bad["reason"] for bad in result["bad"])
    with workshop.catalog.look() as uow:
        assert [p.name.last for p in uow.patients.find_by_number("7")] == ["Núñez"]


def test_duplicates_and_overlays_are_reported(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "patients.csv"
    file.write_text(CSV, encoding="utf-8")
    _run(workshop, "patients", "import", str(file))
    capsys.readouterr()
    assert _run(workshop, "patients", "check", "--json") == ExitCode.DONE
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["finding"], sorted(one["mrns"])) for one in found] == [
        ("suspected_duplicate", ["00482913", "00600001"]),
        ("claimed_twice", ["00482913"]),
    ]
    _run(workshop, "patients", "check")
    assert "2 findings" in capsys.readouterr().out


def test_match_answers_every_line_in_order(workshop: Workshop, tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    file.write_text("mrn,last_name,first_name,birth_date\n00482913,Harlow,Jane,1961-04-18\n")
    assert _run(workshop, "patients", "import", str(file)) == ExitCode.DONE
    good = {"id": 1, "mrn": "00482913", "birth_date": "04/18/1961", "shoe_size": 44}
    lines = [
        json.dumps(good),
        "no json",
        "[1, 2]",
        '{"mrn": 482913}',
        '{"mrn": {"value": "00482913", "confidence": 7}}',
        json.dumps({"patient_name": "x" * 501}),
        json.dumps({"id": "long", "patient_name": f"{'Y' * 200}, Jane"}),
        json.dumps({"id": "impossible", "mrn": "00482913", "birth_date": "02/30/1961"}),
        json.dumps({"id": None, "mrn": None}),
        '{"mrn": "' + "[" * 400 + '"}',
        "[" * 100_000,
        json.dumps({"id": "é", "mrn": "00482913", "patient_name": "Harlow, Jane"}),
    ]
    code, answers = _match(workshop, *lines)
    assert code == ExitCode.BAD_INPUT
    assert len(answers) == len(lines)
    kinds = ["error" if "error" in answer else answer["decision"] for answer in answers]
    assert kinds == [
        *["filed", "error", "error", "error", "error", "error", "review", "review", "exception", "exception"],
        *["error", "filed"],
    ]
    assert (answers[0]["id"], answers[0]["mrn"]) == (1, "00482913")
    assert "mrn" not in answers[6]
    assert answers[-1]["id"] == "é"


def test_match_on_an_empty_index_files_nothing(workshop: Workshop) -> None:
    code, answers = _match(workshop, json.dumps({"mrn": "1", "birth_date": "1950-01-01"}), "")
    assert code == ExitCode.DONE
    assert [(one["decision"], one["candidates"]) for one in answers] == [("review", [])]


def test_match_takes_bytes_that_are_no_text_as_a_bad_line(workshop: Workshop) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ingest.cli", "match", "--home", str(workshop.home.root)],
        input=b'{"mrn": "\xff\xfe"}\n{"id": "\\ud800"}\n{"id": NaN}\n\xef\xbb\xbf{"mrn": "1"}\n',
        stdout=subprocess.PIPE,
        timeout=120,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(answers)) == (ExitCode.BAD_INPUT, 4)
    assert all("error" in answer for answer in answers[:3])
    assert answers[3]["decision"] == "review"


def test_match_answers_a_line_before_the_next_is_given(workshop: Workshop) -> None:
    command = [sys.executable, "-m", "ingest.cli", "match", "--home", str(workshop.home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number in (1, 2):
            running.stdin.write(b'{"id": %d, "mrn": "7"}\n' % number)
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait(60) == ExitCode.DONE
