"""Small corpora with known words: one of a thousand cases, and one whose every edition differs."""

from __future__ import annotations

import hashlib

from assistant.datatypes import Document
from assistant.documents import markdown

TOWNS = 12
"""Cases in the corpus whose editions are published again and again."""


def document(text: str, doc_id: str) -> Document:
    """`text` read as the file `doc_id` would be."""
    title, metadata, blocks = markdown.read(text, doc_id)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Document(doc_id, title, text, digest, metadata, blocks)


def thousand(count: int = 1000) -> list[Document]:
    """`count` case studies of three sections each; no two share a sentence."""
    return [document(_case(number), f"case-{number:04d}.md") for number in range(count)]


def _case(number: int) -> str:
    sections = "\n\n".join(
        f"## Part {part}\n\n"
        f"In year {part} town {number} moved {number + part} nurses into schools. "
        f"The board of town {number} met {part + 2} times to agree on it. "
        f"By the end {number * 7 + part} families had been visited."
        for part in range(1, 4)
    )
    return f"---\nplace: Town {number}\n---\n\n# Town {number}\n\n{sections}\n"


def edition(number: int) -> dict[str, str]:
    """The corpus as it stands in edition `number`: every sentence of every case names it."""
    return {f"town-{town:02d}.md": _town(town, number) for town in range(TOWNS)}


def _town(town: int, number: int) -> str:
    """One case; its length grows and shrinks with the edition, so that offsets differ, too."""
    more = " ".join(f"Ward {ward} followed in edition {number}." for ward in range(number % 5))
    return (
        f"---\nplace: Town {town}\n---\n\n# Town {town}\n\n## What happened\n\n"
        f"In edition {number} town {town} put {town + 2} budgets into one fund. {more}\n\n"
        f"## Results\n\nMistrust over funding faded in town {town} by edition {number}.\n"
    )


QUESTIONS = (
    "Which towns put budgets into one fund?",
    "Where did mistrust over funding fade?",
    "What happened in town 3?",
    "How many budgets did town 7 put into one fund?",
    "Which ward followed?",
)
