"""Ask from several threads until told to stop; print what came of it as one line of JSON.

Started as `python -m benchmarks.faults.asker FOLDER THREADS AT_LEAST`. Generation n holds edition n
of the corpus, so that every answer can be checked against the words of the generation it names.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.faults.books import Mixed, book, check_answer
from benchmarks.faults.corpora import QUESTIONS

PAUSE = 0.005
"""Seconds between two questions of a thread, so that the builder has a turn on two cores."""


def main(folder: Path, threads: int, at_least: int) -> None:
    """Ask at least `at_least` questions, and on until standard input is closed."""
    casebook = book(folder)
    casebook.index()
    print("ready", flush=True)
    stop = threading.Event()
    generations: Counter[str] = Counter()
    faults: list[str] = []
    mixed: list[str] = []
    slowest = [0.0]
    guard = threading.Lock()

    def ask(share: int) -> None:
        asked = 0
        while asked < share or not stop.is_set():
            question = QUESTIONS[asked % len(QUESTIONS)]
            asked += 1
            begun = time.perf_counter()
            try:
                answer = casebook.ask(question)
                check_answer(answer, int(answer.generation))
                outcome = answer.generation
            except Mixed as error:
                with guard:
                    mixed.append(str(error))
                continue
            except Exception as error:
                with guard:
                    faults.append(f"{type(error).__name__}: {error}")
                continue
            with guard:
                generations[outcome] += 1
                slowest[0] = max(slowest[0], time.perf_counter() - begun)
            time.sleep(PAUSE)

    workers = [
        threading.Thread(target=ask, args=(-(-at_least // threads),)) for _ in range(threads)
    ]
    for worker in workers:
        worker.start()
    sys.stdin.read()
    stop.set()
    for worker in workers:
        worker.join()
    found = {
        "answers": dict(generations), "faults": faults, "mixed": mixed, "slowest": slowest[0],
    }  # fmt: skip
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
