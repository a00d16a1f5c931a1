"""How examples are made, what is lost on them, and how signs are weighed; no model is trained."""

from __future__ import annotations

import math
from random import Random
from typing import cast

import numpy as np
import pytest
import torch

from assistant.answering.evidence import Signs
from assistant.answering.evidence import Weights as SignWeights
from assistant.answering.follow_ups import Names
from assistant.evaluation.questions import Gold, Question
from assistant.retrieval.embedded import EmbeddedIndex
from training.combine import (
    LEAST,
    SHARES,
    SIGNS,
    Case,
    calibrate,
    first_right,
    fit,
    passage_rows,
    sentence_rows,
)
from training.compose import Composer, Options
from training.groups import Candidate, Group
from training.losses import Weights, sentence_targets, total_loss
from training.run import RUNS, mean_of
from training.sources import Row, answer_labels, part, split_sentences

PLAIN = Options(rewording=False, mosaics=False, unanswerable=0)


def row(number: int, *, labelled: bool = True) -> Row:
    """A question on site `number`; the second of three sentences answers."""
    sentences = (
        f"Site {number} opened its doors to everyone who lives nearby.",
        f"The staff of site {number} keep letters for six weeks.",
        f"Visitors to site {number} find a map at the entrance.",
    )
    return Row(
        source="covidqa",
        group=f"covidqa:{number}",
        question=f"How long are letters kept at site {number}?",
        positive=sentences,
        labels=(False, True, False) if labelled else None,
        negatives=((f"Site {number} sells tickets on Mondays to groups only.",),),
        answer="six weeks" if labelled else None,
    )


def draws(options: Options, *, labelled: bool = True) -> list[Group]:
    """Fifty groups of five rows; a sixth, of another source, fills up their negatives."""
    rows = [row(number, labelled=labelled) for number in range(5)]
    rows.append(Row("pubmedqa", "pubmedqa:1", "Does it rain?", ("Rain fell.",), None, (), None))
    composer = Composer(rows, [[] for _ in rows], range(6), options)
    random = Random(1)  # noqa: S311 - draws examples, not secrets
    return [composer.group(number % 5, random) for number in range(50)]


def near_misses(groups: list[Group]) -> list[Candidate]:
    """Candidates of the right passage that lack the sentence that answers."""
    return [
        candidate
        for group in groups
        for candidate in group.candidates
        if any("map at the entrance" in s or "opened its doors" in s for s in candidate.sentences)
        and not candidate.answers
    ]


def test_a_near_miss_is_the_passage_without_its_answer() -> None:
    found = near_misses(draws(PLAIN))
    assert 10 < len(found) < 40, "about half of the groups"
    for candidate in found:
        assert not any("six weeks" in sentence for sentence in candidate.sentences)
        assert set(candidate.labels) == {False}


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param(draws(Options(near_misses=False, rewording=False)), id="switched off"),
        pytest.param(draws(PLAIN, labelled=False), id="where the answer is not known"),
    ],
)
def test_there_are_none(groups: list[Group]) -> None:
    assert near_misses(groups) == []


def test_the_first_candidate_alone_answers() -> None:
    for group in draws(PLAIN):
        assert [candidate.answers for candidate in group.candidates].index(True) == 0
        assert sum(candidate.answers for candidate in group.candidates) == 1
        assert "six weeks" in " ".join(group.candidates[0].sentences)


def test_single_sentences() -> None:
    for group in draws(Options(alone=True, rewording=False, mosaics=False, unanswerable=0)):
        assert {len(candidate.sentences) for candidate in group.candidates} == {1}
        assert "six weeks" in group.candidates[0].sentences[0]


def test_labels_follow_the_characters_of_the_answer() -> None:
    sentences = split_sentences("It opened in May. Letters are kept. They go after six weeks.")
    assert answer_labels(sentences, "kept. They go") == (False, True, True)
    assert answer_labels(sentences, "nowhere in it") is None


def test_a_group_is_on_one_side_only() -> None:
    sides = {part(f"covidqa:{number}") for number in range(200)}
    assert sides == {"train", "choose"} and part("covidqa:7") == part("covidqa:7")


GROUP = Group(
    "covidqa",
    "How long are letters kept?",
    (
        Candidate("", ("They go after six weeks.", "It opened."), True, (True, False)),
        Candidate("", ("Tickets are sold.",), False, (False,)),
    ),
)


