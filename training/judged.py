"""Training groups from passages that were judged one by one for a question.

`training/written/train/judged.jsonl` is a file of questions with one field more: `shown` lists the
passages that were judged, each by its document and first sentence. They are what a search and the
evidence model of that time thought likeliest, so those that do not answer are the hardest there
are, and those of other themes that do answer are known to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.evaluation.questions import read_questions, rows_of
from training.groups import NEGATIVES, Candidate, Group
from training.questions import dress
from training.written import FOLDER, Part, candidate_of, relabel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from assistant.datatypes import Passage
    from assistant.evaluation.questions import Gold
    from training.compose import Options

NEAR_MISSES: Final = 0.3
"""Share of the answered groups that also offer the passage without its answer."""
DRESSED: Final = 0.2
"""Share of the questions that are put with other opening words."""


@dataclass(frozen=True)
class _Asked:
    """A question with the passages that answer it and those that do not; arguable ones are out."""

    question: str
    answers: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


class Judged:
    """Draws groups at random from what was judged."""

    def __init__(self, part: Part, folder: Path = FOLDER, first: int | None = None) -> None:
        """Read the judgements on the passages of `part`: of the `first` so many questions, or all.

        Raises KeyError for an unknown passage.
        """
        path = folder / "train" / "judged.jsonl"
        opening = {(Path(p.doc_id).stem, p.sentence_texts[0]): p for p in part.passages}
        shown = [row["shown"] for _, row in rows_of(path)]
        self._asked = []
        for question, passages in islice(zip(read_questions(path), shown, strict=True), first):
            judged = [
                _judge(opening[entry["doc"], entry["quote"]], question.gold, question.borderline)
                for entry in passages
            ]
            self._asked.append(
                _Asked(
                    question.text,
                    tuple(c for c in judged if c.answers),
                    tuple(c for c in judged if not c.answers and None not in c.labels),
                )
            )
        self._answered = [
            asked
            for asked in self._asked
            if any(False in candidate.labels for candidate in asked.answers)
        ]

    def draw(self, random: Random, options: Options) -> Group:
        """A question with a passage that answers it, if there is one, and some that do not."""
        asked = random.choice(self._asked)
        candidates: list[Candidate] = []
        others = random.sample(asked.others, min(len(asked.others), NEGATIVES))
        if asked.answers:
            best = random.choice(asked.answers)
            if not others or random.random() >= options.unanswerable:
                candidates.append(best)
            if random.random() < NEAR_MISSES:
                others = [*best.without_answer, *others]
        return _group(asked.question, [*candidates, *others[:NEGATIVES]], random)

    def draw_sentences(self, random: Random) -> Group:
        """Only a passage with sentences that answer and sentences that do not."""
        asked = random.choice(self._answered)
        best = random.choice([c for c in asked.answers if False in c.labels])
        return _group(asked.question, [best], random)


def _judge(passage: Passage, golds: Sequence[Gold], arguable: Sequence[Gold]) -> Candidate:
    document = Path(passage.doc_id).stem
    answers = {gold.quote for gold in golds if gold.document == document}
    unsure = {gold.quote for gold in arguable if gold.document == document}
    labels = (None if s in unsure else s in answers for s in passage.sentence_texts)
    return candidate_of(passage, tuple(labels))


def _group(question: str, candidates: Sequence[Candidate], random: Random) -> Group:
    style = random.random()
    if random.random() < DRESSED:
        question = dress(question, random)
    return Group("judged", question, tuple(relabel(c, style) for c in candidates))
