"""The manifest knows every file, and says what is wrong with which."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged, IndexStale
from assistant.indexing.manifest import Changes, Manifest, _words, hash_files

ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lexical").mkdir()
    (tmp_path / "vectors.faiss").write_bytes(b"abc")
    (tmp_path / "lexical" / "meta.json").write_bytes(b"abc")
    (tmp_path / "lexical" / "writer.lock").write_bytes(b"")
    return tmp_path


def _manifest(folder: Path) -> Manifest:
    return Manifest(
        "000007", "2026-01-01T00:00:00+00:00", "hashing-8", 8, {"target": 80}, 1, 2, 3, 4,
        hash_files(folder),
        Changes("000006", 1, 0, 2),
    )  # fmt: skip


def test_files_by_their_relative_names_without_locks_and_itself(folder: Path) -> None:
    _manifest(folder).write(folder)
    assert hash_files(folder) == {"lexical/meta.json": ABC, "vectors.faiss": ABC}


def test_it_comes_back_as_it_was_written(folder: Path) -> None:
    manifest = _manifest(folder)
    manifest.write(folder)
    assert Manifest.read(folder) == manifest
    manifest.check_files(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "vectors.faiss").unlink()
    manifest = replace(_manifest(folder), files={"vectors.faiss": ABC})
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss is missing: the manifest lists it"):
        manifest.check_files(folder)


def test_an_altered_file_is_named(folder: Path) -> None:
    manifest = _manifest(folder)
    (folder / "lexical" / "meta.json").write_bytes(b"abd")
    with pytest.raises(IndexDamaged, match=r"meta\.json was altered since it was built"):
        manifest.check_files(folder)


@pytest.mark.parametrize("number", [0, 4, 99])
def test_another_format_is_stale(folder: Path, number: int) -> None:
    replace(_manifest(folder), format=number).write(folder)
    with pytest.raises(
        IndexStale, match=rf"has format {number}: this version reads format 3\. Build it again with"
    ):
        Manifest.read(folder)


def test_format_1_is_read_as_what_it_held(folder: Path) -> None:
    """The index that the first version built goes on being served; nothing is embedded again."""
    first = {
        "generation": "000007", "created": "2026-01-01T00:00:00+00:00", "embedder": "hashing-8",
        "dimension": 8, "splitter": {"target": 80}, "documents": 1, "passages": 2, "sentences": 3,
        "files": hash_files(folder), "format": 1,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(first), encoding="utf-8")
    manifest = Manifest.read(folder)
    assert manifest == replace(_manifest(folder), words=0, changes=None)
    manifest.check_files(folder)


def test_format_2_is_read_as_one_without_words(folder: Path) -> None:
    fields = asdict(_manifest(folder)) | {"format": 2}
    del fields["words"]
    (folder / "manifest.json").write_text(_words(fields), encoding="utf-8", newline="\n")
    assert Manifest.read(folder) == replace(_manifest(folder), words=0)


def test_any_altered_byte_of_the_manifest_is_found(folder: Path) -> None:
    """Also white space, and the digit of the format: an altered file is not another version's."""
    _manifest(folder).write(folder)
    path = folder / "manifest.json"
    sound = path.read_bytes()
    for at in range(len(sound)):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read"):
            Manifest.read(folder)
    for cut in (sound[:-1], sound + b" ", sound[: len(sound) // 2]):
        path.write_bytes(cut)
        with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read"):
            Manifest.read(folder)


GOOD = {
    "generation": "1", "created": "", "embedder": "", "dimension": 1, "splitter": {},
    "documents": 0, "passages": 0, "sentences": 0, "words": 0, "files": {}, "format": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="half"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="no format"),
        pytest.param(json.dumps(GOOD | {"more": 1}), id="an unknown field"),
        pytest.param(json.dumps({"format": 3}), id="missing fields"),
        pytest.param(json.dumps(GOOD | {"files": ["a"]}), id="files are no mapping"),
    ],
)
def test_a_manifest_that_cannot_be_read(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read .* build_index\.py"):
        Manifest.read(tmp_path)


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read \(FileNotFoundError"):
        Manifest.read(tmp_path)
