"""Every address that is answered: by which methods, to whom, how long a body, how often.

An allow-list: whatever is not here answers 404, above all the routes for uploads, files, proxies,
editors and monitoring that Gradio brings and that the chat does not need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

KILOBYTE = 1024
MAX_UPLOAD = 100_000 * KILOBYTE
"""Of a form with files: all of them together."""


class Needs(Enum):
    """What an address asks of its visitor."""

    NOTHING = "nothing"
    READING = "reading"
    EDITING = "editing"


class Pace(Enum):
    """What kind of work a request costs; each kind has its own limit per client."""

    FREE = "free"
    PAGE = "page"
    QUESTION = "question"
    SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Address:
    """Addresses that match `pattern` whole; `longest` is a body's limit in bytes."""

    pattern: re.Pattern[str]
    methods: tuple[str, ...] = ("GET", "HEAD")
    needs: Needs = Needs.READING
    longest: int = 0
    pace: Pace = Pace.FREE


def _reading(pattern: str, pace: Pace = Pace.FREE, needs: Needs = Needs.READING) -> Address:
    return Address(re.compile(pattern, re.DOTALL), needs=needs, pace=pace)


def _posting(
    pattern: str, longest: int, pace: Pace = Pace.FREE, needs: Needs = Needs.READING
) -> Address:
    return Address(re.compile(pattern, re.DOTALL), ("POST",), needs, longest, pace)


ADDRESSES = (
    _reading(r"/health|/favicon\.ico|/robots\.txt|/look/[\w.-]+", needs=Needs.NOTHING),
    _reading(r"/privacy|/accessibility", Pace.PAGE, Needs.NOTHING),
    _reading(r"/sign-in|/sign-out", Pace.PAGE, Needs.NOTHING),
    _posting(r"/sign-in", 4 * KILOBYTE, Pace.SIGN_IN, Needs.NOTHING),
    _posting(r"/sign-out", 4 * KILOBYTE, Pace.PAGE, Needs.NOTHING),
    # Case studies
    _reading(r"/sources|/source/.+", Pace.PAGE),
    # Saved answers
    _reading(r"/save/[0-9a-f]{32}|/answers(?:/[0-9a-f]{32})?", Pace.PAGE),
    _posting(r"/save/[0-9a-f]{32}|/answers/[0-9a-f]{32}/delete", 4 * KILOBYTE, Pace.PAGE),
    # Suggestions
    _reading(r"/suggest/.+", Pace.PAGE),
    _posting(r"/suggest/.+", 64 * KILOBYTE, Pace.PAGE),
    _posting(r"/suggestions/[0-9a-f]{16}/dismiss", 4 * KILOBYTE, Pace.PAGE, Needs.EDITING),
    # Editing
    _reading(
        r"/edit/(?:new|progress|draft/[0-9a-f]{32}|undo/[0-9a-f-]{1,40}|(?:replace|remove)/.+)",
        Pace.PAGE,
        Needs.EDITING,
    ),
    _reading(r"/edit/progress\.json", needs=Needs.EDITING),
    _posting(r"/edit/new|/edit/replace/.+", MAX_UPLOAD, Pace.PAGE, Needs.EDITING),
    _posting(
        r"/edit/(?:cancel|index|draft/[0-9a-f]{32}|undo/[0-9a-f-]{1,40}|remove/.+)",
        16 * KILOBYTE,
        Pace.PAGE,
        Needs.EDITING,
    ),
    # The chat: what Gradio's page loads, asks and listens to
    _reading(r"/", Pace.PAGE),
    _reading(r"/config|/theme\.css|/assets/[\w./-]+|/static/[\w./-]+"),
    _reading(r"/gradio_api/(?:startup-events|queue/data|heartbeat/\w+)/?"),
    _posting(r"/gradio_api/queue/join/?", 64 * KILOBYTE, Pace.QUESTION),
    _posting(r"/gradio_api/(?:cancel|reset)/?", 4 * KILOBYTE, Pace.PAGE),
)


def find(path: str, method: str) -> Address | None:
    """The address of a request, None if there is nothing at `path`.

    Where no address takes `method`, one of the same path is returned, for its `methods`.
    """
    found = [address for address in ADDRESSES if address.pattern.fullmatch(path)]
    taking = [address for address in found if method in address.methods]
    return next(iter(taking or found), None)
