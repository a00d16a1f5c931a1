"""The record of what a generation holds and was built with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import IndexDamaged, IndexStale
from assistant.indexing.embedders import file_sha256

FORMAT = 3
NAME = "manifest.json"
CHECKSUM = "sha256"

Fields = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """How many documents a generation added to, changed in and removed from the one before.

    `since` names that one; it is empty for the first.
    """

    since: str
    added: int
    changed: int
    removed: int


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
    words: int
    """0 in a generation of format 1 or 2, which did not keep them."""
    files: dict[str, str]
    changes: Changes | None = None
    """None in a generation of format 1, which did not record them."""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`, with a hash of its own words."""
        (folder / NAME).write_text(_words(asdict(self)), encoding="utf-8", newline="\n")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in `folder`. Raises IndexDamaged or IndexStale (another format)."""
        path = folder / NAME
        try:
            words = path.read_text(encoding="utf-8")
            fields = _checked(words)
            migrate = MIGRATIONS.get(fields["format"])
            if migrate is None:
                raise IndexStale(
                    f"The index in {folder} has format {fields['format']}: this version reads "
                    f"format {FORMAT}. Build it again with python build_index.py."
                )
            return cls._of(migrate(fields))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexDamaged(
                f"{path} cannot be read ({type(error).__name__}: {error}). Build the index again "
                "with python build_index.py."
            ) from error

    @classmethod
    def _of(cls, fields: Fields) -> Manifest:
        if not isinstance(fields["files"], dict):
            raise TypeError("files is not a mapping")
        changes = fields.pop("changes")
        return cls(**fields, changes=Changes(**changes) if changes is not None else None)

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


def _words(fields: Fields) -> str:
    """What is written: the fields and the SHA-256 of their own words."""
    plain = json.dumps(fields, sort_keys=True).encode("utf-8")
    checksum = {CHECKSUM: hashlib.sha256(plain).hexdigest()}
    return json.dumps(fields | checksum, indent=2, sort_keys=True) + "\n"


def _checked(words: str) -> Fields:
    """The fields of a manifest. Raises ValueError unless every byte is as it was written.

    Only format 1 had no checksum.
    """
    fields: Fields = json.loads(words)
    if fields["format"] == 1 and CHECKSUM not in fields:
        return fields
    rest = {name: value for name, value in fields.items() if name != CHECKSUM}
    if words != _words(rest):
        raise ValueError("it was altered since it was written")
    return rest


def _from_format_1(fields: Fields) -> Fields:
    """Format 1 had neither a checksum nor a record of changes; its files are those of format 2."""
    return _from_format_2(fields | {"changes": None})


def _from_format_2(fields: Fields) -> Fields:
    """Format 2 had no words with vectors of their own; without them only equal words are alike."""
    return fields | {"format": FORMAT, "words": 0}


def _as_it_is(fields: Fields) -> Fields:
    return fields


MIGRATIONS: dict[object, Callable[[Fields], Fields]] = {
    1: _from_format_1,
    2: _from_format_2,
    FORMAT: _as_it_is,
}
"""How the fields of each format that can be read become those of today."""
