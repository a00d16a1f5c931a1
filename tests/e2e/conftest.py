"""The real server with the real model, and a real browser that notes whatever it should not do.

Everything here lives as long as this folder's tests and no longer: Playwright keeps an event loop
running in the main thread, where other tests need their own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from assistant.settings import PROJECT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
"""The browser itself must not call home while it is watched for doing so."""
START_SECONDS = 300
"""Loading the model and building the index take seconds; on a busy machine, minutes."""


@dataclass
class Server:
    """A running `python app.py`."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    waited: list[str] = field(default_factory=list)
    """What its page said while it was getting ready."""

    def wait(self) -> None:
        """Until the chat is there."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(self.said())
            try:
                page = httpx.get(self.url, timeout=30)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if page.status_code == 200:
                return
            self.waited.append(page.text)
            time.sleep(0.2)
        raise AssertionError(f"not ready after {START_SECONDS} s: {self.said()}")

    def said(self) -> str:
        """What it wrote to the terminal."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(
    folder: Path,
    *options: str,
    environ: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
) -> Iterator[Server]:
    """`python app.py` on a free port, its output in `folder`; `before` is what starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    command = [*before, sys.executable, str(PROJECT / "app.py"), "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd=folder,
            env={**os.environ, **(environ or {})},
        )  # fmt: skip
        try:
            yield Server(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on the shipped corpus, started without an index."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, "--index", str(folder / "index")) as found:
        found.wait()
        yield found


def chromium() -> str | None:
    """The browser: CASEBOOK_CHROMIUM if set, else the first of the usual names."""
    chosen = os.environ.get("CASEBOOK_CHROMIUM")
    if chosen:
        return chosen
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium found; install it or name it in CASEBOOK_CHROMIUM"
        if os.environ.get("CASEBOOK_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    found = playwright.chromium.launch(executable_path=path, args=list(QUIET))
    yield found
    found.close()


@dataclass
class Watch:
    """What the pages of one test did that they should not."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Note every request's origin, and every dialog, page error and console error.

        That leaving would lose a conversation is no complaint; who leaves one answers it.
        """
        context.on("request", lambda request: self.hosts.add("/".join(request.url.split("/")[:3])))
        context.on(
            "dialog",
            lambda dialog: (
                self._complain("dialog", dialog.message) if dialog.type != "beforeunload" else None
            ),
        )
        context.on("weberror", lambda error: self._complain("error", str(error.error)))
        context.on(
            "console",
            lambda line: self._complain("console", line.text) if line.type == "error" else None,
        )

    def _complain(self, kind: str, words: str) -> None:
        self.complaints.append(f"{kind}: {words}")


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Open]:
    """`open_page("/path", width=…, height=…, **context options)`.

    After the test: no other host was asked for anything, and nothing complained.
    """
    watch, contexts = Watch(), list[BrowserContext]()

    def opened(
        path: str = "/", base: str = "", width: int = 1280, height: int = 900, **options: object
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            base_url=base or server.url,
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    ours = {"/".join(page.url.split("/")[:3]) for c in contexts for page in c.pages}
    for context in contexts:
        context.close()
    assert watch.hosts <= ours
    assert watch.complaints == []
