"""Choose sentences that answer: the extractive answerer. It proposes and verifies nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant import text as texts
from assistant.answering.evidence import Evidence
from assistant.datatypes import Draft, Passage

_LEANS = re.compile(
    r"(?:This|These|That|Those|It|Its|They|Their|He|She|Both|Such|There|Then|But|And|So|Later|Also|"
    r"However|One|Another|The (?:first|second|third|other|latter|same))\b"
)
MIN_WORDS = 4


class Answerer(Protocol):
    """Evidence to drafts. Whatever it proposes, `citations` decides what is shown."""

    def draft(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        """Proposed statements, best first."""
        ...


@dataclass(frozen=True)
class Extractive:
    """Statements are sentences of the corpus.

    `margin`: how far below the best sentence's score another may be and still be said.
    """

    margin: float
    most: int = 8
    a_document: int = 3
    alike: float = 0.6
    """Two sentences that share this much of their words (Jaccard) say the same."""

    def draft(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        del question  # it has done its part in the scores
        chosen: list[tuple[Passage, int]] = []
        bags: list[set[str]] = []
        floor = None
        for score, passage, position in _ranked(evidence):
            floor = score - self.margin if floor is None else floor
            if score < floor or len(chosen) == self.most:
                break
            bag = set(texts.words(passage.sentence(position)))
            of_document = sum(other.doc_id == passage.doc_id for other, _ in chosen)
            if of_document < self.a_document and not self._repeats(bag, bags):
                chosen.append((passage, position))
                bags.append(bag)
        return [self._draft(passage, position) for passage, position in _by_document(chosen)]

    def _repeats(self, bag: set[str], bags: Sequence[set[str]]) -> bool:
        return any(len(bag & other) >= self.alike * len(bag | other) for other in bags)

    @staticmethod
    def _draft(passage: Passage, position: int) -> Draft:
        """The sentence; with the one before it if it leans on that and they stand side by side."""
        start = end = passage.sentences[position]
        if position and _LEANS.match(passage.sentence(position)):
            before = passage.sentences[position - 1]
            between = passage.text[
                before.end - passage.span.start : start.start - passage.span.start
            ]
            if not between.strip() and "\n" not in between:
                start = before
        quote = passage.text[start.start - passage.span.start : end.end - passage.span.start]
        return Draft(texts.collapse(quote), passage.passage_id, quote)


def _ranked(evidence: Sequence[Evidence]) -> Iterator[tuple[float, Passage, int]]:
    """(score, passage, position) of all sentences with something to say, best first."""
    found = [
        (score, item.hit.passage, position)
        for item in evidence
        for position, score in enumerate(item.sentences)
        if texts.count_words(item.hit.passage.sentence(position)) >= MIN_WORDS
    ]
    yield from sorted(found, key=lambda entry: (-entry[0], entry[1].passage_id, entry[2]))


def _by_document(chosen: Sequence[tuple[Passage, int]]) -> list[tuple[Passage, int]]:
    """Sentences of one document together, documents in the order of their best sentence."""
    order: dict[str, list[tuple[Passage, int]]] = {}
    for passage, position in chosen:
        order.setdefault(passage.doc_id, []).append((passage, position))
    return [entry for group in order.values() for entry in group]
