"""The source viewer: pages that need no JavaScript.

What is shown is the indexed text, never the file on disk, so that an edit cannot shift a highlight;
a document is looked up by its id, which is never used as a path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from assistant import text as texts
from assistant.answering.comparing import Piece, differences
from assistant.answering.fingerprints import is_name, quote_fingerprint
from assistant.answering.following import Fate, Followed, follow
from assistant.datatypes import (
    HEADING_SEPARATOR,
    BlockKind,
    Document,
    Metadata,
    Span,
    page_label,
    source_url,
)
from assistant.pipeline import Casebook
from assistant.web import document_html, links, pages, rendering
from assistant.web.access import may_edit

MAX_FINGERPRINT = 64
AROUND = 80
"""Characters after repeated words that are shown to tell one place from another."""


def routes(casebook: Callable[[], Casebook]) -> APIRouter:
    """The pages about sources, reading the generation served at each request."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/source/{doc_id:path}")
    def source(request: Request, doc_id: str, p: str = "") -> HTMLResponse:
        book = casebook()
        index = book.index()
        fingerprint = p[:MAX_FINGERPRINT]
        document = index.document(doc_id)
        if document is not None and not fingerprint:
            return _source_page(request, document, "", None)
        found = follow(index, book.history, doc_id, fingerprint)
        if found.document is None:
            return _gone_page(doc_id, found)
        return _source_page(request, found.document, fingerprint, found)

    return router


def _source_page(
    request: Request, document: Document, fingerprint: str, found: Followed | None
) -> HTMLResponse:
    span = found.span if found else None
    body = document_html.render(document, span)
    address = source_url(document.doc_id, fingerprint if body.marked else "")
    shared = links.to_quotation(address) if body.marked else address
    quotation = span.of(document.text) if span and body.marked else ""
    page = document.page_of(span) if span else 0
    return pages.page(
        "source.html",
        document=document,
        body=body.html,
        marked=body.marked,
        lost=_lost(document, fingerprint, found) if found and not body.marked else None,
        facts=_facts(document.metadata),
        original=links.original(document, quotation, page),
        page=page if body.marked else 0,
        page_label=page_label(document.doc_id, page),
        language=document.metadata.language,
        other_sources=[
            (words, links.web_address(words)) for words in document.metadata.other_sources
        ],
        may_edit=may_edit(request),
        address=f"{request.url.scheme}://{request.url.netloc}{shared}",
    )


@dataclass(frozen=True)
class _Lost:
    """What the page says of quoted words that it cannot mark.

    `places` are (address, heading, words) of the several places where they stand; `then` and `now`
    the old words and the nearest ones in pieces, those that differ marked, `url` of the nearest.
    """

    places: tuple[tuple[str, str, str], ...] = ()
    then: tuple[Piece, ...] = ()
    now: tuple[Piece, ...] = ()
    heading: str = ""
    url: str = ""
    garbled: bool = False


def _lost(document: Document, fingerprint: str, found: Followed) -> _Lost:
    if not is_name(fingerprint):
        return _Lost(garbled=True)
    if found.places:
        return _Lost(tuple(_place(document, span) for span in found.places))
    if found.nearest is None:
        return _Lost(then=((texts.collapse(found.words), False),) if found.words else ())
    then, now = differences(found.words, found.nearest.span.of(document.text))
    heading = HEADING_SEPARATOR.join(found.nearest.passage.heading)
    fingerprint = quote_fingerprint(document, found.nearest.span)
    url = links.to_quotation(source_url(document.doc_id, fingerprint))
    return _Lost((), tuple(then), tuple(now), heading, url)


def _place(document: Document, span: Span) -> tuple[str, str, str]:
    """(address, last heading above, some words before and after) of one of several places."""
    url = source_url(document.doc_id, quote_fingerprint(document, span))
    above = [b for b in document.blocks if b.kind is BlockKind.HEADING and b.span < span]
    heading = texts.collapse(above[-1].span.of(document.text)) if above else document.title
    around = Span(span.start, min(len(document.text), span.end + AROUND)).of(document.text)
    return links.to_quotation(url), heading, rendering.excerpt(around, len(around) - 10)


def _gone_page(doc_id: str, found: Followed) -> HTMLResponse:
    """The document is not there: removed, known under another name now, or never heard of."""
    name = rendering.excerpt(doc_id, 200)
    if found.fate is not Fate.REMOVED:
        return pages.message(
            "No such case study",
            f"There is no case study called “{name}”. It may have been renamed or removed since "
            "this address was made.",
            404,
        )
    renamed = found.renamed
    return pages.page(
        "gone.html",
        404 if renamed else 410,
        name=name,
        last_seen=found.last_seen[:10],
        renamed=renamed,
        url=source_url(renamed.doc_id) if renamed else "",
    )


def _facts(metadata: Metadata) -> list[tuple[str, str]]:
    """What is known about the case study, by name; what is not stated is left out."""
    facts = [
        ("Place", metadata.place),
        ("Region", metadata.region if metadata.region != metadata.place else ""),
        ("Country", metadata.country if metadata.country != metadata.place else ""),
        ("Organisations", "; ".join(metadata.organisations)),
        ("Themes", ", ".join(map(rendering.theme_name, metadata.themes))),
        ("Period", metadata.period),
        ("Published", metadata.published),
        ("Publisher", metadata.publisher),
        ("Author", metadata.author),
        ("Date in the file", metadata.dated if metadata.dated != metadata.published else ""),
    ]
    return [(name, words) for name, words in facts if words]
