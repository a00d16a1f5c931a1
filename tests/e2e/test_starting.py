"""`python app.py` when something is wrong: a sentence, exit code 2, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import PROJECT
from tests.making import casebook, write_corpus

pytestmark = pytest.mark.e2e


def start(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT / "app.py"), "--port", "17861", *options],
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


def test_an_empty_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    done = start("--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index"))
    assert done.returncode == 2
    assert "holds no case studies: expected at least one file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_damaged_index(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus")
    casebook(tmp_path).build()
    (tmp_path / "index" / "CURRENT").write_text("../../etc", encoding="ascii")
    done = start("--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index"))
    assert done.returncode == 2
    assert "which is no generation here. Build the index again" in done.stderr
    assert "Traceback" not in done.stderr
