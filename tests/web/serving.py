"""The whole web app in the tests' own process, without a browser."""

from __future__ import annotations

import asyncio
import re
from html import unescape

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.pipeline import Casebook
from assistant.web.opening import Opening
from assistant.web.security import HostPolicy
from assistant.web.shell import create_app

BASE = "http://127.0.0.1:7860"


def client_of(opening: Opening) -> TestClient:
    """Gradio opens event loops that it never closes, unless one is running as a page is built."""

    async def build() -> ASGIApp:
        return create_app(opening, HostPolicy.of("127.0.0.1"))

    loop = asyncio.new_event_loop()
    try:
        app = loop.run_until_complete(build())
    finally:
        loop.close()
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


def client_for(book: Casebook) -> TestClient:
    """The app on a casebook that is built."""
    opening = Opening(lambda: book)
    opening.start()
    opening.wait(30)
    return client_of(opening)


def shown(page: str) -> str:
    """The words of a page, its tags as spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
