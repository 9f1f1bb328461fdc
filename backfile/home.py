"""The one folder in which all state lives."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backfile.errors import HomeError, HomeMissing

DEFAULT_HOME = Path("backfile-home")
SETTINGS_FILE = "backfile.toml"
_NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs"})
_MAX_SOCKET_PATH = 107
"""Bytes of a Unix socket's path (sun_path of Linux, less its closing zero)."""

_FIRST_SETTINGS = """\
# Settings of this home. A flag or an environment variable (BACKFILE_<NAME>) goes before what stands here;
# docs/reference.md says what each one does.

# facility = ["General Hospital", "GH"]   # the site's names; unset: letterheads are not judged
# reading = "balanced"                    # fast | balanced | best
# inbox = ["/srv/scans"]                  # watch other folders than this home's inbox/
"""


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one installation lies."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """``backfile.toml``."""
        return self.root / SETTINGS_FILE

    @property
    def inbox(self) -> Path:
        """Where scans are dropped, unless the settings name other folders."""
        return self.root / "inbox"

    @property
    def done(self) -> Path:
        """Where sources go once they are safe."""
        return self.root / "done"

    @property
    def rejected(self) -> Path:
        """Where files go of which no page can be had."""
        return self.root / "rejected"

    @property
    def store(self) -> Path:
        """The content-addressed files."""
        return self.root / "store"

    @property
    def catalog(self) -> Path:
        """The SQLite catalog."""
        return self.root / "catalog.db"

    @property
    def index(self) -> Path:
        """The embedded search index; may be deleted at any time and rebuilt."""
        return self.root / "index"

    @property
    def logs(self) -> Path:
        """Log files of the processes."""
        return self.root / "logs"

    @property
    def redis(self) -> Path:
        """The private Redis's append-only file; may be deleted at any time."""
        return self.root / "redis"

    @property
    def cache(self) -> Path:
        """Pictures of pages; may be deleted at any time and are drawn anew."""
        return self.root / "cache"

    @property
    def types(self) -> Path:
        """What was learnt of the document types that the site added; made when the first is."""
        return self.root / "types"

    @property
    def lock(self) -> Path:
        """Held by the supervisor of this home."""
        return self.root / "up.lock"

    def folders(self) -> tuple[Path, ...]:
        """Return every folder of the home, the root first."""
        return (
            self.root,
            self.inbox,
            self.done,
            self.rejected,
            self.store,
            self.index,
            self.logs,
            self.redis,
            self.cache,
        )

    def run_folder(self) -> Path:
        """Return a private folder (0700) with a short path, for sockets, made if it is not there.

        Raises:
            HomeError: somebody else owns it, or its path is too long for a socket.
        """
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        digest = hashlib.sha256(str(self.root.resolve()).encode()).hexdigest()[:12]
        folder = base / f"backfile-{os.getuid()}-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        stat = folder.lstat()
        if stat.st_uid != os.getuid() or stat.st_mode & 0o077 or not folder.is_dir() or folder.is_symlink():
            raise HomeError(
                "The folder for this home's sockets belongs to somebody else or is open to others.",
                next_step="Remove it, or set XDG_RUNTIME_DIR to a private folder.",
            )
        if len(os.fsencode(folder / "redis.sock")) > _MAX_SOCKET_PATH:
            raise HomeError(
                "The path of the folder for sockets is too long.",
                next_step="Set XDG_RUNTIME_DIR to a folder with a path under 80 characters.",
            )
        return folder


def resolve_home(given: Path | None) -> Path:
    """Return the home's folder: the one given, else ``BACKFILE_HOME``, else ``./backfile-home``."""
    return (given or Path(os.environ.get("BACKFILE_HOME") or DEFAULT_HOME)).absolute()


def create_home(root: Path) -> Home:
    """Make a home, or complete one that is there; nothing in it is overwritten.

    Raises:
        HomeError: the folder lies on a network file system, or holds other things.
    """
    refuse_network_folder(root)
    home = Home(root)
    if root.exists() and not home.settings_file.exists() and any(root.iterdir()):
        raise HomeError(
            f"{root} is not empty and is no Backfile home.",
            next_step="Choose an empty or a new folder with --home.",
        )
    for folder in home.folders():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not home.settings_file.exists():
        home.settings_file.write_text(_FIRST_SETTINGS, encoding="utf-8")
        home.settings_file.chmod(0o600)
    return home


def open_home(root: Path) -> Home:
    """Return the home in a folder.

    Raises:
        HomeMissing: there is none.
        HomeError: it lies on a network file system.
    """
    home = Home(root)
    if not home.settings_file.is_file():
        raise HomeMissing(
            f"There is no Backfile home in {root}.",
            next_step=f"Make one with: backfile init --home {root}",
        )
    refuse_network_folder(root)
    for folder in home.folders():
        folder.mkdir(mode=0o700, exist_ok=True)
    return home


def refuse_network_folder(folder: Path, *, mounts: Path = Path("/proc/mounts")) -> None:
    """Refuse a folder on SMB or NFS: SQLite's locks do not hold there and the catalog could be damaged.

    Raises:
        HomeError: it lies on a network file system.
    """
    if not mounts.is_file():
        return
    best: tuple[int, str] = (0, "")
    resolved = folder.resolve()
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        mount = Path(point.replace("\\040", " "))
        if resolved.is_relative_to(mount) and len(mount.parts) >= best[0]:
            best = (len(mount.parts), kind)
    if best[1] in _NETWORK_FILESYSTEMS:
        raise HomeError(
            f"{folder} lies on a network file system ({best[1]}), where the catalog could be damaged.",
            next_step="Put the home on a local disk; the inbox may lie on the share (setting inbox).",
        )
