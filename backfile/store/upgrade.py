"""The steps from one schema of the catalog to the next (Alembic); imported where one is to be made."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"


def known_versions() -> list[str]:
    """Return every version of the schema that there was, newest first."""
    return [revision.revision for revision in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()]


def upgrade_schema(connection: Connection) -> None:
    """Take every step that is still to be taken, in the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
