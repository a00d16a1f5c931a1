"""Files that a crash leaves whole: forced to the disk first, then renamed into place."""

from __future__ import annotations

import os
import time
from pathlib import Path


def write(path: Path, words: str) -> None:
    """Replace the small file `path`: whoever reads it finds the old words or the new, never half.

    Raises OSError, and leaves `path` as it was, if that is not possible.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(words, encoding="utf-8", newline="\n")
    sync(fresh)
    replace(fresh, path)
    sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Force every file below `folder`, then every folder, then itself to the disk."""
    paths = list(folder.rglob("*"))
    for path in (*(p for p in paths if p.is_file()), *(p for p in paths if p.is_dir()), folder):
        sync(path)


def sync(path: Path) -> None:
    """Force a file or folder to the disk; Windows cannot open folders for that."""
    if path.is_dir() and os.name == "nt":
        return
    flags = os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """`os.replace`; on Windows a reader may hold the target open for a moment, so try again."""
    for _ in range(50):
        try:
            os.replace(source, target)  # noqa: PTH105  the call that is forced to fail in tests
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.02)
    source.replace(target)
