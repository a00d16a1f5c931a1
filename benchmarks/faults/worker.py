"""Processes in which builds are done and things go wrong: forked from one that has all loaded.

Started as `python -m benchmarks.faults.worker`; it reads one JSON order a line and answers with one
line {"code", "said", "steps", "seconds"} when the order's process has ended. A fault in the order
happens in that process alone, at the level of the system's calls; "kill_after" counts the seconds
from the moment when the build begins.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import CasebookError
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.pipeline import Casebook
from benchmarks.faults.books import book

STEPS = ("fsync", "replace", "rename", "mkdir", "unlink", "rmdir")
"""Calls of `os` that a build makes a crash-safe index with."""
BEGUN = b"!"


@dataclass
class Shim:
    """Counts the calls in STEPS and does something at one of them, before or after it is made."""

    at: int = 0
    after: bool = False
    error: int = 0
    """An errno to fail with; 0 means that the process is killed."""
    steps: list[str] = field(default_factory=list)

    def install(self) -> None:
        """Wrap the calls for the rest of this process."""
        for name in STEPS:
            setattr(os, name, self._wrapped(name, getattr(os, name)))

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  whatever os takes
            self.steps.append(name)
            here = len(self.steps) == self.at
            if here and not self.after:
                self._strike(name)
            outcome = call(*arguments, **named)
            if here and self.after:
                self._strike(name)
            return outcome

        return wrapped

    def _strike(self, name: str) -> None:
        if self.error:
            raise OSError(self.error, f"{os.strerror(self.error)}, in {name}")
        os.kill(os.getpid(), signal.SIGKILL)


def serve() -> None:
    """Carry out orders until there are no more."""
    import faiss  # noqa: F401  loaded once, here, and shared by every child
    import tantivy  # noqa: F401

    for line in sys.stdin:
        order = json.loads(line)
        embedder = _shipped() if order.get("model") else None
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            _carry_out(order, embedder, writer)
        os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            pipe.read(len(BEGUN))
            begun = time.perf_counter()
            if "kill_after" in order and not select.select([pipe], [], [], order["kill_after"])[0]:
                os.kill(pid, signal.SIGKILL)
            told = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        heard = json.loads(told) if told else {"said": "", "steps": []}
        seconds = time.perf_counter() - begun
        sys.stdout.write(json.dumps({"code": code, "seconds": seconds, **heard}) + "\n")
        sys.stdout.flush()


def _carry_out(order: dict[str, Any], embedder: Embedder | None, writer: int) -> None:
    """Build, and end this process with the exit code of build_index.py."""
    shim = Shim(order.get("at", 0), order.get("after", False), order.get("error", 0))
    code, said = 0, ""
    try:
        casebook = book(Path(order["folder"]), embedder)
        if "limit" in order:
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
        shim.install()
        os.write(writer, BEGUN)
        said = _do(order, casebook)
        del casebook  # what it copied to read it is removed: this process ends without ceremony
    except CasebookError as error:
        code, said = 2, str(error)
    except BaseException as error:
        code, said = 70, f"{type(error).__name__}: {error}"
    os.write(writer, json.dumps({"said": said, "steps": shim.steps}).encode("utf-8"))
    os._exit(code)


def _do(order: dict[str, Any], casebook: Casebook) -> str:
    if order.get("ask"):
        return str(casebook.ask(order["ask"]).generation)
    summary, _ = casebook.build()
    return str(summary)


@cache
def _shipped() -> Embedder:
    """The model that ships, loaded once and shared by the children; used only in them."""
    return SentenceTransformerEmbedder.load()


if __name__ == "__main__":
    serve()
