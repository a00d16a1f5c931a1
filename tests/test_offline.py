"""Nothing leaves the machine, and importing Casebook loads nothing heavy."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.offline import CLOSED
from assistant.settings import PROJECT

HEAVY = ("torch", "faiss", "gradio", "sqlite3", "sentence_transformers", "tantivy", "transformers")


def _python(code: str, *arguments: str) -> str:
    """What a fresh interpreter prints, in a shell that asks for telemetry."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT,
        env={"GRADIO_ANALYTICS_ENABLED": "True", "HF_HUB_OFFLINE": "0", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_casebook_sets_the_switches_and_loads_nothing_heavy() -> None:
    code = (
        "import assistant, json, os, sys; "
        f"print(json.dumps([dict(os.environ), [n for n in {HEAVY!r} if n in sys.modules]]))"
    )
    environ, loaded = json.loads(_python(code))
    assert loaded == []
    assert {name: environ.get(name) for name in CLOSED} == CLOSED
    assert environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert environ["HF_HUB_OFFLINE"] == "1"


def test_the_command_line_loads_nothing_heavy_before_it_has_a_question() -> None:
    code = (
        "import sys; from assistant.cli import main; code = main(['ask', ' ', '--index', 'none']); "
        f"print(code, [n for n in {HEAVY!r} if n in sys.modules and n != 'sqlite3'])"
    )
    assert _python(code).startswith("2 ")


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1"])
def test_the_guard_of_these_tests_refuses_other_machines(host: str) -> None:
    with pytest.raises(PermissionError, match="a test may not leave this machine"):
        socket.create_connection((host, 443), timeout=1)


def test_the_guard_is_around_what_the_tests_start() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    assert "a test may not leave this machine" in done.stderr


def test_the_guard_lets_this_machine_speak_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


ASK_OFFLINE = """
from tests import network; network.close()
import sys
from assistant import build_command, cli
corpus, index, *questions = sys.argv[1:]
code = build_command.main(["--corpus", corpus, "--index", index])
for question in questions:
    code = code or cli.main(["ask", question, "--json", "--index", index])
sys.exit(code)
"""


def _ask_offline(corpus: Path, index: Path, *questions: str) -> tuple[str, list[dict[str, Any]]]:
    """Build and ask in one process that cannot reach the network: (build's line, answers)."""
    built, *answers = _python(ASK_OFFLINE, str(corpus), str(index), *questions).splitlines()
    return built, [json.loads(answer) for answer in answers]


def _check_quotes(answer: dict[str, Any], corpus: Path) -> None:
    for citation in answer["citations"]:
        text = (corpus / citation["doc_id"]).read_text(encoding="utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_three_case_studies_are_built_and_asked_without_a_network(
    corpus: Path, tmp_path: Path
) -> None:
    question = "How did Harbour handle mistrust over funding?"
    built, (answer,) = _ask_offline(corpus, tmp_path / "index", question)
    assert built.startswith("generation 000001: 3 documents, ")
    assert answer["hits"][0]["doc_id"] == "harbour.md"
    assert not answer["abstained"]
    _check_quotes(answer, corpus)


@pytest.mark.slow
def test_the_shipped_corpus_is_built_and_asked_without_a_network(tmp_path: Path) -> None:
    corpus = PROJECT / "corpus"
    question = "How did places handle funding mistrust?"
    built, (answer,) = _ask_offline(corpus, tmp_path / "index", question)
    assert built.startswith("generation 000001: 64 documents, ")
    assert len({citation["doc_id"] for citation in answer["citations"]}) >= 3
    assert "surrey-heartlands.md" in {citation["doc_id"] for citation in answer["citations"]}
    _check_quotes(answer, corpus)


@pytest.mark.slow
def test_the_first_documents_answer_in_their_own_words(seeds: Path, tmp_path: Path) -> None:
    built, (funding, board, doses) = _ask_offline(
        seeds,
        tmp_path / "index",
        "How did places handle funding mistrust?",
        "Who sits on the board of the GP federation in Sutton?",
        "What dose of methotrexate should be given for arthritis?",
    )
    assert built.startswith("generation 000001: 2 documents, ")
    # The text says neither "handle" nor "mistrust", but "distrust".
    assert funding["hits"][0]["doc_id"] == "002_b8c4f9f85092b408.txt"
    assert not funding["abstained"]
    assert "fostered resentment and distrust" in funding["citations"][0]["quote"]
    assert any("PCN CDs are now the board members" in c["quote"] for c in board["citations"])
    assert doses["abstained"] and doses["citations"] == []
    for answer in (funding, board):
        _check_quotes(answer, seeds)
