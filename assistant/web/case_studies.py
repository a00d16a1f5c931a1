"""The page of all case studies, what readers suggest to change in them, and the editor's tasks."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.datatypes import source_url
from assistant.editing.changes import Stage
from assistant.editing.editor import Editor
from assistant.editing.standing import State
from assistant.errors import RecordError
from assistant.pipeline import Casebook
from assistant.records.suggestions import State as Decision
from assistant.web import catalogue, forms, pages, rendering
from assistant.web.access import may_edit
from assistant.web.editors import Editors, editors_only

MAX_SEARCH = 200
RECENT = 5
"""Changes listed for undoing."""


def routes(casebook: Callable[[], Casebook], editors: Editors) -> APIRouter:
    """The table, and suggestions."""
    made = _Pages(casebook, editors)
    router = APIRouter(default_response_class=HTMLResponse)
    router.add_api_route("/sources", made.table, methods=["GET"])
    router.add_api_route("/suggest/{doc_id:path}", made.suggest, methods=["GET"])
    router.add_api_route("/suggest/{doc_id:path}", made.send, methods=["POST"])
    router.add_api_route(
        "/suggestions/{suggestion_id}/dismiss", made.dismiss, methods=["POST"],
        response_model=None, dependencies=[Depends(editors_only)],
    )  # fmt: skip
    return router


class _Pages:
    """What each address answers."""

    def __init__(self, casebook: Callable[[], Casebook], editors: Editors) -> None:
        self._casebook, self._editors = casebook, editors

    def table(
        self,
        request: Request,
        q: str = "",
        place: str = "",
        region: str = "",
        theme: str = "",
        state: str = "",
    ) -> HTMLResponse:
        search = q[:MAX_SEARCH]
        filters = {"place": place, "region": region, "theme": theme, "state": state}
        if state not in set(State):
            filters["state"] = ""
        editor = self._editors()
        table = self._rows(editor)
        found = catalogue.chosen(table, search, filters)
        indexed = sum(1 for row in table if row.passages)
        return pages.form(
            "sources.html",
            rows=found,
            total=rendering.count(indexed, "case study", "case studies"),
            found=rendering.count(len(found), "case study", "case studies"),
            search=search,
            filters=catalogue.choices(table, filters),
            narrowed=bool(search or any(filters.values())),
            editing=self._tasks(request, editor, table) if may_edit(request) else None,
            report=self._casebook().reading_report(),
        )

    def _rows(self, editor: Editor) -> list[catalogue.Row]:
        index = self._casebook().index()
        documents = list(index.documents())
        made = index.manifest.created
        standings = editor.folder.standings({d.doc_id: d for d in documents}, made)
        return catalogue.rows(documents, standings, index.passage_counts(), index.since, made)

    def _tasks(
        self, request: Request, editor: Editor, table: list[catalogue.Row]
    ) -> dict[str, object]:
        """What only an editor sees."""
        outdated = (State.CHANGED, State.NEW, State.MISSING)
        return {
            "token": forms.token(request),
            "outdated": sum(1 for row in table if row.standing.state in outdated),
            "hold": self._casebook().hold,
            "work": editor.worker.work,
            "changes": [c for c in editor.changes.all() if c.stage is not Stage.UNDONE][:RECENT],
            "suggestions": [(one, source_url(one.doc_id)) for one in editor.suggestions.waiting()],
            "log": editor.suggestions.log(),
        }

    # --- Suggestions -----------------------------------------------------------------------------

    def suggest(self, request: Request, doc_id: str) -> HTMLResponse:
        return self._suggest_page(request, doc_id)

    async def send(self, request: Request, doc_id: str) -> HTMLResponse:
        fields = await forms.read(request)
        words, contact = fields["words"], fields["contact"]
        document = self._casebook().index().document(doc_id)
        if document is None:
            return _no_such()
        if not fields.fresh:
            problem = (
                "The page was opened before Casebook was started again: nothing was kept of it. "
                "What you typed is still here; send it once more."
            )
            return self._suggest_page(request, doc_id, words, contact, problem)
        try:
            add = self._editors().suggestions.add
            await run_in_threadpool(add, doc_id, document.title, words, contact)
        except RecordError as error:
            return self._suggest_page(request, doc_id, words, contact, str(error))
        return pages.page("thanks.html", title=document.title, url=source_url(doc_id))

    def _suggest_page(
        self,
        request: Request,
        doc_id: str,
        words: str = "",
        contact: str = "",
        problem: str = "",
    ) -> HTMLResponse:
        document = self._casebook().index().document(doc_id)
        if document is None:
            return _no_such()
        return pages.form(
            "suggest.html",
            400 if problem else 200,
            title=document.title,
            url=source_url(doc_id),
            words=words,
            contact=contact,
            problem=problem,
            token=forms.token(request),
        )

    async def dismiss(self, request: Request, suggestion_id: str) -> Response:
        await forms.read_fresh(request)
        close = self._editors().suggestions.close
        await run_in_threadpool(close, suggestion_id, Decision.DISMISSED)
        return RedirectResponse("/sources#suggestions", 303)


def _no_such() -> HTMLResponse:
    return pages.message(
        "No such case study",
        "There is no case study of this name. It may have been renamed or removed since this "
        "address was made.",
        404,
    )
