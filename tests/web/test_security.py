"""The door: names, methods, addresses, origins and sizes; and the headers of every answer."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.web.access import Gate, ThisComputer
from assistant.web.addresses import KILOBYTE, MAX_UPLOAD
from assistant.web.security import PAGE_POLICY, Door, Dressing, HostPolicy


@pytest.mark.parametrize(
    ("listens", "header", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1:7860", True),
        ("127.0.0.1", "localhost:7860", True),
        ("127.0.0.1", "LOCALHOST.:7860", True),
        ("127.0.0.1", "[::1]:7860", True),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "192.168.1.5:7860", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[broken", False),
        ("0.0.0.0", "192.168.1.5:7860", True),  # noqa: S104
        ("0.0.0.0", "evil.example", False),  # noqa: S104
        ("casebook.example", "casebook.example:7860", True),
    ],
)
def test_hosts(listens: str, header: str, allowed: bool) -> None:
    assert HostPolicy.of(listens).allows(header) is allowed


def test_a_proxys_name_can_be_added() -> None:
    policy = HostPolicy.of("127.0.0.1", ["Casebook.Example"])
    assert policy.allows("casebook.example")
    assert not policy.allows("other.example")


def test_only_listening_beyond_this_computer_is_a_network() -> None:
    assert not HostPolicy.of("127.0.0.1").network
    assert not HostPolicy.of("localhost").network
    assert HostPolicy.of("0.0.0.0").network  # noqa: S104


class Inner:
    """The app behind the door: answers `pieces`, one message each, and keeps the last scope."""

    def __init__(
        self, content_type: str = "text/plain", pieces: tuple[bytes, ...] = (b"in",)
    ) -> None:
        self.content_type, self.pieces = content_type, pieces
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        headers = [(b"content-type", self.content_type.encode()), (b"server", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def ask(
    app: Dressing, path: str = "/", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], list[bytes]]:
    """(status, headers, body pieces as they were sent) of one request."""
    sent: list[Message] = []
    given = {"host": "127.0.0.1", **{name.replace("_", "-"): v for name, v in headers.items()}}
    scope: Scope = {
        "type": "http", "method": method, "path": path, "query_string": b"q=1",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    loop = asyncio.new_event_loop()  # asyncio.run() would take away the loop that Gradio wants
    try:
        loop.run_until_complete(app(scope, receive, send))
    finally:
        loop.close()
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, [m["body"] for m in sent[1:] if m.get("body")]


def door(inner: Inner | None = None) -> Dressing:
    access = ThisComputer()
    inside = Door(inner or Inner(), HostPolicy.of("127.0.0.1"), access)
    return Dressing(Gate(inside, access), lambda page: page)


OPEN = [
    "/", "/health", "/sources", "/source/a/b.md", "/privacy", "/accessibility",
    "/look/casebook.css", f"/save/{'0' * 32}", "/answers", f"/answers/{'a' * 32}",
    "/suggest/a/b.md", "/edit/new", "/edit/progress.json",
    f"/edit/draft/{'a' * 32}", "/edit/replace/a/b.md", "/edit/undo/0123-4567",
    "/config", "/theme.css", "/assets/index-1.js", "/static/js/x.js", "/gradio_api/queue/data",
    "/gradio_api/heartbeat/abc1", "/gradio_api/startup-events",
]  # fmt: skip
CLOSED = [
    "/gradio_api/upload", "/gradio_api/upload_progress", "/gradio_api/file=/etc/passwd",
    "/gradio_api/proxy=https://evil.example", "/gradio_api/component_server", "/gradio_api/runs",
    "/gradio_api/run-history/records", "/gradio_api/deep_link", "/gradio_api/vibe-edit",
    "/gradio_api/vibe-code", "/gradio_api/process_recording", "/gradio_api/run/ask",
    "/gradio_api/call/ask", "/gradio_api/info", "/gradio_api/openapi.json",
    "/gradio_api/dev/reload",
    "/gradio_api/mcp/", "/monitoring", "/monitoring/summary", "/login", "/logout", "/docs",
    "/redoc", "/login/callback",
    "/openapi.json", "/manifest.json", "/pwa_icon", "/svelte/x.js", "/gradio_api/stream/x",
    "/gradio_api/heartbeat/../upload", "/static/../x", "/token", "/look/../security.py",
]  # fmt: skip


@pytest.mark.parametrize("path", OPEN)
def test_open_addresses(path: str) -> None:
    assert ask(door(), path)[0] == 200


@pytest.mark.parametrize("path", CLOSED)
def test_every_other_address_is_closed(path: str) -> None:
    inner = Inner()
    if ".." in path and path.startswith(("/static", "/look")):
        # The path of a file server: it refuses to leave its folder itself (see test_shell).
        return
    assert ask(door(inner), path)[0] == 404
    assert inner.scope == {}


@pytest.mark.parametrize(
    ("path", "longest"),
    [
        ("/edit/cancel", 16 * KILOBYTE),
        ("/suggest/a.md", 64 * KILOBYTE),
        ("/edit/new", MAX_UPLOAD),
        ("/edit/replace/a/b.md", MAX_UPLOAD),
    ],
)
def test_only_forms_with_files_may_be_long(path: str, longest: int) -> None:
    assert ask(door(), path, "POST", content_length=str(longest))[0] == 200
    assert ask(door(), path, "POST", content_length=str(longest + 1))[0] == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_length": "10"}, 200),
        ({"content_length": "10", "origin": "http://127.0.0.1"}, 200),
        ({"content_length": "10", "origin": "https://evil.example"}, 403),
        ({"content_length": "10", "origin": "null"}, 403),
        ({"content_length": "10", "origin": "http://127.0.0.1:1"}, 403),
        ({"content_length": "10", "sec_fetch_site": "cross-site"}, 403),
        ({"content_length": "10", "sec_fetch_site": "same-site"}, 403),
        ({"content_length": str(64 * 1024 + 1)}, 413),
        ({"content_length": "-1"}, 411),
        ({}, 411),
    ],
)
def test_posts(headers: dict[str, str], status: int) -> None:
    assert ask(door(), "/gradio_api/queue/join", "POST", **headers)[0] == status


def test_other_names_and_methods_are_refused_with_all_headers() -> None:
    status, headers, body = ask(door(), host="evil.example")
    assert (status, body) == (400, [b"This server does not answer to that name."])
    assert headers["content-security-policy"] == PAGE_POLICY
    assert ask(door(), method="DELETE")[0] == 405
    assert ask(door(), method="OPTIONS", origin="https://evil.example")[0] == 405


def test_forwarding_headers_and_saved_states_do_not_get_in() -> None:
    inner = Inner()
    ask(door(inner), x_forwarded_host="evil.example", forwarded="host=evil", accept_encoding="br")
    assert inner.scope["headers"] == [(b"host", b"127.0.0.1")]
    assert inner.scope["query_string"] == b""


def test_headers_of_every_answer() -> None:
    _, headers, _ = ask(door())
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_an_event_stream_passes_piece_by_piece() -> None:
    pieces = (b"data: 1\n\n", b"data: <script>\n\n", b"data: 3\n\n")
    found = ask(door(Inner("text/event-stream; charset=utf-8", pieces)), "/gradio_api/queue/data")
    assert tuple(found[2]) == pieces


def test_scripts_of_the_chats_page_get_a_fresh_nonce() -> None:
    page = (b"<html><head><script>1</scr", b"ipt><script type=module src=x></script></head>")
    app = door(Inner("text/html; charset=utf-8", page))
    nonces = set()
    for _ in range(2):
        _, headers, (body,) = ask(app)
        policy = headers["content-security-policy"]
        nonce = policy.split("'nonce-")[1].split("'")[0]
        scripts = policy.split("script-src ")[1].split(";")[0]
        assert scripts == f"'self' 'nonce-{nonce}'"  # neither unsafe-inline nor unsafe-eval
        assert body.decode().count(f'<script nonce="{nonce}"') == 2
        assert headers["content-length"] == str(len(body))
        nonces.add(nonce)
    assert len(nonces) == 2
