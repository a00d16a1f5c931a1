"""What one more file costs beside a thousand, in texts that the model has to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.datatypes import Document
from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder
from benchmarks.faults.books import workplace
from benchmarks.faults.corpora import thousand


@dataclass(frozen=True)
class Cost:
    """Texts embedded by a full build, for one file more, and for one file renamed."""

    documents: int
    full: int
    one_more: int
    renamed: int


def one_file_more(count: int = 1000) -> Cost:
    """Build `count` documents, add one, rename one; a fake embedder counts what it is given."""
    *documents, new = thousand(count + 1)
    first, other = thousand(1)[0], "case-renamed.md"
    with workplace() as folder:
        full = _embedded(folder, documents)
        one_more = _embedded(folder, [*documents, new])
        renamed = [new, *documents[1:], _under(first, other)]
        return Cost(count, full, one_more, _embedded(folder, renamed))


def _embedded(folder: Path, documents: Sequence[Document]) -> int:
    embedder = HashingEmbedder()
    build(documents, folder, embedder)
    return len(embedder.embedded)


def _under(document: Document, doc_id: str) -> Document:
    return replace(document, doc_id=doc_id)
