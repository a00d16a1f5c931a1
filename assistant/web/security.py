"""The door of the web app: who may ask for what, and the headers that every answer carries.

Plain ASGI middleware, so that the chat's event stream passes through untouched; only HTML pages are
gathered whole, because the nonce of their scripts has to be written into them.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
"""Longest request body in bytes: the longest question, many times over."""
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the server-rendered pages: no script at all."""
CHAT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; script-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'self'; object-src 'none'"
)
"""Of the chat: Gradio writes style attributes and sets its own base address."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
UNWANTED_HEADERS = (
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "server",
)
OPEN_PATHS = re.compile(
    r"""
    / | /health | /sources | /source/.+ | /privacy | /accessibility     # ours
    | /look/[\w.-]+ | /favicon\.ico | /robots\.txt
    | /config | /theme\.css | /assets/[\w./-]+ | /static/[\w./-]+       # what Gradio's page loads
    | /gradio_api/(?:startup-events | heartbeat/\w+ | queue/join | queue/data | cancel | reset)/?
    """,
    re.VERBOSE | re.DOTALL,
)
"""Every other path of Gradio (uploads, files, proxies, editors, monitoring) answers 404."""
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_FORWARDED = re.compile(rb"^(?:x-forwarded-.*|forwarded|x-original-.*|x-gradio-server)$")


@dataclass(frozen=True)
class HostPolicy:
    """Which names this server answers to.

    Addresses are safe from DNS rebinding, which needs a name; loopback ones always answer, others
    only when the server listens beyond this machine.
    """

    names: frozenset[str]
    network: bool = False

    @classmethod
    def of(cls, host: str, more: Iterable[str] = ()) -> HostPolicy:
        """The policy for a server listening on `host`, answering to the names `more` as well."""
        names = {"localhost", *(name.lower() for name in more)}
        address = _address(host)
        if address is None:
            names.add(host.lower())
        return cls(frozenset(names), not (address.is_loopback if address else host == "localhost"))

    def allows(self, header: str) -> bool:
        """Whether a Host header names this server."""
        try:
            name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
        except ValueError:
            return False
        address = _address(name)
        if address is not None:
            return self.network or address.is_loopback
        return name in self.names


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


class Door:
    """Middleware: refuses what is not meant for this server, before anything else sees it."""

    def __init__(self, app: ASGIApp, hosts: HostPolicy) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(_clean(scope), _Limited(receive), send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._hosts.allows(host):
            return PlainTextResponse("This server does not answer to that name.", 400)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Only GET, HEAD and POST are answered.", 405)
        if not OPEN_PATHS.fullmatch(scope["path"]):
            return PlainTextResponse("There is nothing at this address.", 404)
        if scope["method"] == "POST":
            return _post_refusal(headers, host)
        return None


def _post_refusal(headers: Headers, host: str) -> PlainTextResponse | None:
    """Another site's page must not ask in the reader's name, and a question is short."""
    origin = headers.get("origin")
    if origin is not None and _netloc(origin) != host:
        return PlainTextResponse("Questions are taken from this server's own pages only.", 403)
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return PlainTextResponse("Questions are taken from this server's own pages only.", 403)
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return PlainTextResponse("The request does not say how long it is.", 411)
    if int(length) > MAX_BODY:
        return PlainTextResponse(f"The request is longer than {MAX_BODY:,} bytes.", 413)
    return None


def _netloc(origin: str) -> str:
    """Host and port of an origin; "" for one that is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _clean(scope: Scope) -> Scope:
    """Without what a client could use to make Gradio build other addresses or load saved states."""
    headers = [(name, value) for name, value in scope["headers"] if not _FORWARDED.match(name)]
    if scope["path"] == "/":
        headers = [(name, value) for name, value in headers if name != b"accept-encoding"]
        return {**scope, "headers": headers, "query_string": b""}
    return {**scope, "headers": headers}


class _Limited:
    """A `receive` that stops listening when a body outgrows what its length announced."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._read = receive, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._read > MAX_BODY else message


class Dressing:
    """Middleware: security headers on everything, and a nonce for the scripts of HTML pages.

    `frame` may rewrite the chat's page (the one at `/` when it is Gradio's).
    """

    def __init__(self, app: ASGIApp, frame: Callable[[bytes], bytes]) -> None:
        self._app, self._frame = app, frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Dresser(send, scope["path"], self._frame))


class _Dresser:
    """Writes headers as the response starts; holds back the chat's page until it is whole."""

    def __init__(self, send: Send, path: str, frame: Callable[[bytes], bytes]) -> None:
        self._send, self._path, self._frame = send, path, frame
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is not None and message["type"] == "http.response.body":
            await self._gather(self._start, message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(raw=message["headers"])
        is_html = headers.get("content-type", "").startswith("text/html")
        if is_html and "content-security-policy" not in headers:
            self._start = message
            return
        _dress(headers, self._path, PAGE_POLICY)
        await self._send({**message, "headers": headers.raw})

    async def _gather(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        nonce = secrets.token_urlsafe(18)
        body = _SCRIPT.sub(
            b'<script nonce="' + nonce.encode() + b'"', self._frame(bytes(self._body))
        )
        headers = MutableHeaders(raw=start["headers"])
        _dress(headers, self._path, CHAT_POLICY.format(nonce=nonce))
        if self._body:  # a HEAD request has no body and keeps its announced length
            headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body if self._body else b""})


def _dress(headers: MutableHeaders, path: str, policy: str) -> None:
    for name in UNWANTED_HEADERS:
        if name in headers:
            del headers[name]
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", policy)
    # Files whose name changes with their content may be kept; words never are.
    headers["Cache-Control"] = (
        "private, max-age=86400" if path.startswith("/assets/") else "no-store"
    )
