"""File names from elsewhere become names that are safe on every system, or are refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from assistant.documents.corpus import NOT_CASES, READERS
from assistant.errors import EditError

LONGEST, LONGEST_BYTES = 100, 200
"""Characters and bytes before the ending: well below the usual limit of 255 bytes a name."""
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_SPACE = re.compile(r"\s+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""Devices on Windows, with any ending (learn.microsoft.com, "Naming Files, Paths")."""


def safe_name(original: str) -> str:
    """The name under which an uploaded file is kept: no folders, no tricks, an ending we read.

    Raises EditError if its format has no reader.
    """
    last = re.split(r"[\\/]", original)[-1]
    stem, dot, ending = last.rpartition(".")
    suffix = f".{ending.strip().lower()}" if dot else ""
    if suffix not in READERS:
        raise EditError(
            f"“{_short(last)}” has a format that is not read: expected a name ending in "
            f"{', '.join(READERS)}. Save it in one of these formats and upload it again."
        )
    return _not_special(_plain(stem) or "case-study", suffix)


def name_for(title: str) -> str:
    """The name of the file of a case study that was typed in: its title in plain letters."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")[:60].strip("-")
    return _not_special(slug or "case-study", ".md")


def free_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or with "-2", "-3" … before its ending if it is taken (in capitals or not)."""
    used = {other.casefold() for other in taken}
    path = PurePosixPath(name)
    number, found = 1, name
    while found.casefold() in used:
        number += 1
        found = f"{path.stem}-{number}{path.suffix}"
    return found


def corpus_path(corpus: Path, doc_id: str) -> Path:
    """Where the file of `doc_id` is or would be, inside the corpus and reached through no link.

    Raises EditError for an id that leads anywhere else.
    """
    parts = PurePosixPath(doc_id).parts
    fine = parts and "/".join(parts) == doc_id and "\x00" not in doc_id and "\\" not in doc_id
    if (
        not fine
        or any(part.startswith(".") for part in parts)
        or PurePosixPath(doc_id).is_absolute()
    ):
        raise _outside(doc_id)
    path = corpus
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise _outside(doc_id)
    return path


def _outside(doc_id: str) -> EditError:
    return EditError(
        f"“{_short(doc_id)}” cannot be changed here: expected a file inside the corpus folder that "
        "is neither hidden nor reached through a link. Change it by hand."
    )


def _plain(stem: str) -> str:
    """`stem` without characters that are invisible, forbidden somewhere, or in a bad place."""
    stem = unicodedata.normalize("NFC", stem)
    stem = "".join(c for c in stem if unicodedata.category(c)[0] != "C" or c.isspace())
    stem = _SPACE.sub(" ", _FORBIDDEN.sub("-", stem)).strip(" .")
    return (
        stem.removeprefix("~$")[:LONGEST]
        .encode("utf-8")[:200]
        .decode("utf-8", "ignore")
        .strip(" .")
    )


def _not_special(stem: str, suffix: str) -> str:
    name = f"{stem}{suffix}"
    special = name.lower() in NOT_CASES or _RESERVED.fullmatch(stem)
    return f"file-{name}" if special else name


def _short(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"
