"""Sessions of people who signed in: a signed cookie, nothing on disk.

The key is made anew at each start, so that a restart signs everybody out and no key is at rest. A
session also ends when its password changes, when its holder signs out, and after half a day.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.web.passwords import Role

LIFETIME = 12 * 3600
"""Seconds."""
MAX_ENDED = 10_000
"""Sessions remembered as signed out; more than can be opened in a lifetime at the limits' pace."""


@dataclass(frozen=True)
class Session:
    """Somebody who gave the password of `role`; `identity` is random and tells sessions apart."""

    identity: str
    role: Role


class Sessions:
    """Issues and reads tokens. `mark(role)` changes with the role's password, "" without one."""

    def __init__(self, mark: Callable[[Role], str], secret: str | None = None) -> None:
        self._mark = mark
        self._serializer = URLSafeTimedSerializer(secret or secrets.token_hex(32), "casebook")
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, role: Role) -> str:
        """A token for the cookie."""
        return str(self._serializer.dumps([secrets.token_hex(8), role.value, self._mark(role)]))

    def read(self, token: str) -> Session | None:
        """The session of a token; None if it is forged, old, ended, or its password changed."""
        try:
            identity, role, mark = self._serializer.loads(token, max_age=LIFETIME)
        except BadSignature:
            return None
        found = Session(identity, Role(role))
        now = self._mark(found.role)
        if not now or not secrets.compare_digest(mark, now) or identity in self._ended:
            return None
        return found

    def end(self, token: str) -> None:
        """Sign out: the token opens nothing any more, wherever a copy of it may be."""
        found = self.read(token)
        if found is None:
            return
        with self._lock:
            self._ended[found.identity] = None
            while len(self._ended) > MAX_ENDED:
                self._ended.popitem(last=False)
