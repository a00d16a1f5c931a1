"""How much a build of the case studies embeds, told by a fake that counts."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.datatypes import Document
from assistant.documents import read_corpus
from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder
from assistant.indexing.passages import split
from assistant.settings import PROJECT


def _texts(document: Document) -> set[str]:
    """Everything that is embedded of a document: passages with their labels, bare sentences."""
    passages = split(document)
    return {p.indexed_text for p in passages} | {s for p in passages for s in p.sentence_texts}


def _read(corpus: Path) -> dict[str, Document]:
    return {document.doc_id: document for document in read_corpus(corpus).documents}


def test_after_one_case_of_all_changed_only_its_changed_passages_are_embedded(
    tmp_path: Path,
) -> None:
    corpus = Path(shutil.copytree(PROJECT / "corpus", tmp_path / "corpus"))
    before = _read(corpus)
    build(list(before.values()), tmp_path / "index", HashingEmbedder())
    path = corpus / "wigan-deal.md"
    words = path.read_text(encoding="utf-8").replace("seven days a week", "six days a week")
    path.write_text(words, encoding="utf-8")
    after = _read(corpus)
    embedder = HashingEmbedder()
    summary = build(list(after.values()), tmp_path / "index", embedder)
    changed = _texts(after["wigan-deal.md"]) - _texts(before["wigan-deal.md"])
    assert summary.changed == ("wigan-deal.md",)
    assert set(embedder.embedded) == changed and len(embedder.embedded) == len(changed)
    assert 1 <= len(changed) <= 4, "one passage, and the sentence of it that is new"


def test_a_renamed_case_embeds_nothing(tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(PROJECT / "corpus", tmp_path / "corpus"))
    build(list(_read(corpus).values()), tmp_path / "index", HashingEmbedder())
    (corpus / "wigan-deal.md").rename(corpus / "the-deal.md")
    embedder = HashingEmbedder()
    summary = build(list(_read(corpus).values()), tmp_path / "index", embedder)
    assert (summary.added, summary.removed) == (("the-deal.md",), ("wigan-deal.md",))
    assert embedder.embedded == []
