"""Read a folder of judged queries in the form of BEIR, and index its entries as documents.

corpus.jsonl holds {_id, title, text}; queries.jsonl {_id, text} with, if known, `answerable` (null
is left out) and `history` ([{role, text}] or texts); qrels.tsv query, entry and grade; spans.jsonl,
if there is one, {query, doc, start, end, text}: the words of an entry that answer a query.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assistant import text as texts
from assistant.datatypes import Block, BlockKind, Document, Span
from assistant.documents import plain_text
from assistant.errors import SettingError
from assistant.evaluation.questions import Gold, Question, rows_of
from assistant.indexing.passages import SplitterSettings

LONG_ENTRY = 400
"""Words: a collection with longer entries than this (by the median) is split as a corpus is."""
WHOLE = SplitterSettings(target=1_000_000)
"""A target so far off that an entry of one block stays one passage."""

Qrels = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Collection:
    """Documents, questions about them, the grades of documents, and spans that answer."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]
    qrels: Qrels
    spans: dict[str, tuple[tuple[str, Span], ...]]
    splitter: SplitterSettings

    @property
    def has_unanswerable(self) -> bool:
        """Whether some questions are known to have no answer here."""
        return any(not question.answerable for question in self.questions)

    @property
    def has_history(self) -> bool:
        """Whether some questions follow others."""
        return any(question.history for question in self.questions)

    @property
    def is_split(self) -> bool:
        """Whether entries are split into passages; otherwise each is one."""
        return self.splitter != WHOLE


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`. Raises SettingError naming the file and line at fault."""
    entries = [
        _required(folder / "corpus.jsonl", n, r) for n, r in rows_of(folder / "corpus.jsonl")
    ]
    if not entries:
        raise SettingError(f"{folder / 'corpus.jsonl'} is empty: expected entries. Fill it in.")
    long = median(texts.count_words(entry["text"]) for entry in entries) > LONG_ENTRY
    qrels = _qrels(folder / "qrels.tsv")
    spans = _spans(folder / "spans.jsonl")
    rows = [_required(folder / "queries.jsonl", n, r) for n, r in rows_of(folder / "queries.jsonl")]
    return Collection(
        folder.resolve().name,
        tuple(_document(entry, long) for entry in entries if entry["text"].strip()),
        tuple(_question(row, qrels, spans) for row in rows if _is_judged(row, qrels)),
        qrels,
        {query: tuple((doc, span) for doc, span, _ in found) for query, found in spans.items()},
        SplitterSettings() if long else WHOLE,
    )


def best_passages(ranked: Sequence[tuple[str, float]]) -> list[str]:
    """Documents in the order of their best passage, from (document, score), best first."""
    return list(dict.fromkeys(doc_id for doc_id, _ in ranked))


def _required(path: Path, number: int, row: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
        raise SettingError(
            f'{path}, line {number}: expected the texts "_id" and "text". Correct the line.'
        )
    return row


def _is_judged(row: dict[str, Any], qrels: Qrels) -> bool:
    return row["_id"] in qrels or row.get("answerable") is False


def _question(
    row: dict[str, Any], qrels: Qrels, spans: dict[str, list[tuple[str, Span, str]]]
) -> Question:
    name = row["_id"]
    quoted = tuple(Gold(doc, words) for doc, _, words in spans.get(name, ()))
    whole = tuple(Gold(doc, "") for doc, grade in qrels.get(name, {}).items() if grade > 0)
    gold = quoted or whole
    return Question(
        name, row["text"], "answerable" if gold else "unanswerable", gold, _history(row)
    )


def _history(row: dict[str, Any]) -> tuple[str, ...]:
    """What the person said before; the other side's turns are left out."""
    turns = [
        turn if isinstance(turn, dict) else {"role": "user", "text": turn}
        for turn in row.get("history") or ()
    ]
    return tuple(str(turn["text"]) for turn in turns if turn.get("role") == "user")


def _document(entry: dict[str, Any], long: bool) -> Document:
    """An entry with the blocks that a text file of its words would have; short ones are one block.

    A short entry is shown and cited as it stands, so nothing in it may be taken for a heading.
    """
    words: str = entry["text"]
    whole = texts.trim(words, 0, len(words)) or Span(0, 1)
    blocks = plain_text.blocks(words) if long else (Block(BlockKind.PARAGRAPH, whole, whole),)
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
    return Document(entry["_id"], str(entry.get("title") or ""), words, digest, blocks=blocks)


def _qrels(path: Path) -> Qrels:
    found: Qrels = defaultdict(dict)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                found[row["query-id"]][row["corpus-id"]] = int(row["score"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SettingError(
            f"{path} cannot be used ({type(error).__name__}: {error}): expected columns query-id, "
            "corpus-id and score with tabs between. Correct the file."
        ) from error
    return dict(found)


def _spans(path: Path) -> dict[str, list[tuple[str, Span, str]]]:
    found: dict[str, list[tuple[str, Span, str]]] = defaultdict(list)
    if not path.exists():
        return found
    for number, row in rows_of(path):
        try:
            span = Span(int(row["start"]), int(row["end"]))
            found[row["query"]].append((row["doc"], span, row["text"]))
        except (KeyError, TypeError, ValueError) as error:
            raise SettingError(
                f"{path}, line {number}: {type(error).__name__} {error}. Expected query, doc, "
                "start, end and text. Correct the line."
            ) from error
    return found
