"""Open the casebook in the background while the server already says how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.errors import CasebookError
from assistant.progress import terminal_bar

if TYPE_CHECKING:
    from assistant.pipeline import Casebook

LOG = logging.getLogger(__name__)


class State(StrEnum):
    """How far the casebook is."""

    STARTING = "starting"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """One moment: `done` of `total` texts read, both 0 while that is unknown."""

    state: State
    done: int = 0
    total: int = 0


class _Stopped(Exception):
    """The server stops while the index is being built: the build ends at its next text."""


class Opening:
    """Opens a casebook in a thread; `casebook` is there once `progress.state` is READY.

    `failure` is the sentence for the reader when it could not be opened, `when_done` is called in
    either case.
    """

    def __init__(
        self, open_casebook: Callable[[], Casebook], when_done: Callable[[], None] = lambda: None
    ) -> None:
        self._open, self._when_done = open_casebook, when_done
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)
        self._bar: Callable[[int, int], None] = lambda done, total: None
        self._casebook: Casebook | None = None
        self._others: list[Callable[[], None]] = []
        self.progress = Progress(State.STARTING)
        self.failure = ""

    @property
    def casebook(self) -> Casebook | None:
        """The casebook, None until it is ready."""
        return self._casebook

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is ready or has failed."""
        self._thread.join(seconds)

    def before_stop(self, end: Callable[[], None]) -> None:
        """Have `end` called when the app stops: it ends other work on the casebook."""
        self._others.append(end)

    def stop(self, patience: float = 20.0) -> None:
        """End a running build cleanly, waiting at most `patience` seconds."""
        self._stop.set()
        for end in self._others:
            end()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        try:
            with ExitStack() as bars:
                casebook = self._open()
                casebook.ensure_built(lambda done, total: self._advance(done, total, bars))
                casebook.index()  # a damaged index is found now, not by the first question
            self._casebook = casebook
            self.progress = Progress(State.READY)
        except _Stopped:
            self._fail("Stopped while the index was being built.")
        except CasebookError as error:
            self._fail(str(error))
        except Exception as error:
            LOG.exception("opening failed")
            self._fail(f"Casebook could not start: {type(error).__name__}. The log above has more.")
        finally:
            self._when_done()

    def _fail(self, sentence: str) -> None:
        self.failure, self.progress = sentence, Progress(State.FAILED)

    def _advance(self, done: int, total: int, bars: ExitStack) -> None:
        """Note how far the build is; the first note opens the terminal's bar."""
        if self._stop.is_set():
            raise _Stopped
        if self.progress.state is State.STARTING:
            self._bar = bars.enter_context(terminal_bar("Building the index"))
        self.progress = Progress(State.BUILDING, done, total)
        self._bar(done, total)
