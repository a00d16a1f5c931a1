"""Links are followed after edits: benchmarks/surviving_links.py on a few seeds."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Document, Passage, Span
from assistant.documents import read_corpus
from assistant.settings import PROJECT
from benchmarks.surviving_links import Tally, follow

CORPUS = read_corpus(PROJECT / "corpus").documents


def test_links_outlive_edits_of_a_fifth_of_the_paragraphs() -> None:
    total = sum((follow(CORPUS, seed) for seed in range(3)), Tally())
    assert total.kept > 4000
    assert total.removed > 200
    assert total.share >= 0.99
    assert total.wrong == 0


def test_links_that_named_positions_would_not() -> None:
    """The experiment tells good links from bad ones."""

    def name(document: Document, span: Span) -> str:
        return f"{span.start}-{span.end}"

    def find(document: Document, passages: Sequence[Passage], link: str) -> Span | None:
        return Span(*map(int, link.split("-")))

    total = follow(CORPUS, 0, name, find)
    assert total.share < 0.5
    assert total.wrong > total.removed
