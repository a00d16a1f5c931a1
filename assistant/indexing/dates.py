"""Since when each document has stood in the index as it is: `indexed.json` in a generation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from assistant.datatypes import Document

NAME = "indexed.json"


def write(folder: Path, documents: Iterable[Document], before: Path | None) -> None:
    """Note this moment for documents that `before`, the last generation's folder, did not hold."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    known = _read(before) if before else {}
    found: dict[str, list[str]] = {}
    for document in documents:
        sha256, since = known.get(document.doc_id, ("", ""))
        found[document.doc_id] = [document.sha256, since if sha256 == document.sha256 else now]
    words = json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True)
    (folder / NAME).write_text(words + "\n", encoding="utf-8", newline="\n")


def read(folder: Path) -> dict[str, str]:
    """Since when, by `doc_id`; empty for a generation that was made without."""
    return {doc_id: since for doc_id, (_, since) in _read(folder).items()}


def _read(folder: Path) -> dict[str, tuple[str, str]]:
    try:
        fields = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {doc_id: (str(sha256), str(since)) for doc_id, (sha256, since) in fields.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
