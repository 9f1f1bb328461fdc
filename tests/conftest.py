"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

from tests.servers.elasticsearch import elastic_server, secured_server

__all__ = ["elastic_server", "secured_server"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("backfile", deadline=None)
settings.load_profile("backfile")
