"""The embedded index: one generation on disk, opened once and searched by vectors and by words."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.datatypes import Document, Hit, Passage, Signals
from assistant.errors import IndexStale
from assistant.indexing import dates, vocabulary
from assistant.indexing.build import build
from assistant.indexing.embedders import Embedder, Vectors
from assistant.indexing.generations import Generations
from assistant.indexing.layout import (
    LEXICAL,
    PASSAGES,
    SENTENCES,
    STORE,
    WORD_VECTORS,
    WORDS,
)
from assistant.indexing.lexical import LexicalFolder, stems
from assistant.indexing.locks import ReaderMark
from assistant.indexing.manifest import Manifest
from assistant.indexing.passages import SplitterSettings
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile
from assistant.retrieval.fusion import DENSE_WEIGHT, weighted_sum
from assistant.retrieval.likeness import Likeness, likeness

QUESTIONS = 8
"""Questions whose words' vectors are kept, in memory: each is searched and then read."""
CANDIDATES = 100
"""Passages taken from each ranking before they are fused."""
SYNONYMS = 10
"""How many words like each of the question's are searched too."""
SYNONYM = 0.5
"""The least cosine of these, and what they count: chosen on the calibration questions."""
SYNONYM_WEIGHT = 0.3
_NAMED = re.compile(r"(?<=[^.?!] )[A-Z][\w'’-]*")
SENTENCE_SHARE = 0.4
"""How much the best bare sentence counts in the dense score, beside the labelled passage."""


