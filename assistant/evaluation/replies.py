"""What a system says to a question, reduced to what can be judged: quotations and a confidence."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.datatypes import Answer, Passage

PRINTED_DIGITS = 4
"""Confidence is judged as it is printed, so that a batch file gives the same figures."""


@dataclass(frozen=True)
class Quoted:
    """Words of a document with their offsets in it."""

    doc_id: str
    text: str
    start: int
    end: int

    @classmethod
    def passage(cls, passage: Passage) -> Quoted:
        """A whole passage."""
        return cls(passage.doc_id, passage.text, passage.span.start, passage.span.end)


@dataclass(frozen=True)
class Reply:
    """Citations in the order of their numbers and the best ten hits, best first."""

    asked: str
    """The question as it was searched: made to stand alone if it followed others."""
    abstained: bool
    confidence: float
    citations: tuple[Quoted, ...]
    hits: tuple[Quoted, ...]
    milliseconds: float


def reply_of(answer: Answer, milliseconds: float) -> Reply:
    """An answer of Casebook."""
    return Reply(
        answer.standalone_question,
        answer.abstained,
        round(answer.confidence, PRINTED_DIGITS),
        tuple(Quoted(c.doc_id, c.quote, c.span.start, c.span.end) for c in answer.citations),
        tuple(Quoted.passage(hit.passage) for hit in answer.hits),
        milliseconds,
    )
