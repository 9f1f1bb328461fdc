"""Links documents to patients with Splink at its defaults; run by the interpreter that has it.

    .venv-rivals/bin/python benchmarks/matching_splink.py PATIENTS.csv DOCUMENTS.csv PAIRS.csv

The comparisons are those of Splink's library for such fields with their default levels, the training is the
one of its tutorial: u by random sampling, m by expectation maximisation under two blocking rules.
"""

from __future__ import annotations

import sys

import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]
import splink.comparison_library as cl  # type: ignore[import-not-found, unused-ignore]
from splink import (  # type: ignore[import-not-found, unused-ignore]
    DuckDBAPI,
    Linker,
    SettingsCreator,
    block_on,
)


def main(people: str, papers: str, target: str) -> None:
    """Train on the tables themselves, as is usual, and write the best pair of each document."""
    tables = [pd.read_csv(path, dtype=str).replace("", None) for path in (people, papers)]
    tables = [table.where(table.notna(), None) for table in tables]
    rules = [
        block_on("mrn"),
        block_on("birth_date"),
        block_on("last_name", "first_name"),
        block_on("phone"),
        block_on("ssn_last4", "zip"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.ExactMatch("mrn"),
            cl.NameComparison("last_name"),
            cl.NameComparison("first_name"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.ExactMatch("phone"),
            cl.ExactMatch("ssn_last4"),
            cl.ExactMatch("zip"),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(tables, settings, DuckDBAPI(), input_table_aliases=["patients", "documents"])
    linker.training.estimate_probability_two_random_records_match(
        [block_on("mrn"), block_on("last_name", "first_name", "birth_date")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("last_name", "first_name"))
    pairs = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    is_left = pairs["source_dataset_l"] == "patients"
    out = pd.DataFrame(
        {
            "document": pairs["unique_id_r"].where(is_left, pairs["unique_id_l"]),
            "patient": pairs["unique_id_l"].where(is_left, pairs["unique_id_r"]),
            "probability": pairs["match_probability"],
        }
    )
    out.sort_values("probability", ascending=False).drop_duplicates("document").to_csv(target, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