class EmbeddedIndex:
    """One generation, read-only. Open it with `open_current`.

    `since` says by `doc_id` since when a document has been in the index as it is (ISO 8601).
    """

    def __init__(self, root: Path, name: str, embedder: Embedder) -> None:
        """Open generation `name` below `root`; every file is checked before it is used.

        While this object lives, no build prunes the generation. Raises IndexDamaged naming the
        file, or IndexStale if `embedder` is not the one it was built with.
        """
        self._root, self._embedder = root, embedder
        self._word_vectors_of = lru_cache(QUESTIONS)(embedder.embed)
        mark = ReaderMark(root, name)
        weakref.finalize(self, mark.release)
        try:
            self._load(root, name)
        except BaseException:
            mark.release()
            raise

    def _load(self, root: Path, name: str) -> None:
        generations = Generations(root)
        folder = generations.folder(name)
        self.manifest = generations.manifest(name)
        check_model(self.manifest, self._embedder, root)
        self.manifest.check_files(folder)
        self._store = Store(folder / STORE)
        self._passage_vectors = VectorFile.load(folder / PASSAGES)
        self._sentence_vectors = VectorFile.load(folder / SENTENCES)
        self._lexical = LexicalFolder.load(folder / LEXICAL)
        self._words: dict[str, int] = {}
        if WORDS in self.manifest.files:  # not in the formats before
            self._word_vectors = VectorFile.load(folder / WORD_VECTORS)
            self._vocabulary = vocabulary.read(folder / WORDS)
            self._words = {word: row for row, word in enumerate(self._vocabulary)}
        self.since = dates.read(folder)

    @property
    def generation(self) -> str:
        return self.manifest.generation

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """Vectors and words each propose candidates; all are then scored by both and fused."""
        vector = self._embedder.embed([question])[0]
        lexical = dict(self._lexical.search(self._terms(question), CANDIDATES))
        nearest = self._passage_vectors.search(vector, CANDIDATES)[0]
        sentences = self._sentence_vectors.search(vector, CANDIDATES)[0]
        rows = {
            *(int(row) for row in nearest),
            *self._store.rows_of_sentences([int(row) for row in sentences]),
            *self._store.rows_of_ids(list(lexical)),
        }
        hits = self._scored(rows, vector, lexical)
        return tuple(
            sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[: max(0, k)]
        )

    def within(self, question: str, doc_id: str) -> tuple[Hit, ...]:
        vector = self._embedder.embed([question])[0]
        ids = [passage.passage_id for passage in self._store.passages(doc_id)]
        found = dict(self._lexical.search(self._terms(question), len(self)))
        lexical = {key: found[key] for key in ids if key in found}
        return tuple(self._scored(set(self._store.rows_of_ids(ids)), vector, lexical))

    def _terms(self, question: str) -> dict[str, float]:
        """The stems that are searched, with their weights: the question's, and those like them.

        A name has no synonyms: every place is like every other.
        """
        terms = dict.fromkeys(stems(question), 1.0)
        words = vocabulary.by_stem(question)
        if not self._words or not words:
            return terms
        names = set(stems(" ".join(_NAMED.findall(question))))
        near: dict[str, float] = {}
        for own, vector in zip(words, self._word_vectors_of(tuple(words.values())), strict=True):
            if own in names or own.isdecimal():
                continue
            rows, cosines = self._word_vectors.search(vector, SYNONYMS)
            for row, cosine in zip(rows, cosines, strict=True):
                for stem in stems(self._vocabulary[row]) if cosine >= SYNONYM else ():
                    near[stem] = max(near.get(stem, 0.0), SYNONYM_WEIGHT * float(cosine))
        return terms | {stem: weight for stem, weight in near.items() if stem not in terms}

    def _scored(self, rows: Set[int], vector: Vectors, lexical: Mapping[int, float]) -> list[Hit]:
        """Hits of the passages in `rows`, by row, with all signals and the fused score."""
        found = self._store.by_rows(sorted(rows))
        dense = self._passage_vectors.rows([row for row, _, _ in found]) @ vector
        hits: dict[int, Hit] = {}
        for (_, first, passage), cosine in zip(found, dense, strict=True):
            span = range(first, first + len(passage.sentences))
            cosines = tuple(float(c) for c in self._sentence_vectors.rows(list(span)) @ vector)
            signals = Signals(float(cosine), max(cosines), lexical.get(passage.passage_id, 0.0))
            hits[passage.passage_id] = Hit(passage, 0.0, signals, cosines)
        fused = fuse(hits)
        return [replace(hit, score=fused[key]) for key, hit in hits.items()]

    def document(self, doc_id: str) -> Document | None:
        return self._store.document(doc_id)

    def documents(self) -> Iterator[Document]:
        return self._store.documents()

    def passages(self, doc_id: str) -> list[Passage]:
        return self._store.passages(doc_id)

    def passage_counts(self) -> dict[str, int]:
        """How many passages each document has."""
        return self._store.passage_counts()

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        return {term: self._lexical.document_frequency(term) for term in terms}

    def spelled_like(self, word: str) -> str:
        return vocabulary.spelled_like(word.casefold(), list(self._words))

    def likeness(self, words: Sequence[str], passages: Sequence[str]) -> Likeness:
        if not self._words or not words:
            return np.zeros((len(passages), len(words)), dtype=np.float32)
        vectors = self._word_vectors_of(tuple(words))
        return likeness(vectors, passages, self._words, self._word_vectors.rows)

    def __len__(self) -> int:
        return self._store.passage_count

    def apply(self, documents: Sequence[Document]) -> EmbeddedIndex:
        """Build and publish the generation that holds exactly `documents`, and open it."""
        splitter = SplitterSettings(**self.manifest.splitter)
        summary = build(documents, self._root, self._embedder, splitter)
        return EmbeddedIndex(self._root, summary.generation, self._embedder)


def fuse(hits: dict[int, Hit]) -> dict[int, float]:
    """The fused score in 0..1 of each hit from its signals."""
    dense = {
        key: (1 - SENTENCE_SHARE) * hit.signals.dense + SENTENCE_SHARE * hit.signals.sentence
        for key, hit in hits.items()
    }
    lexical = {key: hit.signals.lexical for key, hit in hits.items()}
    return weighted_sum({"dense": (DENSE_WEIGHT, dense), "lexical": (1 - DENSE_WEIGHT, lexical)})


def check_model(manifest: Manifest, embedder: Embedder, root: Path) -> None:
    """Raises IndexStale unless the generation was built with `embedder`."""
    if manifest.embedder != embedder.fingerprint:
        raise IndexStale(
            f"The index in {root} was built with the model {manifest.embedder}: this run uses "
            f"{embedder.fingerprint}. Build it again with python build_index.py."
        )


def open_current(root: Path, embedder: Embedder) -> EmbeddedIndex:
    """The generation that `CURRENT` names. Raises IndexFault subclasses."""
    return EmbeddedIndex(root, Generations(root).current(), embedder)
