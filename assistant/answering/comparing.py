"""What became of words that changed: the nearest words now, and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant import text as texts
from assistant.datatypes import Document, Passage, Span

LEAST = 0.35
"""Share of words in common (Dice's coefficient) below which nothing is called near."""
LONGEST = 3
"""Sentences in a row that may together stand for the old words."""


@dataclass(frozen=True)
class Nearest:
    """The words now closest to old ones: their passage and their span in the document."""

    passage: Passage
    span: Span
    likeness: float


def nearest(words: str, document: Document, passages: Sequence[Passage]) -> Nearest | None:
    """The sentences of `document` most like `words`, one to three in a row; None if none are."""
    wanted = Counter(texts.words(words))
    best: Nearest | None = None
    for passage in passages:
        for span in _runs(passage):
            likeness = _dice(wanted, Counter(texts.words(span.of(document.text))))
            if likeness >= LEAST and (best is None or likeness > best.likeness):
                best = Nearest(passage, span, likeness)
    return best


def _runs(passage: Passage) -> Iterator[Span]:
    sentences = passage.sentences
    for first in range(len(sentences)):
        for last in range(first, min(first + LONGEST, len(sentences))):
            yield Span(sentences[first].start, sentences[last].end)


def _dice(one: Counter[str], other: Counter[str]) -> float:
    """Twice the words in common over all words (Dice 1945), repeated words counted."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


Piece = tuple[str, bool]
"""Words, and whether they differ."""


def differences(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those that the other does not have marked; white space is one space."""
    before, after = old.split(), new.split()
    olds: list[Piece] = []
    news: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if a < b:
            olds.append((" ".join(before[a:b]), kind != "equal"))
        if c < d:
            news.append((" ".join(after[c:d]), kind != "equal"))
    return olds, news
