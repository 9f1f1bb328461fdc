"""``ingest PATH...``: files that a person names, taken in without being moved or altered."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from backfile.errors import DiskFull, UsageError
from ingest.intake import IncomingFile, SourceChanged, take_file
from ingest.natural_order import natural_path_key
from ingest.workshop import Workshop

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A path that could not be taken in."""

    path: str
    reason: str
    """In words."""


def find_files(arguments: Sequence[Path]) -> Iterator[IncomingFile]:
    """Return the files that arguments name, in natural order: folders recursively, each subfolder a batch.

    Hidden files are left out, as are links and whatever is no regular file.

    Raises:
        UsageError: an argument does not exist.
    """
    for argument in arguments:
        if not argument.exists():
            raise UsageError(f"There is no file or folder {argument}.", next_step="Check the path.")
    for argument in arguments:
        root = argument.absolute()
        if root.is_file():
            yield IncomingFile(root, root.name, str(root.parent), None)
            continue
        for path in sorted(_walk(root), key=lambda p: natural_path_key(p.relative_to(root).parts)):
            relative = path.relative_to(root)
            batch = relative.parent.as_posix() if len(relative.parts) > 1 else None
            yield IncomingFile(path, relative.as_posix(), str(root), batch)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def collect_files(arguments: Sequence[Path], *, workshop: Workshop, call_id: str) -> list[Unreachable]:
    """Take in what arguments name; return the paths that could not be read at all.

    Raises:
        DiskFull: no room; what was taken before is safe, the rest was not begun.
        UsageError: an argument does not exist.
    """
    unreachable = []
    for incoming in find_files(arguments):
        try:
            take_file(incoming, workshop=workshop, call_id=call_id, move=False)
        except DiskFull:
            raise
        except SourceChanged as error:
            unreachable.append(Unreachable(str(incoming.path), error.what))
        except OSError as error:
            unreachable.append(Unreachable(str(incoming.path), error.strerror or "cannot be read"))
    return unreachable
