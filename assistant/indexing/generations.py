"""Generations on disk: which is served, publishing the next whole, pruning, the build lock."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexDamaged, IndexLocked, IndexMissing, SettingError

CURRENT = "CURRENT"
PARTIAL = ".partial"


class Generations:
    """The folder `index/`: `CURRENT` names one of the folders in `generations/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders = root / "generations"

    def folder(self, name: str) -> Path:
        """The folder of generation `name`."""
        return self._folders / name

    def names(self) -> list[str]:
        """All published generations, oldest first."""
        if not self._folders.is_dir():
            return []
        return sorted(path.name for path in self._folders.iterdir() if path.name.isdigit())

    def current(self) -> str:
        """The generation being served. Raises IndexMissing or IndexDamaged."""
        try:
            name = (self.root / CURRENT).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"There is no index in {self.root}. Build one with python build_index.py."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"{self.root / CURRENT} cannot be read ({error}). Build the index again."
            ) from error
        if not name.isdigit() or not self.folder(name).is_dir():
            raise IndexDamaged(
                f"{self.root / CURRENT} names {name[:40]!r}, which is no generation here. "
                "Build the index again with python build_index.py."
            )
        return name

    def begin(self) -> tuple[str, Path]:
        """(name, empty folder) for the next generation; leftovers of a broken build are removed."""
        self._folders.mkdir(parents=True, exist_ok=True)
        for leftover in self._folders.glob(f"*{PARTIAL}"):
            shutil.rmtree(leftover, ignore_errors=True)
        name = f"{int((self.names() or ['0'])[-1]) + 1:06d}"
        folder = self._folders / f"{name}{PARTIAL}"
        folder.mkdir()
        return name, folder

    def publish(self, name: str) -> None:
        """Make the finished partial folder generation `name` and serve it from now on.

        Files, then folder, then name reach the disk before `CURRENT` is replaced, so that a crash
        at any moment leaves the old generation or the new one.
        """
        partial = self._folders / f"{name}{PARTIAL}"
        for path in partial.rglob("*"):
            if path.is_file():
                _sync(path)
        for path in (*(p for p in partial.rglob("*") if p.is_dir()), partial):
            _sync(path)
        _replace(partial, self.folder(name))
        _sync(self._folders)
        fresh = self.root / f"{CURRENT}.new"
        fresh.write_text(name + "\n", encoding="ascii")
        _sync(fresh)
        _replace(fresh, self.root / CURRENT)
        _sync(self.root)

    def prune(self, keep: int) -> None:
        """Remove all but the newest `keep` generations, never the current one.

        What another process still reads (Windows refuses then) stays until the next time.
        """
        current = self.current()
        for name in self.names()[:-keep]:
            if name != current:
                shutil.rmtree(self.folder(name), ignore_errors=True)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the one build lock. Raises IndexLocked, naming the holder, if another has it.

        Raises SettingError if there can be no index folder here.
        """
        holder = self.root / "build.holder"
        lock = FileLock(self.root / "build.lock", timeout=0)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            who = holder.read_text(encoding="utf-8").strip() if holder.exists() else "unknown"
            raise IndexLocked(
                f"Another build of {self.root} is running ({who}). Wait until it ends."
            ) from None
        except OSError as error:
            raise SettingError(
                f"The index folder {self.root} cannot be written ({error.strerror}): expected a "
                "folder this account may write to. Choose another with --index."
            ) from error
        try:
            since = time.strftime("%Y-%m-%d %H:%M:%S")
            holder.write_text(f"process {os.getpid()}, since {since}\n", encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()


def _sync(path: Path) -> None:
    """Force a file or folder to the disk; Windows cannot open folders for that."""
    if path.is_dir() and os.name == "nt":
        return
    flags = os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(source: Path, target: Path) -> None:
    """os.replace; on Windows a reader may hold the target open for a moment, so try again."""
    for _ in range(50):
        try:
            source.replace(target)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.02)
    source.replace(target)
