"""Vectors that earlier generations already hold: what was embedded once is never embedded again."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import text as texts
from assistant.datatypes import Document
from assistant.errors import IndexFault
from assistant.indexing import vocabulary
from assistant.indexing.embedders import Embedder
from assistant.indexing.generations import Generations
from assistant.indexing.layout import PASSAGES, SENTENCES, STORE, WORD_VECTORS, WORDS
from assistant.indexing.manifest import Manifest
from assistant.indexing.passages import SplitterSettings
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Earlier:
    """A whole generation that a build may copy from."""

    manifest: Manifest
    folder: Path

    def same_settings(self, embedder: Embedder, splitter: SplitterSettings) -> bool:
        """Whether it was built with this model and these passages, and is of today's format."""
        return (
            self.manifest.embedder == embedder.fingerprint
            and self.manifest.splitter == asdict(splitter)
            and WORDS in self.manifest.files
        )

    def documents(self) -> dict[str, Document]:
        """Its documents by their ids."""
        store = Store(self.folder / STORE)
        try:
            return {document.doc_id: document for document in store.documents()}
        finally:
            store.close()

    def vectors(self) -> dict[int, Vectors]:
        """Its vectors by the hash of the text they are of."""
        store = Store(self.folder / STORE)
        try:
            passages = store.passages()
        finally:
            store.close()
        known = dict(
            zip((texts.hash63(p.indexed_text) for p in passages),
                VectorFile.load(self.folder / PASSAGES).all(), strict=True)
        )  # fmt: skip
        sentences = (texts.hash63(s) for p in passages for s in p.sentence_texts)
        known.update(zip(sentences, VectorFile.load(self.folder / SENTENCES).all(), strict=True))
        if WORDS in self.manifest.files:
            words = map(texts.hash63, vocabulary.read(self.folder / WORDS))
            known.update(zip(words, VectorFile.load(self.folder / WORD_VECTORS).all(), strict=True))
        return known


def whole(generations: Generations, name: str) -> Earlier | None:
    """Generation `name` with every file checked; None if it is missing, damaged or of no use."""
    try:
        manifest = generations.manifest(name)
        manifest.check_files(generations.folder(name))
        Store(generations.folder(name) / STORE).close()
    except IndexFault:
        return None
    return Earlier(manifest, generations.folder(name))


def current(generations: Generations) -> Earlier | None:
    """The generation being served or, if it is not whole, the newest whole one before it."""
    for name in (generations.served(), *generations.fallbacks()):
        found = whole(generations, name) if name else None
        if found:
            return found
    return None


def known_vectors(
    generations: Generations, embedder: Embedder, wanted: Set[int]
) -> dict[int, Vectors]:
    """Vectors of the texts with these hashes, as far as a kept generation has them.

    The one being served is asked first, then the others from the newest on, so that going back to
    what was there before embeds nothing; none is opened once all are found.
    """
    found: dict[int, Vectors] = {}
    for earlier in _donors(generations):
        if found.keys() >= wanted:
            break
        if earlier.manifest.embedder == embedder.fingerprint:
            vectors = earlier.vectors()
            found |= {key: vectors[key] for key in (wanted & vectors.keys()) - found.keys()}
    return found


def _donors(generations: Generations) -> Iterator[Earlier]:
    served = generations.served()
    names = sorted(generations.names(), key=lambda name: (name == served, int(name)), reverse=True)
    for name in names:
        earlier = whole(generations, name)
        if earlier:
            yield earlier
