"""Prove that the parts of a generation agree one to one."""

from __future__ import annotations

from pathlib import Path

from assistant.datatypes import Document, Passage
from assistant.errors import IndexDamaged
from assistant.indexing.layout import LEXICAL, PASSAGES, SENTENCES, STORE
from assistant.indexing.lexical import LexicalFolder
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile


def check_agreement(folder: Path) -> Manifest:
    """Raises IndexDamaged unless documents, passages, vectors and words in `folder` agree.

    Every passage is the exact slice of its document, every sentence lies inside its passage, and
    each passage has one vector, one lexical entry and one vector for each sentence.
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
