"""The words of a question, weighed by rarity, and how far a text has each of them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.answering.follow_ups.words import ASPECT, FUNCTION
from assistant.indexing import vocabulary
from assistant.indexing.lexical import stems
from assistant.retrieval.index import Index

Array = npt.NDArray[np.float64]
UNLIKE = 0.3
"""Cosine below which two words have nothing in common: most unrelated ones lie there."""
NEARLY = 0.99
"""What another word counts at most: only the word itself, in whatever form, counts 1."""
OPPOSITE = 0.8
"""What "trust" or "distrust" counts for "mistrust": the subject is the same."""
EVERYWHERE = frozenset(
    """
    area areas case cases example examples place places site sites studies study use used uses using
    """.split()
)
"""Words that ask for case studies as such: each of them is of a place that used something."""
_NEGATED = re.compile(r"(?:mis|dis)(?=\w{4})")


@dataclass(frozen=True)
class Terms:
    """The n stems of a question without stop words, each once, in order."""

    stems: tuple[str, ...]
    words: tuple[str, ...]
    """The stems' words as they stand in the question, folded."""
    rarity: Array
    """(n,) inverse document frequency: log(1 + (N - m + 0.5) / (m + 0.5)) as in BM25 (Robertson and
    Zaragoza 2009), N passages, m of them with the stem."""

    @classmethod
    def of(cls, question: str, index: Index) -> Terms:
        """The terms of `question`, as rare as they are in `index`.

        A word that asks for case studies as such weighs nothing, nor does a word of asking that
        nobody wrote ("How did they handle ..."): that they are missing tells nothing.
        """
        written = vocabulary.by_stem(question)
        total = len(index)
        counts = index.frequencies(list(written))
        rarity = [
            math.log(1 + (total - counts[stem] + 0.5) / (counts[stem] + 0.5))
            if word not in EVERYWHERE and (counts[stem] or names_a_subject(word))
            else 0.0
            for stem, word in written.items()
        ]
        return cls(tuple(written), tuple(written.values()), np.array(rarity, dtype=float))

    @property
    def subject(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a word names a subject."""
        return np.array([names_a_subject(word) for word in self.words], dtype=bool)

    def without(self, known: Collection[str]) -> npt.NDArray[np.bool_]:
        """(n,) which stems that weigh anything are not among `known`."""
        return np.array([stem not in known for stem in self.stems], dtype=bool) & (self.rarity > 0)

    def degrees(self, passages: Sequence[str], index: Index) -> Array:
        """(len(passages), n): how far each passage has each word.

        1 if it has the stem, else by the cosine of the likest word that it has ("staff" is near
        "workforce"): from 0 at `UNLIKE` to `NEARLY` at 1.
        """
        cosines = index.likeness(self.words, passages)
        alike = np.clip((cosines - UNLIKE) / (1 - UNLIKE), 0.0, NEARLY)
        held = [set(stems(passage)) for passage in passages]
        same = np.array([[_same(stem, own) for stem in self.stems] for own in held], dtype=float)
        best: Array = np.maximum(alike, same.reshape(alike.shape))
        return best

    def share(self, degrees: Array, of: npt.NDArray[np.bool_] | None = None) -> float:
        """The share, by rarity, of the words (of those marked in `of`) in `degrees`; 0 if none."""
        weight = self.rarity if of is None else self.rarity * of
        total = float(weight.sum())
        return float(weight @ degrees) / total if total else 0.0


def names_a_subject(word: str) -> bool:
    """Whether a folded word could name a subject: "how did ... help" only asks."""
    return word not in ASPECT and word not in FUNCTION


def _same(stem: str, held: set[str]) -> float:
    """1 if the stem is held, `OPPOSITE` if it is negated and is held without or with another."""
    if stem in held:
        return 1.0
    plain = _NEGATED.sub("", stem)
    related = {plain, f"mis{plain}", f"dis{plain}"} if plain != stem else set()
    return OPPOSITE if related & held else 0.0
