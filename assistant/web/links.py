"""Addresses a page may link to: our own viewer's, and a source's if it is a web address."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from assistant.datatypes import Document

QUOTE_ANCHOR = "quote"
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f\\<>\"'`]")
_WHOLE_FRAGMENT_WORDS = 12
_EDGE_WORDS = 5


def to_quotation(url: str) -> str:
    """A viewer address that also scrolls to the quotation."""
    return f"{url}#{QUOTE_ANCHOR}"


def to_editing(doc_id: str, task: str) -> str:
    """The address at which an editor does `task` ("replace" or "remove") to a case study."""
    return f"/edit/{task}/{quote(doc_id)}"


def to_suggesting(doc_id: str) -> str:
    """The address at which a reader suggests an update to a case study."""
    return f"/suggest/{quote(doc_id)}"


def web_address(url: str) -> str | None:
    """`url` if it is a plain http or https address, else None: no other scheme becomes a link."""
    if _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return url


def host_of(url: str) -> str:
    """The host of a web address, for showing where a link leads."""
    return urlsplit(url).hostname or ""


def original(document: Document, quotation: str = "", page: int = 0) -> str | None:
    """The address of the original publication, None if there is none.

    Only where the document holds the publisher's own words does it point at the quotation in it,
    in a PDF at its `page` (the open parameter that browsers' PDF readers share).
    """
    url = web_address(document.metadata.source_url)
    if url is None or not quotation or document.metadata.is_summary or "#" in url:
        return url
    if page and urlsplit(url).path.lower().endswith(".pdf"):
        return f"{url}#page={page}"
    return f"{url}#:~:text={_text_fragment(quotation)}"


def _text_fragment(quotation: str) -> str:
    """The directive of the URL Fragment Text Directives draft: whole if short, else both ends."""
    words = quotation.split()
    if len(words) <= _WHOLE_FRAGMENT_WORDS:
        return _encoded(words)
    return f"{_encoded(words[:_EDGE_WORDS])},{_encoded(words[-_EDGE_WORDS:])}"


def _encoded(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
