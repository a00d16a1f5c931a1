"""Make everything go wrong that can, count what came of it, and write docs/reliability.md.

    python -m benchmarks.reliability            # everything, a few minutes
    python -m benchmarks.reliability --quick    # fewer rounds; prints the counts, writes nothing

The same experiments run in CI (`pytest -m slow tests/reliability`). Each raises where a promise is
broken, so what is printed are promises kept.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Iterator, Sequence

import assistant  # noqa: F401  # before any library that calls home
from assistant.settings import PROJECT
from benchmarks.faults import damage, disks, incremental, kills, load
from benchmarks.faults.rounds import Tally
from benchmarks.machine import machine
from benchmarks.reliability_page import Row, page

PAGE = PROJECT / "docs" / "reliability.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the experiments, print their counts, write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reliability", description="Write docs/reliability.md."
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds; write nothing")
    options = parser.parse_args(arguments)
    logging.getLogger("assistant").addHandler(logging.NullHandler())  # faults are what we make
    begun = time.perf_counter()
    rows = []
    for row in measured(options.quick):
        rows.append(row)
        print(row, flush=True)
    seconds = time.perf_counter() - begun
    print(f"{seconds:.0f} seconds on {machine()}")
    if not options.quick:
        PAGE.write_text(page(rows, seconds, machine()), encoding="utf-8")
        print(f"wrote {PAGE}")
    return 0


def measured(quick: bool) -> Iterator[Row]:
    """The counts of each experiment, as soon as it is done."""
    yield _tallied("`kill -9` at random moments of a rebuild", kills.at_random_moments(50))
    if not quick:
        yield _tallied(
            "`kill -9` at each step that changes the disk: writing, publishing, pruning",
            kills.at_every_step(),
        )
        yield _tallied(
            "`kill -9` at random moments, with the model that ships", kills.with_the_real_model(3)
        )
    yield from _disks(quick)
    for experiment in (_damage, _load, _incremental):
        yield experiment()


def _tallied(fault: str, tally: Tally) -> Row:
    counts = {
        "killed in the middle": tally.killed,
        "refused in a sentence": tally.refused,
        "served the generation before, whole": tally.old,
        "served the new one, whole": tally.new,
        "served anything else": tally.builds - tally.old - tally.new,
    }
    told = [f"{count} {what}" for what, count in counts.items() if count or "else" in what]
    return Row(fault, tally.builds, "; ".join(told))


def _disks(quick: bool) -> Iterator[Row]:
    yield _tallied("no file may grow beyond a size, at the size of each file", disks.size_limits())
    full = disks.full_disk()
    if full is not None:
        yield _tallied("a disk of 4 MB, filled but for a few kilobytes", full)
    for error, name in () if quick else ((disks.FULL, "no space left"), (disks.FAILING, "I/O")):
        yield _tallied(
            f"an error ({name}) at each step that changes the disk", disks.failing_steps(error)
        )
    closed = disks.read_only()
    if closed is not None:
        yield Row(
            "a disk that can only be read", 1,
            "the build was refused in a sentence; questions were answered from the generation "
            f"there ({closed.answered_from})",
        )  # fmt: skip


def _damage() -> Row:
    found = damage.every_file()
    return Row(
        f"each of the {found.files} files of a generation altered by a bit, cut short, emptied, "
        "lengthened, replaced by another generation's, deleted",
        found.damages,
        f"{found.named} found and named; {found.passed_over} passed over for the generation "
        "before, which answered",
    )


def _load() -> Row:
    found = load.asking_while_rebuilding(1000, 20)
    if found.faults or found.mixed:
        raise AssertionError(f"{found.faults[:3]} {found.mixed[:3]}")
    return Row(
        f"questions from {load.THREADS} threads in each of {load.PROCESSES} processes, while "
        f"{found.rebuilds} rebuilds were published",
        found.questions,
        f"{len(found.faults)} without an answer; {len(found.mixed)} that mix generations; "
        f"{found.generations} generations were answered from; {found.left} are left on disk",
    )


def _incremental() -> Row:
    cost = incremental.one_file_more()
    return Row(
        f"one file added to {cost.documents:,}",
        1,
        f"{cost.one_more} texts embedded, {cost.one_more / cost.full:.2%} of the {cost.full:,} of "
        f"the full build; {cost.renamed} when a file is renamed",
    )


if __name__ == "__main__":
    sys.exit(main())
