"""Generations: published whole or not at all, pruned, locked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged, IndexLocked, IndexMissing, SettingError
from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder
from assistant.indexing.generations import Generations
from assistant.indexing.manifest import Changes
from assistant.retrieval.embedded import EmbeddedIndex
from assistant.settings import PROJECT
from tests.making import cases


def _publish(generations: Generations, content: str = "x") -> str:
    name, folder = generations.begin()
    (folder / "lexical").mkdir()
    (folder / "lexical" / "file").write_text(content, encoding="utf-8")
    generations.publish(name)
    return name


def test_publishing_makes_it_the_current_one(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    assert _publish(generations, "first") == "000001"
    assert _publish(generations, "second") == "000002"
    assert generations.current() == "000002"
    assert generations.names() == ["000001", "000002"]
    assert (tmp_path / "CURRENT").read_bytes() == b"000002\n"
    assert (generations.folder("000001") / "lexical" / "file").read_text("utf-8") == "first"


def test_what_is_being_built_is_neither_listed_nor_served(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    _publish(generations)
    name, folder = generations.begin()
    assert (name, folder.name) == ("000002", "000002.partial")
    assert (generations.names(), generations.current()) == (["000001"], "000001")


def test_leftovers_of_a_broken_build_are_removed(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    _, broken = generations.begin()
    (broken / "half").write_text("x", encoding="utf-8")
    name, folder = generations.begin()
    assert (name, list(folder.iterdir())) == ("000001", [])


def test_a_crash_before_current_is_replaced_leaves_the_old_one(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    _publish(generations)
    name, folder = generations.begin()
    folder.rename(generations.folder(name))  # as far as a crashed publish() can come
    assert generations.current() == "000001"
    assert _publish(generations) == "000003"


def test_prune_keeps_the_newest(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    for _ in range(5):
        _publish(generations)
    generations.prune(2)
    assert generations.names() == ["000004", "000005"]


def test_prune_never_removes_the_current_one(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    for _ in range(4):
        _publish(generations)
    (tmp_path / "CURRENT").write_text("000001\n", encoding="ascii")  # somebody rolled back
    generations.prune(1)
    assert generations.names() == ["000001", "000004"]


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(
        IndexMissing, match=r"There is no index in .*\. Build one with python build"
    ):
        Generations(tmp_path / "none").current()
    assert Generations(tmp_path / "none").names() == []


@pytest.mark.parametrize("content", [b"", b"000009\n", b"../../etc", b"latest", b"\xff\xfe"])
def test_a_current_that_names_nothing(tmp_path: Path, content: bytes) -> None:
    _publish(Generations(tmp_path))
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"CURRENT (names .*no generation here|cannot be read)"):
        Generations(tmp_path).current()


def test_the_lock_names_its_holder_and_is_let_go(tmp_path: Path) -> None:
    with (
        Generations(tmp_path).lock(),
        pytest.raises(IndexLocked, match=rf"is running \(process {os.getpid()}, since \d{{4}}-"),
        Generations(tmp_path).lock(),
    ):
        pass
    with Generations(tmp_path).lock():
        pass
    assert not (tmp_path / "build.holder").exists()


def test_the_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; "
        "from assistant.indexing.generations import Generations\n"
        "with Generations(Path(sys.argv[1])).lock(): os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, check=False)
    assert done.returncode == 9
    assert (tmp_path / "build.holder").exists()
    with Generations(tmp_path).lock():
        pass


def test_an_index_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with (
        pytest.raises(SettingError, match=r"index folder .*file cannot be written .* --index"),
        Generations(tmp_path / "file").lock(),
    ):
        pass


# --- Listing, rolling back, holding -------------------------------------------------------------


def _built(root: Path, *counts: int) -> Generations:
    """One generation of the first so many case studies for each of `counts`."""
    for count in counts:
        build(cases()[:count], root, HashingEmbedder(), keep=9)
    return Generations(root)


def test_the_list_says_what_each_generation_holds_and_changed(tmp_path: Path) -> None:
    newest, middle, first = _built(tmp_path, 2, 3, 1).list()
    assert (newest.name, newest.documents, newest.passages) == ("000003", 1, 2)
    assert newest.changes == Changes("000002", added=0, changed=0, removed=2)
    assert middle.changes == Changes("000001", added=1, changed=0, removed=0)
    assert first.changes == Changes("", added=2, changed=0, removed=0)
    assert [g.current for g in (newest, middle, first)] == [True, False, False]
    assert not any(g.held or g.fault for g in (newest, middle, first))
    assert newest.created.startswith("20") and newest.created.endswith("+00:00")


def test_a_damaged_generation_is_listed_with_its_fault(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1, 2)
    (generations.folder("000001") / "manifest.json").write_text("{", encoding="utf-8")
    newest, first = generations.list()
    assert not newest.fault
    assert (first.name, first.documents) == ("000001", 0)
    assert "manifest.json cannot be read" in first.fault


def test_a_copied_folder_is_not_another_generation(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1)
    shutil.copytree(generations.folder("000001"), generations.folder("000002"))
    with pytest.raises(IndexDamaged, match=r"000002.manifest\.json is that of generation '000001'"):
        generations.manifest("000002")


def test_rolling_back_serves_the_same_name_again_and_holds_it(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1, 2, 3)
    generations.rollback("2")
    assert (generations.current(), generations.held()) == ("000002", "000002")
    assert [(g.name, g.current, g.held) for g in generations.list()] == [
        ("000003", False, False), ("000002", True, True), ("000001", False, False),
    ]  # fmt: skip
    assert generations.before("000002") == "000001"


def test_a_build_that_is_asked_for_lifts_the_hold(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1, 2)
    generations.rollback("000001")
    summary = build(cases()[:2], tmp_path, HashingEmbedder())
    assert (summary.generation, generations.current()) == ("000003", "000003")
    assert generations.held() == ""


def test_a_build_without_changes_lifts_the_hold_too(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1, 2)
    generations.rollback("000001")
    summary = build(cases()[:1], tmp_path, HashingEmbedder())
    assert (summary.published, generations.current(), generations.held()) == (False, "000001", "")


def test_going_forward_again_embeds_nothing(tmp_path: Path) -> None:
    """The generations that are kept give their vectors, not only the one being served."""
    generations = _built(tmp_path, 1, 2, 3)
    generations.rollback("000001")
    embedder = HashingEmbedder()
    summary = build(cases(), tmp_path, embedder)
    assert (summary.added, summary.embedded) == (("moorland.md", "sub/valley.md"), 0)
    assert embedder.embedded == []


def test_a_hold_of_another_generation_means_nothing(tmp_path: Path) -> None:
    """As left by a crash between the two files of a rollback."""
    generations = _built(tmp_path, 1, 2)
    (tmp_path / "HELD").write_text("000001\n", encoding="ascii")
    assert generations.held() == ""
    (tmp_path / "HELD").write_bytes(b"\xff\x00")
    assert generations.held() == ""


def test_what_is_not_whole_is_not_rolled_back_to(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1, 2)
    path = generations.folder("000001") / "passages.faiss"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"passages\.faiss was altered"):
        generations.rollback("000001")
    assert (generations.current(), generations.held()) == ("000002", "")


@pytest.mark.parametrize("name", ["", "9", "../000001", "CURRENT", "²", "000001/"])
def test_an_unknown_generation_is_named_with_those_there_are(tmp_path: Path, name: str) -> None:
    generations = _built(tmp_path, 1, 2)
    with pytest.raises(SettingError, match=r"no generation '.*expected one of 000001, 000002\. S"):
        generations.rollback(name)
    with pytest.raises(SettingError, match="There is no generation before 000001"):
        generations.before("000001")


# --- Who reads ----------------------------------------------------------------------------------


def test_what_is_being_read_is_not_pruned(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1)
    reader = EmbeddedIndex(tmp_path, "000001", HashingEmbedder())
    _built(tmp_path, 2, 3)
    generations.prune(1)
    assert generations.names() == ["000001", "000003"]
    assert [d.doc_id for d in reader.documents()] == ["harbour.md"]
    del reader
    generations.prune(1)
    assert generations.names() == ["000003"]
    assert list((tmp_path / "readers").iterdir()) == []


READING = """
import os, sys
from pathlib import Path
from assistant.indexing.embedders import HashingEmbedder
from assistant.retrieval.embedded import EmbeddedIndex
index = EmbeddedIndex(Path(sys.argv[1]), "000001", HashingEmbedder())
print("reading", flush=True)
sys.stdin.read()
os._exit(9)
"""


def test_a_reader_in_another_process_is_seen_until_it_dies(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1, 2)
    with subprocess.Popen(
        [sys.executable, "-c", READING, str(tmp_path)],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None and reader.stdout.readline() == b"reading\n"
        generations.prune(1)
        assert generations.names() == ["000001", "000002"]
        reader.kill()
        reader.wait(10)
    assert len(list((tmp_path / "readers").iterdir())) == 1, "killed: it could not clear up"
    generations.prune(1)
    assert generations.names() == ["000002"]
    assert list((tmp_path / "readers").iterdir()) == []


def test_what_was_half_pruned_is_removed_by_the_next_build(tmp_path: Path) -> None:
    generations = _built(tmp_path, 1)
    (tmp_path / "generations" / "000000.pruned").mkdir()
    assert generations.names() == ["000001"]
    generations.begin()
    assert not (tmp_path / "generations" / "000000.pruned").exists()


# --- Waiting for the lock -----------------------------------------------------------------------


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    order: list[str] = []
    locked = threading.Event()

    def first() -> None:
        with generations.lock():
            locked.set()
            time.sleep(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    locked.wait(10)
    with generations.lock(wait=10):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_waiting_ends_with_the_holders_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    generations = Generations(tmp_path)
    with (
        generations.lock(),
        pytest.raises(IndexLocked, match=rf"\(process {os.getpid()}, since .*--wait SECONDS"),
        generations.lock(wait=0.05),
    ):
        pass
    assert f"waiting up to 0.05 seconds for process {os.getpid()}, since" in caplog.text
