"""The record of use, if it is switched on: who was shown which documents, when. Never an answer.

One file a day in `private/use/`, a JSON object a line, for its owner alone; a file is deleted when
it is older than the setting says. Off by default: a choice between accountability and keeping
little, which is the operator's to make (docs/privacy.md).
"""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from assistant.datatypes import Answer
from assistant.settings import Settings

FOLDER = "use"


class Record:
    """Writes what the setting `record_of_use` allows; with "off" it writes nothing at all."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.passwords.parent / FOLDER
        self._level = settings.record_of_use
        self._lock = threading.Lock()

    def answered(self, answer: Answer, who: str, now: datetime | None = None) -> None:
        """One line for an answer that was shown to `who`. Raises OSError if it cannot be kept."""
        if self._level == "off":
            return
        moment = now or datetime.now(UTC)
        shown = {citation.doc_id for citation in answer.citations}
        shown |= {hit.passage.doc_id for hit in answer.hits if answer.abstained}
        fields: dict[str, object] = {
            "time": moment.isoformat(timespec="seconds"),
            "who": who,
            "outcome": "abstained" if answer.abstained else "answered",
            "quotations": len(answer.statements),
            "documents": sorted(shown),
            "generation": answer.generation,
        }
        if self._level == "questions":
            fields["question"] = answer.question
        self._append(self._folder / f"{moment.date().isoformat()}.jsonl", fields)

    def _append(self, path: Path, fields: dict[str, object]) -> None:
        line = json.dumps(fields) + "\n"  # ASCII: no character breaks a line
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "a", encoding="ascii") as file:
                file.write(line)
