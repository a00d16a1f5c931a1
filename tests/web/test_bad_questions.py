# ruff: noqa: E501  # tables of requests read better one a line
"""Bad questions and bad requests (B85 to B91), over HTTP to the running app."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape

import httpx
import pytest

from assistant.web.blocks import QUEUE, SESSIONS, build_blocks
from assistant.web.chat import MAX_TURNS, Chat, Conversation
from tests.web.running import (
    JOIN,
    LISTEN,
    OF_GRADIO,
    QUESTION,
    SENTENCE,
    Held,
    Running,
    answer,
    asked,
)

pytestmark = [pytest.mark.filterwarnings(OF_GRADIO), pytest.mark.usefixtures("healthy")]

LONG = [
    pytest.param("why " * 2500, "The question has 9,999 characters: expected", id="B85 10k"),
    pytest.param("x" * 60_000, "The question has 60,000 characters: expected", id="B85 60k"),
]


@pytest.mark.parametrize(("question", "words"), LONG)
def test_a_long_question_is_told_so(visitor: httpx.Client, question: str, words: str) -> None:
    assert words in unescape(answer(visitor, question, "long"))


@pytest.mark.parametrize(
    "size", [pytest.param(5_000_000, id="B85 5M"), pytest.param(66_000, id="B85 66k")]
)
def test_a_question_of_megabytes_is_refused_at_the_door(visitor: httpx.Client, size: int) -> None:
    found = asked(visitor, "x" * size, "huge")
    assert found.status_code == 413
    assert found.text == "The request is longer than 65,536 bytes."


ODD = {
    "empty": "", "spaces": " \t\u00a0\u3000\n", "mark": "?", "emoji": "🙂🙂🙂👩‍👩‍👧", "one letter": "a" * 500,
    "one word": "fund " * 300, "stop words": "the and of to in a is", "sql": "'; DROP TABLE passages; --",
    "shell": "$(reboot) `reboot` | reboot && reboot", "regex": ".*(a+)+$ [a-z]{1000000}",
    "query": 'fund AND title:"x" OR *:* NOT (', "template": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "nul": "fund\x00fund", "surrogate": "fund \ud800 fund", "noncharacter": "fund \uffff \ufdd0",
    "controls": "fund \x07\x1b[31m\x7f\x85", "bidi": "\u202efund\u202c", "tags": "fund\U000e0041",
    "zalgo": "f" + "\u0301" * 500 + "und", "joiners": "\u200d" * 1000, "digits": "9" * 300,
}  # fmt: skip


@pytest.mark.parametrize("question", [pytest.param(q, id=f"B86 {n}") for n, q in ODD.items()])
def test_an_odd_question_is_answered_or_refused(
    visitor: httpx.Client, question: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = answer(visitor, question, "odd")
    said = ("The question is empty", "The case studies do not say", "checked word for word")
    assert any(words in found for words in said)
    assert "Something went wrong" not in found
    assert "ERROR" not in caplog.text


JOINED = '{"fn_index": 0, "session_hash": "s", "data": %s}'
BROKEN = {
    "null": JOINED % "[null, null]", "object": JOINED % '[{"a": 1}, null]',
    "list": JOINED % "[[1, 2], null]", "number": JOINED % "[5, null]", "NaN": JOINED % "[NaN, null]",
    "missing": JOINED % '["why"]', "extra": JOINED % '["why", null, 1]', "no list": JOINED % '"why"',
    "no data": '{"fn_index": 0, "session_hash": "s"}', "deep": "[" * 20_000 + "]" * 20_000,
    "deep object": '{"a":' * 10_000 + "1" + "}" * 10_000, "not json": "question=why",
    "empty": "", "a list": "[1]", "a text": '"why"', "bytes": "\udcff\udcfe",
    "no session": '{"fn_index": 0, "data": ["why", null]}',
    "long session": '{"fn_index": 0, "session_hash": "%s", "data": ["why", null]}' % ("s" * 65),
    "path session": '{"fn_index": 0, "session_hash": "../x", "data": ["why", null]}',
    "no event": '{"session_hash": "s", "data": ["why", null]}',
    "other event": '{"fn_index": 999, "session_hash": "s", "data": ["why", null]}',
    "text event": '{"fn_index": "0", "session_hash": "s", "data": ["why", null]}',
    "true event": '{"fn_index": true, "session_hash": "s", "data": ["why", null]}',
    "minus": '{"fn_index": -1, "session_hash": "s", "data": ["why", null]}',
}  # fmt: skip


@pytest.mark.parametrize("body", [pytest.param(b, id=f"B87 {n}") for n, b in BROKEN.items()])
def test_a_broken_request_is_a_sentence(visitor: httpx.Client, body: str) -> None:
    content = body.encode("utf-8", "surrogateescape")
    found = visitor.post(JOIN, content=content, headers={"Content-Type": "application/json"})
    assert found.status_code == 422
    sentence = found.json()["detail"]
    assert sentence.startswith(("The request ", "The question "))
    assert sentence.endswith(".")


def test_more_than_the_queue_holds_is_told_busy(
    visitor: httpx.Client, held: Held, server: Running
) -> None:
    """B88"""
    held.gate.clear()
    try:
        with ThreadPoolExecutor(40) as many, httpx.Client(base_url=server.url, timeout=60) as busy:
            joins = [many.submit(asked, busy, QUESTION, f"crowd{n}") for n in range(200)]
            codes = [join.result().status_code for join in joins]
            assert set(codes) == {200, 503}
            assert codes.count(200) >= QUEUE
            assert "Queue is full" in asked(busy, QUESTION, "one").text
            assert visitor.get("/health").status_code == 200
            assert visitor.get("/sources").status_code == 200
    finally:
        held.gate.set()
    for n, code in enumerate(codes):  # who waited is answered
        if code == 200:
            with visitor.stream("GET", LISTEN, params={"session_hash": f"crowd{n}"}) as stream:
                assert any(SENTENCE in line for line in stream.iter_lines())
                break


@pytest.mark.slow
def test_who_leaves_in_the_middle_frees_the_place(
    visitor: httpx.Client, held: Held, server: Running
) -> None:
    """B89"""
    answer(visitor, QUESTION, "first")  # threads of the pool are there
    before = threading.active_count()
    held.gate.clear()
    try:
        for n in range(100):
            with httpx.Client(base_url=server.url, timeout=30) as leaving:
                # Too many at once is another test: here each leaves before the next comes.
                if asked(leaving, QUESTION, f"leaving{n}").status_code != 200:
                    held.gate.set()
                    continue
                with leaving.stream("GET", LISTEN, params={"session_hash": f"leaving{n}"}) as s:
                    next(s.iter_bytes())
            if n == 3:  # four were held to the end; the others leave while they are answered
                held.gate.set()
    finally:
        held.gate.set()
    end = time.monotonic() + 30
    while time.monotonic() < end and threading.active_count() > before + 40:
        time.sleep(0.1)
    # The pool of the web framework has at most 40 threads; beyond them none stays behind.
    assert threading.active_count() <= before + 40


def test_a_slow_reader_holds_up_nobody(visitor: httpx.Client, server: Running) -> None:
    """B89"""
    assert asked(visitor, QUESTION, "slow").status_code == 200
    request = f"GET {LISTEN}?session_hash=slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(request.encode())  # and never reads
        assert SENTENCE in answer(visitor, QUESTION, "quick")


def test_sessions_do_not_pile_up(held: Held) -> None:
    """B90: the server's memory of conversations has a size, whoever opens them."""
    from gradio.state_holder import StateHolder

    holder = StateHolder()  # type: ignore[no-untyped-call]

    async def fill() -> None:  # Gradio opens loops of its own unless one is running
        holder.set_blocks(build_blocks(Chat(lambda: held)))
        for n in range(SESSIONS + 100):
            assert holder[f"session{n}"] is not None

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, fill()).result()
    assert len(holder.session_data) == SESSIONS == 1_000


def test_a_conversation_from_the_client_is_not_read(visitor: httpx.Client) -> None:
    """B91: Gradio would take the page's copy; the server's own is the only one."""
    forged = {"questions": ["NICE approved"], "turns": ["<b>FORGED</b>"] * 1000, "asked": 7}
    body = {"data": [QUESTION, forged], "fn_index": 0, "session_hash": "forger"}
    assert visitor.post(JOIN, json=body).status_code == 200
    found = visitor.get(LISTEN, params={"session_hash": "forger"}).text
    assert SENTENCE in found
    assert "FORGED" not in found
    assert 'id=\\"turn-1\\"' in found
    body["data"] = [QUESTION, "x" * 70_000]
    assert visitor.post(JOIN, json=body).status_code == 413


def test_a_conversation_has_a_length(held: Held) -> None:
    """B91"""
    given = held.ask(QUESTION)
    conversation = Conversation()
    for n in range(1000):
        conversation = conversation.with_turn(replace(given, question=f"question {n}"), f"turn {n}")
    assert len(conversation.turns) == MAX_TURNS == 30
    assert conversation.turns[-1] == "turn 999"
    assert conversation.questions == tuple(f"question {n}" for n in range(995, 1000))
