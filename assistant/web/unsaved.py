"""Answers given a while ago, held in memory so that a reader can ask for a link to one."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from assistant.datatypes import Answer

MOST = 500
SECONDS = 3600.0
"""How long an answer is held: as long as its conversation."""


class Unsaved:
    """The latest answers by a name that nobody can guess; the oldest are forgotten."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, threading.Lock()
        self._answers = OrderedDict[str, tuple[float, Answer]]()

    def hold(self, answer: Answer) -> str:
        """The name of `answer` from now on."""
        name = secrets.token_hex(16)
        with self._lock:
            self._answers[name] = (self._now(), answer)
            while len(self._answers) > MOST or self._is_old(next(iter(self._answers.values()))[0]):
                self._answers.popitem(last=False)
        return name

    def get(self, name: str) -> Answer | None:
        """The answer of this name, None if it is not held any more."""
        with self._lock:
            held = self._answers.get(name)
        return held[1] if held and not self._is_old(held[0]) else None

    def _is_old(self, since: float) -> bool:
        return self._now() - since > SECONDS
