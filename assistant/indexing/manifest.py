"""The record of what a generation holds and was built with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import IndexDamaged, IndexStale
from assistant.indexing.embedders import file_sha256

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a generation was built with, how much it holds, and the SHA-256 of each of its files."""

    generation: str
    created: str
    """UTC, ISO 8601; for people only, no answer depends on it."""
    embedder: str
    dimension: int
    splitter: dict[str, Any]
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`."""
        content = json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"
        (folder / NAME).write_text(content, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in `folder`. Raises IndexDamaged or IndexStale (another format)."""
        path = folder / NAME
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            if fields["format"] != FORMAT:
                raise IndexStale(
                    f"The index in {folder} has format {fields['format']}: this version reads "
                    f"format {FORMAT}. Build it again with python build_index.py."
                )
            if not isinstance(fields["files"], dict):
                raise TypeError("files is not a mapping")
            return cls(**fields)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexDamaged(
                f"{path} cannot be read ({type(error).__name__}: {error}). Build the index again "
                "with python build_index.py."
            ) from error

    def check_files(self, folder: Path) -> None:
        """Raises IndexDamaged, naming the file, unless all are there and as they were written."""
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file():
                raise IndexDamaged(
                    f"{path} is missing: the manifest lists it. Build the index again with "
                    "python build_index.py."
                )
            if file_sha256(path) != expected:
                raise IndexDamaged(
                    f"{path} was altered since it was built (its SHA-256 differs). Build the index "
                    "again with python build_index.py."
                )


def hash_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file below `folder` by its relative name; lock files are nobody's content."""
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock" and path.name != NAME
    }
