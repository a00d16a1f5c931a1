"""What docs/privacy.md promises about what is kept (requirements PR-2 to PR-23, by number).

Those that need the real program or a browser are in tests/e2e (PR-1, 6 to 8, 10, 11, 16), those of
signing in in tests/web/test_sign_in.py (PR-14, 22).
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import cli
from assistant.datatypes import Answer
from assistant.keeping import kept
from assistant.offline import CLOSED
from assistant.pipeline import Casebook
from assistant.settings import PROJECT, Settings
from assistant.web.addresses import ADDRESSES, find
from assistant.web.record import Record
from tests.making import CASES, PASSWORD, casebook, write_corpus

PAGE = (PROJECT / "docs" / "privacy.md").read_text(encoding="utf-8")
TOKEN = "quokkaplaintext"  # noqa: S105  # a word to look for


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The folders of a casebook of three case studies, as the command line would see them."""
    monkeypatch.setenv("CASEBOOK_PASSWORDS", str(tmp_path / "private" / "passwords.json"))
    write_corpus(tmp_path / "corpus")
    return Settings.load(corpus=tmp_path / "corpus", index=tmp_path / "index")


@pytest.fixture
def private_files() -> Iterator[None]:
    """The programs set this as they start; a test puts it back."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def _built(settings: Settings) -> Casebook:
    book = casebook(settings.index.parent)
    book.build()
    return book


def test_telemetry_is_switched_off_whatever_the_shell_says() -> None:
    """PR-2: overruled rather than refused, so that no variable can break the promise."""
    assert {
        "GRADIO_ANALYTICS_ENABLED", "GRADIO_RUN_HISTORY", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE",
        "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK", "HF_HUB_DISABLE_UPDATE_CHECK",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN", "GRADIO_SHARE", "ANONYMIZED_TELEMETRY",
    } <= set(CLOSED)  # fmt: skip
    code = "import os, assistant; print(os.environ['GRADIO_ANALYTICS_ENABLED'])"
    shell = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "True"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=shell, cwd=PROJECT, capture_output=True,
        encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/deep_link", "/gradio_api/runs", "/gradio_api/run-history/records", "/login",
     "/login/huggingface", "/login/callback", "/gradio_api/upload", "/gradio_api/proxy=x",
     "/monitoring", "/gradio_api/app_id", "/gradio_api/vibe-edit", "/flag"],
)  # fmt: skip
def test_nothing_of_gradio_that_shares_or_keeps_is_reachable(path: str) -> None:
    """PR-3"""
    assert find(path, "GET") is None
    assert find(path, "POST") is None


def test_no_question_is_asked_by_address() -> None:
    """PR-7: what is asked travels in bodies, so that no log of addresses has it."""
    posted = [a.pattern.pattern for a in ADDRESSES if "POST" in a.methods]
    assert any("queue/join" in pattern for pattern in posted)
    assert find("/gradio_api/queue/join", "GET").methods == ("POST",)  # type: ignore[union-attr]
    server = (PROJECT / "assistant" / "web" / "server.py").read_text(encoding="utf-8")
    assert "access_log=False" in server


def test_everything_that_is_kept_is_on_the_page(settings: Settings) -> None:
    """PR-9, PR-19: the table and the program's own list say the same."""
    rows = dict(re.findall(r"^\| ([\w ]+?) \| (.*) \|$", PAGE, re.MULTILINE))
    for entry in kept(settings):
        cells = rows[entry.name].split(" | ")
        assert cells[0] == entry.holds
        folder = entry.pattern.split("/")[0].removesuffix("*")
        assert folder in cells[1]
        assert entry.days is None or str(entry.days) in cells[2]
    assert {"corpus", "conversation", "temporary files", "the reader"} - set(rows) <= {"the reader"}


def _days_old(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TOKEN, encoding="utf-8")
    moment = time.time() - days * 86_400
    os.utime(path, (moment, moment))
    return path


