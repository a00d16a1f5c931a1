"""What a bad file is, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

READ = "read"
GOOD = "Admissions fell by a fifth."
EVIL = "root:x:0:0"


@dataclass(frozen=True)
class Case:
    """One bad file. `codes` are those that may come of it; `READ` among them if it may be read."""

    id: str
    name: str
    content: Callable[[], bytes]
    codes: tuple[str, ...]
    holds: str = ""
    lacks: tuple[str, ...] = ()
    notes: str = ""
    seconds: float = 5.0
    megabytes: int = 512


def fixed(content: bytes) -> Callable[[], bytes]:
    return lambda: content
