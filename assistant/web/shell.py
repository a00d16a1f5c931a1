"""The FastAPI shell: our own pages, health, and the chat mounted behind the door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from assistant import __version__
from assistant.datatypes import Answer
from assistant.errors import CasebookError, IndexMissing
from assistant.pipeline import Casebook
from assistant.retrieval.embedded import EmbeddedIndex
from assistant.settings import Settings
from assistant.web import pages, sign_in, viewer
from assistant.web.access import Access, Gate, ThisComputer, visitor
from assistant.web.addresses import Pace
from assistant.web.asking import Asking
from assistant.web.blocks import EXAMPLES, build_blocks
from assistant.web.chat import Chat
from assistant.web.frame import Frame
from assistant.web.limits import Limits, paces
from assistant.web.opening import Opening, State
from assistant.web.security import Door, Dressing, HostPolicy
from assistant.web.sign_in import SignedIn
from assistant.web.theme import casebook_theme

if TYPE_CHECKING:
    import gradio as gr

REFRESH_SECONDS = 3


@dataclass(frozen=True)
class Guards:
    """What keeps the app safe: the names it answers to, who is let in, how often one may ask.

    `proxies` are addresses whose word on a client's address is believed; `record` is told each
    answer and who asked.
    """

    hosts: HostPolicy
    access: Access = field(default_factory=ThisComputer)
    proxies: tuple[str, ...] = ()
    paces: Mapping[Pace, str] = field(default_factory=lambda: paces(Settings.questions_per_minute))
    record: Callable[[Answer, str], None] = lambda answer, who: None


def create_app(opening: Opening, guards: Guards, examples: tuple[str, ...] = EXAMPLES) -> ASGIApp:
    """The whole web app: it answers at once, and the chat opens when `opening` is done.

    A page of its own is a router, included here, and its addresses in `addresses.py`.
    """
    app = FastAPI(title="Casebook", docs_url=None, redoc_url=None, openapi_url=None)
    _add_readiness(app, opening)
    _add_errors(app)
    app.include_router(
        viewer.routes(lambda: _index(opening), lambda: _casebook(opening).reading_report())
    )
    if isinstance(guards.access, SignedIn):
        app.include_router(sign_in.routes(guards.access))
    _add_pages(app)
    blocks = build_blocks(Chat(lambda: opening.casebook, guards.record), examples)
    _mount(app, blocks)
    inputs = {
        number: tuple(part.get_block_name() != "state" for part in event.inputs)
        for number, event in blocks.fns.items()
    }
    limited = Limits(Asking(app, inputs), guards.paces)
    door = Door(limited, guards.hosts, guards.access)
    return Dressing(Gate(door, guards.access, guards.proxies), _frame)


def _frame(page: bytes) -> bytes:
    """Gradio's page in our frame, as it is for whoever asks now."""
    parts = ("frame_head.html", "frame_before.html", "frame_after.html")
    return Frame(*map(pages.fill, parts))(page)


def _casebook(opening: Opening) -> Casebook:
    if opening.casebook is None:
        raise IndexMissing("The case studies are still being opened. Try again in a moment.")
    return opening.casebook


def _index(opening: Opening) -> EmbeddedIndex:
    return _casebook(opening).index()


def _add_readiness(app: FastAPI, opening: Opening) -> None:
    """`/health`, and the building page in place of every page that needs the index."""

    @app.get("/health")
    def health(request: Request) -> JSONResponse:
        status, facts = _health(opening)
        shown = facts if visitor(request).may_read else {"status": facts["status"]}
        return JSONResponse(shown, status)

    @app.middleware("http")
    async def until_ready(
        request: Request, go_on: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        path = request.url.path
        if opening.progress.state is State.READY or not _needs_index(path):
            return await go_on(request)
        return _building(opening)


def _health(opening: Opening) -> tuple[int, dict[str, object]]:
    """The status code, and what is known of the served index."""
    progress, casebook = opening.progress, opening.casebook
    facts: dict[str, object] = {"status": progress.state.value, "version": __version__}
    if casebook is None:
        return 503, {**facts, "done": progress.done, "total": progress.total}
    try:
        facts["generation"] = casebook.index().generation
        if casebook.fault:  # an older generation serves in place of a damaged one
            facts |= {"status": "degraded", "problem": casebook.fault}
        return 200, facts
    except CasebookError as error:
        return 503, {**facts, "status": "degraded", "problem": str(error)}


def _needs_index(path: str) -> bool:
    return path in ("/", "/sources") or path.startswith("/source/")


def _building(opening: Opening) -> HTMLResponse:
    progress = opening.progress
    page = pages.page("building.html", 503, progress=progress, refresh=REFRESH_SECONDS)
    page.headers["Retry-After"] = str(REFRESH_SECONDS)
    return page


def _add_errors(app: FastAPI) -> None:
    """Every error of ours is a page with its sentence; any other one says nothing of itself."""

    @app.exception_handler(CasebookError)
    def known(request: Request, error: CasebookError) -> HTMLResponse:
        return pages.message("This page cannot be shown", str(error), 503)

    @app.exception_handler(404)
    def missing(request: Request, error: Exception) -> HTMLResponse:
        return pages.message("Page not found", "There is nothing at this address.", 404)


def _add_pages(app: FastAPI) -> None:
    app.mount("/look", StaticFiles(directory=pages.LOOK), name="look")

    @app.get("/favicon.ico")
    def icon() -> FileResponse:
        return FileResponse(pages.LOOK / "icon.svg", media_type="image/svg+xml")

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")

    for name in ("privacy", "accessibility"):
        _add_plain_page(app, name)


def _add_plain_page(app: FastAPI, name: str) -> None:
    @app.get(f"/{name}", name=name)
    def plain() -> HTMLResponse:
        return pages.page(f"{name}.html")


def _mount(app: FastAPI, blocks: gr.Blocks) -> None:
    """Mount the chat at `/` with everything off that it does not need."""
    import gradio as gr

    gr.mount_gradio_app(
        app,
        blocks,
        path="",
        theme=casebook_theme(),
        run_history=False,
        footer_links=[],
        show_error=False,
        max_file_size="1kb",
        mcp_server=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        allowed_paths=[],
    )
