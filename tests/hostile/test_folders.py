"""Table A of bad files, as far as it is about names, links and folders rather than contents."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from assistant.datatypes import Document
from assistant.documents import quarantine, read_corpus, read_document
from assistant.errors import CorpusError, DocumentError
from assistant.indexing.passages import split
from assistant.settings import Limits
from tests.making import write_corpus

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names and links of POSIX systems")
GOOD = {"good.md": "# Good\n\nAdmissions fell."}


def _failure(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as found:
        read_document(path, path.name)
    return found.value


def test_b03_a_link_to_a_file_is_not_followed(tmp_path: Path) -> None:
    write_corpus(tmp_path, GOOD)
    (tmp_path / "a.txt").symlink_to("/etc/passwd")
    reading = read_corpus(tmp_path)
    assert [d.doc_id for d in reading.documents] == ["good.md"]
    assert "  - a.txt" in quarantine.lines(quarantine.report(reading))


def test_b04_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    write_corpus(tmp_path / "docs", GOOD)
    (tmp_path / "docs" / "root").symlink_to("/")
    (tmp_path / "docs" / "loop").symlink_to(tmp_path / "docs")
    assert [d.doc_id for d in read_corpus(tmp_path / "docs").documents] == ["good.md"]


def test_b05_a_link_put_in_place_after_the_folder_was_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/etc/passwd")
    found = _failure(tmp_path / "a.txt")
    assert (found.code, found.reason) == (
        "symlink",
        "is a link; put the file itself into the folder",
    )


def test_b06_a_pipe_a_socket_and_a_device_are_not_opened(tmp_path: Path) -> None:
    write_corpus(tmp_path, GOOD)
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.md"))
        reading = read_corpus(tmp_path)  # would wait for ever at the pipe
    assert [d.doc_id for d in reading.documents] == ["good.md"]
    assert _failure(tmp_path / "pipe.txt").code == "not_a_file"


def test_b06_a_sparse_file_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(10_000_000_000)
    assert _failure(tmp_path / "huge.txt").code == "too_large"


NAMES = {
    "B08-markup": ("<img src=x onerror=alert(1)>.md", "<img src=x onerror=alert(1)>.md"),
    "B09-newline": ("a\nb.md", r"a\nb.md"),
    "B09-colour": ("\x1b[31mred.md", r"\x1b[31mred.md"),
    "B09-forged-line": ("a\r\n2026 ERROR fake.md", r"a\r\n2026 ERROR fake.md"),
    "B10-formula": ('=HYPERLINK("http:x","y").md', '=HYPERLINK("http:x","y").md'),
    "B10-markdown": ("[x](javascript:alert(1)).md", "[x](javascript:alert(1)).md"),
    "B10-code": ("`a`|b.md", "`a`|b.md"),
    "B11-override": ("invoice\u202efdp.exe.md", r"invoice\u202efdp.exe.md"),
    "B11-zero-width": ("a\u200bb.md", r"a\u200bb.md"),
    "B11-255-bytes": ("x" * 252 + ".md", "x" * 252 + ".md"),
    "B11-device": ("CON.md", "CON.md"),
    "B11-spaces": (" a .md", " a .md"),
}


@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_a_name_is_only_text(tmp_path: Path, name: str, shown: str) -> None:
    """The viewer's and the chat's side of it is in tests/web and tests/e2e."""
    (tmp_path / name).write_text("", encoding="utf-8")
    (failure,) = read_corpus(tmp_path).failures
    assert str(failure) == f"{shown}: has no text; delete it or fill it in"
    told = quarantine.lines(quarantine.report(read_corpus(tmp_path)))
    assert told[1] == f"  - {shown}: has no text; delete it or fill it in"


def test_b11_names_that_look_the_same_are_two(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"caf\u00e9.md": "One.", "cafe\u0301.md": "Two."})
    ids = {d.doc_id: d.text for d in read_corpus(tmp_path).documents}
    assert ids == {"caf\u00e9.md": "One.", "cafe\u0301.md": "Two."}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_b11_a_name_of_bytes_reaches_the_report(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", GOOD)
    with open(os.fsencode(tmp_path / "corpus") + b"/caf\xe9.md", "wb") as file:  # noqa: PTH123
        file.write(b"Words.")
    saved = quarantine.save(tmp_path / "index", read_corpus(tmp_path / "corpus"))
    assert quarantine.load(tmp_path / "index") == saved
    assert [(file.doc_id, file.code) for file in saved.files] == [("caf?.md", "file_name")]


def test_b12_a_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root obeys no permissions, so the system's refusal is played."""
    write_corpus(tmp_path, GOOD | {"secret.md": "Secret."})
    opened = os.open

    def refusing(path: str | Path, flags: int, *more: int) -> int:
        if str(path).endswith("secret.md"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", refusing)
    reading = read_corpus(tmp_path)
    assert [d.doc_id for d in reading.documents] == ["good.md"]
    assert [(f.doc_id, f.code) for f in reading.failures] == [("secret.md", "unreadable")]
    assert "Permission denied" in reading.failures[0].reason


def test_b13_more_files_than_allowed(tmp_path: Path) -> None:
    write_corpus(tmp_path, {f"{number}.md": "Words." for number in range(21)})
    with pytest.raises(CorpusError, match=r"more than 20 files: .* raise CASEBOOK_MAX_FILES"):
        read_corpus(tmp_path, Limits(max_files=20))


def test_b13_deep_folders_and_progress(tmp_path: Path) -> None:
    deep = "/".join("d" * 5 for _ in range(60))
    write_corpus(tmp_path, {f"{deep}/a.md": "Deep.", "b.md": "Flat."})
    seen: list[tuple[int, int]] = []
    reading = read_corpus(tmp_path, on_progress=lambda done, count: seen.append((done, count)))
    assert {d.text for d in reading.documents} == {"Deep.", "Flat."}
    assert seen == [(1, 2), (2, 2)]


def test_b13_a_path_that_is_too_long(tmp_path: Path) -> None:
    doc_id = "/".join("d" * 200 for _ in range(6)) + "/a.md"
    with pytest.raises(DocumentError, match="longer than 1024 characters; rename the file"):
        read_document(tmp_path / "a.md", doc_id)


def test_b14_hidden_files_are_nobodys_documents(tmp_path: Path) -> None:
    hidden = {".env": "KEY=1", ".git/config": "x", "~$lock.docx": "x", ".hidden.md": "x"}
    write_corpus(tmp_path, GOOD | hidden | {"Thumbs.db": "x"})
    reading = read_corpus(tmp_path)
    assert [d.doc_id for d in reading.documents] == ["good.md"]
    assert (reading.failures, reading.ignored) == ((), ("Thumbs.db",))


def test_b15_a_file_that_is_replaced_while_it_is_read(tmp_path: Path) -> None:
    path, stop = tmp_path / "a.txt", threading.Event()
    versions = [(f"Version {letter}. " * 5_000).encode() for letter in "AB"]
    path.write_bytes(versions[0])

    def replacing() -> None:
        count = 0
        while not stop.is_set():
            count += 1
            (tmp_path / "draft").write_bytes(versions[count % 2])
            (tmp_path / "draft").replace(path)

    writer = threading.Thread(target=replacing)
    writer.start()
    try:
        found = [read_document(path, "a.txt") for _ in range(20)]
    finally:
        stop.set()
        writer.join()
    whole = {hashlib.sha256(raw).hexdigest(): raw.decode() for raw in versions}
    assert all(whole[document.sha256] == document.text for document in found)


def test_b16_twins_are_two_documents_with_passages_of_their_own(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"a.md": "Admissions fell.", "b.md": "Admissions fell."})
    one, two = read_corpus(tmp_path).documents
    assert (one.sha256, one.doc_id != two.doc_id) == (two.sha256, True)
    assert _ids(one).isdisjoint(_ids(two))


def _ids(document: Document) -> set[int]:
    return {passage.passage_id for passage in split(document)}
