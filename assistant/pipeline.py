"""The one path of a question, and of a folder of documents: every door leads through `Casebook`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant import text as texts
from assistant.answering.follow_ups import Names, stand_alone
from assistant.answering.inquiry import Inquiry, reranked
from assistant.answering.parts import parts_of
from assistant.answering.reasoning import Reasoning, choose
from assistant.datatypes import Answer, Document, Hit
from assistant.documents import CorpusReading, read_corpus
from assistant.errors import (
    CorpusError,
    IndexFault,
    IndexLocked,
    IndexMissing,
    IndexStale,
    QuestionError,
    SettingError,
)
from assistant.indexing.build import BuildSummary, build
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.indexing.generations import Generations
from assistant.retrieval.embedded import EmbeddedIndex
from assistant.settings import Settings

LOG = logging.getLogger(__name__)

PASSING = ("unreadable", "front_matter")
"""Codes of failures that leave what was indexed before as it was."""


class Stage(StrEnum):
    """What is being done for a question, in this order."""

    SEARCHING = "searching"
    READING = "reading"
    ANSWERING = "answering"


@dataclass(frozen=True)
class _Serving:
    """A generation and the names in it, held together for the length of a question."""

    index: EmbeddedIndex
    names: Names


class Casebook:
    """A corpus, its index, and the way from a question to an answer. Safe to share by threads."""

    def __init__(self, settings: Settings, embedder: Embedder, reasoning: Reasoning) -> None:
        self.settings, self._embedder, self._reasoning = settings, embedder, reasoning
        self._generations = Generations(settings.index)
        self._open: _Serving | None = None
        self._swap = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Casebook:
        """Load the models that `settings` name. Raises ModelError."""
        embedder = SentenceTransformerEmbedder.load(settings.embedding_model, settings.threads)
        return cls(settings, embedder, choose(settings))

    # --- documents ---------------------------------------------------------------------------

    def build(
        self, on_progress: Callable[[int, int], None] | None = None
    ) -> tuple[BuildSummary, CorpusReading]:
        """Bring the index in step with the corpus folder.

        A file that cannot be read now but was indexed before keeps its old text. Raises CorpusError
        if not one document could be read, IndexLocked if another build is running.
        """
        reading = read_corpus(self.settings.corpus, self.settings.max_file_bytes)
        documents = [*reading.documents, *self._kept(reading)]
        if not documents:
            reasons = "; ".join(str(failure) for failure in reading.failures)
            raise CorpusError(
                f"None of the files in {self.settings.corpus} could be read ({reasons}): expected "
                "at least one. Correct them and build again."
            )
        summary = build(
            documents, self.settings.index, self._embedder,
            keep=self.settings.keep_generations, on_progress=on_progress,
        )  # fmt: skip
        return summary, reading

    def _kept(self, reading: CorpusReading) -> list[Document]:
        """The indexed text of files that cannot be read just now.

        A file that was emptied or became something else is gone; one behind a closed folder, on a
        lost drive or in the middle of an edit is only out of reach. A folder's id ends in "/".
        """
        lost = tuple(failure.doc_id for failure in reading.failures if failure.code in PASSING)
        if not lost:
            return []
        try:
            index = self.index()
        except IndexFault:  # nothing to keep, or nothing that can be trusted: build without
            return []
        folders = tuple(doc_id for doc_id in lost if doc_id.endswith("/"))
        return [
            document
            for document in index.documents()
            if document.doc_id in lost or document.doc_id.startswith(folders)
        ]

    def ensure_built(
        self, on_progress: Callable[[int, int], None] | None = None
    ) -> BuildSummary | None:
        """Build the index if there is none, or only one of another model or format.

        If there is one, it is brought in step with the corpus as far as that is possible now.
        """
        try:
            self.index()
        except (IndexMissing, IndexStale):
            return self._build_and_tell(on_progress)
        try:
            return self._build_and_tell(on_progress)
        except (CorpusError, IndexLocked, SettingError) as error:
            LOG.warning("the index was not brought up to date: %s", error)
            return None

    def _build_and_tell(self, on_progress: Callable[[int, int], None] | None) -> BuildSummary:
        summary, reading = self.build(on_progress)
        for failure in reading.failures:
            LOG.warning("not read: %s", failure)
        return summary

    def index(self) -> EmbeddedIndex:
        """The generation being served; a newer one is picked up here. Raises IndexFault."""
        return self._serving().index

    def _serving(self) -> _Serving:
        with self._swap:
            name = self._generations.current()
            if self._open is None or self._open.index.generation != name:
                index = EmbeddedIndex(self.settings.index, name, self._embedder)
                self._open = _Serving(index, Names.of(index.documents()))
            return self._open

    # --- questions ---------------------------------------------------------------------------

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer to `question`; `history` holds earlier questions, the latest last.

        Raises QuestionError, or IndexFault if there is no index to ask.
        """
        for step in self.stages(question, history):
            if isinstance(step, Answer):
                return step
        raise AssertionError("stages() ends with an answer")

    def stages(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        """The stages of `ask` as they begin, then the answer; one generation serves them all."""
        question = check_question(question, self.settings.max_question)
        serving = self._serving()
        rewrite = stand_alone(question, history, serving.names, self.settings.max_question)
        inquiry = Inquiry(self._reasoning, serving.index, serving.names)
        parts = parts_of(rewrite.text, serving.names)
        asked = (rewrite.text, *(part.question for part in parts))
        yield Stage.SEARCHING
        hits = [inquiry.search(each) for each in asked]
        yield Stage.READING
        whole, *others = (inquiry.find(*pair) for pair in zip(asked, hits, strict=True))
        yield Stage.ANSWERING
        yield inquiry.conclude(question, rewrite, whole, list(zip(parts, others, strict=True)))

    def search(self, question: str, k: int, history: Sequence[str] = ()) -> tuple[Hit, ...]:
        """The best `k` passages for a question, those that are scored first by their evidence."""
        question = check_question(question, self.settings.max_question)
        serving = self._serving()
        rewrite = stand_alone(question, history, serving.names, self.settings.max_question)
        hits = serving.index.search(rewrite.text, k)
        inquiry = Inquiry(self._reasoning, serving.index, serving.names)
        return reranked(inquiry.read(rewrite.text, hits), hits)


def check_question(question: object, longest: int) -> str:
    """`question` without surrounding space. Raises QuestionError if it cannot be asked."""
    if not isinstance(question, str):
        raise QuestionError(
            f"The question is {type(question).__name__}: expected text. Ask in words."
        )
    question = "".join(c if c.isprintable() else " " for c in question)
    question = texts.collapse(question.encode("utf-8", "ignore").decode("utf-8"))
    if not texts.words(question):
        raise QuestionError(
            "The question is empty: expected some words. "
            "Ask, for example: How did places handle funding mistrust?"
        )
    if len(question) > longest:
        raise QuestionError(
            f"The question has {len(question):,} characters: expected at most {longest:,}. "
            "Shorten it to the one thing you want to know."
        )
    return question
