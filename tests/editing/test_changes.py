"""Changes of the corpus folder: whole, kept for undoing, and never over somebody else's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.editing import changes as module
from assistant.editing.changes import Changes, Stage
from assistant.errors import EditError


@pytest.fixture
def made(tmp_path: Path) -> Changes:
    (tmp_path / "corpus" / "sub").mkdir(parents=True)
    (tmp_path / "corpus" / "a.md").write_bytes(b"old a")
    (tmp_path / "corpus" / "sub" / "b.md").write_bytes(b"old b")
    return Changes(tmp_path / "corpus", tmp_path / "index")


def files_of(tmp_path: Path) -> dict[str, bytes]:
    corpus = tmp_path / "corpus"
    return {
        p.relative_to(corpus).as_posix(): p.read_bytes() for p in corpus.rglob("*") if p.is_file()
    }


BEFORE = {"a.md": b"old a", "sub/b.md": b"old b"}
CONTENTS = {"a.md": b"new a", "sub/b.md": None, "c.md": b"new c"}


def test_a_change_is_made_and_taken_back(tmp_path: Path, made: Changes) -> None:
    change = made.make(CONTENTS, "000001")
    assert files_of(tmp_path) == {"a.md": b"new a", "c.md": b"new c"}
    assert change.summary == "Added c.md; Replaced a.md; Removed sub/b.md"
    assert (change.stage, change.generation_before) == (Stage.BEGUN, "000001")
    done = made.finish(change, "000002")
    assert made.all() == [done]
    assert made.get(done.id) == done
    made.check_undo(done)
    made.take_back(done)
    assert files_of(tmp_path) == BEFORE
    assert made.get(done.id).stage is Stage.UNDONE
    with pytest.raises(EditError, match="has been undone already"):
        made.check_undo(made.get(done.id))


def test_what_was_changed_since_is_not_overwritten(tmp_path: Path, made: Changes) -> None:
    change = made.make(CONTENTS, "")
    (tmp_path / "corpus" / "a.md").write_bytes(b"by hand")
    with pytest.raises(EditError, match=r"“a\.md” was changed again since"):
        made.check_undo(change)
    made.take_back(change)
    assert files_of(tmp_path) == {"a.md": b"by hand", "sub/b.md": b"old b"}


def test_a_change_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, made: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = os.fsync
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 4:  # the record, its first file, ... then the disk is full
            raise OSError(28, "No space left on device")
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EditError, match=r"could not be changed \(No space left on device\)"):
        made.make({"a.md": b"new a", "sub/b.md": b"new b", "c.md": b"c", "d.md": b"d"}, "")
    assert files_of(tmp_path) == BEFORE


def test_what_cannot_be_kept_is_not_touched(tmp_path: Path, made: Changes) -> None:
    (tmp_path / "index").write_text("a file in the way")
    with pytest.raises(EditError, match="could not be kept for undoing"):
        made.make(CONTENTS, "")
    assert files_of(tmp_path) == BEFORE


def test_ids_that_lead_elsewhere_change_nothing(tmp_path: Path, made: Changes) -> None:
    with pytest.raises(EditError, match="cannot be changed here"):
        made.make({"a.md": b"new", "../x.md": b"x"}, "")
    assert files_of(tmp_path) == BEFORE


def test_only_the_last_ones_are_kept(
    tmp_path: Path, made: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    ids = [made.finish(made.make({"a.md": b"%d" % n}, ""), "").id for n in range(4)]
    assert [change.id for change in made.all()] == [ids[3], ids[2]]
    assert len(list((tmp_path / "index" / "undo").iterdir())) == 2
    with pytest.raises(EditError, match=r"There is no change .* any more: only the last 2"):
        made.get(ids[0])


def test_a_damaged_record_is_passed_over(tmp_path: Path, made: Changes) -> None:
    change = made.make({"a.md": b"new"}, "")
    (tmp_path / "index" / "undo" / change.id / "change.json").write_text("{}")
    assert made.all() == []
