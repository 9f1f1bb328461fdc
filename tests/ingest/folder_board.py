"""A catalog of tasks as small as can be: files in a folder, leases by exclusive creation."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FolderBoard:
    """Tasks that survive whatever happens to Redis and to workers."""

    folder: Path

    def add(self, *tasks: str) -> None:
        for task in tasks:
            (self.folder / f"{task}.task").touch()

    def expire_leases(self) -> int:
        return 0

    def ready_tasks(self, limit: int) -> Sequence[str]:
        tasks = sorted(path.stem for path in self.folder.glob("*.task"))
        return [task for task in tasks if not self._is_held(task) and not self.runs(task)][:limit]

    def claim(self, task: str, owner: str) -> bool:
        """Hold a task; false where it is held or done."""
        if self.runs(task):
            return False
        signed = self.folder / f"{task}.{owner}"
        signed.write_text(owner)
        try:
            # Linking is atomic: whoever is killed here leaves no lease that names nobody.
            os.link(signed, self.folder / f"{task}.lease")
        except FileExistsError:
            return False
        finally:
            signed.unlink()
        return True

    def finish(self, task: str, owner: str) -> None:
        """Note that a task was done (once more), by the one who holds it."""
        lease = self.folder / f"{task}.lease"
        if not lease.exists() or lease.read_text() != owner:
            return
        descriptor = os.open(self.folder / f"{task}.done", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        os.write(descriptor, b"x")
        os.close(descriptor)
        lease.unlink()

    def release_owner(self, prefix: str) -> int:
        held = [path for path in self.folder.glob("*.lease") if _text(path).startswith(prefix)]
        for path in held:
            path.unlink(missing_ok=True)  # its owner may have finished just now
        return len(held)

    def runs(self, task: str) -> int:
        """How many times a task was done."""
        done = self.folder / f"{task}.done"
        return done.stat().st_size if done.exists() else 0

    def _is_held(self, task: str) -> bool:
        return (self.folder / f"{task}.lease").exists()


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""
