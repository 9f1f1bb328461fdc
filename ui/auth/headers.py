"""Headers of every answer: nothing from elsewhere runs here, nothing of a patient is kept by the browser."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from ui.auth.paths import is_static


def _hashes_of_inline_scripts() -> list[str]:
    """Return the CSP sources of the scripts that stand in Streamlit's page itself."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in re.findall(r"<script>(.*?)</script>", page, re.S)
    ]


_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Components are modules that the page makes itself (blob:). No other inline script, no eval.
        " ".join(["script-src 'self' blob:", *_hashes_of_inline_scripts()]),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' blob: data:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def secure_headers(send: Send, scope: Scope) -> Send:
    """Return a ``send`` that adds them to an answer; what is not part of the program is not stored."""
    may_keep = is_static(scope["path"])

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            if not may_keep or message["status"] >= 400:
                headers["Cache-Control"] = "private, no-store"
            if scope["scheme"] == "https":
                headers["Strict-Transport-Security"] = "max-age=31536000"
            for name in ("Server", "Access-Control-Allow-Origin"):
                if name in headers:
                    del headers[name]
        await send(message)

    return send_with_headers
