"""The source viewer and the list of case studies: pages that need no JavaScript.

What is shown is the indexed text, never the file on disk, so that an edit cannot shift a highlight;
a document is looked up by its id, which is never used as a path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from assistant.answering.citations import locate
from assistant.datatypes import Document, Metadata, Span, page_label, source_url
from assistant.web import document_html, links, pages, rendering

if TYPE_CHECKING:
    from assistant.documents.quarantine import QuarantineReport
    from assistant.retrieval.embedded import EmbeddedIndex

MAX_FINGERPRINT = 64


def routes(index: Callable[[], EmbeddedIndex], report: Callable[[], QuarantineReport]) -> APIRouter:
    """The pages about sources, reading the generation that `index` returns at each request.

    `report` says what became of the files of the last build.
    """
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/source/{doc_id:path}")
    def source(request: Request, doc_id: str, p: str = "") -> HTMLResponse:
        served = index()
        document = served.document(doc_id)
        if document is None:
            return pages.message(
                "No such case study",
                f"There is no case study called “{rendering.excerpt(doc_id, 200)}”. It may have "
                "been renamed or removed since this address was made.",
                404,
            )
        fingerprint = p[:MAX_FINGERPRINT]
        span = locate(document, served.passages(doc_id), fingerprint) if fingerprint else None
        return _source_page(request, document, fingerprint, span)

    @router.get("/sources")
    def sources() -> HTMLResponse:
        documents = sorted(
            index().documents(), key=lambda d: (d.metadata.place or d.title, d.title, d.doc_id)
        )
        entries = [(source_url(document.doc_id), document) for document in documents]
        found = rendering.count(len(entries), "case study", "case studies")
        return pages.page("sources.html", entries=entries, count=found, report=report())

    return router


def _source_page(
    request: Request, document: Document, fingerprint: str, span: Span | None
) -> HTMLResponse:
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
        lost=bool(fingerprint) and not body.marked,
        facts=_facts(document.metadata),
        original=links.original(document, quotation, page),
        page=page if body.marked else 0,
        page_label=page_label(document.doc_id, page),
        language=document.metadata.language,
        other_sources=[
            (words, links.web_address(words)) for words in document.metadata.other_sources
        ],
        address=f"{request.url.scheme}://{request.url.netloc}{shared}",
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
