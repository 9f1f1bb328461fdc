"""The tools of one installation, opened once by each process and handed to every step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backfile.domain.document_types import use_site_types
from backfile.home import Home, create_home, open_home, resolve_home
from backfile.ports import Clock
from backfile.settings import Settings, load_settings
from backfile.store.blobs import BlobFolder
from backfile.store.catalog import Catalog, open_catalog
from backfile.store.site_types import SiteTypeFolder


@dataclass(frozen=True, slots=True)
class Workshop:
    """Home, settings, catalog and files of one installation."""

    home: Home
    settings: Settings
    catalog: Catalog
    blobs: BlobFolder

    @property
    def inboxes(self) -> tuple[Path, ...]:
        """The watched folders."""
        return self.settings.inbox or (self.home.inbox,)


def open_workshop(root: Path | None, *, clock: Clock | None = None, **flags: object) -> Workshop:
    """Open an installation as it is.

    Args:
        root: the home; None takes ``BACKFILE_HOME``, else ``./backfile-home``.
        clock: another clock than the machine's.
        flags: settings given on the command line.

    Raises:
        HomeError: there is no home, or its catalog is of another version.
        UsageError: a setting is wrong.
    """
    home = open_home(resolve_home(root))
    workshop = _assemble(home, clock, flags)
    workshop.catalog.check()
    return workshop


def upgrade_workshop(root: Path | None, *, clock: Clock | None = None, **flags: object) -> Workshop:
    """Open an installation and bring its catalog up to this version, after a copy (``up``).

    Raises:
        HomeError: there is no home, or a newer program wrote its catalog.
        UsageError: a setting is wrong.
    """
    workshop = _assemble(open_home(resolve_home(root)), clock, flags)
    workshop.catalog.migrate()
    return workshop


def prepare_workshop(root: Path | None, *, clock: Clock | None = None, **flags: object) -> Workshop:
    """Open an installation, made or upgraded if need be (``init``, ``demo``)."""
    workshop = _assemble(create_home(resolve_home(root)), clock, flags)
    workshop.catalog.migrate()
    return workshop


def _assemble(home: Home, clock: Clock | None, flags: dict[str, object]) -> Workshop:
    settings = load_settings(home.root, **flags)
    catalog = open_catalog(settings.catalog_url, home.catalog, clock=clock)
    use_site_types(SiteTypeFolder(home.types).types)
    return Workshop(home, settings, catalog, BlobFolder(home.store))
