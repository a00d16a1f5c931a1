"""The comparison table: small runs with the same number of examples, one difference each.

Every run sees the same number of groups from the same seed; figures are of questions held out and
of CLAPNQ, never of the questions on the shipped corpus.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from assistant.answering.evidence_model import EvidenceInput, PassageEvidence
from training.compose import Composer, Options
from training.evaluate import clapnq, held_out
from training.fit import Settings, fit
from training.losses import Weights
from training.network import NetworkScorer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from training.measures import Scorer

BASE: Final = Settings(steps=120, lone=8, rate=1.5e-4, average=0.98, seed=3)
"""About two minutes on two quiet cores."""


@dataclass(frozen=True)
class Variant:
    """One row of the table."""

    name: str
    settings: Settings = BASE
    options: Options = field(default_factory=Options)


VARIANTS: Final = (
    Variant("as shipped"),
    Variant("heads only, all layers frozen", replace(BASE, frozen=6)),
    Variant("last two layers", replace(BASE, frozen=4)),
    Variant("last four layers", replace(BASE, frozen=2)),
    Variant(
        "pairwise in place of listwise", replace(BASE, weights=Weights(listwise=0, pairwise=1))
    ),
    Variant("binary losses only", replace(BASE, weights=Weights(0, 0, 1.0, 0, 1.0))),
    Variant("listwise losses only", replace(BASE, weights=Weights(1, 0, 0, 1, 0))),
    Variant("passage logit from the CLS state alone", replace(BASE, pooled=False)),
    Variant(
        "whole passages only, no sentence labels",
        replace(BASE, lone=0),
        Options(sentences=False),
    ),
    Variant("single sentences, without context", replace(BASE, lone=0), Options(alone=True)),
    Variant("no near misses", options=Options(near_misses=False)),
    Variant("half from written case studies", options=Options(written=0.5)),
    Variant("no written case studies", options=Options(written=0)),
    Variant("no mosaics", options=Options(mosaics=False)),
    Variant("no rewording of questions", options=Options(rewording=False)),
)
COLUMNS: Final = {
    "hit1": "held out: hit@1",
    "mrr": "MRR",
    "sentence_in_passage": "right sentence in the passage",
    "sentence_of_all": "right sentence of all",
    "auroc": "AUROC, passages",
    "auroc_sentences": "AUROC, sentences",
    "clapnq_sentence": "CLAPNQ: right sentence",
    "clapnq_auroc": "AUROC",
    "seconds": "training, s of one core",
}


class Apart:
    """A scorer that is shown each sentence alone; a passage is worth its best sentence."""

    def __init__(self, scorer: Scorer) -> None:
        """Ask `scorer`."""
        self._scorer = scorer

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """Logits for each passage and its sentences."""
        found = []
        for passage in passages:
            lone = [EvidenceInput(passage.label, (sentence,)) for sentence in passage.sentences]
            scores = tuple(one.score for one in self._scorer.score(question, lone))
            found.append(PassageEvidence(max(scores), scores))
        return found


def compare(
    composer: Callable[[str, Options], Composer],
    held: Sequence[int],
    clapnq_folder: Path,
    *,
    report: Callable[[str], None],
    variants: Sequence[Variant] = VARIANTS,
) -> None:
    """Train and measure every variant, reporting the lines of a Markdown table."""
    report(f"| {BASE.steps} steps | {' | '.join(COLUMNS.values())} |")
    report("|---" * (len(COLUMNS) + 1) + "|")
    measured = composer("choose", Options())
    for variant in variants:
        began = time.process_time()
        network = fit(composer("train", variant.options), variant.settings, report=lambda _: None)
        took = time.process_time() - began
        own: Scorer = NetworkScorer(network)
        scorer = Apart(own) if variant.options.alone else own
        figures = held_out(scorer, measured, held) | {"seconds": took}
        figures |= {f"clapnq_{k}": v for k, v in clapnq(scorer, clapnq_folder).items()}
        cells = [
            f"{figures[key]:.0f}" if key == "seconds" else f"{figures[key]:.3f}" for key in COLUMNS
        ]
        report(f"| {variant.name} | {' | '.join(cells)} |")
