"""Editing over HTTP: what is sent waits to be seen, is taken on purpose, and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.pipeline import Casebook
from tests.making import HARBOUR
from tests.web.serving import ELSEWHERE, client_for, finished, shown, token_in

SKOMER = "# Skomer\n\n## What happened\n\nPuffin wardens visited eleven care homes.\n"


@pytest.fixture
def served(book: Casebook) -> Iterator[tuple[Casebook, TestClient]]:
    with client_for(book) as client:
        yield book, client


def upload(client: TestClient, *named: tuple[str, bytes], path: str = "/edit/new") -> str:
    """Send files; returns the page of the draft, or the form with a problem."""
    token = token_in(client.get(path).text)
    files = [("files", (name, raw, "application/octet-stream")) for name, raw in named]
    page = client.post(path, data={"form_token": token, "how": "upload"}, files=files)
    return page.text


def take(client: TestClient, page: str, **fields: str) -> str:
    """Take the draft of a page; returns the page at the end of the work."""
    body = {"form_token": token_in(page), "act": "apply", **fields}
    client.post(draft_in(page), data=body)
    return finished(client)


def draft_in(page: str) -> str:
    """The address of the draft that a page shows."""
    found = re.search(r"/edit/draft/[0-9a-f]{32}", page)
    assert found, "the page shows no draft"
    return found[0]


def corpus_of(book: Casebook) -> dict[str, str]:
    folder = book.settings.corpus
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_pasted_seen_taken_quoted_and_undone(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    before = corpus_of(book)
    form = client.get("/edit/new").text
    body = {
        "form_token": token_in(form), "how": "paste", "title": "Skomer: wardens", "place": "Skomer",
        "themes": "Care homes", "source_url": "https://example.org/s",
        "text": "## What happened\r\n\r\nPuffin wardens visited eleven care homes.",
    }  # fmt: skip
    page = client.post("/edit/new", data=body).text
    words = shown(page)
    assert "Nothing has been added yet." in words
    assert "Place Skomer Themes Care homes Source https://example.org/s" in words
    assert "1 passage What happened Puffin wardens visited eleven care homes." in words
    assert corpus_of(book) == before
    end = take(client, page, keep="0")
    assert "Done. The index has 4 case studies" in shown(end)
    assert '<a href="/source/skomer-wardens.md"><bdi>Skomer: wardens</bdi></a>' in end
    quotes = [c.quote for c in book.ask("Who visited eleven care homes?").citations]
    assert "Puffin wardens visited eleven care homes." in quotes
    undo = re.search(r"/edit/undo/[0-9a-f-]+", end)
    assert undo
    asked = client.get(undo[0]).text
    assert "Added skomer-wardens.md" in asked
    client.post(undo[0], data={"form_token": token_in(asked)})
    assert "Undone: Added skomer-wardens.md." in finished(client)
    assert corpus_of(book) == before


def test_several_files_of_which_one_cannot_be_read(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    page = upload(client, ("a.md", SKOMER.encode()), ("bad.md", b""), ("c.txt", b"Plain.\n"))
    assert "It cannot be read:" in page
    assert "has no text" in page
    assert re.findall(r'name="keep" value="(\d)"', page) == ["0", "2"]
    end = take(client, page, keep="2")
    assert "Plain" in corpus_of(book)["c.txt"]
    assert "a.md" not in corpus_of(book)
    assert "Done." in end


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("virus.exe", "has a format that is not read: expected a name ending in"),
        ("page.svg", "has a format that is not read"),
        ("noending", "has a format that is not read"),
    ],
)
def test_other_formats_are_refused_with_a_sentence(
    served: tuple[Casebook, TestClient], name: str, said: str
) -> None:
    page = upload(served[1], (name, b"<svg onload=alert(1)>"))
    assert said in page
    assert "<title>Problem: Add a case study – Casebook</title>" in page
    assert not (served[0].settings.index / "drafts").exists()


def test_names_with_tricks_stay_inside_the_corpus(
    served: tuple[Casebook, TestClient], tmp_path: Path
) -> None:
    book, client = served
    page = upload(client, ("../../../evil.md", SKOMER.encode()), ("C:\\x\\CON.md", b"# C\n\nD.\n"))
    body = {"form_token": token_in(page), "act": "apply", "keep": ["0", "1"]}
    client.post(draft_in(page), data=body)
    finished(client)
    assert {"evil.md", "file-CON.md"} < set(corpus_of(book))
    assert list(tmp_path.glob("*.md")) == []


def test_no_file_chosen(served: tuple[Casebook, TestClient]) -> None:
    client = served[1]
    token = token_in(client.get("/edit/new").text)
    page = client.post("/edit/new", data={"form_token": token, "how": "upload"})
    assert page.status_code == 400
    assert "No file was chosen" in page.text


def test_a_typed_text_survives_a_mistake_and_a_restart(served: tuple[Casebook, TestClient]) -> None:
    client = served[1]
    token = token_in(client.get("/edit/new").text)
    typed = {"how": "paste", "title": "", "place": "Skomer & co", "text": "Long <text>."}
    page = client.post("/edit/new", data={"form_token": token, **typed})
    assert page.status_code == 400
    assert "The title is empty" in page.text
    assert 'value="Skomer &amp; co"' in page.text
    assert "Long &lt;text&gt;." in page.text
    page = client.post("/edit/new", data={"form_token": "of before", **typed, "title": "T"})
    assert "send it once more" in page.text
    assert "Long &lt;text&gt;." in page.text


def test_the_name_that_is_there_is_replaced_only_knowingly(
    served: tuple[Casebook, TestClient],
) -> None:
    book, client = served
    page = upload(client, ("Harbour.md", SKOMER.encode()))
    assert "It takes the place of <bdi>harbour.md</bdi>." in page
    end = take(client, page, keep="0", beside="0")
    assert "Done." in end
    assert corpus_of(book)["harbour.md"] == HARBOUR
    assert corpus_of(book)["Harbour-2.md"] == SKOMER


def test_correcting_the_text_of_a_case_study(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    form = client.get("/edit/replace/harbour.md").text
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    assert text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', form)
    assert seen
    new = HARBOUR.replace("12 per cent", "15 per cent")
    body = {
        "form_token": token_in(form), "how": "paste", "seen": seen[1], "suggestion": "",
        "text": new.replace("\n", "\r\n"),
    }  # fmt: skip
    page = client.post("/edit/replace/harbour.md", data=body).text
    assert "It takes the place of <bdi>harbour.md</bdi>." in page
    assert "Keep both" not in page
    again = re.search(r'href="(/edit/replace/harbour\.md\?again=[0-9a-f]{32})"', page)
    assert again
    assert "15 per cent" in client.get(again[1]).text
    take(client, page, keep="0")
    assert corpus_of(book)["harbour.md"] == new


def test_a_correction_of_what_was_changed_since_is_refused(
    served: tuple[Casebook, TestClient],
) -> None:
    book, client = served
    form = client.get("/edit/replace/harbour.md").text
    body = {"form_token": token_in(form), "how": "paste", "seen": "0" * 64, "text": SKOMER}
    page = client.post("/edit/replace/harbour.md", data=body).text
    address = re.search(r"/edit/draft/[0-9a-f]{32}", page) or re.search(
        r"again=([0-9a-f]{32})", page
    )
    assert address
    done = client.post(
        f"/edit/draft/{address[0][-32:]}",
        data={"form_token": token_in(page), "act": "apply", "keep": "0"},
    )
    assert done.status_code == 400
    assert "was changed by somebody else since you opened it" in done.text
    assert corpus_of(book)["harbour.md"] == HARBOUR


def test_removing_says_what_it_means(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    form = client.get("/edit/remove/moorland.md").text
    assert "Remove “<bdi>Moorland: nurses in schools</bdi>”?" in form
    client.post("/edit/remove/moorland.md", data={"form_token": token_in(form)})
    assert "Done. The index has 2 case studies" in shown(finished(client))
    assert "moorland.md" not in corpus_of(book)
    assert client.get("/source/moorland.md?p=0123456789abcdef").status_code == 410


def test_a_draft_can_be_thrown_away(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    page = upload(client, ("a.md", SKOMER.encode()))
    address = draft_in(page)
    body = {"form_token": token_in(page), "act": "discard"}
    assert client.post(address, data=body, follow_redirects=False).status_code == 303
    gone = client.get(address)
    assert gone.status_code == 400
    assert "This draft is not here any more" in gone.text
    assert list((book.settings.index / "drafts").iterdir()) == []


ADDRESSES = (
    "/edit/new", "/edit/replace/harbour.md", "/edit/remove/harbour.md", "/edit/progress",
    "/edit/progress.json", f"/edit/draft/{'0' * 32}", "/edit/undo/0",
)  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_only_editors_get_in(served: tuple[Casebook, TestClient], path: str) -> None:
    book, client = served
    before = corpus_of(book)
    assert client.get(path, headers=ELSEWHERE).status_code == 403
    token = token_in(client.get("/suggest/harbour.md", headers=ELSEWHERE).text)
    body = {"form_token": token, "how": "paste", "title": "T", "text": "Words."}
    if "progress" not in path:
        assert client.post(path, data=body, headers=ELSEWHERE).status_code == 403
    for post in ("/edit/cancel", "/edit/index"):
        assert client.post(post, data=body, headers=ELSEWHERE).status_code == 403
    assert corpus_of(book) == before


@pytest.mark.parametrize("path", [p for p in ADDRESSES if "progress" not in p] + ["/edit/cancel"])
def test_nothing_happens_without_our_token(served: tuple[Casebook, TestClient], path: str) -> None:
    book, client = served
    before = corpus_of(book)
    for token in ("", "0" * 64):
        body = {"form_token": token, "act": "apply", "how": "paste", "title": "T", "text": "W."}
        done = client.post(path, data=body)
        assert done.status_code == 400
        assert re.search(r"form is out of date|opened before Casebook was started", done.text)
    assert corpus_of(book) == before
    assert not (book.settings.index / "drafts").exists()


@pytest.mark.parametrize("doc_id", ["none.md", "README.md", "..%2f..%2fetc%2fpasswd", "%00.md"])
def test_what_is_no_case_study(served: tuple[Casebook, TestClient], doc_id: str) -> None:
    for task in ("replace", "remove"):
        page = served[1].get(f"/edit/{task}/{doc_id}")
        assert page.status_code == 400
        assert re.search(r"There is no case study|cannot be changed here", page.text)


def test_hostile_uploads_are_shown_as_words(served: tuple[Casebook, TestClient]) -> None:
    text = "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> words \u202e turned.\n"
    page = upload(served[1], ("<img src=x onerror=alert(1)>.md", text.encode()))
    assert not re.search(r"<(script|img)[ >]", page)
    assert "[U+202E]" in page


def test_before_any_change_there_is_nothing_to_watch(served: tuple[Casebook, TestClient]) -> None:
    client = served[1]
    assert "Nothing is being changed" in client.get("/edit/progress").text
    assert client.get("/edit/progress.json").json() == {"running": False}
