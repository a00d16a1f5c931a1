"""Read a file of questions whose supporting quotations are known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SettingError


@dataclass(frozen=True)
class Gold:
    """A quotation that supports an answer, and its document.

    `document` is the document's id, or its file's name without folders and ending. An empty `quote`
    means that only the document is known: any of its words will do.
    """

    document: str
    quote: str


@dataclass(frozen=True)
class Question:
    """A question with what supports its answer; `gold` is empty if the corpus does not answer.

    Of `borderline` careful readers would disagree whether it answers: nothing is learned from it,
    and a citation of it counts as wrong.
    """

    id: str
    text: str
    kind: str
    gold: tuple[Gold, ...]
    history: tuple[str, ...] = ()
    borderline: tuple[Gold, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers it."""
        return bool(self.gold)

    @property
    def documents(self) -> frozenset[str]:
        """The documents that support an answer."""
        return frozenset(gold.document for gold in self.gold)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file: one JSON object a line with id, question, kind and relevant.

    `relevant` lists {doc, quote}; `history` may list earlier questions, `borderline` what is
    arguable: {doc, quote}, or whole documents by name. Raises SettingError naming the line.
    """
    questions = []
    for number, row in rows_of(path):
        try:
            questions.append(_question(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingError(
                f"{path}, line {number}: {type(error).__name__} {error}. Expected a JSON object "
                'with "id", "question", "kind" and "relevant" (a list of {"doc", "quote"}; empty '
                "if the corpus does not answer). Correct the line."
            ) from error
    if not questions:
        raise SettingError(f"{path} holds no questions: expected at least one. Fill it in.")
    return questions


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) for each line of a file that is not blank. Raises SettingError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{path} cannot be read ({error}): expected a UTF-8 file with a JSON object a line. "
            "Correct the path or the file."
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SettingError(
                f"{path}, line {number}: {error}. Expected a JSON object. Correct the line."
            ) from error
        if not isinstance(row, dict):
            raise SettingError(
                f"{path}, line {number} is {type(row).__name__}: expected a JSON object. "
                "Correct the line."
            )
        yield number, row


def _question(row: dict[str, Any]) -> Question:
    if not isinstance(row["question"], str):
        raise TypeError("question is not a text")
    return Question(
        str(row["id"]),
        row["question"],
        str(row.get("kind", "")),
        tuple(Gold(str(gold["doc"]), str(gold["quote"])) for gold in row["relevant"]),
        tuple(str(past) for past in row.get("history") or ()),
        tuple(_arguable(entry) for entry in row.get("borderline") or ()),
    )


def _arguable(entry: str | dict[str, Any]) -> Gold:
    """A quotation, or all of a document."""
    if isinstance(entry, str):
        return Gold(entry, "")
    return Gold(str(entry["doc"]), str(entry["quote"]))
