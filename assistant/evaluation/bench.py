"""Set up what is measured: an index of a corpus or a collection, and the systems that use it."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answering.reasoning import choose
from assistant.datatypes import Passage
from assistant.evaluation.asking import put
from assistant.evaluation.beir import Collection
from assistant.evaluation.judging import Judged
from assistant.evaluation.systems import Product, Ranker, System, baselines, unreserved
from assistant.indexing.build import build
from assistant.indexing.embedders import (
    Embedder,
    SentenceTransformerEmbedder,
    default_model_folder,
)
from assistant.pipeline import Casebook
from assistant.progress import terminal_bar
from assistant.settings import DEFAULT_MODEL, Settings

ADAPTERS = ("benchmarks.txtai_hybrid", "benchmarks.llamaindex_hybrid")
"""Modules with NAME and `rank_with(passages, model_folder)`; each needs a package of its own."""


@dataclass(frozen=True)
class Bench:
    """An open Casebook, and the same one without refusals."""

    casebook: Casebook
    open_minded: Casebook

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder) -> Bench:
        """Both on the index that `settings` name; it need not be built yet."""
        reasoning = choose(settings)
        return cls(
            Casebook(settings, embedder, reasoning),
            Casebook(settings, embedder, unreserved(reasoning)),
        )

    @property
    def product(self) -> System:
        """The system that is measured."""
        return Product(self.casebook)

    def without_refusals(self, judged: Sequence[Judged]) -> list[Judged]:
        """The answerable questions that were refused, asked again of the open-minded twin."""
        refused = [j.question for j in judged if j.question.answerable and j.reply.abstained]
        return put(refused, Product(self.open_minded), self.casebook.index())

    def baselines(self) -> tuple[list[Ranker], list[str]]:
        """All baselines that can run here, and a sentence for each that cannot."""
        systems, notes = baselines(self.casebook), []
        for module in ADAPTERS:
            try:
                adapter = importlib.import_module(module)
                rank = adapter.rank_with(self.passages(), model_folder(self.casebook.settings))
            except ImportError as error:
                notes.append(
                    f"{module.rpartition('.')[2]} is left out: {error.name or error} is not "
                    "installed (pip install -r requirements-benchmarks.txt)."
                )
            else:
                systems.append(Ranker(adapter.NAME, rank))
        return systems, notes

    def passages(self) -> list[Passage]:
        """All passages of the index."""
        index = self.casebook.index()
        return [p for document in index.documents() for p in index.passages(document.doc_id)]


@contextmanager
def corpus_bench(settings: Settings, *, rebuild: bool, temporary: bool) -> Iterator[Bench]:
    """The bench of a corpus: on its own index, or on one that is built first."""
    with _place(settings, temporary) as placed:
        bench = Bench.open(placed, _embedder(placed))
        if rebuild:
            with terminal_bar("Reading the documents") as advance:
                bench.casebook.build(advance)
        bench.casebook.index()
        yield bench


@contextmanager
def collection_bench(
    collection: Collection, settings: Settings, *, temporary: bool
) -> Iterator[Bench]:
    """The bench of a judged collection, indexed as documents are (an old index is brought up)."""
    with _place(settings, temporary) as placed:
        embedder = _embedder(placed)
        with terminal_bar(f"Indexing {collection.name}") as advance:
            build(
                collection.documents, placed.index, embedder, collection.splitter,
                on_progress=advance,
            )  # fmt: skip
        yield Bench.open(placed, embedder)


def model_folder(settings: Settings) -> Path:
    """Where the embedding model's files are."""
    if settings.embedding_model == DEFAULT_MODEL:
        return default_model_folder()
    return Path(settings.embedding_model)


def _embedder(settings: Settings) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder.load(settings.embedding_model, settings.threads)


@contextmanager
def _place(settings: Settings, temporary: bool) -> Iterator[Settings]:
    if not temporary:
        yield settings
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield replace(settings, index=Path(folder))
