"""Questions from many threads and two processes while one rebuild after another is published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.indexing.generations import Generations
from assistant.settings import PROJECT
from benchmarks.faults.books import book, check_whole, workplace, write_edition

PROCESSES, THREADS = 2, 8


@dataclass(frozen=True)
class Load:
    """How many questions were answered during how many rebuilds, and from how many generations.

    `mixed` holds the answers whose quotations do not all stand in the generation they name,
    `faults` the questions that got none.
    """

    questions: int
    rebuilds: int
    generations: int
    faults: tuple[str, ...]
    mixed: tuple[str, ...]
    slowest_ms: float
    left: int
    """Generations on disk afterwards."""


def asking_while_rebuilding(questions: int, rebuilds: int) -> Load:
    """At least `questions` from 8 threads in each of 2 processes, while `rebuilds` publish."""
    with workplace() as folder:
        write_edition(folder, 1)
        builder = book(folder)
        builder.build()
        found = _ask(folder, questions // PROCESSES, rebuilds)
        if check_whole(folder).edition != rebuilds + 1:
            raise AssertionError("the last rebuild is not the one being served")
        builder.build()  # nobody else reads any more: what was kept for readers can go
        left = len(Generations(folder / "index").names())
    answers = {name for one in found for name in one["answers"]}
    return Load(
        questions=sum(sum(one["answers"].values()) for one in found),
        rebuilds=rebuilds,
        generations=len(answers),
        faults=tuple(fault for one in found for fault in one["faults"]),
        mixed=tuple(fault for one in found for fault in one["mixed"]),
        slowest_ms=1000 * max(one["slowest"] for one in found),
        left=left,
    )


def _ask(folder: Path, at_least: int, rebuilds: int) -> list[dict[str, Any]]:
    with ExitStack() as stack:
        askers = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603  our own module
                    [sys.executable, "-m", "benchmarks.faults.asker", str(folder), str(THREADS),
                     str(at_least)],
                    cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
                    env={**os.environ, "OMP_NUM_THREADS": "1"},
                )
            )
            for _ in range(PROCESSES)
        ]  # fmt: skip
        for asker in askers:
            if asker.stdout is None or asker.stdout.readline() != "ready\n":
                raise RuntimeError("an asker did not start")
        builder = book(folder)
        for number in range(2, rebuilds + 2):
            write_edition(folder, number)
            builder.build()
        return [json.loads(asker.communicate()[0]) for asker in askers]
