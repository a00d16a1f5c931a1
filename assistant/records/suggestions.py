"""Suggested updates to case studies: kept on this computer for whoever edits, and sent nowhere.

One file, `suggestions.json` in the index folder. The web app alone writes it. How to reach the
person who made a suggestion is forgotten as soon as it is accepted or dismissed.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from assistant.errors import RecordError
from assistant.records import files

NAME = "suggestions.json"
FORMAT = 1
MOST_OPEN = 500
"""Suggestions that may wait for the editor."""
MOST_CLOSED = 1000
"""Of the log; the oldest go first."""
LONGEST = 5000
LONGEST_CONTACT = 200
"""Characters."""


class State(StrEnum):
    """What the editor made of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Suggestion:
    """What somebody would change in a case study. `made` and `closed` are ISO 8601, UTC."""

    id: str
    doc_id: str
    title: str
    made: str
    words: str
    contact: str = ""
    state: State = State.OPEN
    closed: str = ""


class Suggestions:
    """The suggestions in one index folder. Safe to share by threads."""

    def __init__(self, root: Path) -> None:
        self._path = root / NAME
        self._lock = threading.Lock()

    def add(self, doc_id: str, title: str, words: str, contact: str = "") -> Suggestion:
        """Keep a suggestion. Raises RecordError if it is empty, too long, or one too many."""
        words, contact = words.strip(), contact.strip()
        if not words:
            raise RecordError(
                "The suggestion is empty: expected some words on what should change. Write them "
                "and send it again."
            )
        _check_length("suggestion", words, LONGEST)
        _check_length("contact", contact, LONGEST_CONTACT)
        with self._lock:
            known = self._read()
            if sum(one.state is State.OPEN for one in known) >= MOST_OPEN:
                raise RecordError(
                    f"{MOST_OPEN} suggestions are waiting already: expected fewer. Try again when "
                    "the editor has looked at them."
                )
            made = Suggestion(secrets.token_hex(8), doc_id, title, _now(), words, contact)
            self._write([*known, made])
        return made

    def waiting(self) -> list[Suggestion]:
        """Those that nobody has decided on, the oldest first."""
        return [one for one in self._read() if one.state is State.OPEN]

    def log(self) -> list[Suggestion]:
        """Those that were accepted or dismissed, the latest first."""
        closed = [one for one in self._read() if one.state is not State.OPEN]
        return sorted(closed, key=lambda one: one.closed, reverse=True)

    def get(self, suggestion_id: str) -> Suggestion | None:
        """The suggestion of this id, None if there is none."""
        return next((one for one in self._read() if one.id == suggestion_id), None)

    def close(self, suggestion_id: str, state: State) -> Suggestion | None:
        """Accept or dismiss one that waits; None if there is none of this id."""
        with self._lock:
            known = self._read()
            for position, one in enumerate(known):
                if one.id == suggestion_id and one.state is State.OPEN:
                    closed = replace(one, state=state, closed=_now(), contact="")
                    self._write([*known[:position], *known[position + 1 :], closed])
                    return closed
        return None

    def _read(self) -> list[Suggestion]:
        fields = files.read(self._path)
        if fields is None:
            return []
        try:
            if fields["format"] != FORMAT:
                raise ValueError(f"format {fields['format']}")
            found = [Suggestion(**one) for one in fields["suggestions"]]
            return [replace(one, state=State(one.state)) for one in found]
        except (LookupError, TypeError, ValueError) as error:
            raise RecordError(
                f"{self._path} cannot be read ({error}): expected the suggestions as Casebook "
                "wrote them. Restore it from a backup, or move it away."
            ) from error

    def _write(self, suggestions: list[Suggestion]) -> None:
        closed = [one for one in suggestions if one.state is not State.OPEN]
        spare = {one.id for one in closed[:-MOST_CLOSED]}
        kept = [asdict(one) for one in suggestions if one.id not in spare]
        files.write(self._path, {"format": FORMAT, "suggestions": kept})


def _check_length(what: str, words: str, longest: int) -> None:
    if len(words) > longest:
        raise RecordError(
            f"The {what} has {len(words):,} characters: expected at most {longest:,}. Shorten it."
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
