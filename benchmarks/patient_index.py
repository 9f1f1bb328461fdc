"""The patient index at a million people: importing it, finding candidates, deciding lines of ``match``.

    .venv/bin/python -m benchmarks.patient_index [--patients 1000000] [--folder DIR]

The people are generated (``samples/patients.py``): twins, namesakes, fathers and sons, merged records and
newborns among them. Labels carry a name, a birth date and an MRN, a third of them also phone, SSN-4 and ZIP
code; each character is misread with the probability given, now and then lost or doubled. Costs are processor
seconds, which other work on the machine hardly changes; the clock's are printed beside them.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from backfile.domain.normalize import (
    normalize_number,
    normalize_phone,
    normalize_ssn_last4,
    normalize_zip,
    parse_name,
    read_date,
)
from backfile.domain.patient import Patient, PatientIndex, PatientQuery
from backfile.store.catalog import Catalog
from samples.patients import NOW, make_patients, write_patients_csv

_CHUNK = 20_000
"""People generated at a time; each chunk's numbers begin with its own digits."""
_NUMBERED = ("mrn", "previous_mrns", "merged_into", "mother_mrn")
_MISREAD = {
    "0": "O86", "1": "I7l4", "2": "Z7", "3": "8", "4": "19", "5": "S6", "6": "8G5", "7": "1", "8": "B36",
    "9": "40", "A": "4R", "B": "8R", "C": "GO", "D": "O0", "E": "FB", "G": "C6", "H": "N", "I": "1l",
    "a": "eo", "e": "co", "i": "lj", "l": "1i", "n": "ru", "o": "ea", "r": "nt", "s": "5", "t": "f", "u": "n",
}  # fmt: skip
"""What worn type is taken for; other characters become any letter or digit."""
_ANY = "ABCDEFGHIKLMNOPRSTUVWabcdefghiklmnoprstuvw0123456789"
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Label:
    """What a page says of its patient, as read."""

    patient_id: str
    name: str
    born: str
    mrn: str
    phone: str = ""
    ssn_last4: str = ""
    zip: str = ""

    def as_query(self) -> PatientQuery:
        """Return the search of candidates that matching makes of it."""
        name, born = parse_name(self.name), read_date(self.born, today=NOW, is_birth=True)
        return PatientQuery(
            mrns=_some(normalize_number(self.mrn)),
            names=(name,) if name else (),
            birth_dates=(born.date,) if born else (),
            phones=_some(normalize_phone(self.phone)),
            ssn_last4s=_some(normalize_ssn_last4(self.ssn_last4)),
            zips=_some(normalize_zip(self.zip)),
        )

    def as_line(self) -> str:
        """Return it as a line for ``match``."""
        fields = {"patient_name": self.name, "birth_date": self.born, "mrn": self.mrn}
        more = {"phone": self.phone, "ssn_last4": self.ssn_last4}
        return json.dumps({"id": self.patient_id, **fields, **{k: v for k, v in more.items() if v}})


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--labels", type=int, default=5000, help="labels searched for at each noise")
    parser.add_argument("--lines", type=int, default=5000, help="lines given to match")
    parser.add_argument("--folder", type=Path, help="keep CSV and home here, and use them if they are there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
        folder = options.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        file, home = folder / "patients.csv", folder / "home"
        if not file.exists():
            write_people(file, options.patients)
        if not home.exists():
            time_import(file, home)
        catalog = Catalog(f"sqlite:///{home / 'catalog.db'}")
        labels = measure_candidates(catalog, options.labels)
        time_match(home, labels[: options.lines])
    return 0


def write_people(file: Path, count: int) -> None:
    """Write the CSV, generated in chunks whose numbers cannot meet."""
    part = file.with_suffix(".part")
    with file.open("w", encoding="utf-8", newline="") as target:
        writer: csv.DictWriter[str] | None = None
        for number, start in enumerate(range(0, count, _CHUNK)):
            write_patients_csv(make_patients(min(_CHUNK, count - start), seed=1000 + number), part)
            with part.open(encoding="utf-8", newline="") as source:
                rows = csv.DictReader(source)
                if writer is None:
                    writer = csv.DictWriter(target, list(rows.fieldnames or ()))
                    writer.writeheader()
                for row in rows:
                    for column in _NUMBERED:
                        numbers = filter(None, row[column].split("; "))
                        row[column] = "; ".join(f"{number:02d}{text}" for text in numbers)
                    writer.writerow(row)
    part.unlink()


def time_import(file: Path, home: Path) -> None:
    """Import the CSV by the command and print what it took."""
    _run("init", "--home", str(home))
    before, started = _children_seconds(), time.perf_counter()
    answer = json.loads(_run("patients", "import", str(file), "--json", "--home", str(home), may_fail=True))
    wall, cpu = time.perf_counter() - started, _children_seconds() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"import      {answer['imported']:,} imported, {len(answer['bad'])} bad lines: {wall:.0f} s by the "
        f"clock, {cpu:.0f} s of processor, {memory:.0f} MiB, catalog "
        f"{(home / 'catalog.db').stat().st_size / 1e6:.0f} MB",
        flush=True,
    )


