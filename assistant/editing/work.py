"""One piece of work at a time in the background: how far it is, how it ended, and its end."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.errors import BuildCancelled, CasebookError, EditError

LOG = logging.getLogger(__name__)


class State(StrEnum):
    """How far a piece of work is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Outcome:
    """What finished work has to say: one sentence, and the files that could not be read.

    `failures` are (doc_id, reason); `added` the doc_ids to look at; `change` the id to undo it by.
    """

    sentence: str
    failures: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    change: str = ""


@dataclass(frozen=True)
class Work:
    """One moment of a piece of work; `done` of `total` texts, 0 while that is unknown."""

    id: str
    title: str
    state: State = State.RUNNING
    done: int = 0
    total: int = 0
    cancelling: bool = False
    outcome: Outcome | None = None


Task = Callable[[Callable[[int, int], None], Callable[[], bool]], Outcome]
"""Takes what to tell (done, total), and what to ask whether to stop."""


class Worker:
    """Runs one task at a time in a thread; `work` is the latest, running or not."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.work: Work | None = None

    def start(self, title: str, task: Task) -> Work:
        """Begin `task`; returns at once. Raises EditError while another is running."""
        with self._lock:
            if self.work is not None and self.work.state is State.RUNNING:
                raise EditError(
                    f"Another change is being made ({self.work.title}): expected it to be finished "
                    "first. Wait a moment, or cancel it, and try again."
                )
            self._stop.clear()
            self.work = Work(secrets.token_hex(8), title)
            self._thread = threading.Thread(target=self._run, args=(task,), daemon=True)
            self._thread.start()
            return self.work

    def cancel(self) -> None:
        """Ask the running task to stop at the next good moment."""
        with self._lock:
            if self.work is not None and self.work.state is State.RUNNING:
                self.work = replace(self.work, cancelling=True)
                self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the latest task has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def stop(self, patience: float = 20.0) -> None:
        """Cancel, and wait at most `patience` seconds: the app is being stopped."""
        self.cancel()
        self.wait(patience)

    def _run(self, task: Task) -> None:
        try:
            outcome, state = task(self._progress, self._stop.is_set), State.DONE
        except BuildCancelled:
            outcome = Outcome("Cancelled. Everything is as it was before.")
            state = State.CANCELLED
        except CasebookError as error:
            outcome, state = Outcome(str(error)), State.FAILED
        except Exception as error:  # the edge: the reader gets a sentence, the log the cause
            reference = secrets.token_hex(4)
            LOG.exception("changing the case studies failed: reference %s", reference)
            sentence = (
                f"Something went wrong here ({type(error).__name__}). The case studies were put "
                f"back as they were. If it happens again, report the reference {reference}."
            )
            outcome, state = Outcome(sentence), State.FAILED
        with self._lock:
            assert self.work is not None  # noqa: S101
            self.work = replace(self.work, state=state, outcome=outcome)

    def _progress(self, done: int, total: int) -> None:
        with self._lock:
            if self.work is not None:
                self.work = replace(self.work, done=done, total=total)
