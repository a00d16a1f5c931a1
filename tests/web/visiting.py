"""The whole web app behind its guards, and clients that visit it from where they like."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.pipeline import Casebook
from assistant.web.access import Access, ThisComputer
from assistant.web.addresses import Pace
from assistant.web.opening import Opening
from assistant.web.security import HostPolicy
from assistant.web.shell import Guards, create_app

BASE = "http://127.0.0.1:7860"


def opened(book: Casebook) -> Opening:
    """An opening that has opened `book`."""
    opening = Opening(lambda: book)
    opening.start()
    opening.wait(30)
    return opening


def app_of(
    opening: Opening,
    access: Access | None = None,
    paces: Mapping[Pace, str] | None = None,
    proxies: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
) -> ASGIApp:
    """The app with these guards; without limits of pace unless some are named."""
    hosts = HostPolicy.of("127.0.0.1", names)
    return guarded_by(
        opening, Guards(hosts, access or ThisComputer(), proxies, {} if paces is None else paces)
    )


def guarded_by(opening: Opening, guards: Guards) -> ASGIApp:
    """Gradio opens event loops that it never closes, unless one is running as a page is built."""

    async def build() -> ASGIApp:
        return create_app(opening, guards)

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(build())
    finally:
        loop.close()


def visit(app: ASGIApp, peer: str = "127.0.0.1", base: str = BASE) -> TestClient:
    """A browser at the address `peer`; it follows no redirects by itself."""
    return TestClient(
        app, base_url=base, client=(peer, 40_000), raise_server_exceptions=False,
        follow_redirects=False,
    )  # fmt: skip
