"""For everybody: axe finds nothing, nothing is wider than the window, no JavaScript works."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.talking import DOSE, FUNDING, PATIENCE, ask, box

pytestmark = pytest.mark.e2e

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
SCHEMES = ("light", "dark")
WIDTHS = (360, 1440)


def check(page: Page) -> None:
    """axe finds nothing, and the page does not scroll sideways."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        (1440, "dark"),
        pytest.param(360, "dark", marks=pytest.mark.slow),
        pytest.param(1440, "light", marks=pytest.mark.slow),
    ],
)
def test_the_chat_empty_answered_refused_and_its_sources(
    open_page: Open, width: int, scheme: str
) -> None:
    page = open_page(width=width, color_scheme=scheme)
    box(page).wait_for(timeout=PATIENCE)
    expect(page.locator(".loading")).to_have_count(
        0, timeout=PATIENCE
    )  # Gradio's own, while it loads
    check(page)
    link = ask(page, FUNDING).locator(".cb-cite").first.get_attribute("href")
    check(page)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".cb-turn")).to_have_count(0, timeout=PATIENCE)
    ask(page, DOSE)
    check(page)
    box(page).fill("?")
    box(page).press("Enter")
    expect(page.locator(".cb-problem")).to_be_visible(timeout=PATIENCE)
    check(page)
    assert link
    for path in (link, f"{link.split('?')[0]}?p=0000000000000000"):
        check(open_page(path, width=width, color_scheme=scheme))


@pytest.mark.parametrize("path", ["/sources", "/privacy", "/accessibility", "/source/none.md"])
def test_the_other_pages(open_page: Open, path: str) -> None:
    page = open_page("/privacy", width=360)
    if path == "/source/none.md":
        page.set_content(page.request.get(path).text())  # a 404 is an error in the console
    else:
        page.goto(path)
    check(page)


@pytest.mark.slow
def test_320_pixels_and_wide_spacing(open_page: Open) -> None:
    """WCAG 1.4.10 (400% zoom of 1280 px) and 1.4.12."""
    page = open_page(width=320, height=640)
    link = ask(page, FUNDING).locator(".cb-cite").first.get_attribute("href")
    assert link
    for shown in (page, open_page(link, width=320), open_page("/sources", width=320)):
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    # Spacing goes in by a rule of the page's own, as its policy allows no foreign style sheet.
    page.evaluate(
        "() => { document.body.style.cssText = 'line-height: 1.5; letter-spacing: .12em;"
        " word-spacing: .16em'; }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.slow
def test_forced_colours_and_reduced_motion(open_page: Open) -> None:
    page = open_page(forced_colors="active", reduced_motion="reduce")
    ask(page, FUNDING)
    ask(page, "And in Wirral?")
    check(page)  # two turns
    box(page).focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_a_source_needs_no_javascript(open_page: Open) -> None:
    link = ask(open_page(), FUNDING).locator(".cb-cite").first.get_attribute("href")
    assert link
    page = open_page(link, java_script_enabled=False)
    expect(page.locator("mark#quote")).to_be_in_viewport()
    page = open_page(link.removesuffix("#quote"), java_script_enabled=False)
    expect(page.locator("mark#quote")).to_be_in_viewport()
    page.get_by_role("link", name="Go to the quotation").click()
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_headings_and_landmarks(open_page: Open) -> None:
    page = open_page()
    ask(page, FUNDING)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].filter(h => h.checkVisibility())"
        ".map(h => h.tagName)"
    )
    assert levels[0] == "H1"
    assert levels.count("H1") == 1
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
