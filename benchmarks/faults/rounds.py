"""Rebuild after rebuild with something going wrong, each checked: the old edition or the new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.indexing.embedders import Embedder
from assistant.settings import Settings
from benchmarks.faults.books import Whole, check_whole, workplace, write_edition
from benchmarks.faults.foreman import KILLED, Foreman, Outcome, foreman

REFUSED = 2


@dataclass(frozen=True)
class Tally:
    """How many rebuilds were begun with a fault, what became of them, and what was served after.

    Anything but one whole edition, the old or the new, raises where it is found.
    """

    builds: int
    killed: int
    refused: int
    old: int
    new: int


class Rounds:
    """Rebuilds in one folder, from one edition to the next; made by `rounds`."""

    def __init__(self, folder: Path, worker: Foreman, model: Embedder | None) -> None:
        self.folder, self._worker, self._model = folder, worker, model
        self._edition = 0
        self._outcomes: list[tuple[Outcome, bool]] = []
        self._served: Whole | None = None

    def clean(self) -> Outcome:
        """A rebuild without a fault, which needs no repair and clears up what others left."""
        outcome = self._order()
        if outcome.code != 0:
            raise AssertionError(f"a build without a fault: {outcome}")
        self._check(outcome)
        folders = (self.folder / "index" / "generations").iterdir()
        left = [path.name for path in folders if not path.name.isdigit()]
        if left:
            raise AssertionError(f"left behind: {left}")
        return outcome

    def steps(self) -> list[tuple[int, str]]:
        """(number, name) of each step of a rebuild that also removes an old generation."""
        for _ in range(Settings().keep_generations):
            self.clean()
        return list(enumerate(self.clean().steps, 1))

    def faulty(self, **fault: object) -> Outcome:
        """A rebuild with a fault that `worker` knows."""
        outcome = self._order(**fault)
        if outcome.code not in (0, KILLED, REFUSED):
            raise AssertionError(f"exit code {outcome.code}: {outcome.said}")
        if outcome.code == REFUSED and "expected" not in outcome.said:
            raise AssertionError(f"no expectation and no cure: {outcome.said}")
        self._outcomes.append((outcome, self._check(outcome)))
        return outcome

    def tally(self) -> Tally:
        """What became of the faulty ones."""
        codes = [outcome.code for outcome, _ in self._outcomes]
        new = sum(published for _, published in self._outcomes)
        return Tally(
            len(codes), codes.count(KILLED), codes.count(REFUSED), len(codes) - new, new
        )  # fmt: skip

    def _order(self, **fault: object) -> Outcome:
        self._edition += 1
        write_edition(self.folder, self._edition)
        return self._worker.order(self.folder, model=self._model is not None, **fault)

    def _check(self, outcome: Outcome) -> bool:
        """Whether the new edition is served. Raises if neither it nor the old one is, whole."""
        found = check_whole(self.folder, self._model)
        new = found.edition == self._edition
        if not new and found != self._served:
            raise AssertionError(f"{self._served} became {found}, not edition {self._edition}")
        if outcome.code == 0 and not new:
            raise AssertionError(f"a build that ended well left {found}")
        self._served = found
        return new


@contextmanager
def rounds(model: Embedder | None = None, folder: Path | None = None) -> Iterator[Rounds]:
    """A folder (by default an empty one) with a first generation, and a worker to rebuild it."""
    with workplace() as empty, foreman() as worker:
        found = Rounds(folder or empty, worker, model)
        found.clean()
        yield found
