"""The whole web app without a browser: pages, viewer, readiness, closed doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant import text as texts
from assistant.datatypes import source_url
from assistant.errors import IndexDamaged
from assistant.indexing.embedders import HashingEmbedder
from assistant.pipeline import Casebook
from assistant.retrieval.embedded import EmbeddedIndex
from assistant.web.opening import Opening, Progress, State
from assistant.web.security import FORM_POLICY, PAGE_POLICY, HostPolicy
from assistant.web.shell import Guards
from tests.making import casebook, reasoning, write_corpus
from tests.web.visiting import BASE, guarded_by

SENTENCE = "Mistrust over funding faded slowly."


def client_of(opening: Opening) -> TestClient:
    app = guarded_by(opening, Guards(HostPolicy.of("127.0.0.1")))
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(open_book: Casebook) -> Iterator[TestClient]:
    opening = Opening(lambda: open_book)
    opening.start()
    opening.wait(30)
    with client_of(opening) as found:
        yield found


def shown(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_chats_page(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.text.count("<title>") == 1
    assert "<title>Ask the case studies – Casebook</title>" in page.text
    assert "'nonce-" in page.headers["content-security-policy"]
    assert "unsafe-eval" not in page.headers["content-security-policy"]
    assert "og:" not in page.text
    assert '<a class="cb-skip"' in page.text
    assert '<noscript><p class="cb-noscript">Asking a question needs JavaScript.' in page.text
    scripts = re.findall(r"<script[^>]*>", page.text)
    assert scripts
    assert all("nonce=" in script for script in scripts)


def test_gradio_offers_no_more_than_it_must(client: TestClient) -> None:
    config = client.get("/config").json()
    kinds = {component["type"] for component in config["components"]}
    assert kinds == {"state", "column", "row", "markdown", "textbox", "button", "form"}
    assert {d["api_visibility"] for d in config["dependencies"]} == {"private"}
    assert not config["show_error"]
    assert config["footer_links"] == []


def test_forwarded_hosts_are_not_reflected(client: TestClient) -> None:
    page = client.get(
        "/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    )
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/monitoring", "/gradio_api/info", "/docs", "/openapi.json", "/nowhere",
     "/look/..%2fsecurity.py", "/look/%2e%2e/security.py", "/static/..%2f..%2froutes.py",
     "/assets/..%2f..%2f..%2froutes.py"],
)  # fmt: skip
def test_closed(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert found.status_code in (403, 404)
    assert "import" not in found.text


def test_uploads_are_refused(client: TestClient) -> None:
    files = {"files": ("x.html", b"<script>1</script>", "text/html")}
    assert client.post("/gradio_api/upload", files=files).status_code == 404


def test_a_question_from_another_site_is_refused(client: TestClient) -> None:
    body = {"data": ["x", None], "fn_index": 0, "session_hash": "s"}
    for origin in ("https://evil.example", "null"):
        found = client.post("/gradio_api/queue/join", json=body, headers={"Origin": origin})
        assert found.status_code == 403


def test_a_question_of_five_megabytes_is_refused_at_the_door(client: TestClient) -> None:
    body = {"data": ["x" * 5_000_000, None], "fn_index": 0, "session_hash": "s"}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 413


def test_health(client: TestClient, open_book: Casebook) -> None:
    found = client.get("/health")
    assert found.status_code == 200
    assert found.json()["status"] == "ready"
    assert found.json()["generation"] == open_book.index().generation


def test_a_quotation_is_marked_in_its_document(client: TestClient) -> None:
    page = client.get(source_url("harbour.md", texts.fingerprint(SENTENCE)))
    assert page.status_code == 200
    assert f'<mark id="quote" tabindex="-1" autofocus>{SENTENCE}</mark>' in page.text
    assert "<title>Harbour: one fund – Casebook</title>" in page.text
    assert page.headers["content-security-policy"] == PAGE_POLICY
    assert "<script" not in page.text
    assert f"{BASE}/source/harbour.md?p={texts.fingerprint(SENTENCE)}#quote" in shown(page.text)
    assert "<dt>Place</dt><dd><bdi>Harbour</bdi></dd>" in page.text
    assert "Pooled budgets" in page.text


def test_own_words_are_pointed_at_in_the_original(client: TestClient) -> None:
    page = client.get(source_url("harbour.md", texts.fingerprint(SENTENCE)))
    link = "https://example.org/harbour#:~:text=Mistrust%20over%20funding%20faded%20slowly."
    assert f'<a href="{link}" rel="noopener noreferrer">' in page.text


def test_the_page_without_a_quotation(client: TestClient) -> None:
    page = client.get("/source/sub/valley.md")
    assert page.status_code == 200
    assert "<mark" not in page.text
    assert "not in this case study any more" not in page.text


@pytest.mark.parametrize(
    "doc_id", ["gone.md", "..%2f..%2fetc%2fpasswd", "<script>alert(1)</script>", "%00", "%ff%fe"]
)
def test_an_unknown_case_study(client: TestClient, doc_id: str) -> None:
    page = client.get(f"/source/{doc_id}")
    assert page.status_code == 404
    assert "No such case study" in page.text
    assert "<script" not in page.text


def test_the_list_of_case_studies(client: TestClient) -> None:
    page = client.get("/sources")
    assert "Answers come from 3 case studies and from nothing else." in page.text
    assert re.findall(r'<a href="(/source/[^"]*)">', page.text) == [
        "/source/harbour.md", "/source/moorland.md", "/source/sub/valley.md",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/privacy", "/accessibility", "/sources", "/source/harbour.md"])
def test_pages_have_one_title_one_h1_and_no_script(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count("<h1") == page.text.count("<title>") == page.text.count("<main") == 1
    assert "<script" not in page.text
    expected = FORM_POLICY if "<form" in page.text else PAGE_POLICY
    assert page.headers["content-security-policy"] == expected


@pytest.mark.parametrize(
    ("record", "words", "absent"),
    [
        (
            "off",
            "They are not written to disk or to any log, except an answer that you save",
            "record of use",
        ),
        ("documents", "which case studies were shown; never the answer", "not written to disk"),
        ("questions", "which case studies were shown, and the question;", "not written to disk"),
    ],
)
def test_the_page_on_privacy_says_what_is_recorded(
    waiting: Opening, record: str, words: str, absent: str
) -> None:
    app = guarded_by(waiting, Guards(HostPolicy.of("127.0.0.1"), record_of_use=record))
    page = shown(TestClient(app, base_url=BASE).get("/privacy").text)
    assert words in page
    assert absent not in page


HOSTILE = """\
---
title: "<script>window.planted=1</script> {{7*7}}"
place: "<img src=x onerror=window.planted=2>"
publisher: "</title><script>window.planted=3</script>"
source_title: "[x](javascript:window.planted=4)"
source_url: "javascript:window.planted=5"
other_sources: ["javascript:window.planted=6", "https://example.org/fine"]
---

