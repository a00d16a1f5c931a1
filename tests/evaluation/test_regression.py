"""The recorded figures of the shipped case studies do not fall by more than their tolerance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.evaluation.asking import put
from assistant.evaluation.bench import Bench
from assistant.evaluation.figures import estimates, figures_of
from assistant.evaluation.questions import read_questions
from assistant.settings import PROJECT

TOLERANCES = PROJECT / "benchmarks" / "tolerances.json"


def fallen(recorded: dict[str, dict[str, float]], found: dict[str, float]) -> list[str]:
    """A sentence for each figure that is missing or below its value minus its tolerance."""
    return [
        f"{name} is {found.get(name, float('nan')):.4f}: recorded {entry['value']:.4f}, "
        f"tolerance {entry['tolerance']}"
        for name, entry in recorded.items()
        if not found.get(name, float("nan")) >= entry["value"] - entry["tolerance"] - 1e-9
    ]


def test_a_fall_is_named() -> None:
    recorded = {
        "right": {"value": 0.8, "tolerance": 0.03},
        "hit@5": {"value": 0.9, "tolerance": 0.02},
        "verbatim": {"value": 1.0, "tolerance": 0.0},
    }
    assert fallen(recorded, {"right": 0.77, "hit@5": 0.95, "verbatim": 1.0}) == []
    assert fallen(recorded, {"right": 0.76, "hit@5": 0.95}) == [
        "right is 0.7600: recorded 0.8000, tolerance 0.03",
        "verbatim is nan: recorded 1.0000, tolerance 0.0",
    ]


@pytest.mark.slow
def test_no_figure_has_fallen(shared: Path, real_bench: Bench) -> None:
    held = json.loads(TOLERANCES.read_text(encoding="utf-8"))
    questions = read_questions(shared / "eval" / f"{held['questions']}.jsonl")
    judged = put(questions, real_bench.product, real_bench.casebook.index())
    found = estimates(figures_of(judged), len(judged))
    complaints = fallen(held["figures"], {name: e.value for name, e in found.items()})
    assert not complaints, "; ".join(complaints)
