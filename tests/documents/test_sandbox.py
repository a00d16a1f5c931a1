"""The process that reads: what it may not do, and that what happens in it stays in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents import sandbox as sandboxes
from assistant.documents.formats import READERS, read
from assistant.documents.reading import RawFile, from_wire, to_wire
from assistant.documents.sandbox import Sandbox
from assistant.documents.worker import outcome
from assistant.errors import DocumentError
from assistant.settings import PROJECT, Limits, bare_environment

WORDS = b"# Title\n\nSome words."
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, kills processes")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as found:
        yield found


def test_one_worker_reads_one_file_after_another(sandbox: Sandbox) -> None:
    assert sandbox.pid == 0
    assert sandbox.read("a.md", WORDS).title == "Title"
    pid = sandbox.pid
    with pytest.raises(DocumentError, match=r"^a\.pdf: is not a PDF"):
        sandbox.read("a.pdf", b"words")
    assert sandbox.read("b.md", WORDS).title == "Title"
    assert sandbox.pid == pid


def test_64_files_are_read_quickly() -> None:
    """0.6 s on two quiet cores, the start of the worker included."""
    start = time.perf_counter()
    with Sandbox() as sandbox:
        for path in sorted((PROJECT / "corpus").glob("*.md")):
            sandbox.read(path.name, path.read_bytes())
    assert time.perf_counter() - start < 8


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    slow = b"<p>" + b"word " * 20 + b"</p>"
    with Sandbox(Limits(read_seconds=1)) as sandbox:
        sandbox.read("a.md", WORDS)
        pid = sandbox.pid
        with pytest.raises(DocumentError, match="takes longer than 1 seconds to read") as found:
            sandbox.read("a.txt", b"Line of text.\n" * 1_000_000)
        assert found.value.code == "time_limit"
        assert sandbox.read("a.html", b"<html><body>" + slow * 9).blocks
        assert sandbox.pid != pid


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    with Sandbox(Limits(read_memory_mb=256)) as sandbox:
        sandbox.read("a.md", WORDS)
        with pytest.raises(DocumentError) as found:
            sandbox.read("a.md", b"- a\n" * 4_000_000)
        assert found.value.code in ("memory_limit", "crashed", "malformed")
        assert sandbox.read("b.md", WORDS).title == "Title"


@LINUX
def test_a_worker_that_dies_is_replaced(sandbox: Sandbox) -> None:
    sandbox.read("a.md", WORDS)
    os.kill(sandbox.pid, 9)
    os.waitid(os.P_PID, sandbox.pid, os.WEXITED | os.WNOWAIT)
    assert sandbox.read("b.md", WORDS).title == "Title"


@LINUX
def test_a_worker_that_dies_over_a_file_names_that_file(sandbox: Sandbox) -> None:
    sandbox.read("a.md", WORDS)
    threading.Timer(0.2, os.kill, (sandbox.pid, 9)).start()
    with pytest.raises(DocumentError, match=r"^a\.txt: broke the program that reads it") as found:
        sandbox.read("a.txt", b"Line of text.\n" * 1_000_000)
    assert found.value.code == "crashed"


@LINUX
def test_the_worker_is_told_no_secret(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("CASEBOOK_CANARY", "canary")
    sandbox.read("a.md", WORDS)
    environment = Path(f"/proc/{sandbox.pid}/environ").read_bytes()
    assert b"canary" not in environment
    assert b"PATH=" in environment
    assert "OPENAI_API_KEY" not in bare_environment()


@LINUX
def test_limits_of_the_system_are_set(sandbox: Sandbox) -> None:
    sandbox.read("a.md", WORDS)
    limits = Path(f"/proc/{sandbox.pid}/limits").read_text("ascii")
    soft = {line[:26].strip(): line[26:47].strip() for line in limits.splitlines()[1:]}
    assert soft["Max address space"] == "1024000000"
    assert (soft["Max file size"], soft["Max core file size"]) == ("0", "0")
    assert soft["Max open files"] == "64"
    assert int(soft["Max cpu time"]) <= 70


TRIES = {
    "connect": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "resolve": "import socket; socket.getaddrinfo('example.org', 80)",
    "program": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "fork": "import os; os.fork()",
    "write": "open('stolen.txt', 'w')",
    "remove": "import os; os.remove('README.md')",
}


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
def test_code_in_the_worker_can_do_no_harm(attempt: str) -> None:
    """As if a hostile file had taken over the parser: the hook refuses from inside."""
    program = (
        "import sys\nfrom assistant.documents import worker\n"
        "sys.addaudithook(lambda event, arguments: worker._refuse(event, arguments, ''))\n"
        + attempt
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert "PermissionError" in done.stderr
    refused = ("reading a document needs no such thing", "a test may not leave this machine")
    assert any(words in done.stderr for words in refused)


def test_what_comes_back_is_checked() -> None:
    """A worker that lies about offsets is not believed."""
    reading = read(RawFile("a.md", WORDS))
    fields = json.loads(json.dumps(to_wire(reading)))
    assert from_wire(fields) == reading
    with pytest.raises(ValueError, match="a block ends at 99 in a text of"):
        from_wire(fields | {"blocks": [["heading", 0, 99, 0, 99, 1]]})
    with pytest.raises(TypeError, match="int where text was expected"):
        from_wire(fields | {"title": 5})


@pytest.mark.parametrize(
    ("error", "code"),
    [(MemoryError(), "memory_limit"), (RecursionError(), "too_deep"), (ValueError(), "malformed")],
)
def test_whatever_a_parser_raises_has_a_code(
    error: Exception, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(file: RawFile) -> None:
        raise error

    monkeypatch.setitem(READERS, ".md", failing)
    found = outcome(RawFile("a.md", WORDS))
    assert found["code"] == code
    assert "Traceback" not in found["reason"]


def test_an_idle_worker_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxes, "IDLE_SECONDS", 0.05)
    with Sandbox() as sandbox:
        sandbox.read("a.md", WORDS)
        sandbox.rest()
        end = time.monotonic() + 10
        while sandbox.pid and time.monotonic() < end:
            time.sleep(0.02)
        assert sandbox.pid == 0
        assert sandbox.read("a.md", WORDS).title == "Title"
