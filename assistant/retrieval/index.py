"""The `Index` seam: what retrieval needs of a collection, and a small fake of it for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, Self

from assistant.datatypes import Document, Hit, Passage, Signals
from assistant.indexing import vocabulary
from assistant.indexing.embedders import Embedder, HashingEmbedder, Vectors
from assistant.indexing.lexical import stems
from assistant.indexing.passages import SplitterSettings, split
from assistant.retrieval.fusion import DENSE_WEIGHT, weighted_sum
from assistant.retrieval.likeness import Likeness, likeness


class Index(Protocol):
    """An immutable collection of documents that can be searched.

    `apply` returns the next collection and leaves this one as it is, so that whoever holds one
    sees the same documents for as long as they like.
    """

    @property
    def generation(self) -> str: ...

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The best `k` passages, best first, ties by `passage_id`; scores in 0..1."""
        ...

    def within(self, question: str, doc_id: str) -> tuple[Hit, ...]:
        """All passages of one document, in its order, scored among themselves."""
        ...

    def document(self, doc_id: str) -> Document | None:
        """The document of this id, or None."""
        ...

    def documents(self) -> Iterator[Document]:
        """All documents by `doc_id`."""
        ...

    def passages(self, doc_id: str) -> list[Passage]:
        """The passages of one document in its order; none for an unknown id."""
        ...

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each stem occurs (stems as `assistant.indexing.lexical.stems`)."""
        ...

    def spelled_like(self, word: str) -> str:
        """The word of this collection that `word` may be a misspelling of; "" if none."""
        ...

    def likeness(self, words: Sequence[str], passages: Sequence[str]) -> Likeness:
        """(len(passages), len(words)): how like each word the likest word of each passage is.

        Cosines in 0..1 of the words' own vectors. `passages` are texts of this collection: a word
        that is not in it is like nothing.
        """
        ...

    def __len__(self) -> int:
        """How many passages there are."""
        ...

    def apply(self, documents: Sequence[Document]) -> Self:
        """The next collection, holding exactly `documents`."""
        ...


class MemoryIndex:
    """The fake: everything in memory, stems counted, vectors by HashingEmbedder."""

    def __init__(self, documents: Iterable[Document] = (), generation: int = 1) -> None:
        self._documents = {document.doc_id: document for document in documents}
        self._generation = generation
        self._embedder: Embedder = HashingEmbedder()
        self._passages = {
            passage.passage_id: passage
            for doc_id in sorted(self._documents)
            for passage in split(self._documents[doc_id], SplitterSettings())
        }

    @property
    def generation(self) -> str:
        return f"{self._generation:06d}"

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        hits = self._scored(question, self._passages)
        return tuple(
            sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[: max(0, k)]
        )

    def within(self, question: str, doc_id: str) -> tuple[Hit, ...]:
        own = {passage.passage_id: passage for passage in self.passages(doc_id)}
        return tuple(self._scored(question, own))

    def _scored(self, question: str, passages: Mapping[int, Passage]) -> list[Hit]:
        wanted = set(stems(question))
        dense: dict[int, float] = {}
        lexical: dict[int, float] = {}
        vector = self._embedder.embed([question])[0]
        for key, passage in passages.items():
            dense[key] = float(self._embedder.embed([passage.indexed_text])[0] @ vector)
            shared = len(wanted & set(stems(passage.indexed_text)))
            if shared:
                lexical[key] = float(shared)
        fused = weighted_sum(
            {"dense": (DENSE_WEIGHT, dense), "lexical": (1 - DENSE_WEIGHT, lexical)}
        )
        return [self._hit(key, fused, dense, lexical, vector) for key in passages]

    def _hit(
        self,
        key: int,
        fused: dict[int, float],
        dense: dict[int, float],
        lexical: dict[int, float],
        vector: Vectors,
    ) -> Hit:
        passage = self._passages[key]
        cosines = tuple(float(c) for c in self._embedder.embed(passage.sentence_texts) @ vector)
        signals = Signals(dense[key], max(cosines), lexical.get(key, 0.0))
        return Hit(passage, fused[key], signals, cosines)

    def document(self, doc_id: str) -> Document | None:
        return self._documents.get(doc_id)

    def documents(self) -> Iterator[Document]:
        return iter(self._documents[doc_id] for doc_id in sorted(self._documents))

    def passages(self, doc_id: str) -> list[Passage]:
        return [passage for passage in self._passages.values() if passage.doc_id == doc_id]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        held = [set(stems(passage.indexed_text)) for passage in self._passages.values()]
        return {term: sum(term in words for words in held) for term in terms}

    def spelled_like(self, word: str) -> str:
        return vocabulary.spelled_like(word.casefold(), self._vocabulary())

    def _vocabulary(self) -> list[str]:
        return vocabulary.of(passage.indexed_text for passage in self._passages.values())

    def likeness(self, words: Sequence[str], passages: Sequence[str]) -> Likeness:
        held = self._vocabulary()
        vectors = self._embedder.embed(held)
        rows = {word: row for row, word in enumerate(held)}
        return likeness(
            self._embedder.embed(words), passages, rows, lambda some: vectors[list(some)]
        )

    def __len__(self) -> int:
        return len(self._passages)

    def apply(self, documents: Sequence[Document]) -> MemoryIndex:
        return MemoryIndex(documents, self._generation + 1)
