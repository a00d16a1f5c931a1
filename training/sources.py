"""Read the openly licensed question-passage files into rows of sentences with labels.

Leaves negatives mining to `mining` and what a training example looks like to `compose`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES: Final = ("medquad", "policyqa", "covidqa", "pubmedqa", "scifact-train")
SENTENCE_END: Final = re.compile(
    r"(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[A-Z0-9])"  # a stop, then a capital or a number
    r"|\s+-\s+(?=[A-Z])"  # a bullet
)
FEWEST_WORDS: Final = 3
"""A shorter piece is the tail of an abbreviation or a stray bullet: it joins the one before."""


@dataclass(frozen=True)
class Row:
    """A question, the passage that answers it, and passages that do not.

    `labels` says for each positive sentence whether it carries the answer; None where the data
    does not tell. `negatives` and `positive` are sentences in order.
    """

    source: str
    group: str
    question: str
    positive: tuple[str, ...]
    labels: tuple[bool, ...] | None
    negatives: tuple[tuple[str, ...], ...]
    answer: str | None


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences of `text`, fragments joined to the sentence before them."""
    sentences: list[str] = []
    for piece in SENTENCE_END.split(text.strip()):
        stripped = piece.strip()
        if not stripped:
            continue
        if sentences and len(stripped.split()) < FEWEST_WORDS:
            sentences[-1] = f"{sentences[-1]} {stripped}"
        else:
            sentences.append(stripped)
    return tuple(sentences)


def answer_labels(sentences: tuple[str, ...], answer: str) -> tuple[bool, ...] | None:
    """Which sentences share characters with `answer`; None if it is not found in them."""
    text = " ".join(sentences)
    start = text.find(answer)
    if start < 0:  # an answer may run past the end of the passage: its opening is enough
        start = text.find(answer[:40])
    if start < 0:
        return None
    end = min(start + len(answer), len(text))
    labels, place = [], 0
    for sentence in sentences:
        labels.append(place < end and start < place + len(sentence))
        place += len(sentence) + 1
    return tuple(labels)


def read_source(folder: Path, source: str) -> Iterator[Row]:
    """Rows of one file, in its order."""
    with (folder / f"{source}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            positive = split_sentences(record["positive"])
            if not positive:
                continue
            answer = record.get("answer")
            yield Row(
                source=source,
                group=f"{source}:{record['group']}",
                question=" ".join(record["question"].split()).replace("??", "?"),
                positive=positive,
                labels=answer_labels(positive, answer) if answer else None,
                negatives=tuple(
                    sentences
                    for text in record["negatives"]
                    if (sentences := split_sentences(text))
                ),
                answer=answer,
            )


def read_rows(folder: Path) -> list[Row]:
    """Rows of all sources."""
    return [row for source in SOURCES for row in read_source(folder, source)]


def part(group: str) -> str:
    """Part of a group by its hash: `train`, or `choose` (12 %, held out for decisions)."""
    share = hashlib.sha256(group.encode()).digest()[0] / 256
    return "choose" if share < 0.12 else "train"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
