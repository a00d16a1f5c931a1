"""kill -9 at random moments of a rebuild, and before and after every step of one."""

from __future__ import annotations

import random

from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from benchmarks.faults.rounds import Tally, rounds

SEED = 20261122
NAMING = ("replace", "rename", "mkdir")


def at_random_moments(count: int, model: Embedder | None = None) -> Tally:
    """Kill `count` rebuilds after seeded random times, spread evenly over the time of one."""
    chance = random.Random(SEED)  # noqa: S311  for spreading, not for secrets
    with rounds(model) as found:
        span = found.clean().seconds
        for number in range(count):
            found.faulty(kill_after=span * (number + chance.random()) / count)
        found.clean()
        return found.tally()


def at_every_step() -> Tally:
    """Kill a rebuild just before each call that changes what a disk holds.

    Also just after those that give or take a name. Most of these calls are those of publishing:
    files, folders and names forced to the disk, the folder renamed, CURRENT replaced; the last
    remove an old generation.
    """
    with rounds() as found:
        for step, name in found.steps():
            found.faulty(at=step)
            if name in NAMING:
                found.faulty(at=step, after=True)
        found.clean()
        return found.tally()


def with_the_real_model(count: int) -> Tally:
    """The same with the embedding model that ships, which takes longer to build."""
    return at_random_moments(count, SentenceTransformerEmbedder.load())
