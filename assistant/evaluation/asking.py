"""Put the questions to a system, one after another, and judge what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TypeVar

from assistant.evaluation.judging import Judged, judge
from assistant.evaluation.questions import Question
from assistant.evaluation.replies import Quoted
from assistant.evaluation.systems import System
from assistant.retrieval.index import Index

T = TypeVar("T")


def put(questions: Sequence[Question], system: System, index: Index) -> list[Judged]:
    """Every question with the system's reply, judged; a first question warms it up, untimed."""
    exact = verifier(index)
    if questions:
        system.reply(questions[0].text, questions[0].history)
    judged = []
    for question in bar(questions, system.name):
        reply = system.reply(question.text, question.history)
        judged.append(judge(question, reply, [exact(cited) for cited in reply.citations]))
    return judged


def verifier(index: Index) -> Callable[[Quoted], bool]:
    """Whether words stand in their document exactly where they claim to."""

    @cache
    def text_of(doc_id: str) -> str:
        document = index.document(doc_id)
        return document.text if document else ""

    return lambda quoted: text_of(quoted.doc_id)[quoted.start : quoted.end] == quoted.text


def bar(steps: Sequence[T], label: str) -> Iterator[T]:
    """`steps` with a progress bar on a terminal."""
    from tqdm import tqdm

    shown: Iterable[T] = tqdm(steps, desc=label, unit="question", disable=None, leave=False)
    yield from shown
