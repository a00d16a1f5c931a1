"""Saved answers: what a permanent link to an answer shows, kept because somebody asked for it.

One file an answer in the folder `answers/` of the index, under a name that nobody can guess. It
holds what the JSON form of an answer holds: the question, the generation, the quotations and where
they stand, or the closest passages if there was no answer. Nothing says who saved it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant import text as texts
from assistant.answering.wire import answer_fields
from assistant.datatypes import Answer
from assistant.errors import RecordError
from assistant.records import files

FOLDER = "answers"
FORMAT = 1
MOST = 10_000
"""Answers kept; who wants to save more is asked to delete some first."""
CLOSEST = 3
"""Passages kept of an answer that is none."""
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class SavedAnswer:
    """An answer as it was given. `key` lets whoever saved it delete it; `saved` is ISO 8601."""

    id: str
    key: str
    saved: str
    fields: Mapping[str, Any]

    @property
    def question(self) -> str:
        """What was asked."""
        return str(self.fields["question"])

    @property
    def generation(self) -> str:
        """The generation that answered."""
        return str(self.fields["generation"])


class SavedAnswers:
    """The saved answers in one index folder."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER

    def save(self, answer: Answer) -> SavedAnswer:
        """Keep `answer`. Raises RecordError if there is no room."""
        if sum(1 for _ in self._folder.glob("*.json")) >= MOST:
            raise RecordError(
                f"There are {MOST:,} saved answers already: expected fewer. Delete some that are "
                "no longer needed and save again."
            )
        saved = SavedAnswer(
            secrets.token_hex(16),
            secrets.token_hex(16),
            datetime.now(UTC).isoformat(timespec="seconds"),
            _fields(answer),
        )
        content = {"format": FORMAT, "key": saved.key, "saved": saved.saved, "answer": saved.fields}
        files.write(self._path(saved.id), content)
        return saved

    def get(self, answer_id: str) -> SavedAnswer | None:
        """The answer of this id, None if there is none. Raises RecordError if it is damaged."""
        if not _ID.fullmatch(answer_id):
            return None
        found = files.read(self._path(answer_id))
        if found is None:
            return None
        try:
            if found["format"] != FORMAT:
                raise ValueError(f"format {found['format']}")
            saved = SavedAnswer(answer_id, found["key"], found["saved"], found["answer"])
            _check(saved)
        except (LookupError, TypeError, ValueError) as error:
            raise RecordError(
                f"The saved answer {answer_id} cannot be shown ({type(error).__name__}): its file "
                "was altered, or written by another version of Casebook. Ask the question again."
            ) from error
        return saved

    def delete(self, answer_id: str) -> None:
        """Forget the answer of this id, if there is one."""
        if _ID.fullmatch(answer_id):
            self._path(answer_id).unlink(missing_ok=True)

    def all(self) -> Iterator[SavedAnswer]:
        """All that can be read, the latest first."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                saved = self.get(path.stem)
            except RecordError:
                continue
            if saved is not None:
                found.append(saved)
        yield from sorted(found, key=lambda saved: saved.saved, reverse=True)

    def quoting(self, doc_id: str) -> int:
        """How many saved answers hold words of this document."""
        return sum(doc_id in {c["doc_id"] for c in evidence(saved)} for saved in self.all())

    def _path(self, answer_id: str) -> Path:
        return self._folder / f"{answer_id}.json"


def evidence(saved: SavedAnswer) -> list[Mapping[str, Any]]:
    """What the answer rests on: its citations, or the closest passages if it is none."""
    return list(saved.fields["hits" if saved.fields["abstained"] else "citations"])


def _fields(answer: Answer) -> dict[str, Any]:
    """The answer's JSON form, with what following its links takes."""
    fields = answer_fields(answer)
    for listed, citation in zip(fields["citations"], answer.citations, strict=True):
        listed |= {"fingerprint": citation.fingerprint, "attribution": citation.attribution}
    hits = answer.hits[:CLOSEST] if answer.abstained else ()
    fields["hits"] = [
        listed
        | {
            "quote": hit.passage.text,
            "fingerprint": texts.fingerprint(hit.passage.text),
            "title": hit.passage.title,
            "place": hit.passage.place,
        }
        for listed, hit in zip(fields["hits"], hits, strict=False)
    ]
    return fields


def _check(saved: SavedAnswer) -> None:
    """Raises LookupError or TypeError unless everything that a page shows is there."""
    for name in ("question", "generation", "abstained", "statements"):
        saved.fields[name]
    for source in evidence(saved):
        for name in ("doc_id", "quote", "fingerprint", "title", "place"):
            if not isinstance(source[name], str):
                raise TypeError(f"{name} is {type(source[name]).__name__}: expected text")
