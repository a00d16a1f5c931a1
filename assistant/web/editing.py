"""The addresses at which an editor changes the case studies; nobody else gets in."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from assistant.pipeline import Casebook
from assistant.web.drafting import Drafting
from assistant.web.editors import Editors, editors_only
from assistant.web.working import Working


def routes(casebook: Callable[[], Casebook], editors: Editors) -> APIRouter:
    """All pages for editing."""
    drafting, working = Drafting(casebook, editors), Working(casebook, editors)
    router = APIRouter(
        default_response_class=HTMLResponse, dependencies=[Depends(editors_only)], prefix="/edit"
    )
    for path, get, post in (
        ("/new", drafting.new, drafting.send_new),
        ("/draft/{draft_id}", drafting.draft, drafting.take_draft),
        ("/replace/{doc_id:path}", drafting.replace, drafting.send_replacement),
        ("/remove/{doc_id:path}", working.remove, working.send_removal),
        ("/undo/{change_id}", working.undo, working.send_undo),
    ):
        router.add_api_route(path, get, methods=["GET"], response_model=None)
        router.add_api_route(path, post, methods=["POST"], response_model=None)
    router.add_api_route("/progress", working.progress, methods=["GET"])
    router.add_api_route("/progress.json", working.progress_json, methods=["GET"])
    router.add_api_route("/cancel", working.cancel, methods=["POST"], response_model=None)
    router.add_api_route("/index", working.reindex, methods=["POST"], response_model=None)
    return router
