"""Read files while people save them: nothing is taken that changed while it was being read."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.documents.corpus import SIDECAR, CorpusReading, read_corpus
from assistant.documents.formats import READERS, ending
from assistant.errors import DocumentError
from assistant.settings import Limits

LOOKS = 4
PAUSE = 0.25
"""Seconds between two attempts to find the folder at rest; an editor saves within a fraction."""

Snapshot = dict[str, tuple[int, int, int]]


def look(folder: Path) -> Snapshot:
    """(size, time of change in ns, inode) of every file a reader would be asked for, by doc_id."""
    return {path.relative_to(folder).as_posix(): mark for path, mark in _marks(folder)}


def read_steadily(
    folder: Path,
    limits: Limits | None = None,
    tesseract: str = "tesseract",
    read: Callable[[Path, Limits, str], CorpusReading] = read_corpus,
) -> CorpusReading:
    """What `read` makes of the folder, again if a file changed meanwhile.

    A file that goes on changing is a failure with the code "changing": half of it is never read as
    all of it. Raises what `read` does.
    """
    limits = limits or Limits()
    before = look(folder)
    for attempt in range(1, LOOKS + 1):
        reading = read(folder, limits, tesseract)
        after = look(folder)
        if after == before:
            return reading
        if attempt < LOOKS:
            time.sleep(PAUSE)
            before = look(folder)
    changing = {doc_id for doc_id, mark in before.items() if after.get(doc_id, mark) != mark}
    return _without(reading, changing | (after.keys() - before.keys()))


def _without(reading: CorpusReading, changing: set[str]) -> CorpusReading:
    failures = [f for f in reading.failures if f.doc_id not in changing]
    failures += [
        DocumentError(doc_id, "changing", "is being written just now; build again when it is done")
        for doc_id in sorted(changing)
    ]
    documents = tuple(d for d in reading.documents if d.doc_id not in changing)
    return CorpusReading(documents, tuple(failures), reading.ignored)


def _is_read(name: str) -> bool:
    return ending(name) in READERS or name.endswith(SIDECAR)


def _marks(folder: Path) -> Iterator[tuple[Path, tuple[int, int, int]]]:
    """What cannot be seen is passed over: `read_corpus` says why."""
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(root, name)
            if name.startswith((".", "~$")) or not _is_read(name):
                continue
            try:
                found = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(found.st_mode):
                yield path, (found.st_size, found.st_mtime_ns, found.st_ino)
