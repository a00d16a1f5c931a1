"""What a person does on the chat's page, in words of the tests."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

FUNDING = "How did places handle funding mistrust?"
DOSE = "What dose of amoxicillin should a child with an ear infection be given?"
PATIENCE = 60_000
"""Milliseconds; an answer takes well under a second unless the machine is busy."""


def box(page: Page) -> Locator:
    """The question box, found by its label as a screen reader would."""
    return page.get_by_role("textbox", name="Your question", exact=True)


def turn(page: Page, question: str) -> Locator:
    """The turn whose heading is `question`."""
    heading = page.get_by_role("heading", level=2, name=question, exact=True)
    return page.locator(".cb-turn").filter(has=heading)


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, wait for the whole answer; returns its turn."""
    box(page).fill(question, timeout=PATIENCE)
    box(page).press("Enter")
    return answered(page, question)


def answered(page: Page, question: str) -> Locator:
    """The turn of `question` once it is finished and has been scrolled to."""
    found = turn(page, question)
    expect(found.get_by_role("button", name="Copy answer")).to_be_visible(timeout=PATIENCE)
    page.wait_for_function(
        "() => { const now = scrollY; if (window.lastScroll === now) return true;"
        " window.lastScroll = now; return false; }",
        polling=150,
    )
    return found
