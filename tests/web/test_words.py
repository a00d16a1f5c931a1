"""Any words at all, as question, title, heading, body and filter, through page, JSON and CLI.

No server error, no traceback, nothing that is not escaped, one line of JSON that reads back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant import cli
from assistant.answering.wire import answer_fields, as_text
from assistant.datatypes import source_url
from assistant.documents.corpus import READERS
from assistant.errors import CasebookError
from assistant.pipeline import Casebook
from assistant.web import turns
from assistant.web.chat import Chat, Conversation
from assistant.web.opening import Opening
from tests.making import casebook, write_corpus
from tests.web.visiting import app_of, opened, visit

ODD = st.text(st.characters(codec=None), max_size=120)
"""Every code point, lone surrogates included."""
WRITTEN = st.text(st.characters(codec="utf-8"), max_size=120)
"""What a UTF-8 file can hold."""
_PIECES = (
    "<", ">", "&", '"', "'", "`", "](", "![", "javascript:", "</script>", "{{", "}}", "$$", "\\",
    "\u202e", "\u2028", "\x00", "\x1b[31m", "\ufeff", "\U000e0041", "\n", "---", "#", "fund", " ",
)  # fmt: skip
TRICKY = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)
ALLOWED = {
    "section", "h2", "h3", "p", "bdi", "span", "sup", "a", "ol", "li", "ul", "div", "blockquote",
    "button", "pre", "strong", "details", "summary", "time", "br",
}  # fmt: skip
"""Elements that our own markup of a turn is made of."""


class Elements(HTMLParser):
    """Collects the elements and attributes of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def escaped(markup: str) -> None:
    """Nothing in `markup` but what we write ourselves."""
    found = Elements(markup)
    assert found.names <= ALLOWED, found.names - ALLOWED
    assert not {name for name in found.attributes if name.startswith(("on", "style", "src"))}
    assert all(link.startswith(("/", "#")) and link[:2] != "//" for link in found.links)


@pytest.fixture(scope="module")
def serving(open_book: Casebook) -> Iterator[tuple[Opening, TestClient]]:
    """The app, and the opening whose casebook it serves."""
    opening = opened(open_book)
    with visit(app_of(opening)) as found:
        yield opening, found


@pytest.fixture
def client(serving: tuple[Opening, TestClient], open_book: Casebook) -> TestClient:
    serving[0]._casebook = open_book
    return serving[1]


@given(ODD | TRICKY | ODD.map("fund {}".format))
@example("\ud800")
@example("<b>fund</b> \u2028 fund")
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_question_in_the_chat_as_json_and_as_text(open_book: Casebook, question: str) -> None:
    *_, last = Chat(lambda: open_book).ask(question, Conversation())
    for markup in (last.current, last.status, last.problem):
        escaped(markup or "")
        json.dumps(markup).encode()
        (markup or "").encode("utf-8")  # no lone surrogate leaves
    assert "Something went wrong" not in (last.status or "")
    try:
        answer = open_book.ask(question)
    except CasebookError as told:
        assert str(told).endswith((".", "?"))
        return
    line = cli.json_line(answer_fields(answer))
    assert line.splitlines() == [line]
    assert json.loads(line)["question"] == answer.question
    line.encode("utf-8")
    as_text(answer_fields(answer)).encode("utf-8")


@given(title=WRITTEN | TRICKY, heading=WRITTEN | TRICKY, body=WRITTEN | TRICKY)
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_a_document_in_the_viewer_the_list_and_an_answer(
    tmp_path_factory: pytest.TempPathFactory,
    serving: tuple[Opening, TestClient],
    title: str,
    heading: str,
    body: str,
) -> None:
    opening, client = serving
    folder = tmp_path_factory.mktemp("words")
    front = "".join(f"{key}: {json.dumps(title)}\n" for key in ("title", "place", "publisher"))
    text = f"---\n{front}---\n\n# {heading}\n\nThe kestrel fund was trusted {body}\n"
    files = {"case.md": text, "plain.txt": f"{heading}\n\n{body} kestrel\n"}
    write_corpus(folder / "corpus", files)
    book = casebook(folder)
    try:
        book.build()
    except CasebookError as told:  # a NUL, for example, makes it no text file
        assert "could be read" in str(told)
        return
    opening._casebook = book
    for address in [source_url(d.doc_id) for d in book.index().documents()] + ["/sources"]:
        page = client.get(address)
        assert page.status_code == 200
        assert page.text.count("<h1") == 1
        assert "<script" not in page.text
    answer = book.ask("Who trusted the kestrel fund?")
    escaped(turns.finished(1, answer))
    for citation in answer.citations:
        document = book.index().document(citation.doc_id)
        assert document is not None
        assert citation.span.of(document.text) == citation.quote
        assert 'id="quote"' in client.get(citation.url).text


@given(ODD | TRICKY)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_or_an_address(client: TestClient, words: str) -> None:
    kept = words.encode("utf-8", "replace").decode()
    for path in ("/sources", "/source/harbour.md", "/"):
        page = client.get(path, params={"p": kept, "q": kept, "theme": kept, "page": kept})
        assert page.status_code < 500
        assert "Traceback" not in page.text
    missing = client.get(source_url(kept or "x"))
    assert missing.status_code in (200, 307, 400, 404)
    assert not re.search(r"<(script|img|svg|form|iframe)[ >]", missing.text.partition("<main")[2])


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60) | TRICKY)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_questions_on_the_command_line(tmp_path: Path, words: str) -> None:
    """Read and checked before any model is loaded; the index is missing on purpose."""
    batch = tmp_path / "questions.jsonl"
    batch.write_text(json.dumps({"id": words, "question": words}) + "\n", encoding="utf-8")
    command = ["ask", "--batch", str(batch), "--output", str(tmp_path / "out")]
    assert cli.main([*command, "--index", str(tmp_path / "none")]) == 2


def test_there_is_a_reader_for_each_kind_of_words() -> None:
    assert {".md", ".txt"} <= set(READERS)
