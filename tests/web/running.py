"""The web app on a real port of this computer, in a thread, with models that need no loading."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from assistant.datatypes import Answer
from assistant.pipeline import Casebook, Stage
from assistant.web.access import Access, ThisComputer
from assistant.web.addresses import Pace
from assistant.web.opening import Opening
from assistant.web.security import HostPolicy
from assistant.web.shell import Guards, create_app
from tests.making import reasoning

SENTENCE = "Mistrust over funding faded slowly"
QUESTION = "Why did mistrust over funding fade?"
"""What the three case studies say, and a question that it answers."""
OF_GRADIO = "ignore::pandas.errors.PandasChangeWarning"
"""Gradio's queue counts with a part of pandas that is on its way out."""
JOIN, LISTEN = "/gradio_api/queue/join", "/gradio_api/queue/data"


class Held(Casebook):
    """A casebook that answers when `gate` is open."""

    def __init__(self, book: Casebook) -> None:
        super().__init__(book.settings, book._embedder, reasoning())
        self.gate = threading.Event()
        self.gate.set()

    def stages(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        yield Stage.SEARCHING
        assert self.gate.wait(60)
        yield from super().stages(question, history)


@dataclass(frozen=True)
class Running:
    """A server at `url`; `port` is its port on 127.0.0.1."""

    url: str
    port: int


@contextmanager
def running(
    book: Casebook, access: Access | None = None, paces: Mapping[Pace, str] | None = None
) -> Iterator[Running]:
    """The app, its page built inside the thread: Gradio wants a loop that runs."""
    guards = Guards(HostPolicy.of("127.0.0.1"), access or ThisComputer(), (), paces or {})
    opening = Opening(lambda: book)
    opening.start()
    opening.wait(30)
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []
    begun = threading.Event()

    async def serve() -> None:
        app = create_app(opening, guards, ("What happened?",))
        options = {"log_level": "critical", "timeout_graceful_shutdown": 1, "lifespan": "on"}
        server = uvicorn.Server(uvicorn.Config(app, server_header=False, **options))  # type: ignore[arg-type]
        servers.append(server)
        begun.set()
        await server.serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="server")
    thread.start()
    try:
        assert begun.wait(60)
        port = listener.getsockname()[1]
        yield Running(f"http://127.0.0.1:{port}", port)
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(20)
        listener.close()


def raw(server: Running, request: bytes) -> bytes:
    """What the server answers to these very bytes, up to the end of the connection."""
    first, rest = request.split(b"\r\n", 1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(first + b"\r\nConnection: close\r\n" + rest)
        found = b""
        while part := line.recv(65536):
            found += part
    return found


def question_event(client: httpx.Client) -> int:
    """The number of the event that asks: the first that takes a question and a conversation."""
    events = client.get("/config").json()["dependencies"]
    return next(int(event["id"]) for event in events if len(event["inputs"]) == 2)


def asked(client: httpx.Client, question: object, session: str, event: int = 0) -> httpx.Response:
    """Join the queue with a question."""
    body = {"data": [question, None], "fn_index": event, "session_hash": session}
    raw = json.dumps(body).encode("utf-8")
    return client.post(JOIN, content=raw, headers={"Content-Type": "application/json"})


def answer(client: httpx.Client, question: object, session: str, event: int = 0) -> str:
    """Everything the page is told after a question, as one text."""
    assert asked(client, question, session, event).status_code == 200
    stream = client.get(LISTEN, params={"session_hash": session}, timeout=60)
    assert stream.status_code == 200
    messages = [json.loads(line[6:]) for line in stream.text.split("\n") if line[:6] == "data: "]
    kinds = [message["msg"] for message in messages]
    assert "process_completed" in kinds, kinds
    done: dict[str, Any] = messages[kinds.index("process_completed")]
    assert done["success"], done
    return json.dumps(done["output"], ensure_ascii=False)
