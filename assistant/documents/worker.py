"""The process that reads files: it takes bytes, gives JSON, and has as little power as possible.

Started by `sandbox` as `python -m assistant.documents.worker`. A request is one line of JSON and
then the bytes of the file; an answer is its length in eight bytes and then JSON. The process has no
secrets in its environment, no network and no files to write; time, memory and open files are
limited where the system can do so.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from assistant.documents import formats
from assistant.documents.reading import RawFile, to_wire
from assistant.errors import DocumentError
from assistant.settings import Limits

LENGTH = 8
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
    "socket.sendmsg", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "shutil.", "urllib.", "ftplib.", "smtplib.", "webbrowser.",
)  # fmt: skip
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    """Answer requests until the other end is closed."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not mix with the answers.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    setting = json.loads(requests.readline())
    limits = Limits(**setting["limits"])
    tesseract = setting["tesseract"]
    _leave_network()
    spend_processor = _limit_resources(limits)
    sys.addaudithook(lambda event, arguments: _refuse(event, arguments, tesseract))
    while line := requests.readline():
        _answer(json.loads(line), requests, answers, limits, spend_processor)


def _answer(
    request: dict[str, Any],
    requests: BinaryIO,
    answers: BinaryIO,
    limits: Limits,
    spend_processor: Callable[[int], None],
) -> None:
    content = requests.read(request["bytes"])
    spend_processor(request["seconds"])
    file = RawFile(request["doc_id"], content, limits, request["sidecar"], request["tesseract"])
    answer = json.dumps(outcome(file)).encode("ascii")
    answers.write(len(answer).to_bytes(LENGTH, "big") + answer)
    answers.flush()


def outcome(file: RawFile) -> dict[str, Any]:
    """The reading of `file` or the reason why there is none; nothing is raised."""
    try:
        return to_wire(formats.read(file))
    except DocumentError as failure:
        return {"code": failure.code, "reason": failure.reason}
    except MemoryError:
        reason = f"needs more than {file.limits.read_memory_mb:,} MB of memory to be read; split it"
        return {"code": "memory_limit", "reason": reason}
    except RecursionError:
        reason = "is nested deeper than any document is; save it again in its own program"
        return {"code": "too_deep", "reason": reason}
    except Exception as error:  # a parser that stumbles over a file: the file is at fault
        reason = (
            f"is damaged ({type(error).__name__}); open it in its own program and save it again"
        )
        return {"code": "malformed", "reason": reason}


def _leave_network() -> None:
    """On Linux, move to a network of its own that has no interfaces, if the system permits it."""
    if not sys.platform.startswith("linux"):
        return
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is not None and unshare(_CLONE_NEWNET):
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _limit_resources(limits: Limits) -> Callable[[int], None]:
    """Bound memory, files and core dumps; the result allows so many more seconds of processor."""
    if sys.platform == "win32":
        return lambda seconds: None
    import resource

    def lower(kind: int, soft: int) -> None:
        hard = resource.getrlimit(kind)[1]
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(kind, (soft, hard))

    lower(resource.RLIMIT_AS, limits.read_memory_mb * 1_000_000)
    lower(resource.RLIMIT_NOFILE, 64)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, 0)

    def spend(seconds: int) -> None:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + 1 + seconds)

    return spend


def _refuse(event: str, arguments: tuple[object, ...], tesseract: str) -> None:
    """A reader has no business with the network, other programs, or writing: PermissionError."""
    if event == "subprocess.Popen":
        refused = not tesseract or arguments[0] != tesseract
    elif event == "open":
        name, _, flags = arguments
        # A number names what is open already: the ends of a pipe to Tesseract.
        refused = (
            not isinstance(name, int)
            and isinstance(flags, int)
            and bool(flags & _WRITES)
            and name != os.devnull
        )
    else:
        refused = event.startswith(_FORBIDDEN)
    if refused:
        raise PermissionError(f"{event}: reading a document needs no such thing")


if __name__ == "__main__":
    main()
