"""The pages of the web app in the tests' own process: no browser, and no chat, which is slow."""

from __future__ import annotations

import re
import time
from html import unescape

from starlette.testclient import TestClient

from assistant.pipeline import Casebook
from assistant.web.opening import Opening
from assistant.web.security import HostPolicy
from assistant.web.shell import Guards, guarded, pages_app
from assistant.web.unsaved import Unsaved

BASE = "http://127.0.0.1:7860"
ELSEWHERE = {"X-Forwarded-For": "192.0.2.1"}
"""Headers of what came through a proxy, which may read and not edit."""


def client_for(book: Casebook, unsaved: Unsaved | None = None) -> TestClient:
    """All pages but the chat's, on a casebook that is built, behind their door."""
    opening = Opening(lambda: book)
    opening.start()
    opening.wait(30)
    paces = dict.fromkeys(Guards(HostPolicy.of("127.0.0.1")).paces, "100000/minute")
    guards = Guards(HostPolicy.of("127.0.0.1"), paces=paces)
    app = guarded(pages_app(opening, guards, unsaved or Unsaved()), guards)
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


def shown(page: str) -> str:
    """The words of a page, its tags as spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def token_in(page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert found, "there is no token in the form"
    return found[1]


def finished(client: TestClient) -> str:
    """The page of a change once it is made."""
    end = time.monotonic() + 60
    while client.get("/edit/progress.json").json()["running"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    return client.get("/edit/progress").text
