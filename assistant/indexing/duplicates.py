"""Documents that repeat others: the same words under another name, or nearly the same."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant import text as texts
from assistant.datatypes import Passage

NEARLY = 0.9
"""Share of the passages of the longer of two documents from which they are nearly the same."""


@dataclass(frozen=True)
class Duplicate:
    """`doc_id` says what `other` says: `share` of the longer one's passages are in both."""

    doc_id: str
    other: str
    share: float

    def __str__(self) -> str:
        if self.share == 1.0:
            return f"{self.doc_id} says the same as {self.other}"
        return f"{self.doc_id} shares {self.share:.0%} of its passages with {self.other}"


def duplicates(passages: Iterable[Passage]) -> tuple[Duplicate, ...]:
    """Each document that repeats one before it in the order of their ids, with the most alike.

    Passages are the same if their words are, whatever the case, the spacing and the heading. Which
    pairs can be alike at all is found by prefix filtering (Chaudhuri, Ganti and Kaushik, 2006): of
    two sets of n passages that share 0.9 n, the rarest tenth of the one meets that of the other.
    """
    held: dict[str, set[int]] = defaultdict(set)
    for passage in passages:
        held[passage.doc_id].add(texts.hash63(" ".join(texts.words(passage.text))))
    same, firsts = _same(held)
    near = _near({doc_id: held[doc_id] for doc_id in firsts})
    return tuple(sorted((*same, *near), key=lambda duplicate: duplicate.doc_id))


def _same(held: Mapping[str, set[int]]) -> tuple[list[Duplicate], list[str]]:
    """Documents with exactly the passages of another, and the first of each kind."""
    first: dict[frozenset[int], str] = {}
    found = []
    for doc_id in sorted(held):
        other = first.setdefault(frozenset(held[doc_id]), doc_id)
        if other != doc_id:
            found.append(Duplicate(doc_id, other, 1.0))
    return found, sorted(first.values())


def _near(held: Mapping[str, set[int]]) -> list[Duplicate]:
    often = Counter(key for keys in held.values() for key in keys)
    by_rare: dict[int, list[str]] = defaultdict(list)
    found = []
    for doc_id in sorted(held):
        keys = held[doc_id]
        prefix = len(keys) - math.ceil(NEARLY * len(keys)) + 1
        rarest = sorted(keys, key=lambda key: (often[key], key))[:prefix]
        others = {other for key in rarest for other in by_rare[key]}
        shares = [(_share(keys, held[other]), other) for other in sorted(others)]
        share, other = max(shares, key=lambda pair: pair[0], default=(0.0, ""))
        if share >= NEARLY:
            found.append(Duplicate(doc_id, other, share))
        for key in rarest:
            by_rare[key].append(doc_id)
    return found


def _share(one: set[int], two: set[int]) -> float:
    return len(one & two) / max(len(one), len(two))
