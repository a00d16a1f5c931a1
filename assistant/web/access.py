"""Who is asking, and what they may do: reading and editing are separate permissions.

Three ways to know, chosen at start-up: everybody on this computer (nobody signs in), the name that
a proxy in front vouches for, or passwords (`sign_in.py`). `Gate` asks once a request; pages ask
`may_edit`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.errors import SettingError

VISITOR = "casebook.visitor"
PEER = "casebook.peer"
"""Keys of a request's ASGI scope: the visitor, and the address at the other end of the line."""
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that a proxy adds: with one of them, the asker is not on this computer."""
LONGEST_NAME = 200


@dataclass(frozen=True)
class Visitor:
    """One asker. `key` tells askers apart, for limits and conversations; `name` is for people."""

    key: str
    may_read: bool
    may_edit: bool
    name: str = ""
    can_sign_out: bool = False


NOBODY = Visitor("", may_read=False, may_edit=False)
_now: ContextVar[Visitor] = ContextVar("visitor", default=NOBODY)


class Access(Protocol):
    """A way to know who asks."""

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """The asker of a request."""
        ...

    def turn_away(self, connection: HTTPConnection) -> Response:
        """What somebody is told who may not read."""
        ...


class ThisComputer:
    """Nobody signs in: whoever sits at this computer reads and edits.

    What came through a proxy came from elsewhere, whatever address it comes from: it may only read.
    """

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """A reader and editor."""
        elsewhere = any(name in connection.headers for name in FORWARDED)
        return Visitor(client_key(connection), may_read=True, may_edit=not elsewhere)

    def turn_away(self, connection: HTTPConnection) -> Response:
        """Nobody is turned away."""
        raise AssertionError("everybody may read")


class ProxyUsers:
    """A proxy signs people in and names them in `header`, which is believed from `proxies` only."""

    def __init__(self, header: str, proxies: Iterable[str], editors: Iterable[str]) -> None:
        self._header = header.lower()
        self._proxies = tuple(map(network, proxies))
        self._editors = frozenset(editors)
        if not self._proxies:
            raise SettingError(
                f"{header} is to say who somebody is, and no proxy is named: expected the address "
                "of the only machine whose word is believed. Add --proxy ADDRESS."
            )

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """Whom the proxy names; nobody if it names none or several, or if it is not the proxy."""
        names = connection.headers.getlist(self._header)
        if len(names) != 1 or not self._is_proxy(connection.scope.get(PEER, "")):
            return NOBODY
        name = names[0].strip()
        if not name or len(name) > LONGEST_NAME:
            return NOBODY
        return Visitor(f"user {name}", may_read=True, may_edit=name in self._editors, name=name)

    def turn_away(self, connection: HTTPConnection) -> Response:
        """No page of ours can help: signing in is the proxy's business."""
        return PlainTextResponse("Open Casebook by its usual address, which signs you in.", 403)

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in known for known in self._proxies)


class Gate:
    """Middleware: notes who asks, in the scope and for the templates.

    `proxies` are machines whose word on the client's address and on https is taken.
    """

    def __init__(self, app: ASGIApp, access: Access, proxies: Iterable[str] = ()) -> None:
        self._app, self._access = app, access
        trusted = [str(network(proxy)) for proxy in proxies]
        self._inner: ASGIApp = self._note
        if trusted:
            self._inner = ProxyHeadersMiddleware(self._note, trusted)  # type: ignore[arg-type, assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = scope.get("client")
        await self._inner({**scope, PEER: peer[0] if peer else ""}, receive, send)

    async def _note(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._access.visitor(HTTPConnection(scope))
        token = _now.set(found)
        try:
            await self._app({**scope, VISITOR: found}, receive, send)
        finally:
            _now.reset(token)


def visitor(request: HTTPConnection) -> Visitor:
    """Who asks; nobody at all if no gate was passed."""
    found: Visitor = request.scope.get(VISITOR, NOBODY)
    return found


def visitor_now() -> Visitor:
    """Who asks for the page that is being made: for what every page's frame shows."""
    return _now.get()


def may_edit(request: HTTPConnection) -> bool:
    """Whether the asker may add, replace and remove case studies."""
    return visitor(request).may_edit


def client_key(connection: HTTPConnection) -> str:
    """The client's address, of IPv6 its network: a household or office has one of these."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(ip_network(f"{address}/64", strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def to_sign_in(connection: HTTPConnection) -> Response:
    """The way to the sign-in page and back, for a page; a refusal for anything else."""
    if connection.scope["method"] != "GET" or "text/html" not in connection.headers.get(
        "accept", ""
    ):
        return PlainTextResponse("Sign in first: open this server's page in a browser.", 401)
    asked = connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(asked, safe='')}", 303)


def network(address: str) -> IPv4Network | IPv6Network:
    """A proxy's address, or a network of them. Raises SettingError if it is neither."""
    try:
        return ip_network(address, strict=False)
    except ValueError:
        raise SettingError(
            f"The proxy {address!r} is no address: expected one like 10.0.0.5 or 10.0.0.0/24. "
            "Correct --proxy."
        ) from None
