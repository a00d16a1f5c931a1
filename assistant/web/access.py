"""Who is asking, and what they may do: reading and editing are separate permissions.

Three ways to know, chosen at start-up: everybody on this computer (nobody signs in), passwords, or
the name that a proxy in front vouches for. `Gate` asks once a request; pages ask `may_edit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

VISITOR = "casebook.visitor"
"""Where the visitor is kept in a request's ASGI scope."""
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that a proxy adds: with one of them, the asker is not on this computer."""


@dataclass(frozen=True)
class Visitor:
    """One asker: `key` names them for limits and sessions, `name` is "" where nobody signs in."""

    key: str
    may_read: bool
    may_edit: bool
    name: str = ""


NOBODY = Visitor("", may_read=False, may_edit=False)


class Access(Protocol):
    """A way to know who asks."""

    signs_in: bool
    """Whether somebody unknown is sent to the sign-in page."""

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """The asker of a request."""
        ...


class ThisComputer:
    """Nobody signs in: whoever sits at this computer reads and edits.

    What came through a proxy came from elsewhere, whatever address it comes from: it may only read.
    """

    signs_in = False

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """A reader and editor."""
        elsewhere = any(name in connection.headers for name in FORWARDED)
        return Visitor(client_key(connection), may_read=True, may_edit=not elsewhere)


class Gate:
    """Middleware: notes the visitor in the scope, and hands over to `refuse` who may not go on."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        refuse: Callable[[Scope, Visitor], ASGIApp | None] = lambda scope, visitor: None,
    ) -> None:
        self._app, self._access, self._refuse = app, access, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = self._access.visitor(HTTPConnection(scope))
        app = self._refuse(scope, found) or self._app
        await app({**scope, VISITOR: found}, receive, send)


def visitor(request: HTTPConnection) -> Visitor:
    """Who asks; nobody at all if no gate was passed."""
    found = request.scope.get(VISITOR, NOBODY)
    assert isinstance(found, Visitor)  # noqa: S101
    return found


def may_edit(request: HTTPConnection) -> bool:
    """Whether the asker may add, replace and remove case studies."""
    return visitor(request).may_edit


def client_key(connection: HTTPConnection) -> str:
    """The address a request came from; "" if the server does not know."""
    return connection.client.host if connection.client else ""
