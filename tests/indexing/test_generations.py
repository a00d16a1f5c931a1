"""Generations: published whole or not at all, pruned, locked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged, IndexLocked, IndexMissing, SettingError
from assistant.indexing.generations import Generations
from assistant.settings import PROJECT


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
