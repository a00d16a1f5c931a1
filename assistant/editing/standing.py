"""How the files of the corpus folder stand to the index: the same, changed, new, gone, unreadable.

Only files that were touched since the index was made are looked into, and each of these once. Most
are then known by the SHA-256 of their bytes; only those that differ are read.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from assistant.datatypes import Document
from assistant.documents.corpus import NOT_CASES, READERS, fingerprint, read_document
from assistant.errors import DocumentError
from assistant.settings import Limits

MARGIN = 3600 * 1_000_000_000
"""Nanoseconds before the index was made in which a file may have changed under the build's eyes."""
MOST_BYTES = 200_000_000
"""Looked into at a time; files beyond count as they did, until the next look."""
MOST_READ = 20
"""Files read at a time: reading some formats takes seconds."""


class State(StrEnum):
    """How a case study stands."""

    INDEXED = "indexed"
    CHANGED = "changed"
    """Its file says something else than the index."""
    NEW = "new"
    """Its file is not in the index yet."""
    MISSING = "missing"
    """The index has it, the folder has not."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Standing:
    """A state and, if it is UNREADABLE, why."""

    state: State
    reason: str = ""


@dataclass(frozen=True)
class _Seen:
    """What reading a file gave: the SHA-256 of what it says, or why it cannot be read."""

    stamp: tuple[int, int]
    sha256: str = ""
    reason: str = ""


@dataclass
class _Budget:
    """What one look may still cost."""

    bytes: int
    files: int


class Folder:
    """The corpus folder, looked at again and again. Safe to share by threads."""

    def __init__(self, corpus: Path, limits: Limits) -> None:
        self._corpus, self._limits = corpus, limits
        self._lock = threading.Lock()
        self._seen: dict[str, _Seen] = {}

    def standings(self, documents: Mapping[str, Document], made: str) -> dict[str, Standing]:
        """How each document, and each file that is none yet, stands.

        `documents` are those of an index that was made at the time `made` (ISO 8601).
        """
        since = _nanoseconds(made) - MARGIN
        files = dict(self._files())
        found = {doc_id: Standing(State.MISSING) for doc_id in documents.keys() - files.keys()}
        with self._lock:
            for doc_id in self._seen.keys() - files.keys():
                del self._seen[doc_id]
            budget = _Budget(MOST_BYTES, MOST_READ)
            for doc_id, stamp in sorted(files.items()):
                document = documents.get(doc_id)
                if document is None or stamp[0] >= since:
                    self._look(doc_id, stamp, document, budget)
                seen = self._seen.get(doc_id)
                found[doc_id] = _compared(seen, document) if seen else _unseen(document)
        return found

    def _look(
        self, doc_id: str, stamp: tuple[int, int], document: Document | None, budget: _Budget
    ) -> None:
        """Look into a file that has changed since the last look, as far as `budget` allows."""
        seen = self._seen.get(doc_id)
        if seen is not None and seen.stamp == stamp:
            return
        budget.bytes -= stamp[1]
        if budget.bytes < 0 or stamp[1] > self._limits.max_file_bytes:
            return
        if document is not None and self._hash(doc_id) == document.sha256:
            self._seen[doc_id] = _Seen(stamp, document.sha256)
        elif budget.files:
            budget.files -= 1
            self._seen[doc_id] = self._read(doc_id, stamp)

    def _hash(self, doc_id: str) -> str:
        try:
            return fingerprint(self._corpus / doc_id, doc_id, self._limits)
        except DocumentError:
            return ""

    def _read(self, doc_id: str, stamp: tuple[int, int]) -> _Seen:
        try:
            found = read_document(self._corpus / doc_id, doc_id, self._limits)
        except DocumentError as error:
            return _Seen(stamp, reason=error.reason)
        return _Seen(stamp, found.sha256)

    def _files(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Each file that may be a case study: (doc_id, (last change in nanoseconds, size))."""
        for root, folders, names in os.walk(self._corpus, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(root) / name
                if name.startswith((".", "~$")) or name.lower() in NOT_CASES:
                    continue
                if path.suffix.lower() not in READERS or path.is_symlink():
                    continue
                try:
                    status = path.stat()
                except OSError:
                    continue
                doc_id = path.relative_to(self._corpus).as_posix()
                # A copy keeps the time of its original; when it came here is the second time.
                yield doc_id, (max(status.st_mtime_ns, status.st_ctime_ns), status.st_size)


def _compared(seen: _Seen, document: Document | None) -> Standing:
    if seen.reason:
        return Standing(State.UNREADABLE, seen.reason)
    if document is None:
        return Standing(State.NEW)
    same = seen.sha256 == document.sha256
    return Standing(State.INDEXED if same else State.CHANGED)


def _unseen(document: Document | None) -> Standing:
    """A file that was not touched, or not looked into yet."""
    return Standing(State.INDEXED if document else State.NEW)


def _nanoseconds(made: str) -> int:
    """A moment of ISO 8601 as nanoseconds since 1970; 0 if it is none, so that all is read."""
    try:
        return int(datetime.fromisoformat(made).timestamp() * 1_000_000_000)
    except ValueError:
        return 0
