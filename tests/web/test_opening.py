"""Opening in the background: progress, readiness, failures, stopping."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from assistant.errors import CorpusError
from assistant.pipeline import Casebook
from assistant.web.opening import Opening, Progress, State


def test_ready(book: Casebook) -> None:
    done = threading.Event()
    opening = Opening(lambda: book, done.set)
    assert opening.progress == Progress(State.STARTING)
    assert opening.casebook is None
    opening.start()
    opening.wait(20)
    assert done.is_set()
    assert opening.casebook is book
    assert opening.progress == Progress(State.READY)


def test_a_failure_is_a_sentence() -> None:
    def fail() -> Casebook:
        raise CorpusError("The corpus folder is empty: expected a file. Put one there.")

    opening = Opening(fail)
    opening.start()
    opening.wait(20)
    assert opening.progress.state is State.FAILED
    assert opening.failure == "The corpus folder is empty: expected a file. Put one there."


def test_a_fault_of_ours_is_named_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Casebook:
        raise RuntimeError("secret path")

    opening = Opening(fail)
    opening.start()
    opening.wait(20)
    assert opening.failure == ("Casebook could not start: RuntimeError. The log above has more.")
    assert "opening failed" in caplog.text


class Slow:
    """A casebook whose build goes on until it is told to stop."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()

    def ensure_built(self, on_progress: Callable[[int, int], None]) -> None:
        try:
            for done in range(10_000):
                on_progress(done, 10_000)
                self.begun.set()
                threading.Event().wait(0.005)
        finally:
            self.ended.set()


def test_stopping_ends_a_build_cleanly() -> None:
    slow = Slow()
    opening = Opening(lambda: slow)  # type: ignore[arg-type, return-value]
    opening.start()
    assert slow.begun.wait(20)
    building = opening.progress
    assert (building.state, building.total) == (State.BUILDING, 10_000)
    opening.stop()
    assert slow.ended.is_set()
    assert opening.failure == "Stopped while the index was being built."
