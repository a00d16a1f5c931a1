"""Make the evidence model again from the shared data: `python -m training.run --shared DIR`.

Reads, mines, trains, exports to the product's folder and measures. What is finished is kept in
`--work`, so that an interrupted command begins again with the run that was interrupted. With
`--compare`, the comparison table is made first.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import torch

from training.compare import compare
from training.compose import Composer, Options
from training.evaluate import WEIGHTS, asked, clapnq, held_out, reranking
from training.export import export
from training.fit import Settings, fit
from training.judged import Judged
from training.measures import show
from training.mining import mine
from training.network import EvidenceNetwork, NetworkScorer
from training.sources import Row, part, read_rows
from training.written import Part, Written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEED: Final = 7
"""Of the heads before they have learned: runs that start apart cannot be averaged."""
SAMPLE: Final = 160
"""Held-out questions that are measured."""


@dataclass(frozen=True)
class Run:
    """One network, from all-MiniLM-L6-v2 or from the mean of where the runs `after` ended."""

    settings: Settings
    options: Options
    after: tuple[int, ...] = ()


RUNS: Final = (
    Run(Settings(steps=2400, lone=8, seed=7), Options(written=0.5)),
    Run(Settings(steps=2400, lone=8, seed=11), Options(written=0.7)),
    Run(
        Settings(steps=1000, lone=8, rate=4e-5, head_rate=3e-4, seed=13),
        Options(written=0.9),
        after=(1,),
    ),
    Run(
        Settings(steps=600, horizon=1400, lone=8, rate=5e-5, head_rate=3e-4, seed=17),
        Options(written=0.9, judged=0.5, judged_first=867, known_only=True),
        after=(0, 1, 2),
    ),
)
"""What ships is the mean of their weights. Each step holds whole groups, and passages of which only
the choice of sentences is learned: either alone makes the other worse."""


@dataclass(frozen=True)
class Corpus:
    """Rows, their mined negatives, and the numbers of the rows of each part."""

    rows: list[Row]
    mined: list[list[int]]
    members: dict[str, list[int]]
    part: Part
    """The written case studies that train."""
    written: Written
    """Groups of theirs."""

    def composer(self, name: str, options: Options | None = None) -> Composer:
        """Groups of one part; what was written is drawn for training only."""
        options = options or Options()
        written = self.written if name == "train" else None
        judged = None
        if written and options.judged:
            judged = Judged(self.part, first=options.judged_first)
        return Composer(self.rows, self.mined, self.members[name], options, written, judged)

    def sample(self, name: str, seed: int) -> list[int]:
        """Some rows of one part."""
        members = self.members[name]
        return Random(seed).sample(members, min(SAMPLE, len(members)))  # noqa: S311


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def gather(shared: Path, work: Path) -> Corpus:
    """Read and mine."""
    rows = read_rows(shared / "training")
    members: dict[str, list[int]] = {"train": [], "choose": []}
    for number, row in enumerate(rows):
        members[part(row.group)].append(number)
    own = Part("train")
    return Corpus(rows, mine(rows, work), members, own, Written(own))


def train(corpus: Corpus, work: Path) -> EvidenceNetwork:
    """The mean of all runs; what a finished run kept in `work` is used again."""
    ended: list[dict[str, torch.Tensor]] = []
    for number, run in enumerate(RUNS):
        kept = work / f"network-{number}.pt"
        if not kept.exists():
            network = _fresh()
            if run.after:
                start = mean_of([ended[earlier] for earlier in run.after])
                network.load_state_dict(start, strict=False)
            say(f"run {number + 1} of {len(RUNS)}")
            network = fit(
                corpus.composer("train", run.options),
                run.settings,
                report=say,
                checkpoint=work / "checkpoint.pt",
                every=200,
                start=network,
            )
            torch.save({name: value.detach() for name, value in network.trained()}, kept)
        ended.append(torch.load(kept, weights_only=True))
    network = _fresh()
    network.load_state_dict(mean_of(ended), strict=False)
    return network.eval()


def _fresh() -> EvidenceNetwork:
    torch.manual_seed(SEED)
    return EvidenceNetwork()


def mean_of(weights: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each tensor (Wortsman et al., Model soups, ICML 2022).

    What the runs have in common is kept, what only one of them picked up by chance is thinned out;
    it costs no more than one of them.
    """
    return {name: torch.stack([own[name] for own in weights]).mean(0) for name in weights[0]}


def main() -> int:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--shared", type=Path, required=True, help="folder with training/ and eval/"
    )
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "casebook-training"
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--compare", action="store_true", help="make the comparison table first")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    corpus = gather(arguments.shared, arguments.work)
    sets = arguments.shared / "eval"
    if arguments.compare:
        chosen = corpus.sample("choose", 5)
        compare(corpus.composer, chosen, sets / "clapnq_dev", report=say)
    network = train(corpus, arguments.work)
    scorer = NetworkScorer(network)
    say(f"weights {export(network, arguments.out)}")
    say(show("held out", held_out(scorer, corpus.composer("choose"), corpus.sample("choose", 5))))
    say(show("clapnq", clapnq(scorer, sets / "clapnq_dev")))
    for line in asked(arguments.shared, scorer):
        say(show(*line))
    for name in ("clapnq_dev", "mtrag_conv", "scifact"):
        say(show(name, reranking(scorer, sets / name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
