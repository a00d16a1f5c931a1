"""docs/reliability.md: the words of `reliability.md` beside this file around a table of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).with_name("reliability.md")


@dataclass(frozen=True)
class Row:
    """A fault, how often it was made to happen, and what came of it."""

    fault: str
    times: int
    outcome: str

    def __str__(self) -> str:
        often = "once" if self.times == 1 else f"{self.times:,} times"
        return f"{self.fault}, {often}: {self.outcome}"


def page(rows: Sequence[Row], seconds: float, machine: str) -> str:
    """The whole page, in Markdown."""
    table = "\n".join(f"| {row.fault} | {row.times:,} | {row.outcome} |" for row in rows)
    return WORDS.read_text(encoding="utf-8").format(
        table=table, seconds=f"{seconds:.0f}", machine=machine
    )