def test_purge_deletes_what_is_past_its_time(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """PR-9"""
    _built(settings)
    index, private = settings.index, settings.passwords.parent
    old = [
        _days_old(private / "use" / "2020-01-01.jsonl", 31),
        _days_old(index / "answers" / "a.json", 366),
        _days_old(index / "undo" / "0001", 31),
    ]
    young = [
        _days_old(private / "use" / "2020-02-01.jsonl", 29),
        _days_old(index / "answers" / "b.json", 364),
        _days_old(index / "undo" / "0002", 29),
        _days_old(private / "passwords.json", 3650),
    ]
    assert cli.main(["purge", "--index", str(index)]) == 0
    said = capsys.readouterr().out
    assert [path for path in old if path.exists()] == []
    assert [path for path in young if not path.exists()] == []
    assert said.startswith("\n".join(str(path) for path in sorted(old)[:1])) or "3 files" in said
    assert "3 files and folders were deleted." in said
    assert cli.main(["purge", "--older-than", "0", "--index", str(index)]) == 0
    assert [path for path in young if path.exists()] == [private / "passwords.json"]
    assert cli.main(["verify", "--index", str(index)]) == 0  # what is served is left alone
    assert cli.main(["purge", "--older-than", "-1", "--index", str(index)]) == 2
    assert "--older-than is -1: expected 0 or more days" in capsys.readouterr().err


def _bytes_with(word: str, folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]


def test_what_is_removed_and_purged_is_in_no_file(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """PR-12: the words of a removed case study, and the vectors made from them."""
    case = settings.corpus / "secret.md"
    words = f"# Secret\n\nThe {TOKEN} ward had {TOKEN} beds.\n"
    case.write_text(words, encoding="utf-8")
    book = _built(settings)
    vector = book._embedder.embed([f"The {TOKEN} ward had {TOKEN} beds."])[0].tobytes()
    vectors = settings.index / "generations" / book.index().generation
    held = [p for p in vectors.rglob("*") if p.is_file() and vector in p.read_bytes()]
    assert held, "the test looks for the vector where it should be"
    assert _bytes_with(TOKEN, settings.index)
    case.unlink()
    book.build()
    assert _bytes_with(TOKEN, settings.index)  # the build before is still there, to go back to
    assert cli.main(["purge", "--older-than", "0", "--index", str(settings.index)]) == 0
    assert "1 earlier builds are still being read" in capsys.readouterr().out
    assert book.index().generation == "000002"  # the running app moves on at the next question
    assert cli.main(["purge", "--older-than", "0", "--index", str(settings.index)]) == 0
    assert "in none of what is left" in capsys.readouterr().out
    assert _bytes_with(TOKEN, settings.index.parent) == []
    left = [p for p in settings.index.rglob("*") if p.is_file()]
    assert left
    assert [path for path in left if vector in path.read_bytes()] == []
    assert book.ask("How many beds had the ward?").generation == book.index().generation


@pytest.mark.usefixtures("private_files")
def test_files_are_for_their_owner(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """PR-13"""
    _built(settings)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert cli.main(["password", "--for", "editing", "--index", str(settings.index)]) == 0
    assert "The password for editing is set" in capsys.readouterr().out
    Record(_recording(settings, "documents")).answered(_answer(settings), "ann")
    made = [*settings.index.rglob("*"), *settings.passwords.parent.rglob("*")]
    assert {p.name for p in made} >= {"CURRENT", "passwords.json", "use", "manifest.json"}
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("program", ["build_index.py", "app.py", "-m assistant"])
def test_every_program_begins_by_being_private(program: str) -> None:
    """PR-13"""
    module = {"build_index.py": "build_command", "app.py": "web/server", "-m assistant": "cli"}
    source = PROJECT / "assistant" / f"{module[program]}.py"
    assert "    keep_private()\n" in source.read_text(encoding="utf-8")


def test_a_password_is_never_given_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """PR-15: other users see the arguments of programs."""
    with pytest.raises(SystemExit, match="2"):
        cli.main(["password", PASSWORD])
    assert "unrecognized arguments" in capsys.readouterr().err


def test_an_answer_copied_says_which_build_it_is_from(settings: Settings) -> None:
    """PR-17: the text to copy and the JSON are made on request, and name the generation."""
    from assistant.answering.wire import answer_fields
    from assistant.web.plain import plain_text

    answer = _answer(settings)
    assert plain_text(answer).endswith("Casebook, index generation 000001")
    assert answer_fields(answer)["generation"] == "000001"
    before = {p for p in settings.index.parent.rglob("*") if p.is_file()}
    plain_text(answer)
    assert {p for p in settings.index.parent.rglob("*") if p.is_file()} == before


def _answer(settings: Settings) -> Answer:
    return _built(settings).ask(f"How did Harbour handle mistrust over funding, {TOKEN}?")


def _recording(settings: Settings, level: str) -> Settings:
    from dataclasses import replace

    return replace(settings, record_of_use=level)


def test_the_record_of_use_is_off(settings: Settings) -> None:
    """PR-18"""
    Record(settings).answered(_answer(settings), "ann")
    assert Settings().record_of_use == "off"
    assert not settings.passwords.parent.exists()


@pytest.mark.parametrize("level", ["documents", "questions"])
def test_the_record_of_use_says_who_saw_what(settings: Settings, level: str) -> None:
    """PR-6, PR-18: without the question unless that is asked for; never an answer's words."""
    moment = datetime(2031, 11, 22, 23, 59, 30, tzinfo=UTC)
    record = Record(_recording(settings, level))
    answer = _answer(settings)
    record.answered(answer, "ann\nbob")
    record.answered(answer, "ann", moment)
    record.answered(answer, "ann", moment + timedelta(minutes=1))
    day = settings.passwords.parent / "use" / "2031-11-22.jsonl"
    (line,) = day.read_text(encoding="ascii").splitlines()
    fields = json.loads(line)
    assert fields.pop("documents")[0] == "harbour.md"
    asked = {"question": answer.question} if level == "questions" else {}
    assert fields == asked | {
        "time": "2031-11-22T23:59:30+00:00", "who": "ann", "outcome": "answered",
        "quotations": len(answer.statements), "generation": "000001",
    }  # fmt: skip
    assert day.with_name("2031-11-23.jsonl").is_file()
    words = "".join(p.read_text(encoding="ascii") for p in day.parent.iterdir())
    assert (TOKEN in words) == (level == "questions")
    assert "faded slowly" not in words


@pytest.mark.parametrize("name", ["privacy", "dpia", "network", "accessibility"])
def test_documents_point_at_what_exists(name: str) -> None:
    """PR-19"""
    page = PROJECT / "docs" / f"{name}.md"
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target
    for path in re.findall(r"`(assistant/[\w/.]+|tests/[\w/.]+)`", PAGE):
        assert (PROJECT / path).exists(), path


def test_the_card_of_the_model_has_its_licence_and_data() -> None:
    """PR-19"""
    card = PROJECT / "assistant" / "answering" / "evidence_weights" / "MODEL_CARD.md"
    words = card.read_text(encoding="utf-8").lower()
    assert "licence" in words or "license" in words
    assert "learnt" in words or "trained" in words


def test_installing_without_the_internet_is_written_down_and_done_by_ci() -> None:
    """PR-20"""
    network = (PROJECT / "docs" / "network.md").read_text(encoding="utf-8")
    ci = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pip download -r requirements.txt -d wheels" in network
    assert "--no-index --find-links" in network
    assert "--no-index --find-links" in ci


def test_answers_are_said_to_be_quotations_found_by_software() -> None:
    """PR-21"""
    footer = (PROJECT / "assistant/web/templates/footer.html").read_text(encoding="utf-8")
    assert "Answers are quotations, found by software and checked word for word." in footer


def test_who_can_read_what_is_said_honestly() -> None:
    """PR-22"""
    page = (PROJECT / "assistant/web/templates/privacy.html").read_text(encoding="utf-8")
    assert "Everybody who can open this page can read every case study in it." in page
    assert "there are no permissions by\ndocument" in PAGE


def test_the_three_case_studies_do_not_hold_the_token() -> None:
    assert TOKEN not in json.dumps(CASES)
