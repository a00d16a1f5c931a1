"""The comparison table: small runs with the same number of examples, one difference each.

Every run sees the same number of groups from the same seed; figures are of questions held out and
of CLAPNQ, never of the questions on the shipped corpus.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from training.compose import Composer, Options
from training.evaluate import clapnq, held_out
from training.fit import Settings, fit
from training.losses import Weights
from training.measures import show
from training.network import NetworkScorer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

BASE: Final = Settings(steps=110, rate=1.5e-4, average=0.98, seed=3)
"""About three minutes on two quiet cores."""


@dataclass(frozen=True)
class Variant:
    """One row of the table."""

    name: str
    settings: Settings = BASE
    options: Options = field(default_factory=Options)


VARIANTS: Final = (
    Variant("as shipped: layers 3-6, listwise + binary, sentences"),
    Variant("heads only (all layers frozen)", replace(BASE, frozen=6)),
    Variant("last two layers", replace(BASE, frozen=4)),
    Variant("all layers (embeddings frozen)", replace(BASE, frozen=0)),
    Variant(
        "pairwise in place of listwise", replace(BASE, weights=Weights(listwise=0, pairwise=1))
    ),
    Variant("binary only", replace(BASE, weights=Weights(0, 0, 1.0, 0, 1.0))),
    Variant("listwise only", replace(BASE, weights=Weights(1, 0, 0, 1, 0))),
    Variant("whole passages only, no sentence labels", options=Options(sentences=False)),
    Variant("no mosaics", options=Options(mosaics=False)),
    Variant("no rewording of questions", options=Options(rewording=False)),
)


def compare(
    composer: Callable[[str, Options], Composer],
    held: Sequence[int],
    clapnq_folder: Path,
    *,
    report: Callable[[str], None],
    variants: Sequence[Variant] = VARIANTS,
) -> None:
    """Train and measure every variant, reporting a line for each."""
    measured = composer("choose", Options())
    for variant in variants:
        began = time.monotonic()
        network = fit(composer("train", variant.options), variant.settings, report=lambda _: None)
        took = time.monotonic() - began
        scorer = NetworkScorer(network)
        figures = {f"held_{k}": v for k, v in held_out(scorer, measured, held).items()}
        figures |= {f"clapnq_{k}": v for k, v in clapnq(scorer, clapnq_folder).items()}
        report(show(f"{variant.name:52}", figures | {"seconds": took}))
