"""Changes of the corpus folder that are whole or not made, and that can be undone.

Before a file is touched, what it was goes to `undo/<id>/` in the index folder, with a record of the
change. Files are replaced by renaming, so that nobody ever reads half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from assistant.editing.names import corpus_path
from assistant.errors import EditError, RecordError
from assistant.records import files

FOLDER = "undo"
KEPT = 20
"""Changes that can be looked up; the oldest are forgotten with what they replaced."""


class Stage(StrEnum):
    """How far a change is."""

    BEGUN = "begun"
    """Files may have been touched; the index has not followed yet."""
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True)
class Touched:
    """One file of a change: the SHA-256 it had before and has after, "" for no file."""

    doc_id: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A change of the corpus. `made` is ISO 8601; the generations are "" until they are known."""

    id: str
    made: str
    stage: Stage
    files: tuple[Touched, ...]
    generation_before: str = ""
    generation_after: str = ""

    @property
    def summary(self) -> str:
        """What was done, in words."""
        kinds: dict[str, list[str]] = {"Added": [], "Replaced": [], "Removed": []}
        for one in self.files:
            kind = "Added" if not one.before else "Replaced" if one.after else "Removed"
            kinds[kind].append(one.doc_id)
        parts = [f"{kind} {', '.join(names)}" for kind, names in kinds.items() if names]
        return "; ".join(parts)


class Changes:
    """The changes made to one corpus folder, recorded in one index folder."""

    def __init__(self, corpus: Path, root: Path) -> None:
        self._corpus, self._folder = corpus, root / FOLDER

    def make(self, contents: Mapping[str, bytes | None], generation: str) -> Change:
        """Write these files, or remove those that are None; all of them, or none.

        `generation` is the one served before. Raises EditError if that is not possible.
        """
        paths = {doc_id: corpus_path(self._corpus, doc_id) for doc_id in contents}
        change = self._record(paths, contents, generation)
        try:
            for doc_id, raw in contents.items():
                _put(paths[doc_id], raw)
        except OSError as error:
            self.take_back(change)
            raise EditError(
                f"The corpus folder could not be changed ({error.strerror or error}): expected "
                f"space in {self._corpus} and leave to write there. Nothing was changed."
            ) from error
        return change

    def finish(self, change: Change, generation: str) -> Change:
        """Note that the index has followed, with `generation`."""
        done = replace(change, stage=Stage.DONE, generation_after=generation)
        self._write(done)
        self._forget_oldest()
        return done

    def take_back(self, change: Change) -> None:
        """Put the files back as they were; one that was changed by hand since is left alone."""
        for number, one in enumerate(change.files):
            path = corpus_path(self._corpus, one.doc_id)
            if _sha256(path) == one.after != one.before:
                _put(path, self._kept(change, number))
        self._write(replace(change, stage=Stage.UNDONE))

    def check_undo(self, change: Change) -> None:
        """Raises EditError unless the files are still as the change left them."""
        if change.stage is Stage.UNDONE:
            raise EditError("This change has been undone already. There is nothing to undo.")
        for one in change.files:
            if _sha256(corpus_path(self._corpus, one.doc_id)) != one.after:
                raise EditError(
                    f"“{one.doc_id}” was changed again since: expected it as this change left it. "
                    "Undo the later change first, or correct the file by hand."
                )

    def get(self, change_id: str) -> Change:
        """The change of this id. Raises EditError if there is none."""
        for change in self.all():
            if change.id == change_id:
                return change
        raise EditError(
            f"There is no change “{change_id[:40]}” any more: only the last {KEPT} are kept. "
            "Correct the files by hand."
        )

    def all(self) -> list[Change]:
        """The changes that are kept, the latest first."""
        found: list[Change] = []
        for folder in sorted(self._folder.glob("*"), reverse=True):
            with contextlib.suppress(RecordError, LookupError, TypeError, ValueError):
                fields = files.read(folder / "change.json")
                if fields is not None:
                    touched = tuple(Touched(**one) for one in fields.pop("files"))
                    stage = Stage(fields.pop("stage"))
                    found.append(Change(**fields, stage=stage, files=touched))
        return found

    def digest_of(self, doc_id: str) -> str:
        """The SHA-256 of a file of the corpus as it is now, "" if there is none."""
        return _sha256(corpus_path(self._corpus, doc_id))

    # --- The record ------------------------------------------------------------------------------

    def _record(
        self, paths: Mapping[str, Path], contents: Mapping[str, bytes | None], generation: str
    ) -> Change:
        """Keep what the files are now, and note the change as begun."""
        # Names sort by time, also of changes made in the same second.
        change_id = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        touched: list[Touched] = []
        try:
            for number, (doc_id, path) in enumerate(paths.items()):
                old = path.read_bytes() if path.is_file() else None
                touched.append(Touched(doc_id, digest(old), digest(contents[doc_id])))
                if old is not None:
                    kept = self._folder / change_id / str(number)
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    kept.write_bytes(old)
        except OSError as error:
            shutil.rmtree(self._folder / change_id, ignore_errors=True)
            raise EditError(
                f"What is there now could not be kept for undoing ({error.strerror or error}): "
                f"expected space in {self._folder}. Nothing was changed."
            ) from error
        now = datetime.now(UTC).isoformat(timespec="seconds")
        change = Change(change_id, now, Stage.BEGUN, tuple(touched), generation)
        self._write(change)
        return change

    def _write(self, change: Change) -> None:
        files.write(self._folder / change.id / "change.json", asdict(change))

    def _kept(self, change: Change, number: int) -> bytes | None:
        if not change.files[number].before:
            return None
        return (self._folder / change.id / str(number)).read_bytes()

    def _forget_oldest(self) -> None:
        for change in self.all()[KEPT:]:
            shutil.rmtree(self._folder / change.id, ignore_errors=True)


def _put(path: Path, raw: bytes | None) -> None:
    """Replace the file `path`, or remove it. Raises OSError and leaves it as it was."""
    if raw is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Hidden: whoever reads the folder now passes it over.
    fresh = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with fresh.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _sha256(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except FileNotFoundError:
        return ""


def digest(raw: bytes | None) -> str:
    """The SHA-256 of a file's bytes, "" for no file."""
    return "" if raw is None else hashlib.sha256(raw).hexdigest()
