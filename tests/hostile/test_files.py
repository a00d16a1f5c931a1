"""Tables A to D of bad files: each ends as it should, in time, within its memory, and alone."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.documents.reading import Reading
from assistant.documents.sandbox import Sandbox
from assistant.errors import DocumentError
from assistant.settings import Limits
from tests.hostile.case import READ, Case
from tests.hostile.files import CASES

SLACK = 4.0
"""Times allowed are for a quiet machine of two cores; a busy one may take so many times longer."""
HEAVY = ("B47-5-MB-line", "B47-1M-lines", "B17-flate-bomb", "B17-double-flate", "B20-50k-pages")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(), tesseract="") as found:
        found.read("a.md", b"The worker has started.")
        yield found


class Peak:
    """The most memory that the worker has held, in MB, since this was made (Linux)."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox, self.megabytes = sandbox, 0.0
        self._over = threading.Event()
        if sys.platform == "linux":
            Path(f"/proc/{sandbox.pid}/clear_refs").write_text("5", encoding="ascii")
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self._look()

    def _look(self) -> None:
        with suppress(OSError):
            for line in Path(f"/proc/{self._sandbox.pid}/status").read_text("ascii").splitlines():
                if line.startswith("VmHWM"):
                    self.megabytes = max(self.megabytes, int(line.split()[1]) / 1000)

    def end(self) -> float:
        self._look()
        self._over.set()
        return self.megabytes


def _marked(case: Case) -> object:
    return pytest.param(case, id=case.id, marks=[pytest.mark.slow] if case.id in HEAVY else [])


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_a_bad_file(case: Case, sandbox: Sandbox) -> None:
    content = case.content()
    sandbox.read("a.md", b"The worker is there.")
    peak, start = Peak(sandbox), time.perf_counter()
    found, code, reason = _outcome(sandbox, case.name, content)
    took, memory = time.perf_counter() - start, peak.end()
    assert code in case.codes, reason
    assert took < SLACK * case.seconds
    assert memory < case.megabytes
    if found is None:
        assert reason and "Traceback" not in reason
    elif case.holds:
        assert case.holds in found.text
        assert not [word for word in case.lacks if word in found.text + found.title]
        assert case.notes in " ".join(found.notes)
        assert len(found.title) <= 200
    assert sandbox.read("a.md", b"# Next\n\nThe next file is read.").title == "Next"


def _outcome(sandbox: Sandbox, name: str, content: bytes) -> tuple[Reading | None, str, str]:
    try:
        return sandbox.read(name, content), READ, ""
    except DocumentError as failure:
        return None, failure.code, failure.reason


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.id.startswith(("B34", "B38", "B44"))], ids=lambda c: c.id
)
def test_nothing_is_fetched(case: Case, sandbox: Sandbox) -> None:
    """A listening socket, whose address takes the place of the one in the file, is not reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        content = case.content().replace(b"127.0.0.1:9/", b"127.0.0.1:%d/" % port)
        _outcome(sandbox, case.name, content)
        with pytest.raises(TimeoutError):
            server.accept()


def test_at_least_the_bad_inputs_of_the_tables_are_tried() -> None:
    """B01, B02, B07 and B17 to B49 are files; the others of table A are in test_folders."""
    tried = {int(case.id[1:3]) for case in CASES}
    assert tried == {1, 2, 7, *range(17, 50)}
    assert len({case.id for case in CASES}) == len(CASES)
