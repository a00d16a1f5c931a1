"""`python -m assistant evaluate`: questions or a collection in, a scoreboard out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingError
from assistant.evaluation.abstention import points_of
from assistant.evaluation.asking import put
from assistant.evaluation.beir import Collection, read_collection
from assistant.evaluation.bench import Bench, collection_bench, corpus_bench
from assistant.evaluation.collection_scores import retrieval
from assistant.evaluation.figures import estimates, figures_of
from assistant.evaluation.judging import Judged
from assistant.evaluation.pictures import draw_reliability, draw_risk_coverage
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.scoreboard import Scoreboard, Section, failures
from assistant.evaluation.systems import System
from assistant.settings import Settings

ANSWERS, RETRIEVAL = "Answers", "Retrieval"
FOLLOW_UPS = "Follow-ups"


@dataclass(frozen=True)
class Request:
    """What to measure. Exactly one of `questions` and `collection` is given.

    `index` None means a temporary one, unless the questions are about the index of the settings.
    """

    questions: Path | None = None
    collection: Path | None = None
    corpus: Path | None = None
    index: Path | None = None
    output: Path | None = None
    with_baselines: bool = False

    def __post_init__(self) -> None:
        if (self.questions is None) == (self.collection is None):
            raise SettingError(
                "evaluate was given both a file of questions and --collection, or neither: "
                "expected one of them. Try: python -m assistant evaluate QUESTIONS.jsonl"
            )


def command(options: argparse.Namespace, settings: Settings) -> str:
    """Measure, write what --output asks for, and return what is printed."""
    request = Request(
        options.questions, options.collection, options.corpus, options.index, options.output,
        options.baselines,
    )  # fmt: skip
    scoreboard = evaluate(request, settings)
    if request.output is not None:
        write(scoreboard, request.output)
    lines = [scoreboard.as_text()]
    if options.wrong:
        lines += ["", *failures(scoreboard.judged)]
    return "\n".join(lines)


def write(scoreboard: Scoreboard, folder: Path) -> None:
    """The scoreboard's files; pictures of abstention only where some question has no answer."""
    scoreboard.write(folder)
    if any(not point.answerable for point in scoreboard.points):
        sets = {scoreboard.title: scoreboard.points}
        draw_reliability(sets, folder / "reliability.png")
        draw_risk_coverage(sets, folder / "risk-coverage.png")


def evaluate(request: Request, settings: Settings) -> Scoreboard:
    """The scoreboard of the request. Raises CasebookError."""
    if request.questions is not None:
        questions = read_questions(request.questions)
        temporary = request.corpus is not None and request.index is None
        with corpus_bench(
            settings, rebuild=request.corpus is not None, temporary=temporary
        ) as bench:
            return of_questions(request.questions.stem, questions, bench, request.with_baselines)
    assert request.collection is not None  # noqa: S101  # Request has checked it
    collection = read_collection(request.collection)
    with collection_bench(collection, settings, temporary=request.index is None) as bench:
        return of_collection(collection, bench, request.with_baselines)


def of_questions(
    name: str, questions: Sequence[Question], bench: Bench, with_baselines: bool
) -> Scoreboard:
    """The scoreboard of questions put to an open bench."""
    others, notes = bench.baselines() if with_baselines else ([], [])
    judged, section = _answers(questions, [bench.product, *others], bench)
    return Scoreboard(
        name,
        _about(bench, len(questions)),
        [section],
        judged,
        points_of(judged, bench.without_refusals(judged)),
        notes,
    )


def of_collection(collection: Collection, bench: Bench, with_baselines: bool) -> Scoreboard:
    """The scoreboard of a collection whose documents the bench has indexed.

    Baselines are compared by what they find; they have no say on what is answerable.
    """
    others, notes = bench.baselines() if with_baselines else ([], [])
    systems: list[System] = [bench.product, *others]
    asked = [q for q in collection.questions if q.id in collection.qrels]
    sections = [
        Section(
            f"{RETRIEVAL} ({'last turn alone' if collection.has_history else 'documents'})",
            {s.name: retrieval(s, collection, asked, with_history=False) for s in systems},
        )
    ]
    if collection.has_history:
        sections.append(_follow_ups(collection, systems[0], asked))
    if not collection.has_unanswerable:
        return Scoreboard(collection.name, _about(bench, len(asked)), sections, notes=notes)
    judged, section = _answers(collection.questions, systems[:1], bench)
    return Scoreboard(
        collection.name,
        _about(bench, len(collection.questions)),
        [*sections, section],
        judged,
        points_of(judged, bench.without_refusals(judged)),
        notes,
    )


def _follow_ups(collection: Collection, system: System, asked: Sequence[Question]) -> Section:
    """The turns that follow others, each as it stands and with what was asked before."""
    later = [question for question in asked if question.history]
    return Section(
        f"{FOLLOW_UPS} ({len(later)} turns that have others before them)",
        {
            f"{system.name}, last turn alone": retrieval(system, collection, later, False),
            f"{system.name}, with earlier turns": retrieval(system, collection, later, True),
        },
    )


def _answers(
    questions: Sequence[Question], systems: Sequence[System], bench: Bench
) -> tuple[list[Judged], Section]:
    """The first system's judged replies, and all systems' figures."""
    index = bench.casebook.index()
    judged = {system.name: put(questions, system, index) for system in systems}
    first = next(iter(judged.values()))
    return first, Section(
        ANSWERS,
        {name: estimates(figures_of(rows), len(rows)) for name, rows in judged.items()},
    )


def _about(bench: Bench, questions: int) -> dict[str, str | int]:
    manifest = bench.casebook.index().manifest
    return {
        "questions": questions,
        "documents": manifest.documents,
        "passages": manifest.passages,
        "embedding model": manifest.embedder,
    }
