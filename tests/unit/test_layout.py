"""Guards of the flat layout: names that resolve to us, folders where a newcomer looks for them."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("backfile", "ingest", "ocr", "classify", "search", "ui")


@pytest.mark.parametrize("name", [*PACKAGES, "samples"])
def test_package_names_resolve_to_this_project(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT / name)


def test_no_installed_distribution_brings_a_package_of_our_name() -> None:
    owners = importlib.metadata.packages_distributions()
    foreign = {name: set(owners.get(name, [])) - {"backfile"} for name in PACKAGES}
    assert {name for name, others in foreign.items() if others} == set()


def test_every_folder_of_python_files_is_a_package() -> None:
    folders = {
        path.parent
        for top in (*PACKAGES, "samples", "tests", "benchmarks")
        for path in (ROOT / top).rglob("*.py")
        if "versions" not in path.parts
    }
    assert {str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists()} == set()


def test_no_screen_shadows_a_package() -> None:
    # `streamlit run` puts ui/ first on the path: a ui/search.py would then be `search`.
    names = {path.stem for path in (ROOT / "ui").iterdir()}
    assert names.isdisjoint({*PACKAGES, "samples", "tests"})


def test_files_stay_small() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for top in (*PACKAGES, "samples", "tests", "benchmarks")
        for path in (ROOT / top).rglob("*.py")
        if "versions" not in path.parts
    }
    assert {name: lines for name, lines in lengths.items() if lines > 420} == {}


def test_library_code_does_not_swallow_everything() -> None:
    # A bare `except:` would also catch SystemExit and KeyboardInterrupt.
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for top in PACKAGES
        for path in (ROOT / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert offenders == []
