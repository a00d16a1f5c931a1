"""A person asks, reads, follows a citation, asks on, copies, begins again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from assistant.web.blocks import EXAMPLES
from tests.e2e.conftest import Open, Server
from tests.e2e.talking import DOSE, FUNDING, PATIENCE, answered, ask, box, turn

pytestmark = pytest.mark.e2e


SUMMARY = r"(Only weak evidence\. )?\d+ case stud(y|ies) (describes? this|comes? nearest): .+"


def test_the_first_start_shows_how_far_it_is(server: Server) -> None:
    assert any("Casebook is getting ready" in page for page in server.waited)
    assert any(re.search(r"[\d,]+ of [\d,]+ texts", page) for page in server.waited)
    assert f"Casebook is ready at {server.url}" in server.said()


def test_funding_mistrust_is_answered_by_several_places_and_opens_in_its_source(
    open_page: Open,
) -> None:
    page = open_page()
    found = ask(page, FUNDING)
    places = found.locator(".cb-place").all_inner_texts()
    assert "Surrey Heartlands" in places
    assert len(places) >= 3
    quotation = found.locator(".cb-quotation", has_text="Better Care Fund").first
    words = quotation.locator("bdi").inner_text()
    with page.expect_popup() as popup:
        quotation.get_by_role("link").click()
    source = popup.value
    expect(source).to_have_title(re.compile("Surrey Heartlands.* – Casebook"))
    mark = source.locator("mark#quote")
    expect(mark).to_have_text(words)
    expect(mark).to_be_in_viewport()
    assert source.evaluate("document.activeElement.id") == "quote"
    source.reload()
    expect(mark).to_be_in_viewport()
    expect(source.get_by_text("Casebook's summary of")).to_be_visible()


def test_a_caution_stands_with_what_is_called_weak(open_page: Open) -> None:
    page = open_page()
    for question in (FUNDING, "How do virtual wards work in practice?"):
        found = ask(page, question)
        weak = "Only weak evidence" in found.locator(".cb-summary").inner_text()
        expect(found.locator(".cb-caution")).to_have_count(int(weak))


def test_every_source_is_listed_with_its_quotation(open_page: Open) -> None:
    found = ask(open_page(), FUNDING)
    said = [words.strip() for words in found.locator(".cb-quotation bdi").all_inner_texts()]
    listed = found.locator(".cb-sources > li .cb-words").all_inner_texts()
    assert sorted(listed) == sorted(f"“{words}”" for words in said)
    names = [link.inner_text() for link in found.locator(".cb-quotation a").all()]
    assert len(names) == len(said)
    expect(
        found.get_by_role("link", name=re.compile(r"^Source 1 ?: .+ \(opens in a new tab\)$"))
    ).to_be_visible()


def test_stages_are_announced_politely(open_page: Open) -> None:
    page = open_page()
    box(page).wait_for(timeout=PATIENCE)
    page.evaluate(
        "() => { window.said = []; new MutationObserver(() => window.said.push("
        "document.getElementById('cb-live').textContent)).observe("
        "document.getElementById('cb-live'), {childList: true, characterData: true}); }"
    )
    ask(page, FUNDING)
    said = page.evaluate("window.said")
    assert said[0] == "Searching the case studies"
    assert re.fullmatch(rf"{SUMMARY} \d+ quotations?, .*checked word for word.*", said[-1])
    live = page.locator("#cb-live")
    expect(live).to_have_attribute("role", "status")
    expect(live).to_have_attribute("aria-live", "polite")


def test_a_question_on_doses_is_refused_with_the_closest_passages(open_page: Open) -> None:
    page = open_page()
    found = ask(page, DOSE)
    expect(found.get_by_role("heading", name="The case studies do not say")).to_be_visible()
    expect(found.locator(".cb-quotation")).to_have_count(0)
    with page.expect_popup() as popup:
        found.locator(".cb-sources a").first.click()
    expect(popup.value.locator("mark#quote")).to_be_in_viewport()


def test_a_follow_up_keeps_the_turns_before(open_page: Open) -> None:
    page = open_page()
    ask(page, FUNDING)
    second = ask(page, "And in Wirral?")
    understood = second.get_by_text(
        "Understood as: How did places handle funding mistrust in Wirral?"
    )
    expect(understood).to_be_visible()
    expect(turn(page, FUNDING).locator(".cb-quotation").first).to_be_attached()
    assert page.locator(".cb-turn").count() == 2
    assert box(page).input_value() == ""


def test_what_was_understood_can_be_edited_or_undone(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_role("button", name="Edit what was understood")).to_be_hidden()
    ask(page, FUNDING)
    ask(page, "And in Wirral?")
    page.get_by_role("button", name="Edit what was understood").click()
    expect(box(page)).to_have_value("How did places handle funding mistrust in Wirral?")
    expect(box(page)).to_be_focused()
    page.get_by_role("button", name="Ask exactly what I typed").click()
    expect(page.locator("#turn-3").get_by_role("button", name="Copy answer")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.locator("#turn-3").get_by_text("Understood as")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask exactly what I typed")).to_be_hidden()


def test_the_newest_question_is_brought_to_the_top(open_page: Open) -> None:
    page = open_page(height=700)
    for question in (FUNDING, "How do virtual wards work in practice?"):
        heading = ask(page, question).get_by_role("heading", level=2)
        top = heading.bounding_box()
        assert top is not None
        assert 0 <= top["y"] < 120


def test_an_example_is_one_click(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name=EXAMPLES[0]).click(timeout=PATIENCE)
    found = answered(page, EXAMPLES[0])
    expect(found.locator(".cb-quotation").first).to_be_visible()
    expect(page.get_by_role("heading", name="For example")).to_be_hidden()
    assert page.evaluate("document.activeElement.className") == "cb-question"


def test_leaving_asks_first_once_there_is_a_conversation_to_lose(open_page: Open) -> None:
    page = open_page()
    said: list[str] = []

    def stay(dialog: Dialog) -> None:
        said.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.reload()
    assert not said, "nothing to lose yet"
    ask(page, FUNDING)
    page.evaluate("setTimeout(() => location.assign('/sources'), 0)")
    page.wait_for_timeout(1000)
    assert said == ["beforeunload"]
    expect(turn(page, FUNDING)).to_be_visible()
    page.remove_listener("dialog", stay)


def test_a_new_conversation_forgets(open_page: Open) -> None:
    page = open_page()
    ask(page, FUNDING)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".cb-turn")).to_have_count(0)
    expect(page.get_by_role("heading", name="For example")).to_be_visible()
    expect(box(page)).to_be_focused()
    again = ask(page, "And in Wirral?")
    expect(again.get_by_text("Understood as:")).to_have_count(0)


def test_copying_gives_readable_text_with_sources_and_links(
    open_page: Open, server: Server
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    found = ask(page, FUNDING)
    found.get_by_role("button", name="Copy answer").click()
    expect(found.get_by_role("button", name="Copied")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.match(rf"{re.escape(FUNDING)}\n{SUMMARY}\n", copied)
    for words in found.locator(".cb-quotation bdi").all_inner_texts():
        assert f"“{words}” [" in copied
    link = re.search(rf"^{re.escape(server.url)}/source/\S+#quote$", copied, re.MULTILINE)
    assert link
    expect(open_page(link[0]).locator("mark#quote")).to_be_in_viewport()


def test_a_problem_keeps_the_question_and_the_turns(open_page: Open) -> None:
    page = open_page()
    ask(page, FUNDING)
    box(page).fill("x" * 2001)
    box(page).press("Enter")
    problem = page.locator(".cb-problem")
    expect(problem).to_contain_text("The question has 2,001 characters", timeout=PATIENCE)
    assert box(page).input_value() == "x" * 2001
    expect(turn(page, FUNDING)).to_be_visible()
    ask(page, "How do virtual wards work in practice?")
    expect(problem).to_have_count(0)


def test_nothing_of_it_is_stored_in_the_browser_or_said_in_the_terminal(
    open_page: Open, server: Server
) -> None:
    page = open_page()
    ask(page, "CANARY 943 476 5919: how did places handle funding mistrust?")
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert "CANARY" not in stored
    assert page.context.cookies() == []
    assert "CANARY" not in server.said()


def test_the_keyboard_is_enough(open_page: Open) -> None:
    page = open_page()
    box(page).wait_for(timeout=PATIENCE)
    page.keyboard.press("Tab")
    assert _focused(page) == "Skip to the question"
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    page.keyboard.type(FUNDING)
    page.keyboard.press("Enter")
    answered(page, FUNDING)
    expect(box(page)).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        _see_focus(page)
        if page.evaluate("document.activeElement.matches('.cb-quotation .cb-cite')"):
            break
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    expect(popup.value.locator("mark#quote")).to_be_in_viewport()


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText")).strip()


def _see_focus(page: Page) -> None:
    """The focused element has an outline and is not hidden behind the question (WCAG 2.4.11)."""
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style != "none", page.evaluate("document.activeElement.outerHTML")
    hidden = page.evaluate(
        "() => { const it = document.activeElement, r = it.getBoundingClientRect();"
        " const at = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);"
        " return !at || !(it.contains(at) || at.contains(it)); }"
    )
    assert not hidden, page.evaluate("document.activeElement.outerHTML")
