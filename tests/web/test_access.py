"""Who may read and who may edit."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.web.access import Access, Gate, ThisComputer, may_edit, visitor


async def _tell(request: Request) -> JSONResponse:
    found = visitor(request)
    return JSONResponse([found.may_read, may_edit(request), found.name])


def client(access: Access | None, peer: str = "127.0.0.1") -> TestClient:
    app: ASGIApp = Starlette(routes=[Route("/", _tell)])
    if access is not None:
        app = Gate(app, access)
    return TestClient(app, client=(peer, 40000))


def test_whoever_sits_at_this_computer_reads_and_edits() -> None:
    assert client(ThisComputer()).get("/").json() == [True, True, ""]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_what_came_through_a_proxy_came_from_elsewhere(header: str) -> None:
    found = client(ThisComputer()).get("/", headers={header: "203.0.113.9"})
    assert found.json() == [True, False, ""]


def test_without_a_gate_nobody_may_do_anything() -> None:
    assert client(None).get("/").json() == [False, False, ""]
