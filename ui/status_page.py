"""A page that shows where everything is: counts only, no patient's data, for this machine alone.

It stands until the screens for technicians and clinicians take its place. ``python -m ui.status_page
--home DIR`` serves it.
"""

from __future__ import annotations

import argparse
import html
import json
import logging
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from backfile.domain.accounting import Summary
from backfile.logs import start_logging
from ingest.child import announce_ready
from ingest.cli.views import summary_view
from ingest.stopping import StopRequest
from ingest.workshop import Workshop, open_workshop

log = logging.getLogger(__name__)

_REFRESH_SECONDS = 2
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884; }
td { text-align: right; font-variant-numeric: tabular-nums; }
.notice { border-left: .3rem solid #c60; padding: .4rem .8rem; background: #c602; }
.sound { color: #2a7a2a; } .unsound { color: #b00020; font-weight: 600; }
"""
_WORDS = {
    "received": "received",
    "taken": "taken in",
    "duplicate": "duplicates",
    "rejected": "rejected",
    "working": "being worked on",
    "filed": "filed under a patient",
    "review": "waiting for a technician",
    "exception": "exceptions",
    "blank": "blank, set aside",
    "separator": "separator sheets",
    "removed": "removed by a person",
}


def render_status(summary: Summary, notices: Sequence[str]) -> str:
    """Return the page."""
    tables = "".join(
        f"<h2>{title}</h2><table>"
        + "".join(
            f"<tr><th scope=row>{_WORDS[name]}</th><td>{getattr(counts, name):,}</td></tr>"
            for name in type(counts).__dataclass_fields__
        )
        + "</table>"
        for title, counts in (
            ("Files", summary.files),
            ("Pages", summary.pages),
            ("Documents", summary.documents),
        )
    )
    told = "".join(f"<p class=notice role=alert>{html.escape(text)}</p>" for text in notices)
    balance = (
        "<p class=sound>Every file and every page is accounted for.</p>"
        if summary.is_balanced
        else "<p class=unsound role=alert>Files or pages do not add up. Run: backfile verify</p>"
    )
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Backfile</title>"
        f"<meta http-equiv=refresh content={_REFRESH_SECONDS}><style>{_STYLE}</style></head><body>"
        f"<h1>Backfile</h1>{told}{balance}{tables}</body></html>"
    )


class _Handler(BaseHTTPRequestHandler):
    workshop: Workshop

    def do_GET(self) -> None:
        """Answer a look at the page, or at its figures as JSON."""
        if self.path not in {"/", "/status.json"}:
            self.send_error(404, "There is no such page.")
            return
        with self.workshop.catalog.look() as uow:
            summary = uow.counts.summarize()
            notices = list(uow.notices.all().values())
        is_json = self.path == "/status.json"
        body = json.dumps(summary_view(summary)) if is_json else render_status(summary, notices)
        content = body.encode()
        self.send_response(200)
        kind = "application/json" if is_json else "text/html; charset=utf-8"
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep requests out of the log."""


def serve_status(workshop: Workshop, stop: StopRequest) -> None:
    """Serve the page until asked to stop."""
    handler = type("Handler", (_Handler,), {"workshop": workshop})
    address = (workshop.settings.ui_host, workshop.settings.ui_port)
    with ThreadingHTTPServer(address, handler) as server:
        server.daemon_threads = True
        server.timeout = 0.5
        announce_ready()
        while not stop:
            server.handle_request()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m ui.status_page", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    options = parser.parse_args(arguments)
    start_logging()
    stop = StopRequest()
    stop.listen()
    serve_status(open_workshop(options.home), stop)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
