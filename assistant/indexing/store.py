"""Documents and passages in SQLite. The only module that loads sqlite3."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.datatypes import Block, BlockKind, Document, Metadata, Page, Passage, Span
from assistant.errors import IndexDamaged

SCHEMA = """
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, title TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    metadata TEXT NOT NULL, blocks TEXT NOT NULL, pages TEXT NOT NULL, notes TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, passage_id INTEGER NOT NULL UNIQUE,
    doc_id TEXT NOT NULL REFERENCES documents, heading TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, words TEXT NOT NULL, sentences TEXT NOT NULL,
    first_sentence INTEGER NOT NULL, page INTEGER NOT NULL
);
CREATE INDEX passages_of_document ON passages (doc_id, start);
"""
_PASSAGE = """
SELECT passages.row, passage_id, documents.doc_id, title, heading, start, "end", sentences,
       first_sentence, words, json_extract(metadata, '$.place'), {page}
FROM passages JOIN documents USING (doc_id)
"""


_DOCUMENT = "SELECT doc_id, title, sha256, text, metadata, blocks, {pages}, {notes} FROM documents"
_WITH_PAGES = {"page": "page", "pages": "pages", "notes": "notes"}
_WITHOUT_PAGES = {"page": "0", "pages": "'[]'", "notes": "'[]'"}
"""What an index of the first format has in place of the columns that it lacks."""


class Store:
    """A generation's documents and passages, read-only.

    Row r of `passages` is vector r of the passage vectors; its sentences are vectors
    `first_sentence`, `first_sentence + 1` … of the sentence vectors.
    """

    def __init__(self, path: Path) -> None:
        """Open a file written by `write`. Raises IndexDamaged if it is not such a file."""
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
            weakref.finalize(self, self._db.close)
            self.passage_count: int = self._db.execute("SELECT count(*) FROM passages").fetchone()[
                0
            ]
            names = {row[1] for row in self._db.execute("PRAGMA table_info(documents)")}
            columns = _WITH_PAGES if "pages" in names else _WITHOUT_PAGES
            self._passage, self._document = _PASSAGE.format(**columns), _DOCUMENT.format(**columns)
            for query in (self._passage, self._document):  # every column is there
                self._db.execute(f"{query} LIMIT 0")
        except sqlite3.Error as error:
            raise IndexDamaged(
                f"{path} cannot be read ({error}). Build the index again."
            ) from error

    @staticmethod
    def write(path: Path, documents: Iterable[Document], passages: Iterable[Passage]) -> None:
        """Write a new file: rows are numbered in the order given."""
        try:
            with closing(sqlite3.connect(path)) as db, db:
                db.executescript(SCHEMA)
                db.executemany(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    map(_document_row, documents),
                )
                db.executemany(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    _passage_rows(passages),
                )
        except sqlite3.OperationalError as error:  # a full disk, a folder that cannot be written
            raise OSError(f"{path}: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def document(self, doc_id: str) -> Document | None:
        """The document of this id, or None."""
        row = self._db.execute(f"{self._document} WHERE doc_id = ?", (doc_id,)).fetchone()
        return _document(row) if row else None

    def documents(self) -> Iterator[Document]:
        """All documents by `doc_id`."""
        for row in self._db.execute(f"{self._document} ORDER BY doc_id").fetchall():
            yield _document(row)

    def passages(self, doc_id: str | None = None) -> list[Passage]:
        """All passages in row order, or those of one document in its order."""
        if doc_id is None:
            rows = self._db.execute(self._passage + "ORDER BY passages.row").fetchall()
        else:
            rows = self._db.execute(
                self._passage + "WHERE documents.doc_id = ? ORDER BY start", (doc_id,)
            ).fetchall()
        return [_passage(row) for row in rows]

    def passage_counts(self) -> dict[str, int]:
        """How many passages each document has."""
        return dict(self._db.execute("SELECT doc_id, count(*) FROM passages GROUP BY doc_id"))

    def rows_of_ids(self, passage_ids: Sequence[int]) -> list[int]:
        """Rows of the passages with these ids; unknown ids are left out."""
        marks = ",".join("?" * len(passage_ids))
        # `marks` holds question marks only.
        query = f"SELECT row FROM passages WHERE passage_id IN ({marks})"  # noqa: S608
        return [row for (row,) in self._db.execute(query, passage_ids)]

    def rows_of_sentences(self, sentences: Sequence[int]) -> list[int]:
        """For each sentence vector, the row of its passage."""
        query = "SELECT max(row) FROM passages WHERE first_sentence <= ?"
        return [self._db.execute(query, (sentence,)).fetchone()[0] for sentence in sentences]

    def by_rows(self, rows: Sequence[int]) -> list[tuple[int, int, Passage]]:
        """(row, first sentence vector, passage) for each of `rows`, by row."""
        marks = ",".join("?" * len(rows))
        query = f"{self._passage} WHERE passages.row IN ({marks}) ORDER BY passages.row"
        return [(row[0], row[8], _passage(row)) for row in self._db.execute(query, rows).fetchall()]

    def check(self) -> None:
        """SQLite's own integrity check. Raises IndexDamaged with its first finding."""
        found = self._db.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise IndexDamaged(f"the document store is damaged ({found}). Build the index again.")


def _document_row(document: Document) -> tuple[str, ...]:
    blocks = [
        [b.kind.value, b.span.start, b.span.end, b.outer.start, b.outer.end, b.level]
        for b in document.blocks
    ]
    metadata = json.dumps(asdict(document.metadata), ensure_ascii=False)
    return (
        document.doc_id, document.title, document.sha256, document.text, metadata,
        json.dumps(blocks), json.dumps([[p.number, p.start, p.ocr] for p in document.pages]),
        json.dumps(document.notes, ensure_ascii=False),
    )  # fmt: skip


def _document(row: tuple[str, str, str, str, str, str, str, str]) -> Document:
    doc_id, title, sha256, text, metadata, blocks, pages, notes = row
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(metadata).items()
    }
    return Document(
        doc_id, title, text, sha256, Metadata(**fields),
        tuple(
            Block(BlockKind(kind), Span(start, end), Span(outer_start, outer_end), level)
            for kind, start, end, outer_start, outer_end, level in json.loads(blocks)
        ),
        tuple(Page(*page) for page in json.loads(pages)), tuple(json.loads(notes)),
    )  # fmt: skip


def _passage_rows(passages: Iterable[Passage]) -> Iterator[tuple[object, ...]]:
    first_sentence = 0
    for row, passage in enumerate(passages):
        sentences = [[span.start, span.end] for span in passage.sentences]
        yield (
            row, passage.passage_id, passage.doc_id,
            json.dumps(passage.heading, ensure_ascii=False),
            passage.span.start, passage.span.end, passage.text, json.dumps(sentences),
            first_sentence, passage.page,
        )  # fmt: skip
        first_sentence += len(sentences)


def _passage(row: tuple[int, int, str, str, str, int, int, str, int, str, str, int]) -> Passage:
    _, passage_id, doc_id, title, heading, start, end, sentences, _, text, place, page = row
    return Passage(
        passage_id, doc_id, title, place, tuple(json.loads(heading)), Span(start, end), text,
        tuple(Span(*pair) for pair in json.loads(sentences)), page,
    )  # fmt: skip
