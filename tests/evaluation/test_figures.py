from __future__ import annotations

import pytest

from assistant.evaluation.figures import MEANING, estimates, figures_of
from tests.evaluation.replying import four

EXPECTED = {
    "right": 3 / 4,
    "right: multi": 1.0,
    "right: single": 1 / 2,
    "right: unanswerable": 1.0,
    "first citation right": 1 / 3,
    "citation precision": (1 + 1 / 2) / 2,  # the refused one has no citations
    "document precision": (1 + 1 / 2) / 2,
    "quote recall": (1 + 1 / 2 + 0) / 3,
    "document recall": (1 + 1 / 2 + 0) / 3,
    "multi document recall": 1 / 2,
    "hit@1": 1 / 3,
    "hit@5": 2 / 3,
    "MRR": (1 + 1 / 3 + 0) / 3,
    "quote recall@10": (1 + 1 / 2 + 0) / 3,
    "document recall@10": (1 + 1 / 2 + 0) / 3,
    "abstention precision": 1 / 2,
    "abstention recall": 1.0,
    "false refusals": 1 / 3,
    "abstention AUROC": 2 / 3,  # 0.9 and 0.6 are above 0.4, 0.3 is below
    "verbatim": 1.0,
    "median milliseconds": 25.0,
}


def test_every_figure_by_hand() -> None:
    found = estimates(figures_of(four()), 4)
    assert {name: value.value for name, value in found.items()} == pytest.approx(EXPECTED)


def test_each_figure_is_explained() -> None:
    assert {name for name in EXPECTED if ":" not in name} == set(MEANING)


def test_figures_that_the_questions_do_not_allow_are_left_out() -> None:
    answerable = figures_of(four()[:1])
    assert "abstention AUROC" not in answerable
    assert "multi document recall" not in answerable
    refused = figures_of(four()[3:])
    assert "hit@1" not in refused
    assert "verbatim" not in refused
