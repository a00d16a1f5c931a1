"""kill -9 at random moments of a rebuild, and before and after every step of one."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from assistant.indexing.embedders import Embedder
from benchmarks.faults.books import check_whole, workplace, write_edition
from benchmarks.faults.foreman import KILLED, Foreman, foreman

SEED = 20261122


@dataclass(frozen=True)
class Kills:
    """How many builds were begun, how many a kill caught, and what was served afterwards.

    Whatever is neither the old edition nor the new one, whole, raises where it is found.
    """

    builds: int
    caught: int
    old: int
    new: int
    steps: int = 0
    """Steps of one build, where each was hit in turn."""


def at_random_moments(count: int, model: Embedder | None = None) -> Kills:
    """Kill `count` rebuilds after seeded random times, spread evenly over the time of one."""
    chance = random.Random(SEED)  # noqa: S311  for spreading, not for secrets
    with workplace() as folder, foreman() as worker:
        span = _time_of_one(folder, worker, model)
        outcomes: list[tuple[bool, bool]] = []
        for number in range(count):
            after = span * (number + chance.random()) / count
            outcomes.append(_killed(folder, worker, number + 2, model, kill_after=after))
        _recovers(folder, worker, count + 2, model)
    return _counted(outcomes)


def at_every_step() -> Kills:
    """Kill a rebuild just before and just after each call that changes what a disk holds."""
    with workplace() as folder, foreman() as worker:
        write_edition(folder, 1)
        worker.order(folder)
        write_edition(folder, 2)
        steps = len(worker.order(folder).steps)
        outcomes: list[tuple[bool, bool]] = []
        for step in range(1, steps + 1):
            for after in (False, True):
                number = len(outcomes) + 3
                outcomes.append(_killed(folder, worker, number, None, at=step, after=after))
        _recovers(folder, worker, len(outcomes) + 3, None)
    return _counted(outcomes, steps)


def _time_of_one(folder: Path, worker: Foreman, model: Embedder | None) -> float:
    """Seconds from the beginning of a rebuild's process to its end."""
    write_edition(folder, 0)
    worker.order(folder, model=model is not None)
    write_edition(folder, 1)
    return worker.order(folder, model=model is not None).seconds


def _killed(
    folder: Path, worker: Foreman, number: int, model: Embedder | None, **fault: object
) -> tuple[bool, bool]:
    """(was killed, serves the new edition) of one rebuild to edition `number`."""
    before = check_whole(folder, model)
    write_edition(folder, number)
    outcome = worker.order(folder, model=model is not None, **fault)
    if outcome.code not in (0, KILLED):
        raise AssertionError(f"exit code {outcome.code}: {outcome.said}")
    found = check_whole(folder, model)
    if found.edition not in (before.edition, number):
        raise AssertionError(f"edition {found.edition} after {before.edition} and {number}")
    if found.edition == before.edition and found != before:
        raise AssertionError(f"{before} became {found}")
    if outcome.code == 0 and found.edition != number:
        raise AssertionError(f"a build that ended well left edition {found.edition}")
    return outcome.code == KILLED, found.edition == number


def _recovers(folder: Path, worker: Foreman, number: int, model: Embedder | None) -> None:
    """The next build needs no repair, and clears up what was left behind."""
    write_edition(folder, number)
    outcome = worker.order(folder, model=model is not None)
    if outcome.code != 0 or check_whole(folder, model).edition != number:
        raise AssertionError(f"the build after the last kill: {outcome}")
    left = [p.name for p in (folder / "index" / "generations").iterdir() if not p.name.isdigit()]
    if left:
        raise AssertionError(f"left behind: {left}")


def _counted(outcomes: list[tuple[bool, bool]], steps: int = 0) -> Kills:
    return Kills(
        builds=len(outcomes),
        caught=sum(killed for killed, _ in outcomes),
        old=sum(not new for _, new in outcomes),
        new=sum(new for _, new in outcomes),
        steps=steps,
    )
