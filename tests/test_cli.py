"""The command line: its JSON, its exit codes, and one sentence instead of a traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import build_command, cli
from assistant.settings import PROJECT
from tests.making import CASES, write_corpus

Run = Callable[..., tuple[int, str, str]]

ANSWER_KEYS = {
    "id", "question", "standalone_question", "summary", "abstained", "abstention",
    "confidence", "statements",
    "citations", "hits", "notes", "generation", "milliseconds",
}  # fmt: skip
CITATION_KEYS = {
    "number", "doc_id", "title", "place", "heading", "start", "end", "quote", "url", "source_url",
}  # fmt: skip
HIT_KEYS = {"doc_id", "heading", "start", "end", "score", "text"}
QUESTION = "How did Harbour deal with mistrust over funding?"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with corpus/ and index/: the three case studies indexed with the real model."""
    folder = tmp_path_factory.mktemp("cli")
    write_corpus(folder / "corpus")
    options = ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]
    assert build_command.main(options) == 0
    return folder


@pytest.fixture
def run(built: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Arguments to (exit code, stdout, stderr) of `python -m assistant`, on the index built."""

    def call(*arguments: object, index: Path | None = None) -> tuple[int, str, str]:
        capsys.readouterr()
        place = ["--index", str(index or built / "index")]
        code = cli.main([*map(str, arguments), *place])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def _lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _check_refusal(outcome: tuple[int, str, str], sentence: str, code: int = 2) -> None:
    """One sentence on stderr, nothing on stdout, no traceback."""
    found, out, err = outcome
    assert (found, out) == (code, "")
    assert sentence in err
    assert len(err.splitlines()) == 1 and "Traceback" not in err


# --- ask ----------------------------------------------------------------------------------------


def test_ask_prints_the_answer_and_its_sources(run: Run) -> None:
    code, out, err = run("ask", QUESTION)
    assert (code, err) == (0, "")
    answer, sources = out.split("\nSources:\n")
    assert "Mistrust over funding faded slowly." in answer and "[1]" in answer
    assert sources.startswith("  [1] Harbour: one fund (What happened) harbour.md:")


def test_ask_json_has_exactly_the_promised_keys(run: Run) -> None:
    code, out, _ = run("ask", QUESTION, "--json")
    answer = json.loads(out)
    assert code == 0 and out.count("\n") == 1
    assert answer.keys() == ANSWER_KEYS
    assert (answer["question"], answer["abstained"]) == (QUESTION, False)
    assert 0.0 <= answer["confidence"] <= 1.0
    assert answer["generation"] == "000001" and answer["milliseconds"] > 0
    assert {frozenset(citation) for citation in answer["citations"]} == {frozenset(CITATION_KEYS)}
    assert {frozenset(hit) for hit in answer["hits"]} == {frozenset(HIT_KEYS)}
    keys = frozenset({"text", "role", "asked", "citations"})
    assert {frozenset(statement) for statement in answer["statements"]} == {keys}


def test_ask_refuses_in_words_what_the_cases_do_not_say(run: Run) -> None:
    code, out, _ = run("ask", "Which dose of insulin is given to Siberian tigers?")
    assert code == 0
    assert out.startswith("The case studies do not say.\nNothing in the 3 case studies mentions ")
    assert "\nClosest passages:\n  - " in out


def test_batch_answers_are_verbatim_in_the_files_on_disk(
    run: Run, built: Path, tmp_path: Path
) -> None:
    questions = _lines(
        tmp_path / "in.jsonl",
        {"id": "q1", "question": QUESTION},
        {"id": 2, "question": "And what were the results?", "history": ["Nurses in Moorland?"]},
        {"id": "odd \ud800", "question": "How is the bus powered?", "history": None, "more": 1},
    )
    code, out, _ = run("ask", "--batch", questions, "--output", tmp_path / "out.jsonl")
    answers = _read(tmp_path / "out.jsonl")
    assert (code, out) == (0, "")
    assert [answer["id"] for answer in answers] == ["q1", 2, "odd \ud800"]
    assert "Moorland" in answers[1]["standalone_question"]
    cited = [citation for answer in answers for citation in answer["citations"]]
    assert {citation["doc_id"] for citation in cited} >= {"harbour.md", "sub/valley.md"}
    for citation in cited:
        file_text = (built / "corpus" / citation["doc_id"]).read_text(encoding="utf-8")
        assert file_text[citation["start"] : citation["end"]] == citation["quote"]
    for answer in answers:
        assert answer.keys() == ANSWER_KEYS
        for hit in answer["hits"]:
            assert CASES[hit["doc_id"]][hit["start"] : hit["end"]] == hit["text"]


def test_the_same_batch_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    questions = _lines(tmp_path / "in.jsonl", {"id": 1, "question": QUESTION})
    written = []
    for name in ("a", "b"):
        assert run("ask", "--batch", questions, "--output", tmp_path / name)[0] == 0
        (answer,) = _read(tmp_path / name)
        written.append({key: value for key, value in answer.items() if key != "milliseconds"})
    assert written[0] == written[1]


# --- search -------------------------------------------------------------------------------------


def test_search_writes_ranked_hits(run: Run, tmp_path: Path) -> None:
    questions = _lines(tmp_path / "in", {"id": "a", "question": "school nurses"})
    code, out, _ = run("search", "--batch", questions, "--output", tmp_path / "out", "--k", 2)
    (row,) = _read(tmp_path / "out")
    assert (code, out) == (0, "")
    assert row.keys() == {"id", "hits"} and row["id"] == "a"
    assert [hit.keys() for hit in row["hits"]] == [{"doc_id", "score", "start", "end"}] * 2
    assert row["hits"][0]["doc_id"] == "moorland.md"


@pytest.mark.parametrize("k", [0, -1, 1001])
def test_search_with_an_impossible_k(run: Run, tmp_path: Path, k: int) -> None:
    outcome = run("search", "--batch", tmp_path / "in", "--output", tmp_path / "out", "--k", k)
    _check_refusal(outcome, f"--k is {k}: expected 1 to 1000.")


# --- Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "  ", "?!"])
def test_an_empty_question(run: Run, question: str) -> None:
    _check_refusal(run("ask", question), "The question is empty: expected some words.")


def test_a_question_that_is_too_long(run: Run) -> None:
    _check_refusal(run("ask", "x" * 2001), "has 2,001 characters: expected at most 2,000.")


@pytest.mark.parametrize("arguments", [(), ("Why?", "--batch", "in.jsonl")])
def test_neither_or_both_of_question_and_batch(run: Run, arguments: tuple[str, ...]) -> None:
    _check_refusal(run("ask", *arguments), "both a question and --batch, or neither")


def test_a_batch_without_an_output(run: Run) -> None:
    _check_refusal(run("ask", "--batch", "in.jsonl"), "--batch without --output")


@pytest.mark.parametrize("command", ["ask", "verify"])
def test_a_missing_index(run: Run, tmp_path: Path, command: str) -> None:
    arguments = ("ask", "Why?") if command == "ask" else ("verify",)
    _check_refusal(run(*arguments, index=tmp_path / "no"), "There is no index in")


BAD_LINES = [
    pytest.param("{", "JSONDecodeError", id="no JSON"),
    pytest.param("[" * 100_000, "RecursionError", id="nested too deep"),
    pytest.param("[1]", "AttributeError", id="no object"),
    pytest.param('{"question": "Why?"}', "KeyError 'id'", id="no id"),
    pytest.param('{"id": 1}', "KeyError 'question'", id="no question"),
    pytest.param('{"id": 1, "question": 5}', "The question is int", id="no text"),
    pytest.param('{"id": 1, "question": " "}', "The question is empty", id="empty"),
    pytest.param('{"id": 1, "question": "a", "history": "b"}', "not a list of texts", id="history"),
    pytest.param('{"id": 1, "question": "a", "history": [5]}', "not a list of texts", id="past"),
    pytest.param(f'{{"id": 1, "question": "{"x" * 2001}"}}', "2,001 characters", id="too long"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_a_bad_line_is_named_before_any_work(
    run: Run, tmp_path: Path, line: str, reason: str
) -> None:
    batch = tmp_path / "in.jsonl"
    batch.write_text('{"id": 0, "question": "Why?"}\n\n' + line + "\n", encoding="utf-8")
    outcome = run("ask", "--batch", batch, "--output", tmp_path / "out.jsonl")
    _check_refusal(outcome, f"{batch}, line 3: ")
    assert reason in outcome[2]
    assert not (tmp_path / "out.jsonl").exists()


def test_a_batch_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"\xff\xfe\x00")
    for name in ("gone", "bad"):
        outcome = run("ask", "--batch", tmp_path / name, "--output", tmp_path / "out")
        _check_refusal(outcome, f"{name} cannot be read (")


def test_an_output_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    batch = _lines(tmp_path / "in", {"id": 1, "question": "Why?"})
    outcome = run("ask", "--batch", batch, "--output", tmp_path / "no" / "out")
    _check_refusal(outcome, "out cannot be written (No such file or directory)")


def test_a_setting_that_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_PORT", "http")
    _check_refusal(run("ask", "Why?"), "CASEBOOK_PORT is 'http': expected a whole number.")


def test_a_model_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBOOK_EMBEDDING_MODEL", "nowhere")
    _check_refusal(run("ask", "Why?"), "No model at 'nowhere'")


# --- verify -------------------------------------------------------------------------------------


def test_verify_counts_what_agrees(run: Run) -> None:
    code, out, err = run("verify")
    assert (code, err) == (0, "")
    assert out.startswith(
        "generation 000001 is whole: 3 documents, 5 passages and 11 sentences agree with their"
    )


def test_verify_and_ask_name_each_damaged_file(run: Run, built: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(built / "index", index)
    folder = index / "generations" / "000001"
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert {"manifest.json", "casebook.sqlite3", "meta.json"} <= {path.name for path in files}
    for path in files:
        sound = path.read_bytes()
        for damage in (sound[: len(sound) // 2], b"garbage" + sound[7:], None):
            if damage is None:
                path.unlink()
            else:
                path.write_bytes(damage)
            _check_refusal(run("verify", index=index), path.name, code=1)
        _check_refusal(run("ask", "Why?", index=index), path.name)
        path.write_bytes(sound)
    assert run("verify", index=index)[0] == 0


# --- build_index.py -----------------------------------------------------------------------------


def _build(capsys: pytest.CaptureFixture[str], corpus: Path, index: Path) -> tuple[int, str, str]:
    code = build_command.main(["--corpus", str(corpus), "--index", str(index)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_build_says_in_one_line_what_it_did(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(built, tmp_path / "b")
    corpus, index = tmp_path / "b" / "corpus", tmp_path / "b" / "index"
    same = "generation 000001 is up to date: 3 documents, 5 passages\n"
    assert _build(capsys, corpus, index) == (0, same, "")
    write_corpus(corpus, {"dunes.txt": "Sand was moved by hand."})
    code, out, err = _build(capsys, corpus, index)
    assert (code, err) == (0, "")
    assert out == "generation 000002: 4 documents, 6 passages (1 added; 6 texts embedded)\n"


def test_build_lists_the_files_it_could_not_read(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(built, tmp_path / "b")
    corpus, index = tmp_path / "b" / "corpus", tmp_path / "b" / "index"
    write_corpus(corpus, {"empty.md": "", "sub/bad.md": "---\na: [\n---\nx"})
    code, out, err = _build(capsys, corpus, index)
    assert code == 1
    assert out.startswith("generation 000001 is up to date: 3 documents")
    first, *listed = err.splitlines()
    assert first == "2 files that could not be read:"
    assert listed[0] == "  - empty.md: has no text; delete it or fill it in"
    assert listed[1].startswith("  - sub/bad.md: its front matter is not valid YAML (")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        pytest.param(None, "does not exist: expected a folder", id="no folder"),
        pytest.param({}, "holds no case studies", id="empty folder"),
        pytest.param({"README.md": "x"}, "holds no case studies", id="only a README"),
        pytest.param({"a.md": ""}, "could be read (a.md: has no text", id="nothing readable"),
    ],
)
def test_build_without_case_studies(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str] | None,
    sentence: str,
) -> None:
    corpus = tmp_path / "corpus"
    if files is not None:
        corpus.mkdir()
        write_corpus(corpus, files)
    _check_refusal(_build(capsys, corpus, tmp_path / "index"), sentence)
    assert not (tmp_path / "index").exists()


def test_build_where_no_index_can_be(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    outcome = _build(capsys, built / "corpus", tmp_path / "file")
    _check_refusal(outcome, "file cannot be written")


# --- As programs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["-m", "assistant", "ask", " "], 2, "The question is empty", id="ask"),
        pytest.param(["-m", "assistant", "verify", "--index", "no"], 2, "no index in", id="verify"),
        pytest.param(["-m", "assistant"], 2, "usage: python -m assistant", id="no command"),
        pytest.param(["-m", "assistant", "sing"], 2, "invalid choice", id="unknown command"),
        pytest.param(["build_index.py", "--corpus", "no"], 2, "does not exist", id="build"),
    ],
)
def test_programs_end_with_a_sentence_and_a_code(
    arguments: list[str], code: int, said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert said in done.stderr and "Traceback" not in done.stderr
