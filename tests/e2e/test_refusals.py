"""What a reader sees when the server refuses a question, and how signing in looks and works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from assistant.web.passwords import Passwords, Role
from assistant.web.sign_in import SignedIn
from tests.e2e.talking import PATIENCE
from tests.making import PASSWORD, casebook, quick_hasher, write_corpus
from tests.web.running import OF_GRADIO, QUESTION, SENTENCE, Running, running

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.filterwarnings(OF_GRADIO)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A casebook with passwords for reading and editing."""
    folder = tmp_path_factory.mktemp("book")
    write_corpus(folder / "corpus")
    book = casebook(folder)
    book.build()
    passwords = Passwords(folder / "private" / "passwords.json", quick_hasher())
    passwords.set(Role.READING, PASSWORD)
    with running(book, SignedIn(passwords)) as found:
        yield found


def sign_in(page: Page) -> None:
    """From whatever page was asked for, by keyboard."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_signing_in(browser: Browser, site: Running, scheme: str, width: int) -> None:
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto("/source/harbour.md")
    expect(page).to_have_title("Sign in – Casebook")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the password.")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour: one fund")
    assert page.evaluate("document.cookie") == ""  # HttpOnly
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in – Casebook")
    page.goto("/sources")
    expect(page).to_have_title("Sign in – Casebook")
    context.close()


REFUSED = [
    pytest.param(503, "Queue is full.", "Many people are asking just now.", id="B88 full"),
    pytest.param(429, "That is more questions.", "That is more questions.", id="B88 quick"),
    pytest.param(413, "x", "That question is too long.", id="B85 long"),
    pytest.param(401, "x", "You are signed out.", id="signed out"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "words"), REFUSED)
def test_a_refused_question_is_told_at_the_question(
    browser: Browser, site: Running, status: int, body: str, words: str
) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/")
    sign_in(page)
    box = page.get_by_role("textbox", name="Your question", exact=True)
    box.wait_for(timeout=PATIENCE)

    def refuse(route: Route) -> None:
        route.fulfill(status=status, body=body, content_type="text/plain")

    page.route("**/queue/join*", refuse)
    box.fill(QUESTION)
    box.press("Enter")
    alert = page.locator("#cb-refusal")
    expect(alert).to_contain_text(f"There is a problem. {words}", timeout=PATIENCE)
    expect(alert).to_have_attribute("role", "alert")
    assert box.input_value() == QUESTION  # to try again
    page.unroute("**/queue/join*")
    box.press("Enter")
    expect(page.locator("#cb-current")).to_contain_text(SENTENCE, timeout=PATIENCE)
    expect(alert).to_be_hidden()
    context.close()


def test_field_and_button_are_large_enough(browser: Browser, site: Running) -> None:
    page = browser.new_page(base_url=site.url, viewport={"width": 360, "height": 640})
    page.goto("/sign-in")
    field = page.get_by_label("Password").bounding_box()
    button = page.get_by_role("button", name="Sign in").bounding_box()
    assert field is not None and button is not None
    assert button["y"] >= field["y"] + field["height"]
    assert min(field["height"], button["height"]) >= 24  # WCAG 2.5.8
    page.close()
