"""Figures of a judged collection: documents ranked by their best passage, and passages by span."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.datatypes import Passage, Span
from assistant.evaluation.asking import bar
from assistant.evaluation.beir import Collection, best_passages
from assistant.evaluation.bootstrap import Estimate, Ratio, estimate
from assistant.evaluation.questions import Question
from assistant.evaluation.ranking import measure
from assistant.evaluation.systems import System

DEPTH = 100
SHOWN = 5
"""Passages that are compared with the excerpts, as in the published figures."""
MEASURES = {
    "nDCG@5": "nDCG@5",
    "nDCG@10": "nDCG@10",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "recall@100": "R@100",
    "MRR@10": "RR@10",
}

Place = tuple[str, Span]


def retrieval(
    system: System, collection: Collection, questions: Sequence[Question], with_history: bool
) -> dict[str, Estimate]:
    """How well `system` finds the documents, and the spans if they are known, of `questions`."""
    rankings: dict[str, list[str]] = {}
    spans: list[tuple[float, float, float]] = []
    for question in bar(questions, f"{system.name}: search"):
        ranked = system.rank(question.text, question.history if with_history else (), DEPTH)
        rankings[question.id] = best_passages([(p.doc_id, score) for p, score in ranked])
        if collection.is_split and question.id in collection.spans:
            places = [place_of(passage) for passage, _ in ranked[:SHOWN]]
            spans.append(overlap_of_places(places, collection.spans[question.id]))
    qrels = {question.id: collection.qrels[question.id] for question in questions}
    found = measure(rankings, qrels, list(MEASURES.values()))
    figures = {
        name: Ratio.mean([found[key][question.id] for question in questions])
        for name, key in MEASURES.items()
    }
    figures |= _of_spans(spans)
    return {name: estimate(figure, len(figure.under)) for name, figure in figures.items()}


def place_of(passage: Passage) -> Place:
    """Where a passage stands."""
    return passage.doc_id, passage.span


def overlap_of_places(
    found: Sequence[Place], wanted: Sequence[Place]
) -> tuple[float, float, float]:
    """(recall, precision, intersection over union), counted in characters."""
    a, b = _characters(found), _characters(wanted)
    both = len(a & b)
    return (
        both / len(b) if b else 0.0,
        both / len(a) if a else 0.0,
        both / len(a | b) if a or b else 0.0,
    )


def _characters(places: Sequence[Place]) -> set[tuple[str, int]]:
    return {(doc_id, i) for doc_id, span in places for i in range(span.start, span.end)}


def _of_spans(spans: Sequence[tuple[float, float, float]]) -> dict[str, Ratio]:
    if not spans:
        return {}
    columns = np.array(spans).T
    names = (f"excerpt recall@{SHOWN}", f"excerpt precision@{SHOWN}", f"excerpt IoU@{SHOWN}")
    return {
        name: Ratio(values, np.ones(len(values)))
        for name, values in zip(names, columns, strict=True)
    }
