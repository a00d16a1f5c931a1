"""Orders to a worker: build here, with this going wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.settings import PROJECT

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Outcome:
    """How a build's process ended: its exit code, its last words, the steps it made, the time."""

    code: int
    said: str
    steps: tuple[str, ...]
    seconds: float


class Foreman:
    """A worker process; made by `foreman`."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        self._orders, self._answers = orders, answers

    def order(self, folder: Path, **fault: object) -> Outcome:
        """Have one build done in `folder`, with the fault that `worker` knows by these names."""
        self._orders.write(json.dumps({"folder": str(folder), **fault}) + "\n")
        self._orders.flush()
        line = self._answers.readline()
        if not line:
            raise RuntimeError("the worker ended")
        heard = json.loads(line)
        return Outcome(heard["code"], heard["said"], tuple(heard["steps"]), heard["seconds"])


@contextmanager
def foreman() -> Iterator[Foreman]:
    """A worker with everything loaded, ended with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.faults.worker"],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        try:
            yield Foreman(process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.wait(30)
