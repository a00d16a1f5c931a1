"""The table of case studies: search, filters, states; suggestions and who sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.editing.standing import Standing, State
from assistant.pipeline import Casebook
from assistant.records.suggestions import Suggestions
from assistant.web import catalogue
from tests.making import cases
from tests.web.serving import ELSEWHERE, client_for, finished, shown, token_in


@pytest.fixture
def served(book: Casebook) -> Iterator[tuple[Casebook, TestClient]]:
    with client_for(book) as client:
        yield book, client


def titles(page: str) -> list[str]:
    """The case studies of the table."""
    return re.findall(r'<th scope="row">(?:<a[^>]*>)?<bdi>(.*?)</bdi>', page)


ALL = ["Harbour: one fund", "Moorland: nurses in schools", "Valley: a bus for carers"]


def test_a_row_says_what_is_known(served: tuple[Casebook, TestClient]) -> None:
    page = served[1].get("/sources").text
    assert titles(page) == ALL
    row = page.split("<tr>")[2]
    assert shown(row).startswith("Harbour: one fund Harbour Pooled budgets ")
    assert re.search(r'data-label="Passages"[^>]*>2<', row)
    assert re.search(r'data-label="Indexed">20\d\d-\d\d-\d\d<', row)
    assert "Indexed" in shown(row)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "nurses"}, [ALL[1]]),
        ({"q": "NURSES schools"}, [ALL[1]]),
        ({"q": "fund bus"}, []),
        ({"q": "pooled budgets"}, [ALL[0]]),
        ({"place": "Valley"}, [ALL[2]]),
        ({"theme": "pooled-budgets"}, [ALL[0]]),
        ({"theme": "pooled-budgets", "place": "Valley"}, []),
        ({"state": "indexed"}, ALL),
        ({"state": "new"}, []),
        ({"state": "nonsense"}, ALL),
        ({"q": " ", "place": ""}, ALL),
    ],
)
def test_search_and_filters(
    served: tuple[Casebook, TestClient], query: dict[str, str], found: list[str]
) -> None:
    page = served[1].get("/sources", params=query).text
    assert titles(page) == found
    if not found:
        assert "No case study matches." in page


def test_states_are_shown_and_the_folder_can_be_indexed(
    served: tuple[Casebook, TestClient],
) -> None:
    book, client = served
    (book.settings.corpus / "new.md").write_text("# New\n\nSomething new.\n")
    (book.settings.corpus / "bad.md").write_bytes(b"")
    (book.settings.corpus / "harbour.md").unlink()
    page = client.get("/sources").text
    words = shown(page)
    assert "2 files differ from the index." in words
    assert "Not indexed yet" in words
    assert "File is gone" in words
    assert "Cannot be read : has no text" in words
    assert titles(client.get("/sources?state=new").text) == ["new.md"]
    done = client.post("/edit/index", data={"form_token": token_in(page)}, follow_redirects=False)
    assert done.headers["location"] == "/edit/progress"
    assert "bad.md : has no text" in shown(finished(client))
    assert sorted(titles(client.get("/sources").text)) == sorted(["bad.md", *ALL[1:], "New"])
    assert "differ from the index" not in client.get("/sources").text


def test_hostile_searches_are_words(served: tuple[Casebook, TestClient]) -> None:
    attack = '"><script>alert(1)</script>'
    page = served[1].get("/sources", params={"q": attack, "place": attack, "theme": attack})
    assert page.status_code == 200
    assert "<script" not in page.text


def test_readers_see_the_table_and_no_tasks(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    Suggestions(book.settings.index).add("harbour.md", ALL[0], "Secret suggestion.", "me@x.org")
    page = client.get("/sources", headers=ELSEWHERE).text
    assert titles(page) == ALL
    for word in ("Add a case study", "Secret suggestion", "me@x.org", "/edit/", "form_token"):
        assert word not in page


def test_rows_of_a_table_by_hand() -> None:
    found = catalogue.rows(
        cases(),
        {"harbour.md": Standing(State.CHANGED), "z.md": Standing(State.NEW)},
        {"harbour.md": 2, "moorland.md": 2, "sub/valley.md": 1},
        {"harbour.md": "2026-01-02T03:04:05+00:00"},
        "2026-05-06T07:08:09+00:00",
    )
    assert [(row.title, row.passages, row.since, row.state, row.url) for row in found] == [
        (ALL[0], 2, "2026-01-02", "File changed since", "/source/harbour.md"),
        (ALL[1], 2, "2026-05-06", "Indexed", "/source/moorland.md"),
        (ALL[2], 1, "2026-05-06", "Indexed", "/source/sub/valley.md"),
        ("z.md", 0, "", "Not indexed yet", ""),
    ]
    choices = {choice.name: choice.options for choice in catalogue.choices(found, {})}
    assert choices == {
        "place": (("Harbour", "Harbour"), ("Moorland", "Moorland"), ("Valley", "Valley")),
        "state": (
            ("changed", "File changed since"), ("indexed", "Indexed"), ("new", "Not indexed yet"),
        ),
    }  # fmt: skip


# --- Suggestions --------------------------------------------------------------------------------


def test_a_suggestion_from_a_source_page_to_the_editor(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    source = client.get("/source/harbour.md", headers=ELSEWHERE).text
    assert '<a href="/suggest/harbour.md">Suggest an update to this case study</a>' in source
    form = client.get("/suggest/harbour.md", headers=ELSEWHERE).text
    assert "Nothing is sent to anybody" in form
    body = {"form_token": token_in(form), "words": "The <b>year</b>\r\nis 2016.", "contact": "me"}
    sent = client.post("/suggest/harbour.md", data=body, headers=ELSEWHERE)
    assert "Thank you, your suggestion is kept" in sent.text
    (waiting,) = Suggestions(book.settings.index).waiting()
    assert (waiting.words, waiting.contact) == ("The <b>year</b>\nis 2016.", "me")
    page = client.get("/sources").text
    assert "The &lt;b&gt;year&lt;/b&gt;" in page
    assert "contact: me" in shown(page)
    assert f"/edit/replace/harbour.md?suggestion={waiting.id}" in page
    editor = shown(client.get(f"/edit/replace/harbour.md?suggestion={waiting.id}").text)
    assert "What was suggested The <b>year</b> is 2016." in editor
    token = token_in(page)
    client.post(f"/suggestions/{waiting.id}/dismiss", data={"form_token": token})
    page = client.get("/sources").text
    assert "Suggested updates" not in page
    assert "dismissed: Harbour: one fund : The <b>year</b> is 2016." in shown(page)


def test_a_mistake_keeps_what_was_typed(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    token = token_in(client.get("/suggest/harbour.md").text)
    for body, said in (
        ({"form_token": token, "words": " ", "contact": "me@x.org"}, "The suggestion is empty"),
        ({"form_token": "old", "words": "Words & more.", "contact": "me@x.org"}, "send it once"),
        ({"form_token": token, "words": "x" * 5001, "contact": "me@x.org"}, "5,001 characters"),
    ):
        page = client.post("/suggest/harbour.md", data=body)
        assert page.status_code == 400
        assert said in page.text
        assert "<title>Problem: Suggest an update – Casebook</title>" in page.text
        assert "me@x.org" in page.text
    assert Suggestions(book.settings.index).waiting() == []


def test_only_an_editor_decides(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    kept = Suggestions(book.settings.index)
    made = kept.add("harbour.md", ALL[0], "Words.")
    token = token_in(client.get("/suggest/harbour.md", headers=ELSEWHERE).text)
    path = f"/suggestions/{made.id}/dismiss"
    refused = client.post(path, data={"form_token": token}, headers=ELSEWHERE)
    assert refused.status_code == 403
    assert kept.waiting() == [made]


def test_no_suggestion_for_what_is_not_there(served: tuple[Casebook, TestClient]) -> None:
    client = served[1]
    assert client.get("/suggest/none.md").status_code == 404
    token = token_in(client.get("/suggest/harbour.md").text)
    sent = client.post("/suggest/none.md", data={"form_token": token, "words": "x"})
    assert sent.status_code == 404
