"""Train an evidence network for a fixed number of steps, from a seed.

Steps rather than minutes, so that a busy machine gives the same model as a quiet one.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import torch

from training.losses import Weights, total_loss
from training.network import CachedEncoder, EvidenceNetwork

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from training.compose import Composer
    from training.groups import Group

WORKERS = 2
"""Threads that each compute on one core: on a busy machine, two threads inside every
multiplication wait for each other, two workers only at the end of a step."""


@dataclass(frozen=True)
class Settings:
    """Everything a run depends on, besides the data."""

    steps: int = 4000
    groups: int = 8
    lone: int = 0
    """Passages a step of which only the choice of sentences is learned."""
    rate: float = 8e-5
    head_rate: float = 6e-4
    warmup: float = 0.05
    decay: float = 0.01
    average: float = 0.998
    """Most weight of the past in the running mean of the weights, which is what is kept; the
    mean spans a ninth of the steps so far where that is shorter."""
    horizon: int = 0
    """Step at which the learning rate would end, if later than `steps`."""
    frozen: int = 0
    """Layers that are left as they are, from the first."""
    pooled: bool = True
    """Whether a passage's logit starts from its sentences'."""
    seed: int = 7
    weights: Weights = field(default_factory=Weights)


def fit(
    composer: Composer,
    settings: Settings,
    *,
    report: Callable[[str], None],
    checkpoint: Path | None = None,
    every: int = 500,
    start: EvidenceNetwork | None = None,
) -> EvidenceNetwork:
    """A network trained by `settings`, with averaged weights, from `start` or from MiniLM.

    Each worker computes with a copy in bfloat16; the weights that learn are kept in float32. With
    `checkpoint`, averaged weights are saved there every `every` steps.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    random = Random(settings.seed)  # noqa: S311 - draws training examples, not secrets
    network = start or EvidenceNetwork(settings.frozen, pooled=settings.pooled)
    twins = [network.in_bfloat16() for _ in range(WORKERS)]
    encoder = CachedEncoder()
    mean = {name: value.detach().clone() for name, value in network.trained()}
    optimizer = torch.optim.AdamW(_parameter_groups(network, settings), betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: _pace(s, settings))
    pool = ThreadPoolExecutor(WORKERS, initializer=torch.set_num_threads, initargs=(1,))
    recent, began = 0.0, time.monotonic()
    for step in range(1, settings.steps + 1):
        groups = [composer.draw(random) for _ in range(settings.groups)]
        groups += [composer.draw_sentences(random) for _ in range(settings.lone)]
        for twin in twins:
            twin.follow(network)
        loss, gradients = _gradients(twins, encoder, groups, settings.weights, pool)
        for (_, value), gradient in zip(network.trained(), gradients, strict=True):
            value.grad = gradient
        torch.nn.utils.clip_grad_norm_([p for _, p in network.trained()], 1.0)
        optimizer.step()
        schedule.step()
        keep = min(settings.average, (step + 1) / (step + 10))
        for name, value in network.trained():
            mean[name].lerp_(value.detach(), 1 - keep)
        recent = loss if step == 1 else 0.98 * recent + 0.02 * loss
        if step % 25 == 0 or step == settings.steps:
            report(
                f"step {step}/{settings.steps} loss {recent:.3f} {time.monotonic() - began:.0f}s"
            )
        if checkpoint is not None and (step % every == 0):
            torch.save(mean, checkpoint)
    network.load_state_dict(mean, strict=False)
    network.eval()
    return network


def _gradients(
    twins: Sequence[EvidenceNetwork],
    encoder: CachedEncoder,
    groups: list[Group],
    weights: Weights,
    pool: ThreadPoolExecutor,
) -> tuple[float, list[torch.Tensor]]:
    """The mean loss of `groups` and its gradients in float32, each twin taking its share.

    Shares are joined in a fixed order, so that the sum does not depend on who was first.
    """

    def share(worker: int) -> tuple[float, tuple[torch.Tensor, ...]]:
        own, twin = groups[worker :: len(twins)], twins[worker]
        loss = _loss(twin, encoder, own, weights) * (len(own) / len(groups))
        return loss.item(), torch.autograd.grad(loss, [value for _, value in twin.trained()])

    shares = list(pool.map(share, range(len(twins))))
    parts = zip(*(gradients for _, gradients in shares), strict=True)
    gradients = [torch.stack([part.float() for part in own]).sum(0) for own in parts]
    return sum(loss for loss, _ in shares), gradients


def _loss(
    network: EvidenceNetwork, encoder: CachedEncoder, groups: list[Group], weights: Weights
) -> torch.Tensor:
    rows = [
        encoder.encode(group.question, candidate.label, candidate.sentences)[0]
        for group in groups
        for candidate in group.candidates
    ]
    passages, sentences = network(rows)
    return total_loss(groups, passages, sentences, weights)


def _parameter_groups(network: EvidenceNetwork, settings: Settings) -> list[dict[str, object]]:
    """Heads learn faster; biases and norms do not decay."""
    kinds: dict[tuple[bool, bool], list[torch.Tensor]] = {}
    for name, value in network.trained():
        kinds.setdefault((name.startswith("heads."), value.ndim > 1), []).append(value)
    return [
        {
            "params": values,
            "lr": settings.head_rate if head else settings.rate,
            "weight_decay": settings.decay if decays else 0.0,
        }
        for (head, decays), values in kinds.items()
    ]


def _pace(step: int, settings: Settings) -> float:
    """Linear warm-up, then a cosine down to a twentieth."""
    steps = max(settings.steps, settings.horizon)
    rise = max(1, int(settings.warmup * steps))
    if step < rise:
        return (step + 1) / rise
    along = (step - rise) / max(1, steps - rise)
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, along)))
