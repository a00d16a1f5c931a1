"""The words of a collection and of a question, which are compared with each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from assistant import text as texts
from assistant.errors import IndexDamaged
from assistant.indexing.lexical import stems

ALIKE = 0.85
"""Least share of letters in common, in order (difflib's ratio), of a word and its misspelling."""


def of(passages: Iterable[str]) -> list[str]:
    """The words of `passages`, folded and sorted, that have a letter and are no stop words."""
    found = {word for passage in passages for word in texts.words(passage)}
    return sorted(word for word in found if not word.isdecimal() and stems(word))


def by_stem(question: str) -> dict[str, str]:
    """The first word of each stem of `question`, folded, in order; stop words have none."""
    written: dict[str, str] = {}
    for word in texts.words(question):
        for stem in stems(word):
            written.setdefault(stem, word)
    return written


def spelled_like(word: str, words: Sequence[str]) -> str:
    """Which of `words` a folded word may be a misspelling of; "" if none.

    First letters are seldom wrong, and "reduction" is no misspelling of "education".
    """
    same = [other for other in words if other[:1] == word[:1]]
    return next(iter(get_close_matches(word, same, 1, ALIKE)), "")


def write(path: Path, words: Sequence[str]) -> None:
    """One word a line."""
    path.write_text("".join(f"{word}\n" for word in words), encoding="utf-8", newline="\n")


def read(path: Path) -> list[str]:
    """What `write` wrote. Raises IndexDamaged if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").split("\n")[:-1]
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}). Build the index again.") from error
