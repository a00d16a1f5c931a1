"""How alike words are: the cosines of their vectors, so that "staff" is near "workforce"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant import text as texts

Vectors = npt.NDArray[np.float32]
Likeness = npt.NDArray[np.float32]


def likeness(
    asked: Vectors,
    passages: Sequence[str],
    rows: Mapping[str, int],
    vectors: Callable[[Sequence[int]], Vectors],
) -> Likeness:
    """(len(passages), len(asked)): each passage's word that is most like an asked one, 0..1.

    `asked` are unit vectors (count, dimension); `rows` numbers the words that have a vector and
    `vectors` gives those of some rows. Words without one are like nothing.
    """
    held = [
        sorted({rows[word] for word in texts.words(passage) if word in rows})
        for passage in passages
    ]
    needed = sorted({row for own in held for row in own})
    cosines = np.clip(asked @ vectors(needed).T, 0.0, 1.0)
    best = np.zeros((len(passages), len(asked)), dtype=np.float32)
    for number, own in enumerate(held):
        best[number] = cosines[:, np.searchsorted(needed, own)].max(axis=1, initial=0.0)
    return best
