"""What matching is held against, on the very same documents: the usual rule, and Splink at its defaults.

Both are given each document flattened to one record, as such systems have it: of every field the value that
was read with most confidence.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.names import fold_name
from backfile.domain.normalize import normalize_number, parse_name
from backfile.domain.patient import Patient
from benchmarks.rivals import rivals_python

K = SightingKind
COLUMNS = ("unique_id", "mrn", "last_name", "first_name", "birth_date", "phone", "ssn_last4", "zip")
_SCRIPT = Path(__file__).with_name("matching_splink.py")


@dataclass(frozen=True, slots=True)
class FlatRecord:
    """One document or patient as a row."""

    mrn: str = ""
    last: str = ""
    first: str = ""
    born: str = ""
    phone: str = ""
    ssn_last4: str = ""
    zip: str = ""


def flatten(evidence: DocumentEvidence) -> FlatRecord:
    """Return the best reading of every field of a document."""
    best: dict[SightingKind, Sighting] = {}
    for page in evidence.pages:
        for seen in page.sightings:
            if seen.kind not in best or seen.confidence > best[seen.kind].confidence:
                best[seen.kind] = seen
    value = {kind: seen.value for kind, seen in best.items()}
    name = parse_name(value.get(K.PATIENT_NAME, ""))
    return FlatRecord(
        normalize_number(value.get(K.MRN, "")),
        fold_name(name.last) if name else "",
        fold_name(name.first) if name else "",
        value.get(K.BIRTH_DATE, ""),
        value.get(K.PHONE, ""),
        value.get(K.SSN_LAST4, ""),
        value.get(K.ADDRESS, "")[-5:],
    )


def flatten_patient(patient: Patient) -> FlatRecord:
    """Return an index record as a row."""
    return FlatRecord(
        normalize_number(patient.mrn.value),
        fold_name(patient.name.last),
        fold_name(patient.name.first),
        patient.birth_date.isoformat() if patient.birth_date else "",
        patient.phone,
        patient.ssn_last4,
        patient.address.zip,
    )


class UsualRule:
    """Exact MRN, else exact last and first name with birth date where one record has them."""

    def __init__(self, patients: Sequence[Patient]) -> None:
        self._by_number: dict[str, list[str]] = {}
        self._by_name: dict[tuple[str, str, str], list[str]] = {}
        for patient in patients:
            person = patient.merged_into or patient.id
            for identifier in patient.identifiers:
                self._by_number.setdefault(normalize_number(identifier.value), []).append(person)
            row = flatten_patient(patient)
            self._by_name.setdefault((row.last, row.first, row.born), []).append(person)

    def match(self, row: FlatRecord) -> str | None:
        """Return whom the document is filed under, None where nobody or several fit."""
        found = set(self._by_number.get(row.mrn, ())) if row.mrn else set()
        if not found and row.last and row.first and row.born:
            found = set(self._by_name.get((row.last, row.first, row.born), ()))
        return found.pop() if len(found) == 1 else None


def match_with_splink(
    patients: Sequence[Patient], documents: Sequence[DocumentEvidence], folder: Path
) -> list[tuple[str, float] | None]:
    """Return for each document its best record and the probability, None where Splink gives none.

    Args:
        patients: The index.
        documents: In order.
        folder: For the tables that go to and fro.

    Raises:
        UsageError: Splink cannot be installed.
    """
    people, papers, out = folder / "patients.csv", folder / "documents.csv", folder / "pairs.csv"
    _write(people, [(p.id, flatten_patient(p)) for p in patients])
    _write(papers, [(str(at), flatten(one)) for at, one in enumerate(documents)])
    command = [str(rivals_python()), str(_SCRIPT), str(people), str(papers), str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    survivors = {p.id: p.merged_into or p.id for p in patients}
    found: list[tuple[str, float] | None] = [None] * len(documents)
    with out.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at, probability = int(row["document"]), float(row["probability"])
            best = found[at]
            if best is None or probability > best[1]:
                found[at] = (survivors[row["patient"]], probability)
    return found


def _write(path: Path, rows: Sequence[tuple[str, FlatRecord]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for key, row in rows:
            writer.writerow([key, row.mrn, row.last, row.first, row.born, row.phone, row.ssn_last4, row.zip])