def loss(passages: list[float], sentences: list[list[float]]) -> float:
    """The whole loss of the group above."""
    return total_loss([GROUP], torch.tensor(passages), torch.tensor(sentences), Weights()).item()


def test_the_loss_falls_with_the_right_order() -> None:
    right = loss([4.0, -4.0], [[4.0, -4.0], [-4.0, -math.inf]])
    wrong_passage = loss([-4.0, 4.0], [[4.0, -4.0], [-4.0, -math.inf]])
    wrong_sentence = loss([4.0, -4.0], [[-4.0, 4.0], [-4.0, -math.inf]])
    assert right < 0.2 < wrong_passage and right < 0.2 < wrong_sentence


def test_places_without_a_sentence_have_no_target() -> None:
    positive, negative = sentence_targets(GROUP, 2)
    assert positive.tolist() == [[True, False], [False, False]]
    assert negative.tolist() == [[False, True], [True, False]]


def test_a_sentence_readers_disagree_about_counts_neither_way_beside_one_that_answers() -> None:
    passage = Candidate("", ("One.", "Two.", "Three."), True, (True, None, False))
    positive, negative = sentence_targets(Group("judged", "What?", (passage,)), 3)
    assert positive.tolist() == [[True, False, False]]
    assert negative.tolist() == [[False, False, True]]


def test_the_mean_of_runs_is_taken_tensor_by_tensor() -> None:
    runs = [
        {"a": torch.tensor([1.0, 4.0]), "b": torch.tensor([[2.0]])},
        {"a": torch.tensor([3.0, 0.0]), "b": torch.tensor([[5.0]])},
    ]
    found = mean_of(runs)
    assert found["a"].tolist() == [2.0, 2.0] and found["b"].tolist() == [[3.5]]


def test_a_run_goes_on_only_from_one_before_it() -> None:
    assert all(earlier < number for number, run in enumerate(RUNS) for earlier in run.after)


def test_weights_come_from_the_order_inside_each_question() -> None:
    """Likeness tells within a question; words only tell which question it is, and are no use."""
    random = np.random.default_rng(0)
    names = list(Signs.__dataclass_fields__)
    rows = []
    for _ in range(60):
        x = np.zeros((8, len(names)))
        x[:, names.index("cosine")] = random.uniform(0, 1, 8)
        x[:, names.index("coverage")] = random.uniform(0, 1)
        good = np.arange(8) == x[:, names.index("cosine")].argmax()
        rows.append((x, good))
    found = fit([rows])
    assert found.cosine > 1 and abs(found.coverage) < 0.05 * found.cosine
    best, other = Signs(0.95, 0, 0, 0, 0), Signs(0.3, 0, 0, 0, 0)
    assert found.log_odds(best) > 0 > found.log_odds(other), "log-odds: one in eight supports"


def test_nothing_is_learned_from_what_is_arguable() -> None:
    asked = Question("1", "Who paid?", "single", (Gold("a", "The council paid."),))
    right, arguable, wrong = (Signs(cosine, 0, 0, 0, 0) for cosine in (0.5, 0.9, 0.1))
    case = Case(
        asked,
        asked.text,
        cast("EmbeddedIndex", None),
        Names.of([]),
        (),
        [(right, arguable, wrong), (arguable, wrong)],
        [(True, None, False), (None, False)],
    )
    ((signs, good),) = sentence_rows([case])
    assert signs[:, 0].tolist() == [0.5, 0.1, 0.1] and good.tolist() == [True, False, False]
    ((_, good),) = passage_rows([case])
    assert good.tolist() == [True], "the second passage may answer, or not"
    assert first_right([case], SignWeights(1, *[0.0] * 10)) == 1.0


def test_a_sign_never_speaks_against_an_answer_beyond_its_bound() -> None:
    """The near misses of a set have more of the question's words than its answers have."""
    random = np.random.default_rng(0)
    answerable = np.arange(200) % 2 == 0
    x = random.uniform(0, 1, (200, len(SIGNS)))
    for name, better in (("model", 3.0), ("cosine", -3.0), ("coverage", -3.0)):
        x[:, SIGNS.index(name)] += np.where(answerable, better, 0.0)
    found = calibrate(dict.fromkeys(SHARES, (x, answerable)))
    assert found["model"] > 1
    assert found["cosine"] == 0
    assert found["coverage"] == LEAST["coverage"]
