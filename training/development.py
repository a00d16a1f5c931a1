"""Questions on a corpus: what ranking again by evidence gives, and at what depth.

A score does not depend on the other candidates, so every depth is read off one pass over the
deepest. Choices are made on the case studies written for training; the development questions on the
shipped ones are only reported.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from assistant.answering.evidence_model import EvidenceInput, PassageEvidence
from assistant.evaluation.questions import Gold, Question, read_questions
from assistant.evaluation.replies import Quoted
from assistant.evaluation.support import supports
from training.candidates import hybrid
from training.measures import BLEND, Scorer, auroc, blend, mean, ranked, reciprocal_rank

DEPTHS: Final = (4, 8, 12, 20, 30)


@dataclass(frozen=True)
class CorpusPassage:
    """A passage of a corpus, its document's name, and its retrieval score."""

    doc: str
    evidence: EvidenceInput
    retrieval: float = 0.0

    @property
    def text(self) -> str:
        """What is searched."""
        return f"{self.evidence.label}. {' '.join(self.evidence.sentences)}"


def corpus_passages(folder: Path) -> list[CorpusPassage]:
    """Every passage of a folder of case studies, cut as the product cuts them."""
    from assistant.documents.corpus import read_corpus
    from assistant.indexing.passages import split

    return [
        CorpusPassage(Path(document.doc_id).stem, EvidenceInput(p.label, p.sentence_texts))
        for document in read_corpus(folder).documents
        for p in split(document)
    ]


@dataclass(frozen=True)
class Development:
    """Questions with candidates from a plain hybrid, best first."""

    name: str
    questions: list[Question]
    asked: list[str]
    candidates: list[list[CorpusPassage]]

    @classmethod
    def read(cls, name: str, corpus: Path, questions_file: Path) -> Development:
        """Read the questions and search once; a follow-up is asked after its history."""
        passages = corpus_passages(corpus)
        questions = read_questions(questions_file)
        asked = [" ".join([*question.history, question.text]) for question in questions]
        candidates = [
            [CorpusPassage(passages[n].doc, passages[n].evidence, score) for n, score in found]
            for found in hybrid([p.text for p in passages], asked, DEPTHS[-1])
        ]
        return cls(name, questions, asked, candidates)

    def measure(self, scorer: Scorer) -> list[tuple[str, dict[str, float]]]:
        """A named line of figures for retrieval alone and for each depth."""
        scored, times = [], []
        for text, offered in zip(self.asked, self.candidates, strict=True):
            began = time.perf_counter()
            scored.append(scorer.score(text, [p.evidence for p in offered]))
            times.append(1000 * (time.perf_counter() - began) / len(offered))
        before = [
            [PassageEvidence(p.retrieval, ()) for p in offered] for offered in self.candidates
        ]
        lines = [(f"{self.name} before", self._figures(before, DEPTHS[-1]))]
        lines += [
            (
                f"{self.name} top {depth}",
                {"ms": depth * median(times)} | self._figures(scored, depth),
            )
            for depth in DEPTHS
        ]
        return lines

    def _figures(self, scored: Sequence[Sequence[PassageEvidence]], depth: int) -> dict[str, float]:
        """Figures of the first `depth` candidates ordered by their scores."""
        found: dict[str, list[float]] = defaultdict(list)
        best: dict[bool, list[float]] = {True: [], False: []}
        sure: dict[bool, list[float]] = {True: [], False: []}
        for question, offered, everything in zip(
            self.questions, self.candidates, scored, strict=True
        ):
            gold, chosen, scores = question.gold, offered[:depth], everything[:depth]
            best[bool(gold)].append(max(s.score for s in scores))
            sure[bool(gold)].append(max(max(s.sentences, default=0.0) for s in scores))
            if gold:
                judged = _passages(_right(gold), chosen, scores)
                judged |= _sentences(_right(gold), chosen, scores)
                for key, value in judged.items():
                    found[key].append(value)
        figures = {key: mean(values) for key, values in found.items()}
        figures["auroc"] = auroc(best[True], best[False])
        return figures | {"auroc_sentences": auroc(sure[True], sure[False])}


def _right(golds: Sequence[Gold]) -> Callable[[CorpusPassage, str], bool]:
    """Whether words of a passage support one of the gold quotes."""
    return lambda passage, text: any(
        supports(Quoted(passage.doc, text, 0, 1), gold) for gold in golds
    )


def _passages(
    right: Callable[[CorpusPassage, str], bool],
    chosen: Sequence[CorpusPassage],
    scores: Sequence[PassageEvidence],
) -> dict[str, float]:
    """Ranking of the passages by evidence, and by evidence mixed with retrieval."""
    relevant = [right(p, " ".join(p.evidence.sentences)) for p in chosen]
    evidence = [s.score for s in scores]
    mixed = blend(evidence, [p.retrieval for p in chosen], BLEND)
    figures = {}
    for name, values in (("", evidence), ("blend_", mixed)):
        hits = [relevant[i] for i in ranked(values)][:10]
        figures[f"{name}hit1"] = float(hits[0])
        figures[f"{name}hit5"] = float(any(hits[:5]))
        figures[f"{name}mrr"] = reciprocal_rank(hits)
    return figures


def _sentences(
    right: Callable[[CorpusPassage, str], bool],
    chosen: Sequence[CorpusPassage],
    scores: Sequence[PassageEvidence],
) -> dict[str, float]:
    """Choice of the first sentence, and how many of the best three support a gold quote."""
    pairs = [(i, j) for i, s in enumerate(scores) for j in range(len(s.sentences))]
    if not pairs:
        return {}
    evidence = [s.score for s in scores]
    first = ranked(evidence)[0]
    mixed = blend(evidence, [p.retrieval for p in chosen], BLEND)
    values = {
        "of_best_passage": [scores[i].sentences[j] + 1e3 * (i == first) for i, j in pairs],
        "alone": [scores[i].sentences[j] for i, j in pairs],
        "with_passage": [scores[i].sentences[j] + 0.5 * evidence[i] for i, j in pairs],
        "with_blend": [scores[i].sentences[j] + 4.0 * mixed[i] for i, j in pairs],
    }
    figures = {}
    for name, ranking in values.items():
        best = [pairs[k] for k in ranked(ranking)[:3]]
        good = [float(right(chosen[i], chosen[i].evidence.sentences[j])) for i, j in best]
        figures[f"first_{name}"] = good[0]
        figures[f"p3_{name}"] = mean(good)
    return figures
