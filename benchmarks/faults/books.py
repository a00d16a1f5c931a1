"""A casebook on a folder without any model, and the check that it is one whole generation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering.reasoning import choose
from assistant.datatypes import Answer
from assistant.indexing.agreement import check_agreement
from assistant.indexing.embedders import Embedder, HashingEmbedder
from assistant.indexing.generations import Generations
from assistant.pipeline import Casebook
from assistant.settings import Settings
from benchmarks.faults.corpora import QUESTIONS, edition

_EDITION = re.compile(r"edition (\d+)")


class Mixed(AssertionError):
    """An index or an answer that is not of one edition."""


def book(folder: Path, embedder: Embedder | None = None) -> Casebook:
    """A casebook on `folder`/corpus and `folder`/index that answers whatever it finds."""
    settings = Settings(
        corpus=folder / "corpus", index=folder / "index", evidence_model="none"
    )  # fmt: skip
    reasoning = choose(settings)
    willing = replace(reasoning, calibration=replace(reasoning.calibration, threshold=0.0))
    return Casebook(settings, embedder or HashingEmbedder(), willing)


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder that every account may enter, removed at the end."""
    with TemporaryDirectory(prefix="casebook-faults-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def write_edition(folder: Path, number: int) -> None:
    """Make `folder`/corpus hold edition `number`."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for name, text in edition(number).items():
        (corpus / name).write_text(text, encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Whole:
    """What is served: a generation that was found to be whole, and the edition it holds."""

    generation: str
    edition: int


def check_whole(folder: Path, embedder: Embedder | None = None) -> Whole:
    """Load, verify and ask, as after any fault. Raises IndexFault or Mixed.

    Vectors, passages, words and documents agree; all documents are those of one edition, to the
    letter; every question is answered with quotations that stand in that edition.
    """
    generations = Generations(folder / "index")
    name = generations.current()
    check_agreement(generations.folder(name))
    casebook = book(folder, embedder)
    index = casebook.index()
    if index.generation != name or casebook.fault:
        raise Mixed(f"{index.generation} is served in place of {name}: {casebook.fault}")
    texts = {document.doc_id: document.text for document in index.documents()}
    number = edition_of(next(iter(texts.values())))
    if texts != edition(number):
        raise Mixed(f"generation {name} does not hold edition {number} alone")
    for question in QUESTIONS:
        check_answer(casebook.ask(question), number)
    return Whole(name, number)


def check_answer(answer: Answer, number: int) -> None:
    """Raises Mixed unless every quotation and hit stands in edition `number`, and there is one."""
    texts = edition(number)
    if not answer.citations or not answer.hits:
        raise Mixed(f"no quotation for {answer.question!r}")
    for citation in answer.citations:
        if citation.span.of(texts[citation.doc_id]) != citation.quote:
            raise Mixed(f"{citation.quote!r} does not stand in edition {number}")
    for hit in answer.hits:
        if hit.passage.span.of(texts[hit.passage.doc_id]) != hit.passage.text:
            raise Mixed(f"a passage found does not stand in edition {number}")


def edition_of(text: str) -> int:
    """The edition that a text names. Raises Mixed if it names none."""
    found = _EDITION.search(text)
    if found is None:
        raise Mixed(f"{text[:40]!r} names no edition")
    return int(found[1])
