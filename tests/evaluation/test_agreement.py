"""Our figures are those of the scorer that the questions came with, on the same answers."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assistant.answering.reasoning import choose
from assistant.answering.wire import answer_fields
from assistant.evaluation.asking import verifier
from assistant.evaluation.bench import Bench
from assistant.evaluation.figures import estimates, figures_of
from assistant.evaluation.judging import judge
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.replies import reply_of
from assistant.indexing.embedders import HashingEmbedder
from assistant.pipeline import Casebook
from assistant.settings import PROJECT, Settings

DEV = "questions-dev.jsonl"
ROUNDED = 5.1e-5
"""The scorer rounds to four places."""
NAMES = {
    "right": ("right",),
    "first citation right": ("first_citation_right",),
    "citation precision": ("citation_precision",),
    "document precision": ("citation_doc_precision",),
    "quote recall": ("citation_quote_recall",),
    "multi document recall": ("multi_doc_recall",),
    "hit@1": ("retrieval", "hit1"),
    "hit@5": ("retrieval", "hit5"),
    "MRR": ("retrieval", "mrr"),
    "quote recall@10": ("retrieval", "hits_quote_recall"),
    "document recall@10": ("retrieval", "hits_doc_recall"),
    "abstention precision": ("abstention", "precision"),
    "abstention recall": ("abstention", "recall"),
    "false refusals": ("abstention", "false_refusals"),
    "abstention AUROC": ("abstention", "auroc"),
    "verbatim": ("citations_verbatim",),
}


@pytest.fixture(scope="session")
def scorer(shared: Path) -> ModuleType:
    """score_answers.py as a module."""
    path = shared / "tools" / "score_answers.py"
    spec = importlib.util.spec_from_file_location("score_answers", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def compare(scorer: ModuleType, path: Path, questions: Sequence[Question], book: Casebook) -> None:
    """Ask once; hold the printed answers against the scorer's figures and ours."""
    answers: dict[str, dict[str, Any]] = {}
    judged = []
    exact = verifier(book.index())
    for question in questions:
        answer = book.ask(question.text, question.history)
        answers[question.id] = json.loads(json.dumps({"id": question.id} | answer_fields(answer)))
        reply = reply_of(answer, 1.0)
        judged.append(judge(question, reply, [exact(cited) for cited in reply.citations]))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    theirs = scorer.score(rows, answers, PROJECT / "corpus")
    ours = {name: e.value for name, e in estimates(figures_of(judged), len(judged)).items()}
    expected = {name: _dig(theirs, keys) for name, keys in NAMES.items()}
    by_kind = {f"right: {kind}": value for kind, value in theirs["right_by_kind"].items()}
    found = {name: ours[name] for name in (*expected, *by_kind)}
    assert found == pytest.approx(expected | by_kind, abs=ROUNDED)
    assert theirs["missing"] == 0
    assert ours.keys() - found.keys() == {"document recall", "median milliseconds"}


def _dig(values: dict[str, Any], keys: Sequence[str]) -> float:
    for key in keys:
        values = values[key]
    return values  # type: ignore[return-value]  # the last one is a number


def test_agreement_without_a_model(scorer: ModuleType, shared: Path, tmp_path: Path) -> None:
    settings = Settings(corpus=PROJECT / "corpus", index=tmp_path / "index")
    book = Casebook(settings, HashingEmbedder(), choose(Settings(evidence_model="none")))
    book.build()
    path = shared / "eval" / DEV
    compare(scorer, path, read_questions(path), book)


@pytest.mark.slow
def test_agreement_as_shipped(scorer: ModuleType, shared: Path, real_bench: Bench) -> None:
    path = shared / "eval" / DEV
    compare(scorer, path, read_questions(path), real_bench.casebook)