# <script>window.planted=1</script> {{7*7}}

## <svg onload=window.planted=7>

<form action="https://evil.example"><input id="clobber" name="cookie"></form>

Words \u202ewith a turned end and <b>tags</b>.
"""


def test_a_hostile_document_is_shown_as_words(tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>.md"
    write_corpus(tmp_path / "corpus", {name: HOSTILE})
    book = casebook(tmp_path)
    book.build()
    opening = Opening(lambda: book)
    opening.start()
    opening.wait(30)
    with client_of(opening) as client:
        for path in (source_url(name), "/sources"):
            page = client.get(path).text
            assert not re.search(r"<(script|img|svg|b)[ >]", page)
            assert 'evil.example"' not in page
            assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page))
            assert "{{7*7}}" in shown(page)
        page = client.get(source_url(name)).text
        assert "[U+202E]" in page
        assert 'id="clobber"' not in page
        assert re.findall(r'href="(https?://[^"]*)" rel', page) == ["https://example.org/fine"]


@pytest.fixture
def waiting() -> Opening:
    """An opening that has not begun."""
    return Opening(lambda: pytest.fail("not opened in this test"))


def test_the_building_page(waiting: Opening) -> None:
    waiting.progress = Progress(State.BUILDING, 312, 1707)
    with client_of(waiting) as client:
        for path in ("/", "/sources", "/source/x.md"):
            page = client.get(path)
            assert page.status_code == 503
            assert "312 of 1,707 texts" in page.text
            assert '<meta http-equiv="refresh" content="3">' in page.text
            assert page.headers["retry-after"] == "3"
            assert page.headers["content-security-policy"] == PAGE_POLICY
        assert client.get("/privacy").status_code == 200
        assert client.get("/look/casebook.css").status_code == 200
        health = client.get("/health")
        assert health.status_code == 503
        assert health.json()["status"] == "building"
        assert health.json()["done"] == 312


def test_before_the_build_begins(waiting: Opening) -> None:
    with client_of(waiting) as client:
        assert "Loading the language model" in client.get("/").text


def test_a_damaged_generation_leaves_the_one_before_in_service(tmp_path: Path) -> None:
    book = _served(tmp_path)
    (tmp_path / "index" / "CURRENT").write_text("../../etc", encoding="ascii")
    with client_of(book) as client:
        assert client.get("/source/harbour.md").status_code == 200
        health = client.get("/health")
        assert (health.status_code, health.json()["generation"]) == (200, "000001")
        assert health.json()["status"] == "degraded"
        assert "names '../../etc', which is no generation here" in health.json()["problem"]


def test_an_index_that_is_gone_is_a_sentence_not_a_traceback(tmp_path: Path) -> None:
    book = _served(tmp_path, Vanishing)
    with client_of(book) as client:
        page = client.get("/source/harbour.md")
        assert page.status_code == 503
        assert "Build the index again" in page.text
        assert client.get("/health").json()["status"] == "degraded"


class Vanishing(Casebook):
    """Its index can be opened once, at the start."""

    opened = False

    def index(self) -> EmbeddedIndex:
        if self.opened:
            raise IndexDamaged("The index is gone. Build the index again.")
        self.opened = True
        return super().index()

    def ensure_built(self, on_progress: object = None) -> None:
        """It was built before."""


def _served(folder: Path, kind: type[Casebook] = Casebook) -> Opening:
    write_corpus(folder / "corpus")
    built = casebook(folder)
    built.build()
    opening = Opening(lambda: kind(built.settings, HashingEmbedder(), reasoning()))
    opening.start()
    opening.wait(30)
    return opening
