"""A person adds a case study in the browser and gets it quoted, without touching the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Open, Server, serving
from tests.e2e.talking import PATIENCE, ask
from tests.e2e.test_looks import SCHEMES, WIDTHS, check
from tests.making import write_corpus

pytestmark = pytest.mark.e2e

TEXT = """\
## What happened

Puffin wardens from Skomer visited eleven care homes every week. Residents asked for fewer pills.

- Wardens kept a logbook that the staff could read.
"""
QUESTION = "Who visited care homes from Skomer?"
WARDENS = "Puffin wardens from Skomer visited eleven care homes every week."


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a small corpus of its own, which these tests change one after the other."""
    folder = tmp_path_factory.mktemp("own")
    write_corpus(folder / "corpus")
    options = ("--corpus", str(folder / "corpus"), "--index", str(folder / "index"))
    with serving(folder, *options) as found:
        found.wait()
        yield found


def looked_at(page: Page) -> None:
    """axe finds nothing on the page, once it has its style."""
    page.wait_for_load_state("load")
    check(page)


def corpus_of(own: Server) -> Path:
    return own.log.parent / "corpus"


def paste(page: Page, title: str, text: str) -> None:
    """From the list of case studies to the page that shows how it was read."""
    page.get_by_role("link", name="Add a case study").click()
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("textbox", name="Place (optional)").fill("Skomer")
    page.get_by_role("textbox", name="Text").fill(text)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", level=1, name="How it was read")).to_be_visible()


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    """Upload files, to the page that shows how they were read."""
    page.get_by_label("Files", exact=True).set_input_files(
        [FilePayload(name=name, mimeType="text/plain", buffer=raw) for name, raw in files]
    )
    page.get_by_role("button", name="Upload and look").click()


def finish(page: Page) -> None:
    """Wait for the end of a change."""
    expect(page.get_by_text("Done.", exact=True)).to_be_visible(timeout=PATIENCE)


def test_a_case_study_is_added_quoted_corrected_removed_and_brought_back(
    own: Server, open_page: Open
) -> None:
    page = open_page("/sources", base=own.url)
    paste(page, "Skomer: wardens in care homes", TEXT)
    expect(page.get_by_text("Nothing has been added yet.")).to_be_visible()
    expect(page.get_by_text(WARDENS)).to_be_visible()
    page.get_by_role("button", name="Put it into the case studies").click()
    finish(page)

    page.get_by_role("link", name="Ask a question").first.click()
    found = ask(page, QUESTION)
    expect(found.locator(".cb-quotation").first).to_contain_text(WARDENS)
    with page.expect_popup() as popup:
        found.locator(".cb-cite").first.click()
    source = popup.value
    expect(source.locator("mark#quote")).to_have_text(WARDENS)
    link = source.url

    source.get_by_role("link", name="Replace").click()
    box = source.get_by_role("textbox", name=re.compile("Correct the text of"))
    box.fill(box.input_value().replace("eleven care homes", "twelve care homes"))
    source.get_by_role("button", name="Look at it").click()
    source.get_by_role("button", name="Put it into the case studies").click()
    finish(source)
    source.goto(link)
    expect(source.locator("mark#quote")).to_have_count(0)
    expect(source.locator("del")).to_have_text("eleven")
    expect(source.locator("ins")).to_have_text("twelve")

    source.get_by_role("link", name="Remove").click()
    source.get_by_role("button", name="Remove it").click()
    finish(source)
    assert not list(corpus_of(own).glob("skomer*"))
    page.get_by_role("button", name="New conversation").click()
    refused = ask(page, QUESTION)
    expect(refused.get_by_text(WARDENS)).to_have_count(0)

    source.get_by_role("link", name="Undo this change").click()
    source.get_by_role("button", name="Undo it").click()
    finish(source)
    assert "twelve care homes" in next(corpus_of(own).glob("skomer*")).read_text("utf-8")


@pytest.mark.slow
def test_uploaded_files_are_shown_before_they_are_taken(own: Server, open_page: Open) -> None:
    page = open_page("/edit/new", base=own.url)
    skomer = f"# Skomer\n\n{TEXT}".encode()
    choose(
        page,
        ("Skomer-2.md", skomer),
        ("broken.txt", b""),
        ("valley.md", b"# V\n\nOf its own.\n"),
        ("harbour.md", b"# Harbour\n\nAnew.\n"),
    )
    expect(page.get_by_text("It cannot be read:")).to_be_visible()
    expect(page.get_by_text("It takes the place of harbour.md.")).to_be_visible()
    page.get_by_label("Keep both").check()
    page.get_by_role("button", name="Put those ticked").click()
    finish(page)
    names = {path.name for path in corpus_of(own).iterdir()}
    assert {"Skomer-2.md", "harbour.md", "harbour-2.md", "valley.md"} < names
    assert "broken.txt" not in names


