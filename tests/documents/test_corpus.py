"""A folder of files becomes documents, failures and files left aside."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from pathlib import Path

import pytest

from assistant.datatypes import BlockKind
from assistant.documents import read_corpus, read_document
from assistant.errors import CorpusError, DocumentError
from assistant.settings import PROJECT, Limits
from tests.making import write_corpus


def _file(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf---\nplace: Hull\n---\r\n# One\r\n\r\nCaf\xc3\xa9.\r\n"
    document = read_document(_file(tmp_path, "a.md", raw), "sub/a.md")
    assert (document.doc_id, document.title, document.metadata.place) == ("sub/a.md", "One", "Hull")
    assert document.text == "---\nplace: Hull\n---\n# One\n\nCafé.\n"
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert [block.span.of(document.text) for block in document.blocks] == ["One", "Café."]


def test_documents_come_by_id_and_the_rest_is_left_aside(tmp_path: Path) -> None:
    write_corpus(
        tmp_path,
        {
            "b.md": "B.", "a.txt": "A.", "Z.MARKDOWN": "Z.", "sub/deep/c.md": "C.",
            "README.md": "About.", "sub/readme.md": "About.", "notes.xyz": "x", "none": "x",
            ".hidden.md": "x", "~$b.md": "x", ".git/d.md": "x", "sub/.cache/e.md": "x",
        },
    )  # fmt: skip
    reading = read_corpus(tmp_path)
    assert [d.doc_id for d in reading.documents] == ["Z.MARKDOWN", "a.txt", "b.md", "sub/deep/c.md"]
    assert sorted(reading.ignored) == ["README.md", "none", "notes.xyz", "sub/readme.md"]
    assert reading.failures == ()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_are_not_followed(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a.md": "A."})
    outside = write_corpus(tmp_path / "outside", {"secret.md": "Secret."})
    (corpus / "link.md").symlink_to(outside / "secret.md")
    (corpus / "folder").symlink_to(outside)
    (corpus / "loop").symlink_to(corpus)
    reading = read_corpus(corpus)
    assert [document.doc_id for document in reading.documents] == ["a.md"]
    assert reading.ignored == ("link.md",)


@pytest.mark.parametrize(
    ("name", "raw", "code", "reason"),
    [
        pytest.param("a.txt", b"%PDF-1.7\x00\x01", "type_mismatch", "not a text file", id="binary"),
        pytest.param("a.md", b"", "empty", "has no text; delete it", id="empty"),
        pytest.param("a.md", b"\xef\xbb\xbf \r\n\t", "empty", "no text", id="white space only"),
        pytest.param(
            "a.md", b"---\nplace: x\n---\n", "empty", "below its front matter", id="front"
        ),
        pytest.param("a.md", b"x" * 101, "too_large", "larger than 100 bytes", id="too large"),
        pytest.param(
            "a.md", b"---\na: [\n---\nx", "front_matter", "not valid YAML", id="bad front"
        ),
    ],
)
def test_a_bad_file_is_named_and_costs_nothing_else(
    tmp_path: Path, name: str, raw: bytes, code: str, reason: str
) -> None:
    write_corpus(tmp_path, {"good.md": "Good."})
    path = _file(tmp_path, name, raw)
    with pytest.raises(DocumentError, match=rf"^{name}: .*{reason}"):
        read_document(path, name, Limits(max_file_bytes=100))
    reading = read_corpus(tmp_path, Limits(max_file_bytes=100))
    assert [document.doc_id for document in reading.documents] == ["good.md"]
    assert [(failure.doc_id, failure.code) for failure in reading.failures] == [(name, code)]


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^gone\.md: cannot be opened \(No such file"):
        read_document(tmp_path / "gone.md", "gone.md")


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="permissions do not bind this account",
)
def test_a_file_without_permission(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"a.md": "A.", "b.md": "B."})
    (tmp_path / "a.md").chmod(0)
    (failure,) = read_corpus(tmp_path).failures
    assert (failure.doc_id, failure.code) == ("a.md", "unreadable")


CORPUS = {"a.md": "A.", "sub/b.md": "B.", "sub/deep/c.md": "C.", "subway/d.md": "D.", "z.md": "Z."}


def _deny(monkeypatch: pytest.MonkeyPatch, call: str, under: Path) -> None:
    """Let `call` refuse whatever lies at or below `under` (root obeys no permissions)."""
    owner = os if call == "scandir" else Path
    real = getattr(owner, call)

    def refusing(path: str | Path) -> object:
        if Path(path).is_relative_to(under):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(owner, call, refusing)


@pytest.mark.parametrize("call", ["scandir", "lstat"])
def test_a_folder_that_cannot_be_read_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """`scandir` lists a folder, `lstat` needs to enter it; nothing below it is looked at."""
    write_corpus(tmp_path, CORPUS)
    _deny(monkeypatch, call, tmp_path / "sub")
    reading = read_corpus(tmp_path)
    assert [document.doc_id for document in reading.documents] == ["a.md", "z.md", "subway/d.md"]
    reason = "this folder cannot be read (Permission denied); check its permissions"
    assert [(f.doc_id, f.code, f.reason) for f in reading.failures] == [
        ("sub/", "unreadable", reason)
    ]
    assert reading.ignored == ()


def test_a_folder_further_down_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path, CORPUS)
    _deny(monkeypatch, "scandir", tmp_path / "sub" / "deep")
    reading = read_corpus(tmp_path)
    ids = [document.doc_id for document in reading.documents]
    assert ids == ["a.md", "z.md", "sub/b.md", "subway/d.md"]
    assert [failure.doc_id for failure in reading.failures] == ["sub/deep/"]


@pytest.mark.parametrize("call", ["scandir", "lstat"])
def test_a_corpus_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write_corpus(tmp_path, CORPUS)
    _deny(monkeypatch, call, tmp_path)
    with pytest.raises(
        CorpusError, match=r"cannot be read \(Permission denied\): expected .* again"
    ):
        read_corpus(tmp_path)


def test_a_file_deleted_while_the_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path, {"a.md": "A.", "b.md": "B."})
    lstat = Path.lstat

    def deleting(path: Path) -> os.stat_result:
        (tmp_path / "a.md").unlink(missing_ok=True)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", deleting)
    reading = read_corpus(tmp_path)
    assert [document.doc_id for document in reading.documents] == ["b.md"]
    assert reading.failures == ()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"good.md": "Good."})
    with open(os.fsencode(tmp_path) + b"/caf\xe9.md", "wb") as file:  # noqa: PTH123 - a bytes name
        file.write(b"Words.")
    (failure,) = read_corpus(tmp_path).failures
    assert (failure.doc_id, failure.code) == ("caf?.md", "file_name")


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere does not exist: expected a folder .* --corpus"):
        read_corpus(tmp_path / "nowhere")


def test_a_folder_without_case_studies(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"README.md": "About.", "a.xyz": "x"})
    with pytest.raises(CorpusError, match=r"holds no case studies: .* \.md, \.markdown, \.txt"):
        read_corpus(tmp_path)


def test_the_shipped_corpus_is_whole() -> None:
    """Each names its source; those of two are documents that have no address."""
    reading = read_corpus(PROJECT / "corpus")
    assert len(reading.documents) == 64
    assert (reading.failures, reading.ignored) == ((), ("README.md",))
    for document in reading.documents:
        meta = document.metadata
        assert meta.is_summary and meta.place and meta.themes, document.doc_id
        assert meta.source_title, document.doc_id
    elsewhere = {d.doc_id for d in reading.documents if not d.metadata.source_url}
    assert elsewhere == {"surrey-heartlands.md", "sutton-place.md"}


HEADINGS = {
    "000_2bb1ef7f1a1760e0.txt": [
        "About the partnership", "What has gone well", "Challenges experienced and overcome",
        "Results", "What made the difference", "Want to hear more?",
        "Do you have an update for this case study?",
    ],
    "002_b8c4f9f85092b408.txt": [
        "Initial hurdles overcome with diplomacy", "Funding to create a new culture",
        "Devolution for evolution in patient care",
        "Together means together – governance to support us",
    ],
}  # fmt: skip


def test_the_first_two_documents(seeds: Path) -> None:
    documents = {document.doc_id: document for document in read_corpus(seeds).documents}
    sutton, surrey = (documents[name] for name in HEADINGS)
    assert (sutton.title, sutton.metadata.place) == ("Sutton", "Sutton")
    assert (surrey.title, surrey.metadata.place) == ("Surrey Heartlands", "Surrey Heartlands")
    for name, expected in HEADINGS.items():
        document = documents[name]
        found = [b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.HEADING]
        assert found == expected
    numbered = [block for block in sutton.blocks if block.kind is BlockKind.NUMBERED]
    assert numbered[1].span.of(sutton.text).startswith("Sutton Place Organisational Development")
    assert len(numbered) == 16
