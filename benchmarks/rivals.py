"""Prepares what Backfile is measured against: OCRmyPDF, pip ``deskew`` and jdeskew, in their own place.

They are pinned with hashes in ``requirements/rivals.txt`` and installed to ``.venv-rivals`` at first use, so
that they neither share nor change the libraries that Backfile runs with. Programs that they call are
installed where that is allowed (root on Debian), else named. Nothing is left out silently: who asks for a
rival gets it or an error.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import venv
import zlib
from pathlib import Path

from backfile.errors import UsageError

_ROOT = Path(__file__).resolve().parents[1]
_HOME = _ROOT / ".venv-rivals"
_PINS = _ROOT / "requirements" / "rivals.txt"

_PROGRAMS = {"ocrmypdf": ("tesseract", "unpaper", "gs"), "tesseract": ("tesseract",)}
"""Programs that a command needs to do here what it is measured for."""
_DEBIAN_PACKAGES = {"tesseract": "tesseract-ocr", "unpaper": "unpaper", "gs": "ghostscript"}


def rivals_python() -> Path:
    """Return the interpreter that has the rivals' libraries; prepares them at first use.

    Raises:
        UsageError: they cannot be installed.
    """
    python = _HOME / "bin" / "python"
    _HOME.mkdir(exist_ok=True)
    with (_HOME / ".preparing").open("w") as lock:  # not .lock: that is uv's own
        fcntl.flock(lock, fcntl.LOCK_EX)  # two benchmarks may start at once
        stamp = _HOME / ".stamp"
        pins = f"{zlib.crc32(_PINS.read_bytes())} {sys.version_info[:2]}"
        if not (python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == pins):
            _install(python)
            stamp.write_text(pins, encoding="ascii")
    return python


def _install(python: Path) -> None:
    print(f"Preparing {_HOME.name} (first time: a minute or two) ...", file=sys.stderr)
    venv.create(_HOME, with_pip=False)
    install = ["uv", "pip", "sync", "-q", "--require-hashes", "--python", str(python), str(_PINS)]
    try:
        subprocess.run(install, check=True, env=os.environ | {"PATH": _search_path()})
    except (OSError, subprocess.CalledProcessError):
        raise UsageError(
            "What Backfile is measured against could not be installed.",
            next_step=f"Run: {' '.join(install)}",
        ) from None


def rivals_command(name: str) -> list[str]:
    """Return how a rival's command starts, with the programs it calls in place.

    Args:
        name: ``ocrmypdf``, ``deskew``, or ``tesseract`` (the system's own).

    Raises:
        UsageError: it, or a program that it calls, is not on this machine; says how to get it.
    """
    need_programs(*_PROGRAMS.get(name, ()))
    if name == "tesseract":
        return [name]
    command = rivals_python().with_name(name)
    if not command.exists():
        raise UsageError(f"There is no rival {name!r}.", next_step=f"Pin it in {_PINS.relative_to(_ROOT)}.")
    return [str(command)]


def need_programs(*names: str) -> None:
    """Make sure that programs are on the PATH: installs them as root on Debian, as ``./test`` does.

    Raises:
        UsageError: one is not there and cannot be installed; says how to get it.
    """
    missing = [_DEBIAN_PACKAGES[name] for name in names if shutil.which(name) is None]
    if not missing:
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        print(f"Installing {' '.join(missing)} ...", file=sys.stderr)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", *missing]):
            subprocess.run([apt, *step], env=quiet, stdout=sys.stderr, check=False)
    missing = [_DEBIAN_PACKAGES[name] for name in names if shutil.which(name) is None]
    if missing:
        raise UsageError(
            f"This comparison needs {' and '.join(missing)}.",
            next_step=f"Install with: sudo apt-get install {' '.join(missing)}",
        )


def _search_path() -> str:
    """Return a PATH on which the ``uv`` beside this interpreter comes first."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


if __name__ == "__main__":
    print(rivals_python())
    print(*rivals_command("ocrmypdf"))
