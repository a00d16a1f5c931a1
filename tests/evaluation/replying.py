"""Questions and replies made by hand, for figures that a person can check."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.judging import Judged, judge
from assistant.evaluation.questions import Gold, Question
from assistant.evaluation.replies import Quoted, Reply

FUND = "The council and the hospital put their money into one fund."
BUS = "Volunteers drove carers to the day centre."
NURSES = "Nurses visited every school in Moorland."


def question(name: str, *gold: tuple[str, str], kind: str = "single") -> Question:
    """A question with this id and gold quotations (document, quote)."""
    return Question(name, f"What about {name}?", kind, tuple(Gold(*pair) for pair in gold))


def quoted(document: str, words: str) -> Quoted:
    """Words said to stand at the beginning of a document."""
    return Quoted(f"{document}.md", words, 0, len(words))


def reply(
    citations: Sequence[tuple[str, str]] = (),
    hits: Sequence[tuple[str, str]] = (),
    confidence: float = 0.5,
    milliseconds: float = 10.0,
) -> Reply:
    """A reply that refuses if it cites nothing."""
    return Reply(
        "asked",
        not citations,
        confidence,
        tuple(quoted(*pair) for pair in citations),
        tuple(quoted(*pair) for pair in hits),
        milliseconds,
    )


def judged(asked: Question, answer: Reply) -> Judged:
    """The two held together; every citation is taken to be verbatim."""
    return judge(asked, answer, [True] * len(answer.citations))


def four() -> list[Judged]:
    """Right at once; right second, one of two places; refused wrongly; refused rightly."""
    return [
        judged(
            question("one", ("harbour", FUND)),
            reply([("harbour", FUND)], [("harbour", FUND)], confidence=0.9, milliseconds=10),
        ),
        judged(
            question("two", ("valley", BUS), ("moorland", NURSES), kind="multi"),
            reply(
                [("harbour", FUND), ("valley", BUS)],
                [("harbour", FUND), ("harbour", BUS), ("valley", BUS)],
                confidence=0.6,
                milliseconds=20,
            ),
        ),
        judged(
            question("three", ("valley", BUS)),
            reply(hits=[("harbour", FUND)], confidence=0.3, milliseconds=30),
        ),
        judged(
            question("four", kind="unanswerable"),
            reply(hits=[("harbour", FUND)], confidence=0.4, milliseconds=60),
        ),
    ]
