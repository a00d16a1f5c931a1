"""Everything that Casebook writes to disk: what it holds, where, for how long, how it goes.

The one list behind `python -m assistant purge` and docs/privacy.md; a test compares it with what is
really written.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings

DAY = 86_400


@dataclass(frozen=True)
class Kept:
    """Files that match `pattern` below `folder`; those of `days` are removed by a purge.

    `days` is None for what a purge leaves alone, because `goes` says what else removes it.
    """

    name: str
    holds: str
    folder: Path
    pattern: str
    days: int | None
    goes: str

    def older(self, days: int, now: float) -> Iterator[Path]:
        """What is older than `days`: by the time of its last change."""
        for path in sorted(self.folder.glob(self.pattern)):
            if now - path.lstat().st_mtime >= days * DAY:
                yield path


def kept(settings: Settings) -> tuple[Kept, ...]:
    """The whole list."""
    index, private = settings.index, settings.passwords.parent
    return (
        Kept(
            "index", "the words of the case studies, and vectors made from them",
            index, "generations/*", None,
            "the last few builds are kept for going back to; purge keeps the served one only",
        ),
        Kept(
            "reading report", "names of files that could not be read, or only in part, and why",
            index, "reading.json", None, "the next build",
        ),
        Kept(
            "earlier wordings", "what case studies said before they were changed, for old links",
            index, "earlier/*/*", 365, "the case study is removed, or purge",
        ),
        Kept(
            "drafts", "files that were uploaded or typed in and wait to be looked at",
            index, "drafts/*", 1, "the editor takes or discards them, or purge",
        ),
        Kept(
            "undo", "case studies that were replaced or removed from the page",
            index, "undo/*", 30, "purge",
        ),
        Kept(
            "saved answers", "question and quotations of answers that somebody saved",
            index, "answers/*.json", 365, "whoever saved it, an editor, or purge",
        ),
        Kept(
            "suggestions", "suggested changes to case studies, with a contact if one was given",
            index, "suggestions.json", None, "an editor accepts or dismisses them",
        ),
        Kept(
            "record of use", "when, who, which documents were shown; off unless it is switched on",
            private, "use/*.jsonl", settings.record_days, "purge, and the app as it starts",
        ),
        Kept(
            "passwords", "hashes of the passwords for reading and editing",
            private, "passwords.json", None, "python -m assistant password --remove",
        ),
    )  # fmt: skip


def purge(settings: Settings, days: int | None = None, now: float | None = None) -> list[Path]:
    """Remove what is past its time, or older than `days`; returns what was removed.

    Of the index, the builds that are neither served nor being read go, whatever their age: they
    hold documents that may have been removed from the corpus.
    """
    moment = time.time() if now is None else now
    gone = _old_generations(settings)
    for entry in kept(settings):
        gone += _old(entry, entry.days if days is None else days, moment)
    return gone


def purge_record(settings: Settings) -> list[Path]:
    """Remove what is past its time of the record of use; returns what was removed."""
    return [
        path
        for entry in kept(settings)
        if entry.name == "record of use"
        for path in _old(entry, entry.days, time.time())
    ]


def _old(entry: Kept, days: int | None, now: float) -> list[Path]:
    """Remove what is older than `days` of what a purge may remove."""
    if entry.days is None or days is None:
        return []
    gone = list(entry.older(days, now))
    for path in gone:
        _remove(path)
    return gone


def _old_generations(settings: Settings) -> list[Path]:
    """Remove every generation that is not served; the newest stays if an older one is served."""
    from assistant.indexing.generations import Generations

    folder = settings.index / "generations"
    before = set(folder.glob("*"))
    if before:
        generations = Generations(settings.index)
        with generations.lock():
            generations.prune(keep=1)
    return sorted(before - set(folder.glob("*")))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
