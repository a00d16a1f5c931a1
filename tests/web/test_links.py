"""Only web addresses become links, and only a publisher's own words are pointed at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.datatypes import Document
from assistant.web import links
from tests.making import document


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c#d", "http://example.org", "HTTPS://x.org/"]
)
def test_web_addresses(url: str) -> None:
    assert links.web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/source/other.md",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org\\@evil.example/",
        'https://example.org/"onmouseover="x',
        "https://[broken/",
        "ftp://example.org/",
    ],
)
def test_everything_else_is_text(url: str) -> None:
    assert links.web_address(url) is None


def _published(kind: str, url: str = "https://example.org/report") -> Document:
    found = document("# Report\n\nWords of the report.")
    return replace(found, metadata=replace(found.metadata, kind=kind, source_url=url))


def test_a_summary_links_the_page_and_not_a_quotation_it_does_not_hold() -> None:
    assert links.original(_published("summary"), "Words of ours.") == "https://example.org/report"


def test_own_words_are_pointed_at() -> None:
    found = links.original(_published(""), "A well-run fund, 50% shared.")
    assert found == (
        "https://example.org/report#:~:text=A%20well%2Drun%20fund%2C%2050%25%20shared."
    )


def test_a_long_quotation_is_named_by_its_ends() -> None:
    words = " ".join(f"w{number}" for number in range(1, 21))
    found = links.original(_published(""), words)
    assert found == (
        "https://example.org/report#:~:text=w1%20w2%20w3%20w4%20w5,w16%20w17%20w18%20w19%20w20"
    )


def test_no_link_without_a_web_address() -> None:
    assert links.original(_published("", "javascript:alert(1)"), "words") is None
