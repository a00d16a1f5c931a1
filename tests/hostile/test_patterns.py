"""B50: no regular expression of ours can be made to run for long by what a document says."""

from __future__ import annotations

import importlib
import re
import time
from typing import Any

import pytest

from assistant import text as texts
from assistant.documents import front_matter
from assistant.settings import PROJECT, Settings

BAITS = {
    "letters": "a" * 100_000 + "!", "numbers": "1." * 50_000, "spaces": " " * 100_000 + "x",
    "dashes": "-" * 100_000, "lines": "\n" * 100_000, "brackets": "((" * 50_000,
    "words": "Ab " * 33_000, "tags": "<a " * 33_000, "quotes": "\"'" * 50_000,
    "pipes": "|" * 100_000,    "styles": "{\\s1\\" * 20_000, "data": "=\"data:" * 15_000,
}  # fmt: skip
MODULES = sorted(
    ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for path in (PROJECT / "assistant").rglob("*.py")
    if path.name not in ("__main__.py", "__init__.py")
    and {"documents", "indexing", "answering", "text.py", "rendering.py", "links.py"}
    & set(path.parts)
)


def _longest(name: str) -> int | None:
    """Characters of the longest text that a pattern meets, where there is a limit before it.

    Follow-ups and parts of questions are on one line: a question has at most 2,000 characters, a
    title is part of front matter.
    """
    if name == "assistant.answering.follow_ups.names":
        return front_matter.MAX_CHARACTERS
    reads_questions = ".follow_ups." in name or name == "assistant.answering.parts"
    return Settings.max_question if reads_questions else None


SEARCHING = ("search", "finditer", "findall", "sub", "split")


def _ways(name: str, attribute: str) -> tuple[str, ...]:
    """How the product uses a pattern: all over a text, or only from where it is told."""
    source = (PROJECT / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
    used = set(re.findall(rf"\b{attribute}\.(\w+)\(", source))
    return ("finditer",) if used & set(SEARCHING) or not used else ("match", "fullmatch")


PATTERNS = [
    pytest.param(
        value,
        _ways(name, attribute),
        _longest(name),
        id=f"{name.removeprefix('assistant.')}.{attribute}",
    )
    for name in MODULES
    for attribute, value in vars(importlib.import_module(name)).items()
    if isinstance(value, re.Pattern)
]
SECONDS = 0.1
SLACK = 5.0
"""Times longer on a busy machine."""


@pytest.mark.parametrize(("pattern", "ways", "longest"), PATTERNS)
def test_a_pattern_is_quick_on_bait(
    pattern: re.Pattern[Any], ways: tuple[str, ...], longest: int | None
) -> None:
    for name, bait in BAITS.items():
        bait = texts.collapse(bait)[:longest] if longest else bait
        text = bait.encode() if isinstance(pattern.pattern, bytes) else bait
        for way in ways:
            start = time.process_time()
            found = getattr(pattern, way)(text)
            if way == "finditer":
                found = sum(1 for _ in found)
            assert time.process_time() - start < SLACK * SECONDS, (name, way)


def test_patterns_are_found() -> None:
    assert len(PATTERNS) > 40
