"""Small documents and settings for tests, made by the same readers that the product uses."""

from __future__ import annotations

import hashlib
from pathlib import Path

from argon2 import PasswordHasher

from assistant.answering.confidence import Calibration
from assistant.answering.evidence import WeighedEvidence, Weights
from assistant.answering.extractive import Extractive, Margins
from assistant.answering.reasoning import Reasoning
from assistant.datatypes import Block, Document, Passage
from assistant.documents import markdown, plain_text
from assistant.indexing.embedders import HashingEmbedder
from assistant.indexing.passages import SplitterSettings, split
from assistant.pipeline import Casebook
from assistant.settings import Settings

HARBOUR = """\
---
title: "Harbour: one fund"
place: Harbour
themes: [pooled-budgets]
source_url: https://example.org/harbour
---

# Harbour: one fund

## What happened

The council and the hospital put their money into one fund. Mistrust over funding faded slowly.

- Every pound was published each month.
- A joint committee met on Tuesdays.

## Results

Admissions fell by 12 per cent in two years.
"""

MOORLAND = """\
---
title: "Moorland: nurses in schools"
place: Moorland
---

# Moorland: nurses in schools

## What happened

Nurses visited every school in Moorland. Parents asked for longer hours.

## Results

Vaccination rose to 94 per cent. Teachers reported calmer classrooms.
"""

VALLEY = """\
---
title: "Valley: a bus for carers"
place: Valley
---

# Valley: a bus for carers

Volunteers drove carers to the day centre. The bus ran on electricity.
"""

PASSWORD = "otter violin marmalade"  # noqa: S105  # of these tests alone

CASES = {"harbour.md": HARBOUR, "moorland.md": MOORLAND, "sub/valley.md": VALLEY}


def document(text: str, doc_id: str = "case.md") -> Document:
    """`text` read as the file `doc_id` would be."""
    read = plain_text.read if doc_id.endswith(".txt") else markdown.read
    title, metadata, blocks = read(text, doc_id)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Document(doc_id, title, text, digest, metadata, blocks)


def quick_hasher() -> PasswordHasher:
    """Argon2 at its cheapest: these tests are not under attack."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def cases() -> list[Document]:
    """The three case studies above."""
    return [document(text, doc_id) for doc_id, text in CASES.items()]


def passages(text: str, doc_id: str = "case.md", target: int = 80) -> tuple[Passage, ...]:
    """The passages of `text`."""
    return split(document(text, doc_id), SplitterSettings(target=target))


def seen(text: str, blocks: tuple[Block, ...]) -> list[tuple[str, int, str]]:
    """Blocks as (kind, level, words), to compare with what a person sees on the page."""
    return [(block.kind.value, block.level, block.span.of(text)) for block in blocks]


def write_corpus(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write `files` (by default the three case studies) below `folder`."""
    for name, text in (CASES if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


def reasoning(threshold: float = 0.0) -> Reasoning:
    """A reasoning without models, with round figures of the tests' own.

    A sentence scores half its cosine, 0.3 of its coverage and 0.2 of the hit's fused score. With a
    threshold of 0 it answers whenever it finds a sentence.
    """
    weights = Weights(
        cosine=0.5, passage_cosine=0.0, retrieval=0.2, coverage=0.3, passage_coverage=0.0,
        likeness=0.0, subject=0.0, kind=0.0, model_sentence=0.0, model_passage=0.0, bias=0.0,
    )  # fmt: skip
    return Reasoning(
        WeighedEvidence(weights, weights),
        Extractive(one=Margins(0.1, 0.1), several=Margins(0.2, 0.1)),
        Calibration(
            evidence=4.0,
            model=0.0,
            cosine=4.0,
            agreement=0.0,
            coverage=2.0,
            names=1.5,
            aspect=0.0,
            kind=0.0,
            bias=-6.0,
            threshold=threshold,
        ),
        candidates=20,
    )


def casebook(folder: Path, embedder: HashingEmbedder | None = None) -> Casebook:
    """A casebook on `folder`/corpus and `folder`/index that needs no model."""
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    return Casebook(settings, embedder or HashingEmbedder(), reasoning())
