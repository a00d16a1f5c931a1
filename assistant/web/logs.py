"""The server's log: what failed and where, never anybody's words.

An exception's message can hold a question, a line of a document or a key, so a traceback is cut
down to types and places before it is written, whichever library logs it.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

LOG = logging.getLogger(__name__)
FRAMES, CAUSES = 5, 3


def set_up() -> None:
    """Warnings and errors go to stderr; uncaught exceptions too, as types and places."""
    handler = logging.StreamHandler()
    handler.setFormatter(WordlessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda failed: LOG.critical("a thread ended: %s", told(failed.exc_value))


def told(error: BaseException | None) -> str:
    """An exception and its causes as types and the innermost places they passed: no messages."""
    lines: list[str] = []
    while error is not None and len(lines) < CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
        lines.append(f"{type(error).__name__} at {where or 'an unknown place'}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ", from ".join(lines)


class WordlessFormatter(logging.Formatter):
    """Control characters made visible, exceptions without their messages."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """On one line, so that no words can pretend to be another record or colour a terminal."""
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)

    def formatException(
        self,
        ei: tuple[type[BaseException] | None, BaseException | None, TracebackType | None],
    ) -> str:
        """Types and places."""
        return told(ei[1])


def _uncaught(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
    LOG.critical("Casebook ended: %s", told(error))
