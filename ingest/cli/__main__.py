"""``python -m ingest.cli`` is the ``backfile`` command."""

from ingest.cli.main import run

run()
