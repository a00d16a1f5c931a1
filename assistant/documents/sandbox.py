"""Read files in a process that can be killed: a hostile file costs its own reading and no more.

One worker reads one file after another and is replaced only when a file has broken it.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO

from assistant.documents.reading import Reading, from_wire
from assistant.documents.worker import LENGTH
from assistant.errors import DocumentError
from assistant.settings import PROJECT, Limits, bare_environment

START_SECONDS = 60
"""Longest wait for a worker to start on a busy machine, beside the time for reading."""
IDLE_SECONDS = 30
BYTES_A_CHARACTER = 12
"""Longest JSON form of one character, an escaped surrogate pair."""


class Sandbox:
    """Reads files one at a time; safe to share by threads. Close it, or use it in a `with`."""

    def __init__(self, limits: Limits | None = None, tesseract: str = "tesseract") -> None:
        """`tesseract` names the program that reads scans; without it scans are refused."""
        self.limits = limits or Limits()
        self._tesseract = (shutil.which(tesseract) or "") if tesseract else ""
        self._worker: subprocess.Popen[bytes] | None = None
        self._fresh = False
        self._calls = 0
        self._turn = threading.Lock()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process that reads, 0 if there is none just now."""
        return self._worker.pid if self._worker else 0

    def read(self, doc_id: str, content: bytes, sidecar: str = "") -> Reading:
        """The reading of a file. Raises DocumentError with a stable code.

        A scan is read a second time, with its pages recognised, if the program for it is there.
        """
        with self._turn:
            self._calls += 1
            found = self._ask(doc_id, content, sidecar, ocr=False)
            if found.scanned and self._tesseract:
                found = self._ask(doc_id, content, sidecar, ocr=True)
        if not found.blocks:
            raise _needs_ocr(doc_id, found.scanned)
        return found

    def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                _close(pipe)

    def rest(self) -> None:
        """End the worker if nothing is read for a while."""
        with self._turn:
            self._calls += 1
            resting = threading.Timer(IDLE_SECONDS, self._end_if_idle, (self._calls,))
        resting.daemon = True
        resting.start()

    def _end_if_idle(self, calls: int) -> None:
        with self._turn:
            if calls == self._calls:
                self.close()

    def _ask(self, doc_id: str, content: bytes, sidecar: str, *, ocr: bool) -> Reading:
        seconds = self.limits.ocr_seconds if ocr else self.limits.read_seconds
        request = {
            "doc_id": doc_id, "bytes": len(content), "sidecar": sidecar, "seconds": seconds,
            "tesseract": self._tesseract if ocr else "",
        }  # fmt: skip
        answer = self._exchange(doc_id, json.dumps(request).encode() + b"\n" + content, seconds)
        try:
            fields = json.loads(answer)
            if "code" in fields:
                raise DocumentError(doc_id, str(fields["code"]), str(fields["reason"]))
            return from_wire(fields)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            self.close()
            raise DocumentError(doc_id, "crashed", _CRASHED) from error

    def _exchange(self, doc_id: str, request: bytes, seconds: int) -> bytes:
        """Send a request and wait for its answer; a worker that fails at it is ended."""
        worker = self._running()
        answer: list[bytes] = []
        limit = BYTES_A_CHARACTER * self.limits.max_characters + 50_000_000

        def talk() -> None:
            if worker.stdin is None or worker.stdout is None:
                raise AssertionError("the worker was started with pipes")
            try:
                worker.stdin.write(request)
                worker.stdin.flush()
                length = int.from_bytes(worker.stdout.read(LENGTH), "big")
                if 0 < length <= limit:
                    answer.append(worker.stdout.read(length))
            except (OSError, ValueError):
                pass  # it died: seen below

        talking = threading.Thread(target=talk, name="reading", daemon=True)
        talking.start()
        talking.join(seconds + (START_SECONDS if self._fresh else 1))
        self._fresh = False
        if talking.is_alive():
            worker.kill()
            talking.join()
            self.close()
            raise _too_slow(doc_id, seconds)
        if answer:
            return answer[0]
        code = _exit_code(worker)
        self.close()
        if code == _OUT_OF_TIME:
            raise _too_slow(doc_id, seconds)
        raise DocumentError(doc_id, "crashed", _CRASHED)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        self.close()
        worker = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "assistant.documents.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=PROJECT, env=bare_environment() | _FOR_THE_WORKER,
        )  # fmt: skip
        setting = {"limits": asdict(self.limits), "tesseract": self._tesseract}
        if worker.stdin is not None:
            worker.stdin.write(json.dumps(setting).encode() + b"\n")
        self._worker, self._fresh = worker, True
        return worker


@lru_cache(maxsize=1)
def shared(limits: Limits, tesseract: str = "tesseract") -> Sandbox:
    """The sandbox of this process: who reads a corpus again and again starts no worker each time.

    It ends with the process; call `rest` when a corpus is read.
    """
    sandbox = Sandbox(limits, tesseract)
    atexit.register(sandbox.close)
    return sandbox


_FOR_THE_WORKER = {
    "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1", "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1", "HOME": str(Path(sys.executable).anchor),
}  # fmt: skip
_OUT_OF_TIME = -24
"""Exit code of a process ended by SIGXCPU."""
_CRASHED = (
    "broke the program that reads it; open it in its own program, save it again, or leave it out"
)


def _exit_code(worker: subprocess.Popen[bytes]) -> int:
    try:
        return worker.wait(5)
    except subprocess.TimeoutExpired:  # it sent nonsense and lives on
        return 0


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was still to be written has no reader any more
        pipe.close()


def _too_slow(doc_id: str, seconds: int) -> DocumentError:
    return DocumentError(
        doc_id,
        "time_limit",
        f"takes longer than {seconds} seconds to read; split it or raise the limit",
    )


def _needs_ocr(doc_id: str, pages: int) -> DocumentError:
    what = (
        f"is a scan: pictures of {pages} pages" if pages > 1 else "is a scan: a picture of a page"
    )
    return DocumentError(
        doc_id,
        "no_text",
        f"{what} without words to search (needs OCR); install Tesseract and build again, or make "
        "it searchable with a scanner's program",
    )
