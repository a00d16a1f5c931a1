# ruff: noqa: E501  # tables of requests read better one a line
"""Bad questions and bad requests (B92 to B99), over HTTP to the running app."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assistant.answering.wire import answer_fields
from assistant.cli import json_line
from assistant.cli import main as command_line
from assistant.web import plain
from assistant.web.addresses import Pace
from tests.web.running import (
    JOIN,
    OF_GRADIO,
    QUESTION,
    Held,
    Running,
    asked,
    question_event,
    raw,
    running,
)

pytestmark = [pytest.mark.filterwarnings(OF_GRADIO), pytest.mark.usefixtures("healthy")]


@pytest.mark.parametrize(
    "k", [pytest.param(k, id=f"B92 k {k}") for k in ("1000000000", "-1", "0", "5; drop", "", "1e3")]
)
def test_how_many_passages_is_a_sensible_number(
    k: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "questions.jsonl").write_text('{"id": "1", "question": "why"}\n', encoding="utf-8")
    command = ["search", "--batch", str(tmp_path / "questions.jsonl"), "--output", "x", "--k", k]
    try:
        code: object = command_line(command)
    except SystemExit as left:  # argparse ends by itself, with its usage
        code = left.code
    assert code == 2
    assert "--k" in capsys.readouterr().err


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=f"B92 {path}") for path in (
        "/source/harbour.md?p=-1", "/source/harbour.md?p=1e9&p=2", "/sources?page=-1",
        "/sources?page=1000000000", "/sources?theme=%27%20OR%201=1", "/sources?place=nowhere",
    )],
)  # fmt: skip
def test_numbers_and_filters_of_pages_out_of_range(visitor: httpx.Client, path: str) -> None:
    found = visitor.get(path)
    assert found.status_code in (200, 400, 404, 422)
    assert "Traceback" not in found.text


FORMULAS = (
    "=cmd|'/C calc'!A0",
    "+1+cmd",
    "-1+cmd",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
)


@pytest.mark.parametrize("words", [pytest.param(w, id=f"B93 {w!r}") for w in FORMULAS])
def test_a_copied_answer_holds_no_formula(words: str, held: Held) -> None:
    """The only export: text for the clipboard, which a spreadsheet takes line by line."""
    found = held.ask(f"{words} fund mistrust")
    cited = replace(found.citations[0], title=words, heading=(), attribution=words)
    statement = replace(found.statements[0], text=words, citations=(cited,))
    text = plain.plain_text(replace(found, question=words, statements=(statement,)))
    assert words.strip() in text
    assert not [line for line in text.split("\n") if line[:1] in "=+-@\t\r＝＋－＠" and line]


@pytest.mark.parametrize(
    "words", [pytest.param(w, id=f"B95 {n}") for n, w in (
        ("script", "</script><script>alert(1)</script> fund"), ("U+2028", "fund\u2028fund\u2029x"),
        ("comment", "<!-- fund --> ]]> fund"), ("NEL", "fund\x85fund"),
    )],
)  # fmt: skip
def test_an_answer_as_json_is_one_line(words: str, held: Held) -> None:
    line = json_line(answer_fields(held.ask(words)) | {"asked": words})
    assert line.splitlines() == [line]
    assert json.loads(line)["asked"] == words


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=f"B96 {path}") for path in (
        "/gradio_api/mcp/", "/gradio_api/mcp/sse", "/gradio_api/mcp/schema", "/mcp",
        "/gradio_api/call/ask", "/gradio_api/run/ask", "/gradio_api/info", "/api/predict",
        "/gradio_api/file=harbour.md", "/gradio_api/file=/etc/passwd", "/file=/etc/passwd",
    )],
)  # fmt: skip
def test_there_is_no_other_interface(visitor: httpx.Client, path: str) -> None:
    for found in (visitor.get(path), visitor.post(path, json={"data": ["../../etc/passwd"]})):
        assert found.status_code == 404
        assert "root:" not in found.text


@pytest.mark.parametrize(
    "doc_id", [pytest.param(d, id=f"B96 {d}") for d in (
        "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "C:%5Cboot.ini", "%00",
        "harbour.md%00.png", "./harbour.md", "sub/../harbour.md", "HARBOUR.MD",
    )],
)  # fmt: skip
def test_a_document_is_looked_up_never_opened(server: Running, doc_id: str) -> None:
    """As raw bytes: a client library would tidy the path."""
    request = f"GET /source/{doc_id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    found = raw(server, request.encode())
    assert found.startswith(b"HTTP/1.1 404")
    assert b"root:" not in found


def test_nobody_listens_to_anothers_conversation(held: Held) -> None:
    """B97: with passwords set, two readers, one of whom knows the name of the other's session."""
    from assistant.web.asking import Owners

    owners = Owners(most=2)
    assert owners.admits("abc", "session 1")
    assert owners.admits("abc", "session 1")
    assert not owners.admits("abc", "session 2")
    assert owners.admits("other", "session 2")
    assert owners.admits("third", "session 2")  # the longest unused is forgotten
    assert owners.admits("abc", "session 2")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": "https://evil.example"}, 403, id="B98 origin"),
        pytest.param({"Origin": "null"}, 403, id="B98 null"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, 403, id="B98 port"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="B98 cross-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="B98 same-site"),
        pytest.param({"Host": "evil.example"}, 400, id="B98 rebinding"),
        pytest.param({"Host": "127.0.0.1.evil.example"}, 400, id="B98 subdomain"),
        pytest.param({"Host": "10.0.0.1"}, 400, id="B98 address"),
        pytest.param({"Content-Type": "text/plain"}, 422, id="B98 text"),
        pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, 422, id="B98 form"),
        pytest.param({"Content-Type": "multipart/form-data"}, 422, id="B98 multipart"),
    ],
)
def test_a_page_elsewhere_cannot_ask(
    visitor: httpx.Client, headers: dict[str, str], status: int
) -> None:
    body = {"data": [QUESTION, None], "fn_index": 0, "session_hash": "cross"}
    content = json.dumps(body).encode()
    found = visitor.post(
        JOIN, content=content, headers={"Content-Type": "application/json"} | headers
    )
    assert found.status_code == status
    assert "access-control-allow-origin" not in found.headers


