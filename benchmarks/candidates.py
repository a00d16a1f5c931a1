"""How many passages should be scored? Quality against milliseconds, as a table.

    python -m benchmarks.candidates QUESTIONS.jsonl [...]

The same questions are answered with 2, 4, 6, 8, 12 and 20 candidates (three times as many where
several places are asked for); times are of the evidence model alone, the median over all questions,
all candidates of a question together. The table is written to benchmarks/candidates.md, which
docs/quality.md shows.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import assistant  # noqa: F401  # before any library that calls home
from assistant.answering.evidence_model import (
    EvidenceInput,
    EvidenceModel,
    PassageEvidence,
    load_model,
)
from assistant.answering.reasoning import MODEL, reasoning
from assistant.evaluation.asking import put
from assistant.evaluation.figures import estimates, figures_of
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.systems import Product
from assistant.indexing.embedders import SentenceTransformerEmbedder
from assistant.pipeline import Casebook
from assistant.settings import Settings
from benchmarks.machine import machine

NUMBERS = (2, 4, 6, 8, 12, 20)
TABLE = Path(__file__).with_name("candidates.md")
SHOWN = (
    "right", "first citation right", "citation precision", "multi document recall", "hit@5", "MRR",
    "abstention AUROC",
)  # fmt: skip


class Timed:
    """An evidence model that notes how long each question took it, in milliseconds."""

    def __init__(self, model: EvidenceModel) -> None:
        self._model, self.fingerprint, self.milliseconds = model, model.fingerprint, list[float]()

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """The model's scores."""
        start = time.perf_counter()
        found = self._model.score(question, passages)
        self.milliseconds.append((time.perf_counter() - start) * 1000)
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    questions = [question for path in options.questions for question in read_questions(path)]
    settings = Settings.load()
    embedder = SentenceTransformerEmbedder.load()
    model = load_model(MODEL)
    rows = [_row(number, questions, settings, embedder, model) for number in NUMBERS]
    lines = [
        f"{len(questions)} questions ({', '.join(path.stem for path in options.questions)}), "
        f"{machine()}.",
        "",
        f"| passages scored | {' | '.join(SHOWN)} | median ms |",
        f"|---:|{'---:|' * (len(SHOWN) + 1)}",
        *rows,
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 0


def _row(
    number: int,
    questions: Sequence[Question],
    settings: Settings,
    embedder: SentenceTransformerEmbedder,
    model: EvidenceModel,
) -> str:
    timed = Timed(model)
    casebook = Casebook(settings, embedder, replace(reasoning("model", timed), candidates=number))
    judged = put(questions, Product(casebook), casebook.index())
    found = estimates(figures_of(judged), len(judged))
    cells = " | ".join(f"{found[name].value:.3f}" for name in SHOWN)
    return f"| {number} | {cells} | {median(timed.milliseconds):.0f} |"


if __name__ == "__main__":
    raise SystemExit(main())
