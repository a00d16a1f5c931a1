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

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.access import Access, visitor
from assistant.web.addresses import Address, Needs, find

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the server-rendered pages: no script at all."""
FORM_POLICY = PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")
"""Of pages with a form of ours."""
CHAT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; script-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'self'; object-src 'none'"
)
"""Of the chat: Gradio writes style attributes and sets its own base address."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # No other site learns where a reader comes from. "no-referrer" would also take the origin from
    # our own forms, and the door could not tell them from another site's (Fetch, "append a request
    # `Origin` header").
    "Referrer-Policy": "same-origin",
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
LONGEST_HEADERS = 32 * 1024
"""Bytes of all headers together."""
METHODS = ("GET", "HEAD", "POST")
ADDRESS = "casebook.address"
"""Key of a request's ASGI scope: which `Address` it is."""
_NOTHING_HERE = PlainTextResponse("There is nothing at this address.", 404)
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
    """Whether other computers reach the address it listens on."""
    named: bool = False
    """Whether it answers to other names than this computer's own: a proxy's, most likely."""

    @classmethod
    def of(cls, host: str, more: Iterable[str] = ()) -> HostPolicy:
        """The policy for a server listening on `host`, answering to the names `more` as well."""
        names = {"localhost", *(name.lower() for name in more)}
        address = _address(host)
        if address is None:
            names.add(host.lower())
        network = not (address.is_loopback if address else host == "localhost")
        return cls(frozenset(names), network, named=bool(names - {"localhost", host.lower()}))

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
    """Middleware: refuses what is not meant for this server, before anything else sees it.

    Behind the gate, which says who asks.
    """

    def __init__(self, app: ASGIApp, hosts: HostPolicy, access: Access) -> None:
        self._app, self._hosts, self._access = app, hosts, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        address = find(scope["path"], scope["method"])
        refusal = self._refusal(HTTPConnection(scope), address)
        if refusal is not None or address is None:
            await (refusal or _NOTHING_HERE)(scope, receive, send)
            return
        body = _Limited(receive, address.longest)
        await self._app({**_clean(scope), ADDRESS: address}, body, send)

    def _refusal(self, asked: HTTPConnection, address: Address | None) -> Response | None:
        method = asked.scope["method"]
        if not self._hosts.allows(asked.headers.get("host", "")):
            return PlainTextResponse("This server does not answer to that name.", 400)
        if sum(len(name) + len(value) for name, value in asked.scope["headers"]) > LONGEST_HEADERS:
            return PlainTextResponse("The request's headers are too long.", 431)
        if method not in METHODS:
            return PlainTextResponse("Only GET, HEAD and POST are answered.", 405)
        if address is None:
            return _NOTHING_HERE
        if method not in address.methods:
            allow = ", ".join(address.methods)
            return PlainTextResponse(f"This address takes {allow}.", 405, {"Allow": allow})
        return (_post_refusal(asked, address.longest) if method == "POST" else None) or (
            self._not_permitted(asked, address.needs)
        )

    def _not_permitted(self, asked: HTTPConnection, needs: Needs) -> Response | None:
        who = visitor(asked)
        if needs is Needs.NOTHING or (who.may_edit if needs is Needs.EDITING else who.may_read):
            return None
        if not who.may_read:
            return self._access.turn_away(asked)
        return PlainTextResponse("You may read the case studies, but not change them.", 403)


def _post_refusal(asked: HTTPConnection, longest: int) -> Response | None:
    """Another site's page must not ask in the reader's name, and a question is short."""
    headers = asked.headers
    origin = headers.get("origin")
    if origin is not None and _netloc(origin) != headers.get("host"):
        return PlainTextResponse("Questions are taken from this server's own pages only.", 403)
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return PlainTextResponse("Questions are taken from this server's own pages only.", 403)
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        return PlainTextResponse("The request does not say how long it is.", 411)
    if int(length[:20]) > longest:
        return PlainTextResponse(f"The request is longer than {longest:,} bytes.", 413)
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

    def __init__(self, receive: Receive, longest: int) -> None:
        self._receive, self._longest, self._read = receive, longest, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._read > self._longest else message


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
