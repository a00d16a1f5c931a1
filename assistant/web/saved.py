"""Permanent links to answers: save one, open it later, see what became of its evidence, delete it.

Plain pages. A reader asks for the link from the chat; nothing is kept of answers nobody saved.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.answering.comparing import Piece, differences
from assistant.answering.following import Fate, Followed, follow
from assistant.datatypes import HEADING_SEPARATOR, source_url
from assistant.pipeline import Casebook
from assistant.records.answers import SavedAnswer, SavedAnswers, evidence
from assistant.web import forms, links, pages, rendering
from assistant.web.access import may_edit
from assistant.web.unsaved import Unsaved

FATES = {
    Fate.UNCHANGED: "These words stand unchanged in their source.",
    Fate.UNCLEAR: "These words stand in several places of their source now.",
    Fate.CHANGED: "These words have changed in their source since.",
    Fate.REMOVED: "The case study has been removed since.",
    Fate.UNKNOWN: "The case study is not here any more.",
}


def routes(casebook: Callable[[], Casebook], unsaved: Unsaved) -> APIRouter:
    """The pages for saving, opening, listing and deleting."""
    pages_of = _Pages(casebook, unsaved)
    router = APIRouter(default_response_class=HTMLResponse)
    router.add_api_route("/save/{name}", pages_of.ask_first, methods=["GET"])
    router.add_api_route("/save/{name}", pages_of.save, methods=["POST"], response_model=None)
    router.add_api_route("/answers", pages_of.listed, methods=["GET"])
    router.add_api_route("/answers/{answer_id}", pages_of.show, methods=["GET"])
    router.add_api_route("/answers/{answer_id}/delete", pages_of.delete, methods=["POST"])
    return router


class _Pages:
    """What each address answers."""

    def __init__(self, casebook: Callable[[], Casebook], unsaved: Unsaved) -> None:
        self._casebook, self._unsaved = casebook, unsaved

    def ask_first(self, request: Request, name: str) -> HTMLResponse:
        answer = self._unsaved.get(name)
        if answer is None:
            return _not_held()
        return pages.form("save.html", question=answer.question, token=forms.token(request))

    async def save(self, request: Request, name: str) -> Response:
        await forms.read_fresh(request)
        answer = self._unsaved.get(name)
        if answer is None:
            return _not_held()
        saved = await run_in_threadpool(_answers(self._casebook()).save, answer)
        return RedirectResponse(f"/answers/{saved.id}?key={saved.key}", 303)

    def listed(self, request: Request) -> HTMLResponse:
        if not may_edit(request):
            return pages.message(
                "Saved answers are not listed",
                "Each has a link of its own, which whoever saved it has. Only an editor sees all.",
                403,
            )
        return pages.page("answers.html", answers=list(_answers(self._casebook()).all()))

    def show(self, request: Request, answer_id: str, key: str = "") -> HTMLResponse:
        book = self._casebook()
        saved = _answers(book).get(answer_id)
        return _page(request, book, saved, key) if saved else _no_such()

    async def delete(self, request: Request, answer_id: str) -> HTMLResponse:
        fields = await forms.read_fresh(request)
        answers = _answers(self._casebook())
        saved = answers.get(answer_id)
        if saved is None:
            return _no_such()
        if not _may_delete(request, saved, fields["key"]):
            return pages.message(
                "This answer cannot be deleted here",
                "Only who saved it can delete it, with the address they were given, or an editor.",
                403,
            )
        answers.delete(answer_id)
        return pages.message(
            "The saved answer was deleted", "Its link does not lead anywhere any more.", 200
        )


def _answers(book: Casebook) -> SavedAnswers:
    return SavedAnswers(book.settings.index)


def _may_delete(request: Request, saved: SavedAnswer, key: str) -> bool:
    return may_edit(request) or hmac.compare_digest(saved.key.encode(), key.encode())


@dataclass(frozen=True)
class _Evidence:
    """One quotation of a saved answer, and what became of it."""

    number: int
    title: str
    where: str
    quote: str
    attribution: str
    fate: Fate
    said: str
    url: str
    then: tuple[Piece, ...] = ()
    now: tuple[Piece, ...] = ()


def _page(request: Request, book: Casebook, saved: SavedAnswer, key: str) -> HTMLResponse:
    index = book.index()
    sources = [
        _followed(source, number, follow(
            index, book.history, source["doc_id"], source["fingerprint"], source["quote"]
        ))
        for number, source in enumerate(evidence(saved), 1)
    ]  # fmt: skip
    address = f"{request.url.scheme}://{request.url.netloc}/answers/{saved.id}"
    mine = _may_delete(request, saved, key)
    return (pages.form if mine else pages.page)(
        "answer.html",
        saved=saved,
        sources=sources,
        places=_by_place(saved, sources),
        summary=_summary(sources, bool(saved.fields["abstained"])),
        changed=any(source.fate is not Fate.UNCHANGED for source in sources),
        generation=index.generation,
        address=address,
        mine=mine,
        key=key,
        token=forms.token(request),
    )


def _followed(source: Mapping[str, Any], number: int, found: Followed) -> _Evidence:
    heading = source.get("heading", "")
    where = HEADING_SEPARATOR.join(part for part in (source["place"], heading) if part)
    then: tuple[Piece, ...] = ()
    now: tuple[Piece, ...] = ()
    if found.fate is Fate.CHANGED and found.nearest and found.document:
        old, new = differences(source["quote"], found.nearest.span.of(found.document.text))
        then, now = tuple(old), tuple(new)
    url = source_url(source["doc_id"], source["fingerprint"]) if found.document else ""
    return _Evidence(
        number, source["title"], where, source["quote"],
        "" if source.get("attribution") == source["title"] else source.get("attribution", ""),
        found.fate, FATES[found.fate], links.to_quotation(url) if url else "", then, now,
    )  # fmt: skip


def _by_place(
    saved: SavedAnswer, sources: list[_Evidence]
) -> dict[str, list[tuple[str, list[_Evidence]]]]:
    """The answer's statements with their evidence, by place, in the answer's order."""
    by_number = dict(zip((s.get("number") for s in evidence(saved)), sources, strict=True))
    places = {s.get("number"): s["place"] or s["title"] for s in evidence(saved)}
    found: dict[str, list[tuple[str, list[_Evidence]]]] = {}
    for statement in saved.fields["statements"]:
        numbers = [number for number in statement["citations"] if number in by_number]
        if numbers:
            cited = [by_number[number] for number in numbers]
            found.setdefault(places[numbers[0]], []).append((statement["text"], cited))
    return found


def _summary(sources: list[_Evidence], abstained: bool) -> str:
    """One sentence on what became of the evidence."""
    what = "passage" if abstained else "quotation"
    counts = Counter(source.fate for source in sources)
    if not sources:
        return "There is no evidence to compare with the case studies as they stand now."
    same = counts[Fate.UNCHANGED]
    if same == len(sources):
        one = f"The {what} stands" if same == 1 else f"All {same} {what}s stand"
        return f"{one} word for word in the case studies as they are now."
    other = rendering.count(len(sources) - same, what)
    has = "has" if len(sources) - same == 1 else "have"
    return f"{other} of {len(sources)} {has} changed or gone since this answer was given."


def _not_held() -> HTMLResponse:
    return pages.message(
        "This answer is not held any more",
        "An answer can be saved for about an hour after it was given. Ask the question again and "
        "save the new answer.",
        404,
    )


def _no_such() -> HTMLResponse:
    return pages.message(
        "No such saved answer",
        "There is no saved answer at this address. It may have been deleted since the address was "
        "made.",
        404,
    )