def measure_candidates(catalog: Catalog, count: int) -> list[Label]:
    """Print recall and time of the search of candidates; return the labels of 1 % noise."""
    kept: list[Label] = []
    with catalog.look() as uow:
        print(f"candidates among {len(uow.patients):,} people")
        for noise in (0.0, 0.01, 0.03):
            labels = list(draw_labels(uow.patients, count, noise=noise, seed=round(noise * 1000) + 5))
            if noise == 0.01:
                kept = labels
            _measure_noise(labels, uow.patients, noise)
    return kept


def _measure_noise(labels: Sequence[Label], index: PatientIndex, noise: float) -> None:
    found_at: list[int | None] = []
    times: list[float] = []
    for label in labels:
        query = label.as_query()
        started = time.process_time()
        ids = [patient.id for patient in index.find_candidates(query)]
        times.append((time.process_time() - started) * 1000)
        found_at.append(ids.index(label.patient_id) if label.patient_id in ids else None)
    near = sum(at is not None and at < _SHOWN for at in found_at)
    anywhere = sum(at is not None for at in found_at)
    times.sort()
    median, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
    print(
        f"  {noise:.0%} noise   recall@{_SHOWN} {near / len(labels):.2%}, "
        f"anywhere {anywhere / len(labels):.2%}, "
        f"median {median:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms",
        flush=True,
    )


def draw_labels(index: PatientIndex, count: int, *, noise: float, seed: int) -> Iterator[Label]:
    """Yield labels of people drawn from the index.

    Args:
        index: whose people; records without birth date and of other institutions are left out.
        count: how many.
        noise: share of characters that are misread.
        seed: of everything drawn.
    """
    rng = random.Random(seed)
    people = list(_draw_people(index, count, rng))
    for patient in people:
        has_more = rng.random() < 1 / 3

        def read(text: str, *, said: bool = True) -> str:
            return misread(text, noise, rng) if said else ""

        born = patient.birth_date
        assert born is not None  # _draw_people saw to it
        yield Label(
            patient.id,
            read(str(patient.name)),
            read(born.strftime("%m/%d/%Y")),
            read(patient.mrn.value),
            read(patient.phone, said=has_more),
            read(patient.ssn_last4, said=has_more),
            read(patient.address.zip, said=has_more),
        )


def _draw_people(index: PatientIndex, count: int, rng: random.Random) -> Iterator[Patient]:
    """Yield people drawn evenly, through birth dates as a page would have them."""
    left = count
    while left:
        day = NOW - dt.timedelta(days=rng.randint(1, 96 * 365))
        found = index.find_candidates(PatientQuery(birth_dates=(day,)))
        usable = [p for p in found if p.merged_into is None and p.birth_date == day and not p.mrn.facility]
        if usable:
            left -= 1
            yield rng.choice(usable)


def misread(text: str, share: float, rng: random.Random) -> str:
    """Return a text as bad reading gives it: of the misread characters a tenth lost, a tenth doubled."""
    read = []
    for char in text:
        if rng.random() >= share:
            read.append(char)
            continue
        kind = rng.random()
        if kind < 0.1:
            continue
        read.append(char + char if kind < 0.2 else rng.choice(_MISREAD.get(char, _ANY)))
    return "".join(read)


def time_match(home: Path, labels: Sequence[Label]) -> None:
    """Print how many lines a second the command decides, its start left out and on its own."""
    empty, start = _time_lines(home, [])
    wall, cpu = _time_lines(home, [label.as_line() for label in labels])
    print(
        f"match       {len(labels) / (wall - empty):.0f} lines a second by the clock, "
        f"{len(labels) / (cpu - start):.0f} a second of processor, after {empty:.1f} s of start"
    )


def _time_lines(home: Path, lines: Sequence[str]) -> tuple[float, float]:
    before, started = _children_seconds(), time.perf_counter()
    _run("match", "--home", str(home), given="".join(f"{line}\n" for line in lines))
    return time.perf_counter() - started, _children_seconds() - before


def _run(*arguments: str, given: str = "", may_fail: bool = False) -> str:
    """Run the command; a bad line is no failure of the measurement where ``may_fail``."""
    done = subprocess.run(
        [sys.executable, "-m", "ingest.cli", *arguments], input=given, stdout=subprocess.PIPE, text=True
    )
    if done.returncode not in ((0, 4) if may_fail else (0,)):
        raise SystemExit(f"backfile {arguments[0]} ended with {done.returncode}")
    return done.stdout


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


if __name__ == "__main__":
    raise SystemExit(main())
