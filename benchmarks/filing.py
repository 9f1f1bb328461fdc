"""What is filed right and wrong, named right and cut right, on layout families that no model was trained on.

    .venv/bin/python -m benchmarks.filing [--charts 40] [--seeds 2026,11,5]

Each seed gives its own hospital, patients and charts; a fifth of the charts belong to nobody in the index.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.pipeline import run_backfile
from samples.charts import site_of
from samples.families import FamilySplit
from samples.make import make_samples
from samples.score import Score, ScoredDocument, score_documents

_COLUMNS = (
    ("charts in index", "charts_in_index"),
    ("filed right", "filed_right"),
    ("filed wrong", "filed_wrong"),
    ("documents", "documents"),
    ("types right", "type_right_share"),
    ("boundaries right", "boundaries_right_share"),
)


def main() -> int:
    """Measure and print a line a seed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--charts", type=int, default=40)
    parser.add_argument("--seeds", default="2026,11,5")
    options = parser.parse_args()
    print("seed    " + "  ".join(f"{title:>16}" for title, _ in _COLUMNS))
    for seed in map(int, options.seeds.split(",")):
        score = score_seed(seed, charts=options.charts).as_json()
        print(f"{seed:<8}" + "  ".join(f"{_shown(score[key]):>16}" for _, key in _COLUMNS), flush=True)
    return 0


def score_seed(seed: int, *, charts: int) -> Score:
    """Take the charts of one seed through everything and hold the outcome against their truth."""
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
        folder = Path(name)
        home = folder / "home"
        samples = make_samples(folder / "samples", charts=charts, seed=seed, families=FamilySplit.DEMO)
        run_backfile("init", "--home", str(home))
        facility = json.dumps(site_of(FamilySplit.DEMO).name, ensure_ascii=False)
        (home / "backfile.toml").write_text(f"facility = [{facility}]\n", encoding="utf-8")
        run_backfile("patients", "import", str(samples.patients_csv), "--home", str(home))
        run_backfile("ingest", str(samples.charts_folder), "--wait", "--json", "--home", str(home))
        lines = run_backfile("documents", "--json", "--home", str(home)).splitlines()
        return score_documents(samples.charts, [_scored(json.loads(line)) for line in lines])


def _scored(document: dict[str, object]) -> ScoredDocument:
    patient, kind, pages = document["patient"], document["type"], document["pages"]
    assert isinstance(kind, dict)
    assert isinstance(pages, list)
    return ScoredDocument(
        state=str(document["state"]),
        mrn=str(patient["mrn"]) if isinstance(patient, dict) else None,
        type=str(kind["name"]),
        pages=tuple((str(page["file"]), int(page["number"])) for page in pages),
    )


def _shown(value: object) -> str:
    return f"{value:.1%}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    raise SystemExit(main())