@pytest.mark.slow
def test_a_long_build_is_watched_and_cancelled(own: Server, open_page: Open) -> None:
    page = open_page("/edit/new", base=own.url)
    words = (f"Ward {n} met {n * 7} people and wrote down what {n * 3} said." for n in range(4000))
    choose(page, ("long.md", "\n\n".join(words).encode()))
    page.get_by_role("button", name="Put it into the case studies").click()
    expect(page.locator("#said")).to_contain_text("new texts read by the model", timeout=PATIENCE)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Everything is as it was before.")).to_be_visible(timeout=PATIENCE)
    assert not (corpus_of(own) / "long.md").exists()


@pytest.mark.slow
def test_it_works_without_javascript(own: Server, open_page: Open) -> None:
    page = open_page("/sources", base=own.url, java_script_enabled=False)
    paste(page, "Skomer", TEXT)
    page.get_by_role("button", name="Put it into the case studies").click()
    finish(page)  # the page looks again by itself
    page.goto("/source/harbour.md")
    page.get_by_role("link", name="Suggest an update").click()
    page.get_by_label("What should change?").fill("The fund ended in 2019.")
    page.get_by_role("button", name="Leave the suggestion").click()
    expect(page.get_by_text("Thank you, your suggestion is kept")).to_be_visible()
    page.goto("/sources?q=one+fund")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Accept and edit").click()
    box = page.get_by_role("textbox", name=re.compile("Correct the text of"))
    box.fill(box.input_value() + "\nThe fund ended in 2019.\n")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Put it into the case studies").click()
    finish(page)
    page.goto("/sources")
    page.get_by_text("Suggestions that were decided on").click()
    expect(page.get_by_text("accepted: Harbour: one fund")).to_be_visible()


@pytest.mark.slow
def test_a_saved_answer_tells_what_became_of_its_evidence(own: Server, open_page: Open) -> None:
    page = open_page("/", base=own.url)
    found = ask(page, "Did vaccination rise in Moorland?")
    with page.expect_popup() as popup:
        found.get_by_role("link", name="Save a link to this answer (opens in a new tab)").click()
    saved = popup.value
    saved.get_by_role("button", name="Save the answer and make a link").click()
    expect(saved.get_by_text("word for word in the case studies as they are now.")).to_be_visible()
    link = saved.locator(".cb-address a").inner_text()
    saved.goto("/edit/replace/moorland.md")
    box = saved.get_by_role("textbox", name=re.compile("Correct the text of"))
    box.fill(box.input_value().replace("94 per cent", "96 per cent"))
    saved.get_by_role("button", name="Look at it").click()
    saved.get_by_role("button", name="Put it into the case studies").click()
    finish(saved)
    saved.goto(link)
    expect(saved.get_by_text("These words have changed in their source since.")).to_be_visible()
    expect(saved.locator("ins")).to_have_text("96")
    saved.get_by_role("button", name="Delete the saved answer").click()
    expect(saved.get_by_text("The saved answer was deleted")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_and_width_of_every_page(own: Server, open_page: Open, width: int, scheme: str) -> None:
    page = open_page("/sources", base=own.url, width=width, color_scheme=scheme)
    looked_at(page)
    page.get_by_role("link", name="Add a case study").click()
    looked_at(page)
    choose(page, ("harbour.md", b"# H\n\nAnew.\n"), ("broken.txt", b""), ("x.md", b"# X\n\nY.\n"))
    looked_at(page)
    page.get_by_role("button", name="Put those ticked").click()
    finish(page)
    looked_at(page)
    page.get_by_role("link", name="Undo this change").click()
    looked_at(page)
    page.goto("/suggest/moorland.md")
    looked_at(page)
    page.get_by_label("What should change?").fill("The year. " * 30)
    page.get_by_role("button", name="Leave the suggestion").click()
    looked_at(page)
    (corpus_of(own) / "bad.md").write_bytes(b"")
    page.goto("/sources")
    looked_at(page)
    for summary in page.locator("summary").all():
        summary.click()
    looked_at(page)
    page.get_by_role("link", name="Accept and edit").first.click()
    looked_at(page)
    page.goto("/edit/remove/moorland.md")
    looked_at(page)
    page.goto("/source/harbour.md?p=0123456789abcdef")
    looked_at(page)
    page.goto("/answers")
    looked_at(page)


@pytest.mark.slow
def test_the_keyboard_reaches_everything_in_the_form(own: Server, open_page: Open) -> None:
    page = open_page("/edit/new", base=own.url)
    page.get_by_role("textbox", name="Title").focus()
    page.keyboard.type("Skomer")
    for words in ("Skomer", "care homes", "https://example.org/s", TEXT):
        page.keyboard.press("Tab")
        page.keyboard.insert_text(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How it was read")).to_be_visible()
    expect(page.get_by_text("Care homes", exact=True)).to_be_visible()
