"""Choose sentences that answer: the extractive answerer. It proposes and verifies nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant import text as texts
from assistant.answering.denial import asks_for_failure, only_failures
from assistant.answering.evidence import Evidence
from assistant.answering.scope import about_named_places, asks_for_several, compares
from assistant.datatypes import Draft, Passage

_LEANS = re.compile(
    r"(?:This|These|That|Those|It|Its|They|Their|He|She|Both|Such|There|Then|But|And|So|Later|Also|"
    r"However|One|Another|The (?:first|second|third|other|latter|same))\b"
)
_ENDS_LEANING = re.compile(r"\b(?:this|that|these|those|do so)\W*$")
_POINTS_ELSEWHERE = re.compile(r"(?:See|Visit|For more|Read more|Want to hear)\b")
MIN_WORDS = 4


class Answerer(Protocol):
    """Evidence to drafts. Whatever it proposes, `citations` decides what is shown."""

    def draft(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        """Proposed statements, best first."""
        ...


@dataclass(frozen=True)
class Margins:
    """How far below the best sentence's score another may be and still be said.

    `place`: the first sentence of another document; `more`: a further one of the same document.
    """

    place: float
    more: float


@dataclass(frozen=True)
class Extractive:
    """Statements are one or two neighbouring sentences of the corpus.

    `one` holds for a question that names its place or programme, `several` for all others: any
    place may answer. Of places that are compared each is quoted, however far apart they score.
    """

    one: Margins
    several: Margins
    most: int = 12
    few: int = 4
    least: float = -3.0
    """Log-odds (one in twenty) that a statement must have, however weak the best one is, once there
    are `few`: a weak answer is kept short."""
    a_document: int = 3
    alike: float = 0.6
    """Two statements that share this much of their words (Jaccard) say the same."""

    def draft(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        named = about_named_places(question, evidence)
        of_one = named and not asks_for_several(question)
        margins = self.one if of_one else self.several
        chosen: list[_Choice] = []
        best: float | None = None
        ranked = list(_ranked(named or evidence))
        if asks_for_failure(question):
            ranked = only_failures(ranked, margins.place)
        each = bool(named) and compares(question)
        for score, passage, position in ranked:
            if score < self.least and len(chosen) >= self.few and not each:
                break
            best = score if best is None else best
            known = [c for c in chosen if c.passage.doc_id == passage.doc_id]
            close = score >= best - (margins.more if known else margins.place)
            if not close and (known or not each):
                continue
            held = _held(passage, known)
            said = {words for choice in chosen for words in choice.sentences}
            if _words(passage, position) in said:  # itself, or a copy of it elsewhere
                continue
            if any(c.extend(passage, position, held) for c in known):
                continue
            fresh = _Choice(passage, position, position)
            fresh.lean(said)
            full = len(chosen) == self.most or len(known) == self.a_document
            if not full and not any(fresh.says(other) >= self.alike for other in chosen):
                chosen.append(fresh)
        return [choice.draft() for choice in _by_place(chosen)]


@dataclass
class _Choice:
    """One or two neighbouring sentences of a passage: positions `first` to `last`, inclusive."""

    passage: Passage
    first: int
    last: int

    @property
    def quote(self) -> str:
        begin = self.passage.sentences[self.first].start - self.passage.span.start
        end = self.passage.sentences[self.last].end - self.passage.span.start
        return self.passage.text[begin:end]

    def draft(self) -> Draft:
        return Draft(texts.collapse(self.quote), self.passage.passage_id, self.quote)

    def says(self, other: _Choice) -> float:
        """The share of their words that both have (Jaccard)."""
        a, b = set(texts.words(self.quote)), set(texts.words(other.quote))
        return len(a & b) / len(a | b) if a | b else 1.0

    def extend(self, passage: Passage, position: int, held: set[int]) -> bool:
        """Take in a sentence that stands beside the only one there is and is not `held`."""
        if passage.passage_id != self.passage.passage_id or position in held:
            return False
        low, high = min(self.first, position), max(self.last, position)
        if high - low != 1 or not _side_by_side(passage, low):
            return False
        self.first, self.last = low, high
        return True

    @property
    def sentences(self) -> list[tuple[str, ...]]:
        """The words of its sentences."""
        return [_words(self.passage, n) for n in range(self.first, self.last + 1)]

    def lean(self, said: set[tuple[str, ...]]) -> None:
        """Bring along the sentence before if this one leans on it ("This led …", "… to stop that").

        One that is `said` already is not said again.
        """
        before = self.first - 1
        leans = _LEANS.match(self.quote) or _ENDS_LEANING.search(self.quote)
        if before < 0 or not leans or _words(self.passage, before) in said:
            return
        if _side_by_side(self.passage, before):
            self.first = before


def _words(passage: Passage, position: int) -> tuple[str, ...]:
    return tuple(texts.words(passage.sentence(position)))


def _held(passage: Passage, choices: Sequence[_Choice]) -> set[int]:
    """Positions in `passage` that `choices` say already."""
    same = (choice for choice in choices if choice.passage.passage_id == passage.passage_id)
    return {position for choice in same for position in range(choice.first, choice.last + 1)}


def _side_by_side(passage: Passage, position: int) -> bool:
    """Whether sentence `position` and the next stand in one paragraph or list entry."""
    before, after = passage.sentences[position : position + 2]
    between = passage.text[before.end - passage.span.start : after.start - passage.span.start]
    return not between.strip() and "\n\n" not in between


def _ranked(evidence: Sequence[Evidence]) -> Iterator[tuple[float, Passage, int]]:
    """(score, passage, position) of all sentences with something to say, best first."""
    found = [
        (score, item.hit.passage, position)
        for item in evidence
        for position, score in enumerate(item.sentences)
        if _says_something(item.hit.passage.sentence(position))
    ]
    yield from sorted(found, key=lambda entry: (-entry[0], entry[1].passage_id, entry[2]))


def _says_something(sentence: str) -> bool:
    """Whether a sentence could answer anything; "See the evaluation" only points to what could."""
    return texts.count_words(sentence) >= MIN_WORDS and not _POINTS_ELSEWHERE.match(sentence)


def _by_place(chosen: Sequence[_Choice]) -> list[_Choice]:
    """Statements of one place together (of one document where no place is known), best first."""
    order: dict[str, list[_Choice]] = {}
    for choice in chosen:
        order.setdefault(choice.passage.place or choice.passage.doc_id, []).append(choice)
    return [choice for group in order.values() for choice in group]
