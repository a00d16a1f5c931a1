"""Who is asked: Casebook, and the simpler systems it has to be better than.

A baseline ranks the same passages and shows the first few whole as its sources, as a plain
retrieval chat does; it never refuses, and its best score stands for its confidence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answering.inquiry import SHOWN_HITS
from assistant.answering.reasoning import Reasoning
from assistant.datatypes import Hit, Passage
from assistant.evaluation.replies import Quoted, Reply, reply_of
from assistant.pipeline import Casebook

SOURCES = 4
"""Passages that a baseline shows: about as many quotations as Casebook's answers have."""
DEEP = 300
"""Enough to hold both retrievers' candidates, so that each can be judged alone."""

Ranked = Sequence[tuple[Passage, float]]
Rank = Callable[[str, int], Ranked]
"""A question and k to its best k passages with scores, best first."""


class System(Protocol):
    """Something that answers questions."""

    name: str

    def reply(self, question: str, history: Sequence[str] = ()) -> Reply:
        """The answer; `history` holds earlier questions, the latest last."""
        ...

    def rank(self, question: str, history: Sequence[str], k: int) -> Ranked:
        """The best `k` passages."""
        ...


class Product:
    """Casebook itself, through the same door as everyone."""

    name = "Casebook"

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._ranked: dict[tuple[tuple[str, ...], str, int], Ranked] = {}

    def reply(self, question: str, history: Sequence[str] = ()) -> Reply:
        start = time.perf_counter()
        answer = self._casebook.ask(question, history)
        return reply_of(answer, (time.perf_counter() - start) * 1000)

    def rank(self, question: str, history: Sequence[str], k: int) -> Ranked:
        """Kept once found: a follow-up collection asks for the same ranking twice."""
        key = (tuple(history), question, k)
        if key not in self._ranked:
            hits = self._casebook.search(question, k, history)
            self._ranked[key] = [(hit.passage, hit.score) for hit in hits]
        return self._ranked[key]


class Ranker:
    """A baseline: the first passages of a ranking, whole, as the sources of an answer."""

    def __init__(self, name: str, rank: Rank, sources: int = SOURCES) -> None:
        self.name, self._rank, self._sources = name, rank, sources

    def reply(self, question: str, history: Sequence[str] = ()) -> Reply:
        start = time.perf_counter()
        found = self.rank(question, history, SHOWN_HITS)
        milliseconds = (time.perf_counter() - start) * 1000
        hits = tuple(Quoted.passage(passage) for passage, _ in found)
        return Reply(
            asked=_after(history, question),
            abstained=not found,
            confidence=found[0][1] if found else 0.0,
            citations=hits[: self._sources],
            hits=hits,
            milliseconds=milliseconds,
        )

    def rank(self, question: str, history: Sequence[str], k: int) -> Ranked:
        return self._rank(_after(history, question), k)


def baselines(casebook: Casebook) -> list[Ranker]:
    """Words alone, vectors alone, and the two fused, over the product's own passages."""

    def alone(signal: Callable[[Hit], float]) -> Rank:
        def rank(question: str, k: int) -> Ranked:
            hits = casebook.index().search(question, DEEP)
            found = [(hit.passage, signal(hit)) for hit in hits if signal(hit)]
            return sorted(found, key=lambda pair: (-pair[1], pair[0].passage_id))[:k]

        return rank

    return [
        Ranker("BM25 alone", alone(lambda hit: hit.signals.lexical)),
        Ranker("dense alone", alone(lambda hit: hit.signals.dense)),
        Ranker("top passages as sources", alone(lambda hit: hit.score)),
    ]


def unreserved(reasoning: Reasoning) -> Reasoning:
    """The same reasoning that never refuses what it can quote: to see what a refusal held back."""
    return replace(reasoning, calibration=replace(reasoning.calibration, threshold=0.0))


def _after(history: Sequence[str], question: str) -> str:
    """A follow-up with the question before it, the simplest way to keep its subject."""
    return f"{history[-1]} {question}" if history else question
