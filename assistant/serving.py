"""Which generation to answer from: the current one, or the best that is whole."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from assistant.errors import IndexDamaged, IndexFault
from assistant.indexing.generations import Generations

LOG = logging.getLogger(__name__)

Opened = TypeVar("Opened")


class Serving(Generic[Opened]):
    """Keeps one generation open and moves on when another is published. Safe to share by threads.

    `open_generation` is given a name and raises IndexFault if it cannot be opened. Whoever holds
    what `now` returned keeps it for as long as they like.
    """

    def __init__(self, generations: Generations, open_generation: Callable[[str], Opened]) -> None:
        self._generations, self._open_generation = generations, open_generation
        self._opened: tuple[str, Opened] | None = None
        self._looked_at = ""
        self._turn = threading.Lock()
        self.fault = ""
        """Why the generation that CURRENT names is not the one being served; empty if it is."""

    def now(self) -> Opened:
        """What to answer from. Raises IndexFault if there is nothing."""
        opened = self._opened
        if opened is not None and self._generations.served() == self._looked_at:
            return opened[1]
        # While one thread opens a new generation the others go on with the one before.
        if not self._turn.acquire(blocking=opened is None):
            return opened[1] if opened else self.now()
        try:
            if self._opened is None or self._generations.served() != self._looked_at:
                self._opened = self._move_on()
            return self._opened[1]
        finally:
            self._turn.release()

    def _move_on(self) -> tuple[str, Opened]:
        """The current generation; if it cannot be used, the one that is open or an older one."""
        while True:
            self._looked_at = self._generations.served()
            try:
                name = self._generations.current()
                opened = self._open_generation(name)
            except IndexFault as fault:
                if self._generations.served() == self._looked_at:
                    return self._instead(fault)
                continue  # replaced while it was being opened
            self.fault = ""
            return name, opened

    def _instead(self, fault: IndexFault) -> tuple[str, Opened]:
        """What is served in place of a generation with `fault`; raises it if there is nothing."""
        instead = self._opened or self._older(fault)
        if instead is None:
            raise fault
        self.fault = f"{fault} Until then generation {instead[0]} is served."
        LOG.error("%s", self.fault)
        return instead

    def _older(self, fault: IndexFault) -> tuple[str, Opened] | None:
        """The newest older generation that is whole, if it is damage that is in the way."""
        for name in self._generations.fallbacks() if isinstance(fault, IndexDamaged) else ():
            with suppress(IndexFault):
                return name, self._open_generation(name)
        return None
