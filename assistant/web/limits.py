"""How often one client may ask: questions, pages and attempts to sign in are counted apart."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.access import client_key, visitor
from assistant.web.addresses import Address, Pace
from assistant.web.security import ADDRESS

PAGES = "600/minute"
SIGN_INS = "10/minute; 60/hour"
"""Attempts of one address, right or wrong: a whole ward behind one address can still sign in."""
SORRY = {
    Pace.QUESTION: "That is more questions than one reader may ask in a minute.",
    Pace.PAGE: "That is more pages than one reader may open in a minute.",
    Pace.SIGN_IN: "That is too many attempts to sign in.",
}


def paces(questions_per_minute: int) -> dict[Pace, str]:
    """The limits in the notation of the library `limits`; 0 questions a minute means no limit."""
    chosen = {Pace.PAGE: PAGES, Pace.SIGN_IN: SIGN_INS}
    if questions_per_minute:
        chosen[Pace.QUESTION] = f"{questions_per_minute}/minute"
    return chosen


class Limits:
    """Middleware behind the door: answers 429 to a client that is too quick.

    A client is a session or a named user where there are such, else an address; attempts to sign in
    are always an address's.
    """

    def __init__(self, app: ASGIApp, paces: Mapping[Pace, str]) -> None:
        self._app = app
        self._limits = {pace: parse_many(notation) for pace, notation in paces.items()}
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address: Address | None = scope.get(ADDRESS)
        wait = self._wait(HTTPConnection(scope), address.pace) if address else 0
        if address is None or not wait:
            await self._app(scope, receive, send)
            return
        sorry = PlainTextResponse(
            f"{SORRY[address.pace]} Try again in {wait} seconds.", 429, {"Retry-After": str(wait)}
        )
        await sorry(scope, receive, send)

    def _wait(self, asked: HTTPConnection, pace: Pace) -> int:
        """Seconds until the client may go on, 0 if it may now."""
        key = client_key(asked) if pace is Pace.SIGN_IN else visitor(asked).key
        key = key or client_key(asked)
        full = [
            limit
            for limit in self._limits.get(pace, ())
            if not self._counter.hit(limit, pace.value, key)
        ]
        return max((self._seconds(limit, pace, key) for limit in full), default=0)

    def _seconds(self, limit: RateLimitItem, pace: Pace, key: str) -> int:
        reset = self._counter.get_window_stats(limit, pace.value, key).reset_time
        return max(1, math.ceil(reset - time.time()))
