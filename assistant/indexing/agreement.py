"""Prove that the parts of a generation agree one to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from assistant.datatypes import Document, Passage
from assistant.errors import IndexDamaged
from assistant.indexing import vocabulary
from assistant.indexing.embedders import Embedder, Vectors
from assistant.indexing.layout import (
    LEXICAL,
    PASSAGES,
    SENTENCES,
    STORE,
    WORD_VECTORS,
    WORDS,
)
from assistant.indexing.lexical import LexicalFolder, stems
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile

SAME_TEXT = 0.99
"""Cosine from which two vectors are of one text: batches of other sizes round differently."""


def check_agreement(folder: Path) -> Manifest:
    """Raises IndexDamaged unless documents, passages, vectors and words in `folder` agree.

    Every passage is the exact slice of its document, every sentence lies inside its passage, and
    each passage has one vector, one lexical entry and one vector for each sentence; each word has
    one vector.
    """
    manifest = Manifest.read(folder)
    manifest.check_files(folder)
    store = Store(folder / STORE)
    try:
        store.check()
        passages = store.passages()
        documents = {document.doc_id: document for document in store.documents()}
    finally:
        store.close()
    for passage in passages:
        _check_passage(passage, documents[passage.doc_id])
    passage_vectors = VectorFile.load(folder / PASSAGES)
    sentence_vectors = VectorFile.load(folder / SENTENCES)
    counted = {
        "documents": (len(documents), manifest.documents),
        "passages": (len(passages), manifest.passages),
        "passage vectors": (len(passage_vectors), manifest.passages),
        "sentences": (sum(len(p.sentences) for p in passages), manifest.sentences),
        "sentence vectors": (len(sentence_vectors), manifest.sentences),
        "coordinates a passage vector": (passage_vectors.dimension, manifest.dimension),
        "coordinates a sentence vector": (sentence_vectors.dimension, manifest.dimension),
    }
    if WORDS in manifest.files:
        word_vectors = VectorFile.load(folder / WORD_VECTORS)
        counted |= {
            "words": (len(vocabulary.read(folder / WORDS)), manifest.words),
            "word vectors": (len(word_vectors), manifest.words),
            "coordinates a word vector": (word_vectors.dimension, manifest.dimension),
        }
    for what, (found, expected) in counted.items():
        if found != expected:
            raise IndexDamaged(
                f"generation {manifest.generation} has {found} {what}: expected {expected}. "
                "Build the index again with python build_index.py."
            )
    if LexicalFolder.load(folder / LEXICAL).ids() != sorted(p.passage_id for p in passages):
        raise IndexDamaged(
            f"the lexical entries of generation {manifest.generation} are not those of its "
            "passages. Build the index again with python build_index.py."
        )
    return manifest


def _check_passage(passage: Passage, document: Document) -> None:
    sliced = passage.span.of(document.text) == passage.text
    inside = all(passage.span.contains(sentence) for sentence in passage.sentences)
    if not (sliced and inside and passage.sentences):
        raise IndexDamaged(
            f"passage {passage.passage_id} of {passage.doc_id} is not the slice of its document "
            "that it claims to be. Build the index again with python build_index.py."
        )


def check_contents(folder: Path, embedder: Embedder) -> None:
    """Embed and stem everything again: raises IndexDamaged unless it is what `folder` holds.

    Beyond `check_agreement`, which counts: vector r is that of the words of passage r, and every
    stem is found in as many passages as hold it. Takes as long as a first build.
    """
    store = Store(folder / STORE)
    try:
        passages = store.passages()
    finally:
        store.close()
    indexed = [passage.indexed_text for passage in passages]
    sentences = [sentence for passage in passages for sentence in passage.sentence_texts]
    embedded = {PASSAGES: indexed, SENTENCES: sentences}
    if WORDS in Manifest.read(folder).files:
        words = vocabulary.of(indexed)
        if words != vocabulary.read(folder / WORDS):
            raise IndexDamaged(
                f"{WORDS} does not list the words of the passages. Build the index again with "
                "python build_index.py."
            )
        embedded[WORD_VECTORS] = words
    for name, texts in embedded.items():
        _check_vectors(VectorFile.load(folder / name).all(), texts, embedder, name)
    _check_stems(LexicalFolder.load(folder / LEXICAL), indexed)


def _check_vectors(held: Vectors, texts: Sequence[str], embedder: Embedder, name: str) -> None:
    fresh = embedder.embed(list(dict.fromkeys(texts)))
    rows = dict(zip(dict.fromkeys(texts), fresh, strict=True))
    for row, text in enumerate(texts):
        cosine = float(held[row] @ rows[text])
        if cosine < SAME_TEXT:
            raise IndexDamaged(
                f"vector {row} of {name} is not that of its words {text[:60]!r} (cosine "
                f"{cosine:.2f}). Build the index again with python build_index.py."
            )


def _check_stems(lexical: LexicalFolder, texts: Sequence[str]) -> None:
    counted = Counter(stem for text in texts for stem in set(stems(text)))
    for stem, expected in sorted(counted.items()):
        found = lexical.document_frequency(stem)
        if found != expected:
            raise IndexDamaged(
                f"the word {stem!r} has {found} lexical entries: expected {expected}, one for each "
                "passage that holds it. Build the index again with python build_index.py."
            )
