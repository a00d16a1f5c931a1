"""What the chat's page may send to Gradio: a question in the expected form, in one's own session.

Gradio keeps each conversation under a random name that the browser chooses. Whoever uses a name
first owns it: nobody else can ask in that conversation or listen to its answers.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.access import visitor

MAX_SESSIONS = 10_000
"""Names of conversations remembered with their owners."""
_NAME = re.compile(r"\w{1,64}", re.ASCII)
_LISTENING = re.compile(r"/gradio_api/(?:queue/data|heartbeat/(\w+))/?", re.ASCII)
_SENDING = re.compile(r"/gradio_api/(?:queue/join|cancel)/?")


class Owners:
    """Who asks in which conversation: the first to use its name. Forgets the longest unused."""

    def __init__(self, most: int = MAX_SESSIONS) -> None:
        self._most, self._owner = most, OrderedDict[str, str]()
        self._lock = threading.Lock()

    def admits(self, name: str, key: str) -> bool:
        """Whether `key` owns the conversation `name`, or nobody did until now."""
        with self._lock:
            owner = self._owner.setdefault(name, key)
            self._owner.move_to_end(name)
            while len(self._owner) > self._most:
                self._owner.popitem(last=False)
        return owner == key


class Asking:
    """Middleware before Gradio. `inputs` maps an event's number to which of its values are words.

    The others are conversations, which the server keeps: what a client sends for one is not read.
    Where nobody signs in, an asker is an address.
    """

    def __init__(self, app: ASGIApp, inputs: Mapping[int, tuple[bool, ...]]) -> None:
        self._app, self._inputs, self._owners = app, inputs, Owners()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None
        if scope["type"] == "http":
            if listening := _LISTENING.fullmatch(scope["path"]):
                refusal = self._owned(scope, listening[1] or _name_in_query(scope))
            elif _SENDING.fullmatch(scope["path"]):
                try:
                    fields = await _fields(scope, receive)
                except ClientDisconnect:
                    return
                refusal, body = self._sending(scope, fields)
                receive = _replay(body, receive)
        await (refusal or self._app)(scope, receive, send)

    def _sending(self, scope: Scope, fields: object) -> tuple[JSONResponse | None, bytes]:
        """A refusal if there is one, and what Gradio gets: the fields it needs and no others."""
        if not isinstance(fields, dict):
            return _refused("The request is not a JSON object."), b""
        name = fields.get("session_hash")
        if refusal := self._owned(scope, name):
            return refusal, b""
        if scope["path"].startswith("/gradio_api/cancel"):
            kept = {key: fields.get(key) for key in ("session_hash", "fn_index", "event_id")}
            return None, json.dumps(kept).encode()
        if problem := self._problem(fields):
            return _refused(problem), b""
        trigger = fields.get("trigger_id")
        asked = {
            "data": [
                value if words else None
                for value, words in zip(
                    fields["data"], self._inputs[fields["fn_index"]], strict=True
                )
            ],
            "fn_index": fields["fn_index"],
            "trigger_id": trigger if type(trigger) is int else None,
            "session_hash": name,
        }
        return None, json.dumps(asked).encode()

    def _problem(self, fields: Mapping[str, object]) -> str:
        """What is wrong with a question's request, "" if nothing is."""
        number, values = fields.get("fn_index"), fields.get("data")
        if type(number) is not int or number not in self._inputs:
            return "The request names no event of this page."
        taken = self._inputs[number]
        if not isinstance(values, list) or len(values) != len(taken):
            return f"The request does not hold the {len(taken)} values of its event."
        if any(
            words and not isinstance(value, str) for value, words in zip(values, taken, strict=True)
        ):
            return "The question is not text. Ask in words."
        return ""

    def _owned(self, scope: Scope, name: object) -> JSONResponse | None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            return _refused("The request names no conversation.")
        if not self._owners.admits(name, visitor(HTTPConnection(scope)).key):
            return _refused("This conversation was begun by somebody else.", 403)
        return None


def _name_in_query(scope: Scope) -> str:
    query = parse_qs(str(scope["query_string"], "latin-1"))
    return query.get("session_hash", [""])[0]


async def _fields(scope: Scope, receive: Receive) -> object:
    """What the body says; None if it is not JSON, or is not called so."""
    request = Request(scope, receive)
    body = await request.body()
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refused(sentence: str, status: int = 422) -> JSONResponse:
    """In the form that Gradio's page understands."""
    return JSONResponse({"detail": sentence, "error": sentence}, status)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body`, then what follows it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
