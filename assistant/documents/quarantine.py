"""What became of every file of the last reading, kept beside the index and told in plain words."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant import text as texts
from assistant.documents.corpus import NOT_CASES, CorpusReading

NAME = "reading.json"
MAX_NAMED = 50
"""Files that were left aside and are named; of more, the number is told."""


@dataclass(frozen=True)
class Quarantined:
    """A file that is not searched: `code` is stable, `reason` says why and what to do."""

    doc_id: str
    code: str
    reason: str


@dataclass(frozen=True)
class Noted:
    """A file that is searched, and what was left out of it or may be wrong in it."""

    doc_id: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class QuarantineReport:
    """The last reading of the corpus; `when` is UTC, ISO 8601, empty if there was none."""

    when: str = ""
    read: int = 0
    files: tuple[Quarantined, ...] = ()
    noted: tuple[Noted, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def codes(self) -> dict[str, int]:
        """How many files have each code."""
        found: dict[str, int] = {}
        for file in self.files:
            found[file.code] = found.get(file.code, 0) + 1
        return found


def report(reading: CorpusReading) -> QuarantineReport:
    """The report of `reading`; files that explain the folder are not mentioned."""
    return QuarantineReport(
        datetime.now(UTC).isoformat(timespec="seconds"),
        len(reading.documents),
        tuple(Quarantined(f.doc_id, f.code, f.reason) for f in reading.failures),
        tuple(Noted(d.doc_id, d.notes) for d in reading.documents if d.notes),
        tuple(n for n in reading.ignored if n.rsplit("/", 1)[-1].lower() not in NOT_CASES),
    )


def save(index: Path, reading: CorpusReading) -> QuarantineReport:
    """Write the report of `reading` into the folder of the index, whole or not at all.

    Raises OSError if the folder cannot be written.
    """
    found = report(reading)
    index.mkdir(parents=True, exist_ok=True)
    draft = index / f"{NAME}.{secrets.token_hex(4)}.tmp"
    try:
        draft.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="ascii")
        draft.replace(index / NAME)
    finally:
        draft.unlink(missing_ok=True)
    return found


def load(index: Path) -> QuarantineReport:
    """The report of the last reading; an empty one if there is none that can be understood."""
    try:
        fields: dict[str, Any] = json.loads((index / NAME).read_text(encoding="ascii"))
        return QuarantineReport(
            str(fields["when"]),
            int(fields["read"]),
            tuple(Quarantined(**file) for file in fields["files"]),
            tuple(Noted(file["doc_id"], tuple(file["notes"])) for file in fields["noted"]),
            tuple(map(str, fields["ignored"])),
        )
    except (OSError, ValueError, TypeError, LookupError):
        return QuarantineReport()


def lines(found: QuarantineReport, codes: bool = False) -> list[str]:
    """The report in words, one line each, safe for a terminal; `codes` adds each file's code."""
    told = []
    if found.files:
        told.append(f"{_files(len(found.files))} that could not be read:")
        told += [
            texts.one_line(f"  - {f.doc_id}: {f.reason}{f' [{f.code}]' if codes else ''}")
            for f in found.files
        ]
    if found.noted:
        told.append(f"{_files(len(found.noted))} read with something to know about:")
        told += [texts.one_line(f"  - {n.doc_id}: {' '.join(n.notes)}") for n in found.noted]
    told += _aside(found.ignored)
    return told


def _aside(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    told = [f"{_files(len(names))} left aside (another format, or a link):"]
    told += [f"  - {texts.one_line(name)}" for name in names[:MAX_NAMED]]
    if len(names) > MAX_NAMED:
        told.append(f"  and {len(names) - MAX_NAMED:,} more")
    return told


def _files(count: int) -> str:
    return f"{count:,} file" if count == 1 else f"{count:,} files"
