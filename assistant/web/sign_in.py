"""Signing in with a password: the page, the cookie, and the access that follows from it."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, unquote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import SettingError
from assistant.web import pages
from assistant.web.access import NOBODY, Visitor, to_sign_in, visitor
from assistant.web.addresses import find
from assistant.web.passwords import Passwords, Role
from assistant.web.sessions import Sessions

COOKIE, SECURE_COOKIE = "casebook", "__Host-casebook"
"""The second name makes browsers insist on https and on this host alone (RFC 6265bis)."""
LOG = logging.getLogger(__name__)
OUT_OF_ORDER = "Signing in does not work just now. The terminal that Casebook runs in says why."
WRONG = "That is not the password. Check it and try again."


class SignedIn:
    """Who gave a password may read, or read and edit."""

    def __init__(self, passwords: Passwords) -> None:
        self.passwords = passwords
        self.sessions = Sessions(passwords.mark)

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """The holder of a session, else nobody."""
        try:
            found = self.sessions.read(connection.cookies.get(_cookie(connection), ""))
        except SettingError as error:  # the file of passwords was altered: nobody is let in
            LOG.error("nobody can be signed in: %s", error)
            return NOBODY
        if found is None:
            return NOBODY
        return Visitor(
            f"session {found.identity}",
            may_read=True,
            may_edit=found.role is Role.EDITING,
            name=f"{found.role} {found.identity[:6]}",
            can_sign_out=True,
        )

    def turn_away(self, connection: HTTPConnection) -> Response:
        """The way to the sign-in page."""
        return to_sign_in(connection)


def routes(access: SignedIn) -> APIRouter:
    """Signing in and out."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/sign-in")
    def page(request: Request) -> HTMLResponse:
        return _form(request.query_params.get("next", "/"))

    @router.post("/sign-in", response_model=None)
    async def sign_in(request: Request) -> Response:
        password, onward = _fields(await request.body())
        try:
            role = await run_in_threadpool(access.passwords.check, password)
        except SettingError as error:
            LOG.error("nobody can sign in: %s", error)
            return _form(onward, OUT_OF_ORDER, 503)
        if role is None:
            return _form(onward, WRONG, 403)
        response = RedirectResponse(_own(onward), 303)
        response.set_cookie(
            _cookie(request), access.sessions.begin(role), secure=request.url.scheme == "https",
            httponly=True, samesite="lax", path="/",
        )  # fmt: skip
        return response

    @router.get("/sign-out")
    def leaving(request: Request) -> HTMLResponse:
        return pages.form("sign_out.html", signed_in=visitor(request).can_sign_out)

    @router.post("/sign-out")
    def sign_out(request: Request) -> RedirectResponse:
        access.sessions.end(request.cookies.get(_cookie(request), ""))
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(_cookie(request), path="/", httponly=True, samesite="lax")
        return response

    return router


def _form(onward: str, problem: str = "", status: int = 200) -> HTMLResponse:
    return pages.form("sign_in.html", status, onward=_own(onward), problem=problem)


def _fields(body: bytes) -> tuple[str, str]:
    """The password and where to go on; a field that is missing is empty."""
    try:
        found = parse_qs(body.decode("ascii"), max_num_fields=10, errors="replace")
    except ValueError:
        return "", "/"
    return found.get("password", [""])[0], found.get("next", ["/"])[0]


def _own(address: str) -> str:
    """`address` if it is a page of this server, else the first page: no open redirects."""
    path = unquote(address.partition("?")[0])
    safe = address.isascii() and address.isprintable() and "\\" not in address
    known = find(path, "GET") if safe and not address.startswith("//") else None
    return address if known and not path.startswith(("/gradio_api", "/sign-")) else "/"


def _cookie(connection: HTTPConnection) -> str:
    return SECURE_COOKIE if connection.url.scheme == "https" else COOKIE
