"""kill -9 at random moments of a rebuild, and before and after every step of one."""

from __future__ import annotations

import random

from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from benchmarks.faults.rounds import Tally, rounds

SEED = 20261122
MEASURED_EVERY = 10
LONGER = 1.2
"""Times of killing go this far beyond the time of a rebuild, to catch its end, too."""
NAMING = ("replace", "rename", "mkdir")


def at_random_moments(count: int, model: Embedder | None = None) -> Tally:
    """Kill `count` rebuilds after seeded random shares of the time of one, evenly spread.

    That time is measured again every few rebuilds: on a busy machine it changes.
    """
    chance = random.Random(SEED)  # noqa: S311  for spreading, not for secrets
    shares = [(number + chance.random()) / count for number in range(count)]
    chance.shuffle(shares)
    with rounds(model) as found:
        for number, share in enumerate(shares):
            if number % MEASURED_EVERY == 0:
                span = LONGER * found.clean().seconds
            found.faulty(kill_after=span * share)
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
