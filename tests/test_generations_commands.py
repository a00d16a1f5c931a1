"""`generations`, `diff` and `rollback`, and what build_index.py says when it cannot build."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import build_command, cli
from assistant.indexing.generations import Generations
from assistant.settings import PROJECT
from tests.making import HARBOUR, write_corpus

Outcome = tuple[int, str, str]
QUESTION = "By how much did admissions fall?"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two generations by the real model: the first says 12 per cent, the second 15."""
    folder = tmp_path_factory.mktemp("generations")
    for text in (HARBOUR, HARBOUR.replace("12 per cent", "15 per cent")):
        write_corpus(folder / "corpus")
        write_corpus(folder / "corpus", {"harbour.md": text})
        assert build_command.main(_places(folder)) == 0
    return folder


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    """A copy of `built` that a test may change."""
    shutil.copytree(built, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def call(folder: Path, *arguments: str) -> Outcome:
        capsys.readouterr()
        code = cli.main([*arguments, "--index", str(folder / "index")])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


Run = Callable[..., Outcome]


def _places(folder: Path) -> list[str]:
    return ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]


def _build(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> Outcome:
    capsys.readouterr()
    code = build_command.main([*_places(folder), *options])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_each_generation_can_be_verified_to_the_last_word(run: Run, built: Path) -> None:
    """With the real model: every vector is embedded again, every word counted again."""
    code, out, _ = run(built, "verify", "1", "--deep")
    assert (code, out.split(":")[0]) == (0, "generation 000001 is whole")
    assert run(built, "verify")[1].startswith("generation 000002 is whole: 3 documents, 5 passages")


def test_the_list_of_generations(run: Run, built: Path, tmp_path: Path) -> None:
    code, out, _ = run(built, "generations")
    head, newest, first = out.splitlines()
    assert code == 0
    assert head.split() == "name built (UTC) documents passages what changed".split()
    when = r"20\d\d-\d\d-\d\d \d\d:\d\d"
    assert re.fullmatch(rf"\* 000002 +{when} +3 +5  1 changed since 000001 \(served\)", newest), (
        newest
    )
    assert re.fullmatch(rf"  000001 +{when} +3 +5  3 added \(the first\)", first), first
    code, out, _ = run(tmp_path, "generations")
    assert (code, out.startswith("There is no index in ")) == (0, True)


def test_a_damaged_generation_in_the_list(run: Run, place: Path) -> None:
    (place / "index" / "generations" / "000001" / "manifest.json").write_text("{", "utf-8")
    code, out, _ = run(place, "generations")
    assert code == 1
    assert "  000001     damaged: " in out and "manifest.json cannot be read" in out


def test_the_difference_of_two_generations(run: Run, built: Path) -> None:
    code, out, _ = run(built, "diff", "1", "2")
    assert code == 0
    assert out.splitlines() == [
        "from generation 000001 to 000002",
        "documents:",
        "  ~ harbour.md (passages: 1 changed)",
        "passages:",
        "  ~ harbour.md › Results",
        "      was: Admissions fell by 12 per cent in two years.",
        "      now: Admissions fell by 15 per cent in two years.",
    ]
    assert run(built, "diff") == (0, out, ""), "the last two unless others are named"


@pytest.mark.parametrize("arguments", [["diff", "1", "9"], ["rollback", "9"]])
def test_a_generation_that_is_not_there(run: Run, built: Path, arguments: list[str]) -> None:
    code, out, err = run(built, *arguments)
    assert (code, out) == (2, "")
    assert "There is no generation '9' in " in err and "expected one of 000001, 000002." in err


@pytest.mark.slow
def test_a_rollback_is_served_and_held_until_the_next_build(
    run: Run, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(place, "rollback")
    before = _answer(run, place)
    assert "12 per cent" in before and '"generation": "000001"' in before
    code, out, _ = run(place, "rollback", "2")
    assert (code, out.split(".")[0]) == (
        0, "generation 000002 is served again, with 3 documents and 5 passages",
    )  # fmt: skip
    assert "15 per cent" in _answer(run, place)
    assert run(place, "rollback", "000001")[0] == 0
    assert _answer(run, place) == before, "the same bytes"
    listed = run(place, "generations")[1]
    assert "* 000001" in listed and "000001 is held: it was rolled back to." in listed
    code, out, _ = _build(capsys, place)
    assert (code, out) == (
        0, "generation 000003: 3 documents, 5 passages (1 changed; 0 texts embedded)\n",
    )  # fmt: skip
    assert "15 per cent" in _answer(run, place)
    assert "held" not in run(place, "generations")[1]


def _answer(run: Run, folder: Path) -> str:
    """The answer without its time, which differs."""
    code, out, _ = run(folder, "ask", QUESTION, "--json")
    assert code == 0
    return json.dumps(json.loads(out) | {"milliseconds": 0})


def test_a_build_during_another_one_names_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Generations(place / "index").lock():
        code, out, err = _build(capsys, place, "--wait", "0.1")
    assert (code, out) == (build_command.LOCKED, "")
    assert re.search(
        r"Another build of .* is running \(process \d+, since 20.*\)\. Wait until", err
    )


def test_an_emptied_folder_empties_nothing_unless_it_may(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(place / "corpus")
    code, out, err = _build(capsys, place)
    assert (code, out) == (2, "")
    assert "The index keeps its 3 documents; to empty it, build with --allow-empty." in err
    code, out, _ = _build(capsys, place, "--allow-empty")
    assert (code, out) == (
        0, "generation 000003: 0 documents, 0 passages (3 removed; 0 texts embedded)\n",
    )  # fmt: skip


def test_what_could_not_be_read_keeps_its_text_and_it_is_said(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(place / "corpus", {"harbour.md": "---\na: [\n---\nx"})
    code, out, err = _build(capsys, place)
    assert (code, out) == (1, "generation 000002 is up to date: 3 documents, 5 passages\n")
    head, failure, kept, name = err.splitlines()
    assert head == "1 file that could not be read:"
    assert failure.startswith("  - harbour.md: its front matter is not valid YAML")
    assert (kept, name) == (
        "1 document keeping the earlier text, because of that:", "  - harbour.md",
    )  # fmt: skip


def _hear_ctrl_c() -> None:
    """Programs started from a shell's background are made deaf to it, and so is what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_watching_as_a_program_ends_with_ctrl_c(place: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "build_index.py", "--watch", *_places(place)],
        cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        preexec_fn=_hear_ctrl_c,
    ) as program:  # fmt: skip
        try:
            assert program.stdout is not None and program.stderr is not None
            assert program.stdout.readline() == f"Watching {place / 'corpus'} (Ctrl+C ends it).\n"
            write_corpus(place / "corpus", {"dunes.md": "# Dunes\n\nSand was moved by hand."})
            assert program.stdout.readline() == (
                "generation 000003: 4 documents, 6 passages (1 added; 6 texts embedded)\n"
            )
            program.send_signal(signal.SIGINT)
            assert program.wait(30) == 0
            assert program.stdout.read() == "No longer watching.\n"
            assert "Traceback" not in program.stderr.read()
        finally:
            program.kill()  # else a failure would wait for it for ever
