"""Each file of a generation altered, cut short, replaced or deleted: named, and passed over."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexDamaged
from assistant.indexing.agreement import check_agreement
from assistant.indexing.generations import Generations
from benchmarks.faults.books import Mixed, book, check_answer, check_whole, workplace, write_edition
from benchmarks.faults.corpora import QUESTIONS
from benchmarks.faults.kills import SEED

FLIPS = 6
"""Bits flipped in each file, one at a time, beside the first and the last."""


@dataclass(frozen=True)
class Damages:
    """How many files were damaged in how many ways, and how often the file was named.

    Each time the generation before answered, and the next build served the corpus again.
    """

    files: int
    damages: int
    named: int
    passed_over: int


def every_file() -> Damages:
    """Damage each file of the generation being served, in each way, one at a time."""
    counts = [0, 0, 0]
    with workplace() as folder:
        for number in (1, 2):
            write_edition(folder, number)
            book(folder).build()
        generation = folder / "index" / "generations" / "000002"
        paths = sorted(p for p in generation.rglob("*") if p.is_file() and p.suffix != ".lock")
        for path in paths:
            sound = path.read_bytes()
            other = (generation.parent / "000001" / path.relative_to(generation)).resolve()
            for damaged in _ways(sound, other):
                if damaged is None:
                    path.unlink()
                else:
                    path.write_bytes(damaged)
                counts[0] += 1
                counts[1] += _is_named(generation, path)
                counts[2] += _passed_over(folder, path)
                path.write_bytes(sound)
        if check_whole(folder).generation != "000002":
            raise Mixed("what was put right is not served again")
        _rebuilds(folder, paths[0])
    return Damages(len(paths), *counts)


def _ways(sound: bytes, other: Path) -> Iterator[bytes | None]:
    """What is left of a file; None if nothing is."""
    chance = random.Random(SEED)  # noqa: S311  for spreading, not for secrets
    ways: list[Callable[[], bytes]] = [lambda: sound + b"\0"]
    if sound:
        bits = [0, 8 * len(sound) - 1, *(chance.randrange(8 * len(sound)) for _ in range(FLIPS))]
        for bit in bits:
            yield _flipped(sound, bit)
        ways += [lambda: sound[:-1], lambda: sound[: len(sound) // 2], lambda: b""]
    for way in ways:
        yield way()
    if other.is_file() and other.read_bytes() != sound:
        yield other.read_bytes()  # of another generation: a whole file, but not this one's
    yield None


def _flipped(sound: bytes, bit: int) -> bytes:
    changed = bytearray(sound)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _is_named(generation: Path, path: Path) -> bool:
    try:
        Generations(generation.parents[1]).manifest(generation.name)
        check_agreement(generation)
    except IndexDamaged as fault:
        return path.name in str(fault)
    return False


def _passed_over(folder: Path, path: Path) -> bool:
    """Whether a fresh casebook answers from the generation before and says why."""
    casebook = book(folder)
    answer = casebook.ask(QUESTIONS[0])
    check_answer(answer, 1)
    return answer.generation == "000001" and path.name in casebook.fault


def _rebuilds(folder: Path, path: Path) -> None:
    """A build puts a new generation in the place of a damaged one; nothing is lost."""
    path.unlink()
    book(folder).build()
    found = check_whole(folder)
    if (found.generation, found.edition) != ("000003", 2):
        raise Mixed(f"{found} is served after a build")
