"""Generations on disk: which is served, publishing the next whole, rolling back, pruning."""

from __future__ import annotations

import contextlib
import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexDamaged, IndexFault, IndexMissing, IndexStale, SettingError
from assistant.indexing import durable, locks
from assistant.indexing.agreement import check_agreement
from assistant.indexing.manifest import NAME as MANIFEST
from assistant.indexing.manifest import Changes, Manifest

CURRENT, HELD = "CURRENT", "HELD"
PARTIAL, PRUNED = ".partial", ".pruned"
Names = list[str]
_NAME = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True)
class GenerationInfo:
    """A generation in a list: `fault` says why it cannot be read, and then the rest is empty."""

    name: str
    created: str = ""
    """UTC, ISO 8601."""
    documents: int = 0
    passages: int = 0
    changes: Changes | None = None
    current: bool = False
    held: bool = False
    """Whether it was rolled back to, so that only a build that is asked for replaces it."""
    fault: str = ""


class Generations:
    """The folder `index/`: `CURRENT` names one of the folders in `generations/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders = root / "generations"

    def lock(self, wait: float = 0.0) -> AbstractContextManager[None]:
        """The one build lock, waited for at most `wait` seconds: see `locks.building`."""
        return locks.building(self.root, wait)

    def folder(self, name: str) -> Path:
        """The folder of generation `name`."""
        return self._folders / name

    def names(self) -> Names:
        """All published generations, oldest first."""
        if not self._folders.is_dir():
            return []
        found = (path.name for path in self._folders.iterdir())
        return sorted((name for name in found if _NAME.fullmatch(name)), key=int)

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
        if not _NAME.fullmatch(name) or not self.folder(name).is_dir():
            raise IndexDamaged(
                f"{self.root / CURRENT} names {name[:40]!r}, which is no generation here. "
                "Build the index again with python build_index.py."
            )
        return name

    def manifest(self, name: str) -> Manifest:
        """The manifest of generation `name`. Raises IndexDamaged or IndexStale."""
        manifest = Manifest.read(self.folder(name))
        if manifest.generation != name:
            raise IndexDamaged(
                f"{self.folder(name) / MANIFEST} is that of generation "
                f"{manifest.generation[:40]!r}: expected {name}. Folders of an index are never "
                "renamed or copied; build the index again with python build_index.py."
            )
        return manifest

    # --- Looking back ----------------------------------------------------------------------------

    def list(self) -> tuple[GenerationInfo, ...]:
        """All published generations, newest first; one that is damaged is listed with its fault."""
        current, held = self.served(), self.held()
        return tuple(
            self._info(name, name == current, name == held) for name in reversed(self.names())
        )

    def _info(self, name: str, current: bool, held: bool) -> GenerationInfo:
        try:
            manifest = self.manifest(name)
        except (IndexDamaged, IndexStale) as fault:
            return GenerationInfo(name, current=current, held=held, fault=str(fault))
        return GenerationInfo(
            name, manifest.created, manifest.documents, manifest.passages, manifest.changes,
            current, held,
        )  # fmt: skip

    def served(self) -> str:
        """The generation that CURRENT names, empty if it names none."""
        try:
            return self.current()
        except IndexFault:
            return ""

    def fallbacks(self) -> tuple[str, ...]:
        """What may be served if the current generation is damaged: older ones, the newest first."""
        served = self.served()
        older = [name for name in self.names() if not served or int(name) < int(served)]
        return tuple(reversed(older))

    def held(self) -> str:
        """The generation that was rolled back to, if it is still the one being served, else ""."""
        try:
            name = (self.root / HELD).read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""
        return name if name == self.served() else ""

    def resolve(self, name: str) -> str:
        """The full name of a generation that a person wrote, perhaps without the zeros in front.

        Raises SettingError naming those there are.
        """
        names = self.names()
        full = name.strip().zfill(6)
        if full not in names:
            raise SettingError(
                f"There is no generation {name[:40]!r} in {self.root}: expected "
                f"{_one_of(names)}. See python -m assistant generations."
            )
        return full

    def before(self, name: str) -> str:
        """The newest generation older than `name`. Raises SettingError if there is none."""
        older = [other for other in self.names() if int(other) < int(name)]
        if not older:
            raise SettingError(
                f"There is no generation before {name} in {self.root}: expected one to roll back "
                "to. The last three are kept; CASEBOOK_KEEP_GENERATIONS keeps more."
            )
        return older[-1]

    def rollback(self, name: str) -> None:
        """Serve generation `name` again, under its own name, and hold it.

        It is checked first. Builds that nobody asked for leave a held index alone; the next one
        that is asked for lifts the hold. Raises SettingError if there is no such generation,
        IndexDamaged if it is not whole, IndexLocked if a build is running.
        """
        with self.lock():
            name = self.resolve(name)
            self.manifest(name)
            check_agreement(self.folder(name))
            # The hold counts only while CURRENT names the same generation, so both begin at once.
            durable.write(self.root / HELD, f"{name}\n")
            durable.write(self.root / CURRENT, f"{name}\n")

    def release(self) -> None:
        """Lift the hold of a rollback, if there is one. Raises OSError if that is not possible."""
        try:
            (self.root / HELD).unlink(missing_ok=True)
        except OSError:
            if self.held():  # else it is of a generation that is no longer served
                raise

    # --- Building --------------------------------------------------------------------------------

    def begin(self) -> tuple[str, Path]:
        """(name, empty folder) for the next generation; leftovers of a broken build are removed."""
        self._folders.mkdir(parents=True, exist_ok=True)
        for ending in (PARTIAL, PRUNED):
            for leftover in self._folders.glob(f"*{ending}"):
                shutil.rmtree(leftover, ignore_errors=True)
        name = f"{int((self.names() or ['0'])[-1]) + 1:06d}"
        folder = self._folders / f"{name}{PARTIAL}"
        folder.mkdir()
        return name, folder

    def publish(self, name: str) -> None:
        """Make the finished partial folder generation `name` and serve it from now on.

        Files, then folder, then name reach the disk before `CURRENT` is replaced, so that a crash
        at any moment leaves the old generation or the new one. Raises OSError.
        """
        partial = self._folders / f"{name}{PARTIAL}"
        durable.sync_tree(partial)
        durable.replace(partial, self.folder(name))
        durable.sync(self._folders)
        durable.write(self.root / CURRENT, f"{name}\n")

    def prune(self, keep: int) -> None:
        """Remove all but the newest `keep` generations, never the current one or one being read.

        What is read stays until the next time. A folder is renamed before it is emptied: half a
        generation never has a generation's name, and a reader that just came finds it whole or not
        at all.
        """
        current = self.current()
        for name in self.names()[:-keep]:
            if name == current or locks.is_read(self.root, name):
                continue
            doomed = self._folders / f"{name}{PRUNED}"
            with contextlib.suppress(OSError):  # Windows, if somebody has a file of it open
                self.folder(name).rename(doomed)
                shutil.rmtree(doomed, ignore_errors=True)


def _one_of(names: Names) -> str:
    return f"one of {', '.join(names)}" if names else "one to be built first"
