"""Sound files with bytes changed at random: each is read or refused, none breaks the reader."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.documents.sandbox import Sandbox
from assistant.errors import DocumentError
from assistant.settings import Limits

SAMPLES = sorted(
    path
    for path in (Path(__file__).resolve().parent.parent / "samples").iterdir()
    if path.suffix not in (".py", ".md")
)
EDITIONS = 25


def _damaged(raw: bytes, chance: random.Random) -> bytes:
    """Some bytes flipped, a piece lost or doubled."""
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    start = chance.randrange(len(changed))
    end = min(len(changed), start + chance.randint(1, 2_000))
    return bytes(changed) if chance.random() < 0.5 else bytes(
        changed[:start] + changed[start:end] * chance.choice((0, 2)) + changed[end:]
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_damage_ends_in_a_code(path: Path) -> None:
    chance = random.Random(path.name)  # noqa: S311 - the same damage every time
    codes = []
    with Sandbox(Limits(read_seconds=20), tesseract="") as sandbox:
        for _ in range(EDITIONS):
            try:
                sandbox.read(path.name, _damaged(path.read_bytes(), chance))
                codes.append("read")
            except DocumentError as failure:
                codes.append(failure.code)
    assert {"crashed", "time_limit", "memory_limit"}.isdisjoint(codes)
    assert len(codes) == EDITIONS
