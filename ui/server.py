"""The web server of the screens: ``python -P -m ui.server`` serves the home of ``BACKFILE_HOME``.

One process: Streamlit for the screens, our routes for page images and data, and the gate before both.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.runtime.pages_manager import PagesManager

from backfile.errors import BackfileError
from backfile.settings import Settings
from ingest.child import announce_ready
from ui import pages
from ui.auth.gate import Gate
from ui.auth.hosts import AllowedHosts
from ui.context import SESSION_HEADER, SESSION_KEY, get_workshop
from ui.routes import document_pdf, search, verify
from ui.routes.page_image import page_image_routes
from ui.routes.session import session_routes
from ui.safe_logs import start_safe_logging
from ui.theme import theme_options

_HERE = Path(__file__).parent


def make_app(settings: Settings) -> st.App:
    """Return the web application of the screens.

    Args:
        settings: of the home; names and address of the screens come from them.
    """
    # The folder ui/pages holds modules. An old custom of Streamlit would run each as a script of its own.
    PagesManager.uses_pages_directory = False
    routes: list[BaseRoute] = [
        *session_routes(),
        *page_image_routes(),
        *search.ROUTES,
        *verify.ROUTES,
        *document_pdf.ROUTES,
        Route("/favicon.png", give_icon, methods=["GET"]),
    ]
    hosts = AllowedHosts([settings.ui_host, *settings.ui_names])
    return st.App(
        _HERE / "main.py",
        routes=routes,
        middleware=[Middleware(Gate, hosts=hosts)],
        lifespan=_lifespan,
    )


def server_options(settings: Settings) -> dict[str, object]:
    """Return Streamlit's options; as flags they go before any configuration file that lies about."""
    return {
        "server.address": settings.ui_host,
        "server.port": settings.ui_port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.enableWebsocketCompression": False,
        "server.maxUploadSize": 1,
        "server.disconnectedSessionTTL": 20,
        "server.trustedUserHeaders": {SESSION_HEADER: SESSION_KEY},
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.showSidebarNavigation": False,
        "global.developmentMode": False,
        "logger.level": "warning",
        "runner.magicEnabled": False,
        **theme_options(),
    }


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[dict[str, object] | None]:
    """Say that the screens answer, once Streamlit runs."""
    # Streamlit puts the folder of its script first on the path: there a ui/search.py would be ``search``.
    sys.path[:] = [entry for entry in sys.path if Path(entry) != _HERE]
    announce_ready()
    threading.Thread(target=import_screens, name="import-screens", daemon=True).start()
    yield None


def import_screens() -> None:
    """Import every screen now, so that the first who opens one does not wait for that."""
    importlib.import_module("pandas")  # Streamlit does so when it shows its first component
    for module in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}."):
        importlib.import_module(module.name)


async def give_icon(_request: object) -> Response:
    """Give the icon of the tab."""
    return FileResponse(_HERE / "favicon.png", media_type="image/png")


def main() -> int:
    """Serve until SIGTERM."""
    os.umask(0o077)
    start_safe_logging()
    try:
        settings = get_workshop().settings
    except BackfileError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    make_app(settings).run(config=server_options(settings))
    return 0


def _run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _run()
