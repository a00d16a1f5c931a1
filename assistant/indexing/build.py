"""Documents become the next generation: only the new is embedded, all or nothing is served."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import text as texts
from assistant.datatypes import Document, Passage
from assistant.errors import IndexDamaged, IndexFault, SettingError
from assistant.indexing.embedders import Embedder
from assistant.indexing.generations import Generations
from assistant.indexing.lexical import LexicalFolder
from assistant.indexing.manifest import Manifest, hash_files
from assistant.indexing.passages import SplitterSettings, split
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile

STORE, LEXICAL = "casebook.sqlite3", "lexical"
PASSAGES, SENTENCES = "passages.faiss", "sentences.faiss"

Progress = Callable[[int, int], None]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class BuildSummary:
    """What a build did. `embedded` counts texts the model had to read."""

    generation: str
    documents: int
    passages: int
    embedded: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    published: bool

    def __str__(self) -> str:
        counts = f"{self.documents} documents, {self.passages} passages"
        if not self.published:
            return f"generation {self.generation} is up to date: {counts}"
        changes = ", ".join(
            f"{len(names)} {word}"
            for names, word in (
                (self.added, "added"),
                (self.changed, "changed"),
                (self.removed, "removed"),
            )
            if names
        )
        return (
            f"generation {self.generation}: {counts} ({changes or 'settings changed'}; "
            f"{self.embedded} texts embedded)"
        )


def build(
    documents: Sequence[Document],
    root: Path,
    embedder: Embedder,
    splitter: SplitterSettings | None = None,
    keep: int = 3,
    on_progress: Progress | None = None,
) -> BuildSummary:
    """Publish a generation holding exactly `documents`; nothing is published if nothing changed.

    `on_progress` is told (done, all) texts embedded. Raises IndexLocked if a build is running,
    SettingError if the folder cannot be written.
    """
    splitter = splitter or SplitterSettings()
    generations = Generations(root)
    with generations.lock():
        before = _previous(generations)
        old = {d.doc_id: d for d in before.store.documents()} if before else {}
        new = {d.doc_id: d for d in documents}
        added = tuple(sorted(new.keys() - old.keys()))
        removed = tuple(sorted(old.keys() - new.keys()))
        changed = tuple(sorted(k for k in new.keys() & old.keys() if new[k] != old[k]))
        same_settings = before is not None and (
            before.manifest.embedder == embedder.fingerprint
            and before.manifest.splitter == asdict(splitter)
        )
        if before and same_settings and not (added or removed or changed):
            manifest = before.manifest
            before.store.close()
            return BuildSummary(
                manifest.generation, manifest.documents, manifest.passages, 0, (), (), (), False
            )
        ordered = [new[doc_id] for doc_id in sorted(new)]
        passages = [passage for document in ordered for passage in split(document, splitter)]
        name, folder = generations.begin()
        try:
            known = _known_vectors(before) if before and same_settings else {}
            embedded = _write(folder, ordered, passages, embedder, known, on_progress)
            _manifest(name, embedder, splitter, ordered, passages, folder).write(folder)
            check_agreement(folder)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise SettingError(
                f"The index in {root} could not be written ({error}): expected space and leave to "
                "make a new generation. The one before goes on serving; make room and build again."
            ) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            if before:
                before.store.close()
        generations.publish(name)
        generations.prune(keep)
    return BuildSummary(name, len(ordered), len(passages), embedded, added, changed, removed, True)


@dataclass(frozen=True)
class _Previous:
    manifest: Manifest
    folder: Path
    store: Store


def _previous(generations: Generations) -> _Previous | None:
    """The generation to copy vectors from; a missing, damaged or older one is simply not used."""
    try:
        folder = generations.folder(generations.current())
        manifest = Manifest.read(folder)
        manifest.check_files(folder)
        return _Previous(manifest, folder, Store(folder / STORE))
    except IndexFault:
        return None


def _known_vectors(before: _Previous) -> dict[int, Vectors]:
    """The vectors of `before` by the hash of the text they are of."""
    passages = before.store.passages()
    known = dict(
        zip((texts.hash63(p.indexed_text) for p in passages),
            VectorFile.load(before.folder / PASSAGES).all(), strict=True)
    )  # fmt: skip
    sentences = (texts.hash63(s) for p in passages for s in p.sentence_texts)
    known.update(zip(sentences, VectorFile.load(before.folder / SENTENCES).all(), strict=True))
    return known


def _write(
    folder: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    embedder: Embedder,
    known: dict[int, Vectors],
    on_progress: Progress | None,
) -> int:
    """Write all files but the manifest; returns how many texts were embedded."""
    indexed = [passage.indexed_text for passage in passages]
    sentences = [sentence for passage in passages for sentence in passage.sentence_texts]
    fresh = [text for text in dict.fromkeys(indexed + sentences) if texts.hash63(text) not in known]
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if on_progress:
            on_progress(done, len(fresh))

    vectors = embedder.embed(fresh, advance)
    known = known | dict(zip(map(texts.hash63, fresh), vectors, strict=True))
    for name, rows in ((PASSAGES, indexed), (SENTENCES, sentences)):
        found = (
            np.stack([known[texts.hash63(text)] for text in rows])
            if rows
            else np.zeros((0, embedder.dimension), dtype=np.float32)
        )
        VectorFile.of(found).save(folder / name)
    Store.write(folder / STORE, documents, passages)
    LexicalFolder.write(
        folder / LEXICAL,
        zip((p.passage_id for p in passages), indexed, strict=True),
    )
    return len(fresh)


def _manifest(
    name: str,
    embedder: Embedder,
    splitter: SplitterSettings,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    folder: Path,
) -> Manifest:
    return Manifest(
        generation=name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        embedder=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter=asdict(splitter),
        documents=len(documents),
        passages=len(passages),
        sentences=sum(len(passage.sentences) for passage in passages),
        files=hash_files(folder),
    )


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