STRANGE = [
    pytest.param("GET / HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: evil.example", (200,), id="B99 forwarded"),
    pytest.param("GET http://evil.example/ HTTP/1.1\r\nHost: {host}", (200, 400, 404), id="B99 absolute"),
    pytest.param("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example", (400,), id="B99 proxy"),
    pytest.param("GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example", (200, 400), id="B99 two hosts"),
    pytest.param("GET / HTTP/1.1", (400,), id="B99 no host"),
    pytest.param("GET /look/casebook.css HTTP/1.1\r\nHost: {host}\r\nRange: bytes=" + "0-0," * 3000 + "1-1",
                 (200, 206, 400, 416), id="B99 ranges"),
    pytest.param("GET / HTTP/1.1\r\nHost: {host}\r\nX-Long: " + "x" * 70_000, (400, 431), id="B99 headers"),
    pytest.param("GET /" + "x" * 70_000 + " HTTP/1.1\r\nHost: {host}", (400, 404, 414), id="B99 path"),
    pytest.param("TRACE / HTTP/1.1\r\nHost: {host}", (405,), id="B99 TRACE"),
    pytest.param("CONNECT evil.example:443 HTTP/1.1\r\nHost: {host}", (400, 404, 405), id="B99 CONNECT"),
    pytest.param("PUT /source/harbour.md HTTP/1.1\r\nHost: {host}", (405,), id="B99 PUT"),
    pytest.param("OPTIONS / HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example", (405,), id="B99 OPTIONS"),
    pytest.param("GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade", (200, 400, 426), id="B99 upgrade"),
    pytest.param("POST " + JOIN + " HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0", (411,), id="B99 chunked"),
    pytest.param("\x16\x03\x01\x02\x00\x01\x00", (400,), id="B99 tls"),
]  # fmt: skip


@pytest.mark.parametrize(("request_lines", "statuses"), STRANGE)
def test_strange_requests(server: Running, request_lines: str, statuses: tuple[int, ...]) -> None:
    begun = time.monotonic()
    head = request_lines.format(host=f"127.0.0.1:{server.port}")
    found = raw(server, f"{head}\r\n\r\n".encode())
    assert int(found.split(b" ")[1]) in statuses
    assert b"evil.example" not in found
    assert time.monotonic() - begun < 5


def test_questions_and_pages_have_a_pace(held: Held) -> None:
    """Each kind by itself, each client by itself; a refusal says when to come back."""
    paces = {Pace.QUESTION: "3/minute", Pace.PAGE: "4/minute"}
    with running(held, paces=paces) as server, httpx.Client(base_url=server.url) as visitor:
        assert [asked(visitor, QUESTION, "s").status_code for _ in range(4)] == [200] * 3 + [429]
        found = asked(visitor, QUESTION, "s")
        assert 1 <= int(found.headers["retry-after"]) <= 60
        assert found.text.startswith("That is more questions than one reader may ask")
        assert [visitor.get("/sources").status_code for _ in range(5)] == [200] * 4 + [429]
        assert visitor.get("/look/casebook.css").status_code == 200
        assert visitor.get("/health").status_code == 200


def test_the_default_pace_is_no_limit_for_a_person(server: Running) -> None:
    from assistant.web.limits import paces

    assert paces(120) == {
        Pace.QUESTION: "120/minute", Pace.PAGE: "600/minute", Pace.SIGN_IN: "10/minute; 60/hour",
    }  # fmt: skip
    assert Pace.QUESTION not in paces(0)


def test_the_event_that_asks_is_the_first(visitor: httpx.Client) -> None:
    assert question_event(visitor) == 0
