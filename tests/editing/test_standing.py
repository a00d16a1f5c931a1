"""How files of the folder stand to the index, told without reading what was not touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.editing import standing
from assistant.editing.standing import Folder, Standing, State
from assistant.pipeline import Casebook


def look(book: Casebook, folder: Folder | None = None) -> dict[str, Standing]:
    index = book.index()
    documents = {document.doc_id: document for document in index.documents()}
    folder = folder or Folder(book.settings.corpus, book.settings.limits)
    return folder.standings(documents, index.manifest.created)


def states(book: Casebook, folder: Folder | None = None) -> dict[str, State]:
    return {doc_id: found.state for doc_id, found in look(book, folder).items()}


def test_every_state(book: Casebook) -> None:
    corpus = book.settings.corpus
    assert set(states(book).values()) == {State.INDEXED}
    (corpus / "harbour.md").write_text("# Harbour\n\nAll is new.\n", encoding="utf-8")
    (corpus / "moorland.md").unlink()
    (corpus / "new.txt").write_text("A new one.\n", encoding="utf-8")
    (corpus / "broken.md").write_bytes(b"")
    (corpus / "sub" / "valley.md").touch()
    found = look(book)
    assert {doc_id: one.state for doc_id, one in found.items()} == {
        "harbour.md": State.CHANGED,
        "moorland.md": State.MISSING,
        "new.txt": State.NEW,
        "broken.md": State.UNREADABLE,
        "sub/valley.md": State.INDEXED,
    }
    assert "has no text" in found["broken.md"].reason


def test_what_the_reader_of_the_folder_passes_over_is_passed_over(book: Casebook) -> None:
    corpus = book.settings.corpus
    for name in ("README.md", ".hidden.md", "~$lock.md", "photo.jpg"):
        (corpus / name).write_text("x", encoding="utf-8")
    (corpus / "link.md").symlink_to(corpus / "harbour.md")
    assert set(states(book)) == {"harbour.md", "moorland.md", "sub/valley.md"}


def test_a_file_that_was_moved_here_with_an_old_date_is_noticed(
    book: Casebook, tmp_path: Path
) -> None:
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nOther words.\n", encoding="utf-8")
    os.utime(other, (1_000_000_000, 1_000_000_000))
    other.replace(book.settings.corpus / "harbour.md")
    assert states(book)["harbour.md"] is State.CHANGED


def test_one_look_does_not_read_everything(book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOST_READ", 1)
    folder = Folder(book.settings.corpus, book.settings.limits)
    for name in ("a.md", "b.md"):
        (book.settings.corpus / name).write_bytes(b"")
    first = states(book, folder)
    assert {first["a.md"], first["b.md"]} == {State.UNREADABLE, State.NEW}
    second = states(book, folder)
    assert {second["a.md"], second["b.md"]} == {State.UNREADABLE}
