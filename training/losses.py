"""What a group of candidates should have scored: four losses, each the mean over groups.

Listwise losses make the right candidate win inside its group; binary losses give scores one
meaning across questions, which abstention needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from training.groups import Group

MARGIN: Final = 2.0


@dataclass(frozen=True)
class Weights:
    """How much each loss counts; `pairwise` replaces the listwise passage loss where above zero."""

    listwise: float = 1.0
    pairwise: float = 0.0
    binary: float = 0.5
    sentence_listwise: float = 1.0
    sentence_binary: float = 0.5


def total_loss(
    groups: Sequence[Group], passages: Tensor, sentences: Tensor, weights: Weights
) -> Tensor:
    """The weighted loss of a batch.

    `passages` (all candidates of all groups in order,) and `sentences` (candidates, most
    sentences; minus infinity where there is none) are logits.
    """
    losses = []
    start = 0
    for group in groups:
        stop = start + len(group.candidates)
        losses.append(_group_loss(group, passages[start:stop], sentences[start:stop], weights))
        start = stop
    return torch.stack(losses).mean()


def _group_loss(group: Group, scores: Tensor, parts: Tensor, weights: Weights) -> Tensor:
    answers = torch.tensor([c.answers for c in group.candidates])
    loss = scores.new_zeros(())
    if len(answers) > 1:
        loss = weights.binary * functional.binary_cross_entropy_with_logits(scores, answers.float())
    present = parts > -torch.inf
    positive, negative = sentence_targets(group, parts.shape[1])
    positive, negative = positive & present, negative & present
    if bool(answers.any()) and len(answers) > 1:
        if weights.listwise:
            loss = loss - weights.listwise * torch.log_softmax(scores, 0)[answers].mean()
        if weights.pairwise:
            gaps = scores[answers][:, None] - scores[~answers][None, :]
            loss = loss + weights.pairwise * functional.relu(MARGIN - gaps).mean()
    if weights.sentence_listwise and bool(positive.any()) and bool(negative.any()):
        best = torch.logsumexp(parts[positive], 0)
        rest = torch.logsumexp(parts[positive | negative], 0)
        loss = loss + weights.sentence_listwise * (rest - best)
    if weights.sentence_binary:
        loss = loss + weights.sentence_binary * _sentence_binary(group, parts, positive, negative)
    return loss


def sentence_targets(group: Group, most: int) -> tuple[Tensor, Tensor]:
    """Masks (candidates, most): sentences that answer, and those that do not.

    Unknown ones answer where no other of the passage is known to, and count neither way beside one.
    """
    positive = torch.zeros(len(group.candidates), most, dtype=torch.bool)
    negative = torch.zeros_like(positive)
    for row, candidate in enumerate(group.candidates):
        answering = True if True in candidate.labels else None
        for column, label in enumerate(candidate.labels[:most]):
            positive[row, column] = label is answering
            negative[row, column] = label is False
    return positive, negative


def _sentence_binary(group: Group, parts: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
    """Each labelled sentence against its label; of unlabelled ones the best must answer."""
    terms = [functional.softplus(parts[negative]).mean()] if bool(negative.any()) else []
    for row, candidate in enumerate(group.candidates):
        if not candidate.answers or not bool(positive[row].any()):
            continue
        own = parts[row][positive[row]]
        known = any(label is not None for label in candidate.labels)
        terms.append(functional.softplus(-own).mean() if known else functional.softplus(-own.max()))
    return torch.stack(terms).sum() if terms else parts.new_zeros(())
