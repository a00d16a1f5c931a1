"""Builds: only the new is embedded, all or nothing is served, and damage is named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.datatypes import Span
from assistant.errors import IndexDamaged, IndexLocked
from assistant.indexing import vocabulary
from assistant.indexing.agreement import check_agreement, check_contents
from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder, Vectors
from assistant.indexing.generations import Generations
from assistant.indexing.layout import (
    LEXICAL,
    PASSAGES,
    SENTENCES,
    STORE,
    WORD_VECTORS,
    WORDS,
)
from assistant.indexing.lexical import LexicalFolder
from assistant.indexing.manifest import Manifest, hash_files
from assistant.indexing.passages import SplitterSettings
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile
from assistant.retrieval.embedded import EmbeddedIndex, open_current
from tests.making import CASES, HARBOUR, cases, document

ALL = tuple(sorted(CASES))


class FailingEmbedder(HashingEmbedder):
    """Its model breaks when it has to read anything."""

    def embed(
        self, passages: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        if passages:
            raise MemoryError("no room for the model")
        return super().embed(passages, on_progress)


def _folder(root: Path) -> Path:
    generations = Generations(root)
    return generations.folder(generations.current())


# --- What is embedded ---------------------------------------------------------------------------


def test_the_first_build_embeds_every_passage_sentence_and_word_once(tmp_path: Path) -> None:
    """Five passages, eleven sentences, 53 words: see the case studies in making.py."""
    embedder = HashingEmbedder()
    told: list[tuple[int, int]] = []
    summary = build(cases(), tmp_path, embedder, on_progress=lambda *done: told.append(done))
    assert (summary.documents, summary.passages, summary.embedded) == (3, 5, 69)
    assert (summary.added, summary.changed, summary.removed) == (ALL, (), ())
    assert summary.published and summary.generation == "000001"
    assert str(summary) == (
        "generation 000001: 3 documents, 5 passages (3 added; 69 texts embedded)"
    )
    assert told[-1] == (69, 69)
    assert "Teachers reported calmer classrooms." in embedder.embedded


def test_an_unchanged_corpus_publishes_nothing(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder())
    embedder = HashingEmbedder()
    summary = build(cases()[::-1], tmp_path, embedder)
    assert not summary.published and embedder.embedded == []
    assert str(summary) == "generation 000001 is up to date: 3 documents, 5 passages"
    assert Generations(tmp_path).names() == ["000001"]


def test_a_changed_paragraph_embeds_only_what_is_new(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder())
    edited = document(HARBOUR.replace("12 per cent", "15 per cent"), "harbour.md")
    embedder = HashingEmbedder()
    summary = build([edited, *cases()[1:]], tmp_path, embedder)
    assert (summary.added, summary.changed, summary.removed) == ((), ("harbour.md",), ())
    sentence = "Admissions fell by 15 per cent in two years."
    assert embedder.embedded == [f"Harbour. Harbour: one fund. Results.\n{sentence}", sentence]


def test_a_renamed_file_embeds_nothing(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder())
    embedder = HashingEmbedder()
    summary = build([document(HARBOUR, "port.md"), *cases()[1:]], tmp_path, embedder)
    assert (summary.added, summary.removed) == (("port.md",), ("harbour.md",))
    assert (summary.embedded, embedder.embedded) == (0, [])


def test_another_model_or_splitter_embeds_everything_again(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder(256))
    summary = build(cases(), tmp_path, HashingEmbedder(128))
    assert (summary.embedded, summary.published) == (69, True)
    assert str(summary).endswith("(settings changed; 69 texts embedded)")
    other = build(cases(), tmp_path, HashingEmbedder(128), SplitterSettings(target=8))
    assert other.published and other.passages > 5


def test_the_vectors_copied_forward_are_those_of_a_build_from_nothing(tmp_path: Path) -> None:
    build(cases()[:2], tmp_path / "a", HashingEmbedder())
    build(cases(), tmp_path / "a", HashingEmbedder())
    build(cases(), tmp_path / "b", HashingEmbedder())
    for name in (PASSAGES, SENTENCES, WORD_VECTORS):
        one, two = (VectorFile.load(_folder(tmp_path / root) / name).all() for root in "ab")
        assert np.array_equal(one, two)


# --- What is served -----------------------------------------------------------------------------


def test_a_removed_document_leaves_no_ghost_through_any_door(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    build(cases(), tmp_path, embedder)
    build(cases()[1:], tmp_path, embedder)
    index = open_current(tmp_path, embedder)
    assert [d.doc_id for d in index.documents()] == ["moorland.md", "sub/valley.md"]
    assert index.document("harbour.md") is None
    assert index.passages("harbour.md") == []
    assert index.frequencies(["admiss", "nurs"]) == {"admiss": 0, "nurs": 2}
    hits = index.search("Admissions fell by 12 per cent in two years.", 100)
    assert {hit.passage.doc_id for hit in hits} == {"moorland.md", "sub/valley.md"}
    assert len(VectorFile.load(_folder(tmp_path) / PASSAGES)) == len(index) == 3


def test_a_failure_in_the_middle_leaves_the_old_generation_served(tmp_path: Path) -> None:
    build(cases()[:1], tmp_path, HashingEmbedder())
    with pytest.raises(MemoryError, match="no room for the model"):
        build(cases(), tmp_path, FailingEmbedder())
    index = open_current(tmp_path, HashingEmbedder())
    assert [d.doc_id for d in index.documents()] == ["harbour.md"]
    assert [path.name for path in (tmp_path / "generations").iterdir()] == ["000001"]
    assert build(cases(), tmp_path, HashingEmbedder()).generation == "000002"


def test_only_the_last_generations_are_kept(tmp_path: Path) -> None:
    for count in (1, 2, 3):
        build(cases()[:count], tmp_path, HashingEmbedder(), keep=2)
    assert Generations(tmp_path).names() == ["000002", "000003"]


def test_two_builds_do_not_run_at_once(tmp_path: Path) -> None:
    with Generations(tmp_path).lock(), pytest.raises(IndexLocked, match="Wait until it ends"):
        build(cases(), tmp_path, HashingEmbedder())


def test_a_damaged_generation_is_built_anew(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder())
    (_folder(tmp_path) / STORE).write_bytes(b"garbage")
    summary = build(cases(), tmp_path, HashingEmbedder())
    assert (summary.generation, summary.embedded, summary.added) == ("000002", 69, ALL)
    check_agreement(_folder(tmp_path))


def test_a_generation_without_a_column_is_built_anew(tmp_path: Path) -> None:
    """As trial versions made them: whole by its manifest, but not to be read."""
    build(cases(), tmp_path, HashingEmbedder())
    folder = _folder(tmp_path)
    with closing(sqlite3.connect(folder / STORE)) as db, db:
        db.execute("ALTER TABLE passages DROP COLUMN words")
    replace(Manifest.read(folder), files=hash_files(folder)).write(folder)
    summary = build(cases(), tmp_path, HashingEmbedder())
    assert (summary.generation, summary.embedded, summary.added) == ("000002", 69, ALL)


def test_a_generation_without_words_is_served_and_built_anew(tmp_path: Path) -> None:
    """As the format before kept them: only equal words are alike, and only words are embedded."""
    build(cases(), tmp_path, HashingEmbedder())
    folder = _folder(tmp_path)
    for name in (WORDS, WORD_VECTORS):
        (folder / name).unlink()
    replace(Manifest.read(folder), files=hash_files(folder), words=0).write(folder)
    check_agreement(folder)
    check_contents(folder, HashingEmbedder())
    index = open_current(tmp_path, HashingEmbedder())
    assert index.likeness(["bus"], ["A bus."]).tolist() == [[0.0]]
    assert index.search("Did vaccination rise?", 1)[0].passage.doc_id == "moorland.md"
    embedder = HashingEmbedder()
    summary = build(cases(), tmp_path, embedder)
    assert (summary.published, summary.embedded, summary.changed) == (True, 53, ())
    assert embedder.embedded == vocabulary.read(_folder(tmp_path) / WORDS)


def test_an_empty_collection_is_a_generation_too(tmp_path: Path) -> None:
    build([], tmp_path, HashingEmbedder())
    index = open_current(tmp_path, HashingEmbedder())
    assert (list(index.documents()), index.search("anything", 5)) == ([], ())


# --- What verify finds --------------------------------------------------------------------------

Damage = Callable[[Path], None]


def _shifted_passage(folder: Path) -> None:
    """A passage that claims a span one character on, in a store that is otherwise sound."""
    store = Store(folder / STORE)
    documents, passages = list(store.documents()), store.passages()
    store.close()
    first = passages[0]
    outside = (*first.sentences[:-1], Span(first.sentences[-1].start, first.span.end + 1))
    passages[0] = replace(first, sentences=outside)
    (folder / STORE).unlink()
    Store.write(folder / STORE, documents, passages)


def _lost_document(folder: Path) -> None:
    store = Store(folder / STORE)
    documents, passages = list(store.documents()), store.passages()
    store.close()
    (folder / STORE).unlink()
    Store.write(folder / STORE, documents[1:], passages[2:])


def _fewer(name: str) -> Damage:
    def damage(folder: Path) -> None:
        VectorFile.of(VectorFile.load(folder / name).all()[1:]).save(folder / name)

    return damage


def _narrower(name: str) -> Damage:
    def damage(folder: Path) -> None:
        VectorFile.of(VectorFile.load(folder / name).all()[:, :8].copy()).save(folder / name)

    return damage


def _other_words(folder: Path) -> None:
    ids = LexicalFolder.load(folder / LEXICAL).ids()
    shutil.rmtree(folder / LEXICAL)
    LexicalFolder.write(folder / LEXICAL, [(i + 1, "words") for i in ids])


def _one_word_less(folder: Path) -> None:
    vocabulary.write(folder / WORDS, vocabulary.read(folder / WORDS)[1:])


def _another_word(folder: Path) -> None:
    vocabulary.write(folder / WORDS, ["aardvark", *vocabulary.read(folder / WORDS)[1:]])


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(_shifted_passage, r"passage \d+ of harbour\.md is not the slice", id="slice"),
        pytest.param(_lost_document, "has 2 documents: expected 3", id="document"),
        pytest.param(_fewer(PASSAGES), "has 4 passage vectors: expected 5", id="passage"),
        pytest.param(_fewer(SENTENCES), "has 10 sentence vectors: expected 11", id="sentence"),
        pytest.param(
            _narrower(PASSAGES), "8 coordinates a passage vector: expected 256", id="width"
        ),
        pytest.param(_fewer(WORD_VECTORS), "has 52 word vectors: expected 53", id="word vector"),
        pytest.param(_one_word_less, "has 52 words: expected 53", id="word"),
        pytest.param(_other_words, "lexical entries of generation 000001 are not", id="words"),
    ],
)
def test_parts_that_disagree_are_named(tmp_path: Path, damage: Damage, named: str) -> None:
    """Each part is sound by itself and its hash is in the manifest: only comparing them helps."""
    build(cases(), tmp_path, HashingEmbedder())
    folder = _folder(tmp_path)
    assert check_agreement(folder).sentences == 11
    damage(folder)
    replace(Manifest.read(folder), files=hash_files(folder)).write(folder)
    with pytest.raises(IndexDamaged, match=named):
        check_agreement(folder)


def _files(root: Path) -> list[str]:
    build(cases(), root, HashingEmbedder())
    return sorted(Manifest.read(_folder(root)).files)


def _swapped(name: str) -> Damage:
    def damage(folder: Path) -> None:
        vectors = VectorFile.load(folder / name).all()
        vectors[[0, 1]] = vectors[[1, 0]]
        VectorFile.of(vectors).save(folder / name)

    return damage


def _shuffled_words(folder: Path) -> None:
    """Each entry has the words of another passage; all ids are there."""
    store = Store(folder / STORE)
    passages = store.passages()
    store.close()
    shutil.rmtree(folder / LEXICAL)
    words = ["Words that no passage holds."] + [p.indexed_text for p in passages[1:]]
    ids = (p.passage_id for p in passages)
    LexicalFolder.write(folder / LEXICAL, zip(ids, words, strict=True))


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(_swapped(PASSAGES), r"vector 0 of passages\.faiss is not that of", id="p"),
        pytest.param(_swapped(SENTENCES), r"vector 0 of sentences\.faiss is not that of", id="s"),
        pytest.param(_swapped(WORD_VECTORS), r"vector 0 of words\.faiss is not that of", id="v"),
        pytest.param(_another_word, r"words\.txt does not list the words of the passages", id="l"),
        pytest.param(
            _shuffled_words, r"the word '\w+' has \d lexical entries: expected \d", id="w"
        ),
    ],
)
def test_contents_that_disagree_are_named(tmp_path: Path, damage: Damage, named: str) -> None:
    """What counting cannot find: as many vectors and entries as there should be, but others."""
    build(cases(), tmp_path, HashingEmbedder())
    folder = _folder(tmp_path)
    check_contents(folder, HashingEmbedder())
    damage(folder)
    replace(Manifest.read(folder), files=hash_files(folder)).write(folder)
    check_agreement(folder)
    with pytest.raises(IndexDamaged, match=named):
        check_contents(folder, HashingEmbedder())


def test_every_file_that_is_altered_or_missing_is_named(tmp_path: Path) -> None:
    names = _files(tmp_path)
    assert {STORE, PASSAGES, SENTENCES, WORDS, WORD_VECTORS} < set(names)
    for name in names:
        path = _folder(tmp_path) / name
        sound = path.read_bytes()
        path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        with pytest.raises(IndexDamaged, match=rf"{path.name} was altered"):
            check_agreement(path.parents[len(Path(name).parts) - 1])
        path.unlink()
        with pytest.raises(IndexDamaged, match=rf"{path.name} is missing"):
            EmbeddedIndex(tmp_path, "000001", HashingEmbedder())
        path.write_bytes(sound)
    check_agreement(_folder(tmp_path))


def test_a_build_without_changes_still_prunes(tmp_path: Path) -> None:
    """The way to be rid of a text at once: build again and keep one generation."""
    for count in (3, 2):
        build(cases()[:count], tmp_path, HashingEmbedder())
    build(cases()[:2], tmp_path, HashingEmbedder(), keep=1)
    assert Generations(tmp_path).names() == ["000002"]
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Nurses visited every school" in held and b"The bus ran on electricity" not in held
