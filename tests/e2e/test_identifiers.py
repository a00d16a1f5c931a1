"""Personal data is warned about before it is sent, in the browser, without being repeated."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.web.pages import LOOK
from tests.e2e.conftest import Open
from tests.e2e.talking import PATIENCE, box

pytestmark = pytest.mark.e2e

NHS, NI = "an NHS number", "a National Insurance number"
FOUND = {
    "patient 943 476 5919 fell": [NHS],
    "patient 943-476-5919": [NHS],
    "9434765919": [NHS],
    "NHS no. 943 476 5919, ring 020 7946 0018": [NHS, "a telephone number"],
    "her number is QQ 12 34 56 C": [],  # QQ is never issued: HMRC uses it in examples
    "her number is AB 12 34 56 C": [NI],
    "ab123456c": [NI],
    "write to ann.lee@nhs.example": ["an email address"],
    "ring +44 7700 900123": ["a telephone number"],
    "ring (0113) 496 0000 today": ["a telephone number"],
    "born 03/04/1956": ["a date of birth"],
    "DOB: 3 April 1956": ["a date of birth"],
    "LS1 4AP, 03/04/1956": ["a postcode with a date"],
}
HARMLESS = [
    "943 476 5918 is no NHS number: its last digit is wrong",
    "000 000 0000 and 111 111 1111",
    "The budget was £943,476,591.90 in 2019/20",
    "1234567890 appointments",
    "between 2015 and 2020 admissions fell by 12.5 per cent",
    "How did places handle funding mistrust?",
    "the Better Care Fund, section 75, Care Act 2014",
    "NHS111 and 999 calls, 24/7, from 01/04/2021",
    "people in LS1 and M13 9PL",
    "ISBN 978-0-306-40615-7",
    "@nhsengland on social media",
    "0.25 to 0.67 of 1,707 passages",
    "born in Leeds",
]


@pytest.fixture
def bare(browser: Browser) -> Page:
    """An empty page with the script in it."""
    page = browser.new_page()
    page.add_script_tag(path=str(LOOK / "identifiers.js"))
    return page


def test_what_is_noticed(bare: Page) -> None:
    found = {text: bare.evaluate("text => casebookIdentifiers(text)", text) for text in FOUND}
    assert found == FOUND
    bare.close()


def test_what_is_not(bare: Page) -> None:
    found = {text: bare.evaluate("text => casebookIdentifiers(text)", text) for text in HARMLESS}
    assert found == {text: [] for text in HARMLESS}
    bare.close()


def test_a_long_text_takes_no_time(bare: Page) -> None:
    """Patterns that backtrack would hang the page."""
    for bait in ("1" * 2000, "a@" * 1000, "A1 1AA " * 290, "0 " * 1000, "(0" * 1000, "a.b-" * 500):
        took = bare.evaluate(
            "t => { const s = performance.now(); casebookIdentifiers(t); "
            "return performance.now() - s; }",
            bait,
        )
        assert took < 200, bait[:10]
    bare.close()


def test_the_warning_stands_by_the_box_before_anything_is_sent(open_page: Open) -> None:
    page = open_page()
    box(page).wait_for(timeout=PATIENCE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    box(page).press_sequentially("943 476 5919")
    warning = page.get_by_role("alert").filter(has_text="This looks like an NHS number.")
    expect(warning).to_be_visible()
    assert "943" not in warning.inner_text()
    assert not [url for url in sent if "queue" in url]
    box(page).fill("How did places handle funding mistrust?")
    expect(warning).to_be_hidden()
