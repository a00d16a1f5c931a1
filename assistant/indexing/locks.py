"""Who builds and who reads: locks that the system frees when their holder dies, on Windows too.

The only module that loads filelock.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexLocked, SettingError

LOG = logging.getLogger(__name__)

READERS = "readers"


@contextlib.contextmanager
def building(root: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the one build lock of the index folder `root`, waiting for it at most `wait` seconds.

    Raises IndexLocked, naming the holder, if another has it; SettingError if there can be no index
    folder here.
    """
    holder = root / "build.holder"
    lock = FileLock(root / "build.lock", thread_local=False)
    try:
        root.mkdir(parents=True, exist_ok=True)
        _acquire(lock, holder, root, wait)
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        holder.write_text(f"process {os.getpid()}, since {since}\n", encoding="utf-8")
    except OSError as error:
        lock.release()
        raise SettingError(
            f"The index folder {root} cannot be written ({error.strerror}): expected a folder with "
            "some space that this account may write to. Make room, or choose another with --index."
        ) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # an old name in it does no harm
            holder.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, holder: Path, root: Path, wait: float) -> None:
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=0)
        return
    if wait > 0:
        LOG.warning("waiting up to %g seconds for %s", wait, _who(holder))
    try:
        lock.acquire(timeout=max(0.0, wait))
    except Timeout:
        raise IndexLocked(
            f"Another build of {root} is running ({_who(holder)}). Wait until it ends, or let "
            "this one wait with --wait SECONDS."
        ) from None


def _who(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8").strip() or "unknown"
    except OSError:  # it has begun, or ended, this moment
        return "unknown"


class ReaderMark:
    """Says that a generation is being read, until it is released or its process ends.

    A locked file of its own in `readers/`. Where nothing can be written there is no mark: the
    system keeps open files readable after they are removed, or (Windows) refuses to remove them.
    """

    def __init__(self, root: Path, generation: str) -> None:
        self._path = root / READERS / f"{generation}.{os.getpid()}.{secrets.token_hex(4)}.lock"
        self._lock: FileLock | None = FileLock(self._path, thread_local=False)
        try:
            self._path.parent.mkdir(exist_ok=True)
            self._lock.acquire(timeout=0)
        except (OSError, Timeout):
            self._lock = None

    def release(self) -> None:
        """The generation is no longer read here; may be called twice."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


def is_read(root: Path, generation: str) -> bool:
    """Whether a living process reads `generation`; marks of dead ones are removed."""
    held = [_is_held(mark) for mark in (root / READERS).glob(f"{generation}.*.lock")]
    return any(held)


def _is_held(mark: Path) -> bool:
    lock = FileLock(mark, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # of another account: it can be seen but not asked
        return True
    lock.release()
    with contextlib.suppress(OSError):
        mark.unlink(missing_ok=True)
    return False
