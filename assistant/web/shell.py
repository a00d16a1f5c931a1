"""The FastAPI shell: our own pages, health, and the chat mounted behind the door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from assistant import __version__
from assistant.errors import CasebookError, IndexMissing
from assistant.retrieval.embedded import EmbeddedIndex
from assistant.web import pages, viewer
from assistant.web.blocks import EXAMPLES, build_blocks
from assistant.web.chat import Chat
from assistant.web.frame import Frame
from assistant.web.opening import Opening, State
from assistant.web.security import Door, Dressing, HostPolicy
from assistant.web.theme import casebook_theme

REFRESH_SECONDS = 3


def create_app(
    opening: Opening, hosts: HostPolicy, examples: tuple[str, ...] = EXAMPLES
) -> ASGIApp:
    """The whole web app: it answers at once, and the chat opens when `opening` is done."""
    app = FastAPI(title="Casebook", docs_url=None, redoc_url=None, openapi_url=None)
    _add_readiness(app, opening)
    _add_errors(app)
    app.include_router(viewer.routes(lambda: _index(opening)))
    _add_pages(app)
    _mount_chat(app, Chat(lambda: opening.casebook), examples)
    frame = Frame(
        pages.fill("frame_head.html"),
        pages.fill("frame_before.html"),
        pages.fill("frame_after.html"),
    )
    return Dressing(Door(app, hosts), frame)


def _index(opening: Opening) -> EmbeddedIndex:
    if opening.casebook is None:
        raise IndexMissing("The case studies are still being opened. Try again in a moment.")
    return opening.casebook.index()


def _add_readiness(app: FastAPI, opening: Opening) -> None:
    """`/health`, and the building page in place of every page that needs the index."""

    @app.get("/health")
    def health() -> JSONResponse:
        progress, casebook = opening.progress, opening.casebook
        facts: dict[str, object] = {"status": progress.state.value, "version": __version__}
        if casebook is None:
            return JSONResponse({**facts, "done": progress.done, "total": progress.total}, 503)
        try:
            facts["generation"] = casebook.index().generation
            if casebook.fault:  # an older generation serves in place of a damaged one
                facts |= {"status": "degraded", "problem": casebook.fault}
            return JSONResponse(facts)
        except CasebookError as error:
            return JSONResponse({**facts, "status": "degraded", "problem": str(error)}, 503)

    @app.middleware("http")
    async def until_ready(
        request: Request, go_on: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        path = request.url.path
        if opening.progress.state is State.READY or not _needs_index(path):
            return await go_on(request)
        return _building(opening)


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


def _mount_chat(app: FastAPI, chat: Chat, examples: tuple[str, ...]) -> None:
    """Mount the chat at `/` with everything off that it does not need."""
    import gradio as gr

    gr.mount_gradio_app(
        app,
        build_blocks(chat, examples),
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
