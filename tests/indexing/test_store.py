"""Documents and passages come back from SQLite as they went in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.datatypes import Document, Metadata, Page, Span
from assistant.errors import IndexDamaged
from assistant.indexing.passages import split
from assistant.indexing.store import Store
from tests.making import cases, document

ODD = Document(
    "sub/ü '\"; DROP TABLE documents; --.md", "T 🙂\u2028", "x", "00",
    Metadata(place='a"b\\', organisations=("A", "é"), themes=(), other_sources=("u", "v")),
)  # fmt: skip


def _written(path: Path, documents: list[Document]) -> Store:
    ordered = sorted(documents, key=lambda document: document.doc_id)
    Store.write(path, ordered, [passage for d in ordered for passage in split(d)])
    return Store(path)


def test_documents_and_passages_are_equal_after_reading(tmp_path: Path) -> None:
    documents = [*cases(), ODD]
    store = _written(tmp_path / "s.sqlite3", documents)
    assert list(store.documents()) == sorted(documents, key=lambda d: d.doc_id)
    for one in documents:
        assert store.document(one.doc_id) == one
        assert store.passages(one.doc_id) == list(split(one))
    assert store.passages() == [p for d in store.documents() for p in split(d)]
    assert store.passage_count == len(store.passages())
    store.check()
    store.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), min_size=1)


@settings(max_examples=25)
@given(st.lists(TEXT, max_size=4))
def test_any_text_is_equal_after_reading(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    documents = [document(text, f"{i}.md") for i, text in enumerate(texts)]
    store = _written(tmp_path_factory.mktemp("store") / "s.sqlite3", documents)
    assert list(store.documents()) == documents
    assert store.passages() == [p for d in documents for p in split(d)]
    store.close()


def test_rows_lead_from_vectors_to_passages(tmp_path: Path) -> None:
    """Harbour has passages of 4 and 1 sentences, Moorland of 2 and 2, Valley one of 2."""
    store = _written(tmp_path / "s.sqlite3", cases())
    passages = store.passages()
    assert [len(passage.sentences) for passage in passages] == [4, 1, 2, 2, 2]
    assert store.rows_of_sentences([0, 3, 4, 5, 6, 7, 10]) == [0, 0, 1, 2, 2, 3, 4]
    assert store.rows_of_ids([passages[3].passage_id, 12345]) == [3]
    assert store.by_rows([3, 1]) == [(1, 4, passages[1]), (3, 7, passages[3])]
    assert store.by_rows([]) == [] and store.rows_of_ids([]) == []
    store.close()


def test_what_is_not_there(tmp_path: Path) -> None:
    store = _written(tmp_path / "s.sqlite3", cases())
    assert store.document("nowhere.md") is None
    assert store.document("' OR 1=1 --") is None
    assert store.passages("nowhere.md") == []
    store.close()


@pytest.mark.parametrize("content", [b"", b"no database" * 100], ids=["empty", "other bytes"])
def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"s cannot be read \(.*\)\. Build the index again"):
        Store(tmp_path / "s")


def test_a_missing_store_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="gone cannot be read"):
        Store(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_pages_and_notes_are_kept(tmp_path: Path) -> None:
    plain = document("# One\n\nFirst page. Second page.")
    start = plain.text.index("Second")
    paged = replace(plain, pages=(Page(1, 0), Page(2, start, ocr=True)), notes=("A note.",))
    Store.write(tmp_path / "s", [paged], split(paged))
    store = Store(tmp_path / "s")
    assert store.document("case.md") == paged
    assert [passage.page for passage in store.passages()] == [1]
    assert paged.page_of(Span(start, start + 1)) == 2


def test_a_store_of_the_first_format_has_no_pages(tmp_path: Path) -> None:
    """The index that the first version built goes on being served."""
    paged = replace(document("# One\n\nWords."), pages=(Page(1, 0),), notes=("A note.",))
    Store.write(tmp_path / "s", [paged], split(paged))
    with closing(sqlite3.connect(tmp_path / "s")) as db, db:
        for table, column in (("documents", "pages"), ("documents", "notes"), ("passages", "page")):
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    store = Store(tmp_path / "s")
    assert store.document("case.md") == replace(paged, pages=(), notes=())
    assert [passage.page for passage in store.passages()] == [0]


def test_a_store_without_a_column_that_is_needed_is_damaged(tmp_path: Path) -> None:
    Store.write(tmp_path / "s", [document("Words.")], split(document("Words.")))
    with closing(sqlite3.connect(tmp_path / "s")) as db, db:
        db.execute("ALTER TABLE passages DROP COLUMN words")
    with pytest.raises(IndexDamaged, match=r"no such column: words\)\. Build the index again"):
        Store(tmp_path / "s")
