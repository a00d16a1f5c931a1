"""Pages for removing and undoing, and for watching a change until it is made."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.datatypes import source_url
from assistant.editing.work import State, Work
from assistant.errors import EditError
from assistant.pipeline import Casebook
from assistant.records.answers import SavedAnswers
from assistant.web import forms, pages, rendering
from assistant.web.editors import Editors, title_of

REFRESH_SECONDS = 2
"""Between two looks at a running change where scripts are off."""


class Working:
    """What each address answers."""

    def __init__(self, casebook: Callable[[], Casebook], editors: Editors) -> None:
        self._casebook, self._editors = casebook, editors

    def remove(self, request: Request, doc_id: str, problem: str = "") -> HTMLResponse:
        editor = self._editors()
        editor.text(doc_id)  # says if there is no such file
        quoting = SavedAnswers(self._casebook().settings.index).quoting(doc_id)
        return pages.form(
            "remove.html",
            400 if problem else 200,
            doc_id=doc_id,
            title=title_of(self._casebook(), doc_id),
            saved=rendering.count(quoting, "saved answer") if quoting else "",
            problem=problem,
            token=forms.token(request),
        )

    async def send_removal(self, request: Request, doc_id: str) -> Response:
        await forms.read_fresh(request)
        try:
            await run_in_threadpool(self._editors().remove, doc_id)
        except EditError as error:
            return await run_in_threadpool(self.remove, request, doc_id, str(error))
        return RedirectResponse("/edit/progress", 303)

    def undo(self, request: Request, change_id: str, problem: str = "") -> HTMLResponse:
        change = self._editors().changes.get(change_id)
        return pages.form(
            "undo.html",
            400 if problem else 200,
            change=change,
            problem=problem,
            token=forms.token(request),
        )

    async def send_undo(self, request: Request, change_id: str) -> Response:
        await forms.read_fresh(request)
        try:
            await run_in_threadpool(self._editors().undo, change_id)
        except EditError as error:
            return await run_in_threadpool(self.undo, request, change_id, str(error))
        return RedirectResponse("/edit/progress", 303)

    # --- Progress --------------------------------------------------------------------------------

    def progress(self, request: Request) -> HTMLResponse:
        work = self._editors().worker.work
        if work is None:
            return pages.message(
                "Nothing is being changed", "There has been no change since Casebook started.", 200
            )
        index = self._casebook().index()
        added = [
            (source_url(doc_id), document.title)
            for doc_id in (work.outcome.added if work.outcome else ())
            if (document := index.document(doc_id))
        ]
        return pages.scripted(
            "progress.html",
            work=work,
            said=_said(work),
            added=added,
            refresh=REFRESH_SECONDS,
            token=forms.token(request),
        )

    def progress_json(self) -> JSONResponse:
        work = self._editors().worker.work
        if work is None:
            return JSONResponse({"running": False})
        return JSONResponse(
            {
                "running": work.state is State.RUNNING,
                "done": work.done,
                "total": work.total,
                "said": _said(work),
            }
        )

    async def cancel(self, request: Request) -> Response:
        await forms.read_fresh(request)
        self._editors().worker.cancel()
        return RedirectResponse("/edit/progress", 303)

    async def reindex(self, request: Request) -> Response:
        await forms.read_fresh(request)
        await run_in_threadpool(self._editors().reindex)
        return RedirectResponse("/edit/progress", 303)


def _said(work: Work) -> str:
    """How far the work is, in words."""
    if work.outcome is not None:
        return work.outcome.sentence
    if work.cancelling:
        return "Stopping."
    if not work.total:
        return "Reading the case studies."
    return f"{work.done:,} of {work.total:,} new texts read by the model."
