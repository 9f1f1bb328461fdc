"""The types that a site added, each in a file of the home that only its owner can read.

The files hold no patient: words that stood in several examples, with their weights.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from backfile.domain.document_types import SiteType
from backfile.domain.site_type import SiteTypeModel

log = logging.getLogger(__name__)

_MODEL = TypeAdapter(SiteTypeModel)
_SUFFIX = ".json"


class SiteTypeFolder:
    """The folder of a site's types; what it holds is read again after a change."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder, which need not be there."""
        self.folder = folder
        self._stamp: object = None
        self._models: dict[str, SiteTypeModel] = {}
        self.damaged: tuple[str, ...] = ()
        """Keys of types whose files cannot be read, as of the last look."""

    def models(self) -> Mapping[str, SiteTypeModel]:
        """Return what was learnt of each type, by its key; a damaged file counts as none, and is logged."""
        stamp = self._look()
        if stamp != self._stamp:
            read = {path.stem: _read(path) for path in self._paths()}
            self.damaged = tuple(name for name, model in read.items() if model is None)
            self._models = {name: model for name, model in read.items() if model is not None}
            self._stamp = stamp
        return self._models

    def types(self) -> dict[str, SiteType]:
        """Return the types, by their keys."""
        return {name: model.type for name, model in self.models().items()}

    def save(self, model: SiteTypeModel) -> None:
        """Write what was learnt of a type, over what was there."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=self.folder)  # made for its owner alone
        with os.fdopen(handle, "wb") as file:
            file.write(_MODEL.dump_json(model, indent=1))
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(self.folder / f"{model.type.name}{_SUFFIX}")

    def remove(self, name: str) -> bool:
        """Take a type away; False where there is none."""
        if name not in self.models() and name not in self.damaged:
            return False
        (self.folder / f"{name}{_SUFFIX}").unlink()
        return True

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}")) if self.folder.is_dir() else []

    def _look(self) -> object:
        """Return what changes whenever a file does."""
        stats = [(path.name, path.stat()) for path in self._paths()]
        return tuple((name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in stats)


def _read(path: Path) -> SiteTypeModel | None:
    try:
        return _MODEL.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        log.error("document type %s of this home is damaged: remove it and add it again", path.stem)
        return None
