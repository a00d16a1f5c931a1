"""The one path of a question, and of a folder of documents: every door leads through `Casebook`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant import text as texts
from assistant.answering.follow_ups import Names, stand_alone
from assistant.answering.inquiry import Inquiry, reranked
from assistant.answering.parts import parts_of
from assistant.answering.reasoning import Reasoning, choose
from assistant.datatypes import Answer, Document, Hit
from assistant.documents import CorpusReading, quarantine
from assistant.documents.corpus import check_folder
from assistant.documents.steadiness import read_steadily
from assistant.errors import (
    CorpusEmpty,
    CorpusError,
    IndexDamaged,
    IndexFault,
    IndexLocked,
    IndexMissing,
    IndexStale,
    QuestionError,
    SettingError,
)
from assistant.indexing.build import Builder, Progress, ShouldStop, Watcher
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.indexing.generations import GenerationInfo, Generations
from assistant.indexing.summary import BuildSummary
from assistant.retrieval.embedded import EmbeddedIndex, check_model
from assistant.settings import Settings

LOG = logging.getLogger(__name__)

GONE = ("empty",)
"""Codes of failures that say the words are gone; all others leave what was indexed as it was."""


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
        self._looked_at = ""
        self._fault = ""
        self._swap = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Casebook:
        """Load the models that `settings` name. Raises ModelError."""
        embedder = SentenceTransformerEmbedder.load(settings.embedding_model, settings.threads)
        return cls(settings, embedder, choose(settings))

    # --- documents ---------------------------------------------------------------------------

    def build(
        self,
        on_progress: Progress | None = None,
        *,
        should_stop: ShouldStop | None = None,
        wait: float = 0.0,
        allow_empty: bool = False,
    ) -> tuple[BuildSummary, CorpusReading]:
        """Bring the index in step with the corpus folder, and lift the hold of a rollback.

        A file that cannot be read now but was indexed before keeps its old text. `on_progress` is
        told (done, all) texts; `should_stop` is asked once the corpus is read, between batches of
        texts and before publishing. A build that runs already is waited for at most `wait` seconds.

        Raises CorpusError if not one document could be read (unless the folder holds none and
        `allow_empty`), IndexLocked if another build is running, BuildCancelled if stopped: all
        leave everything as it was.
        """
        started_from = self._generations.served()
        reading, kept = self._gather(allow_empty)
        with self._generations.lock(wait):
            if self._generations.served() != started_from:  # another build was quicker
                reading, kept = self._gather(allow_empty)
            builder = Builder(
                self._generations, self._embedder, keep=self.settings.keep_generations
            )
            watcher = Watcher(on_progress, should_stop)
            summary = builder.build([*reading.documents, *kept], watcher)
        self._note(reading)
        return replace(summary, kept=tuple(document.doc_id for document in kept)), reading

    def _gather(self, allow_empty: bool) -> tuple[CorpusReading, list[Document]]:
        """What the corpus holds, and what is kept in place of what cannot be read.

        Raises CorpusError if that is nothing, unless it may be.
        """
        try:
            reading = read_steadily(
                self.settings.corpus, self.settings.limits, self.settings.tesseract
            )
        except CorpusEmpty as empty:
            if allow_empty:
                return CorpusReading((), (), ()), []
            raise _with_cure(empty, self._generations) from empty
        kept = self._kept(reading)
        if not (reading.documents or kept or allow_empty):
            reasons = "; ".join(str(failure) for failure in reading.failures)
            raise CorpusError(
                f"None of the files in {self.settings.corpus} could be read ({reasons}): "
                "expected at least one. Correct them and build again."
            )
        return reading, kept

    def reading_report(self) -> quarantine.QuarantineReport:
        """What became of each file at the last build that read the corpus."""
        return quarantine.load(self.settings.index)

    def _note(self, reading: CorpusReading) -> None:
        """Keep what became of each file; a report that cannot be written stops no build."""
        try:
            quarantine.save(self.settings.index, reading)
        except OSError as error:
            LOG.warning("the report of the reading was not written: %s", error)

    def _kept(self, reading: CorpusReading) -> list[Document]:
        """The indexed text of files that cannot be read just now.

        A file that was emptied is gone; one that is damaged, behind a closed folder, on a lost
        drive or in the middle of an edit is only out of reach. A folder's id ends in "/".
        """
        lost = tuple(failure.doc_id for failure in reading.failures if failure.code not in GONE)
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

    def ensure_built(self, on_progress: Progress | None = None) -> BuildSummary | None:
        """Build the index if there is none, or only one of another model or format.

        If there is one, it is brought in step with the corpus as far as that is possible now; one
        that was rolled back to is left alone.
        """
        try:
            self.index()
        except (IndexMissing, IndexStale):
            return self._build_and_tell(on_progress)
        if self._generations.held():
            LOG.warning("%s", self.hold)
            return None
        try:
            return self._build_and_tell(on_progress)
        except (CorpusError, IndexLocked, SettingError) as error:
            LOG.warning("the index was not brought up to date: %s", error)
            return None

    def _build_and_tell(self, on_progress: Progress | None) -> BuildSummary:
        summary, reading = self.build(on_progress)
        for failure in reading.failures:
            LOG.warning("not read: %s", failure)
        return summary

    # --- generations -------------------------------------------------------------------------

    def generations(self) -> tuple[GenerationInfo, ...]:
        """The generations that are kept, newest first."""
        return self._generations.list()

    def rollback(self, name: str) -> None:
        """Serve generation `name` again and hold it: see `Generations.rollback`.

        Raises SettingError if there is none of that name, IndexDamaged if it is not whole,
        IndexStale if it was built with another model, IndexLocked if a build is running.
        """
        name = self._generations.resolve(name)
        check_model(self._generations.manifest(name), self._embedder, self.settings.index)
        self._generations.rollback(name)

    @property
    def hold(self) -> str:
        """A sentence if the index is held by a rollback, else empty."""
        name = self._generations.held()
        return (
            f"The index is held at generation {name}, which was rolled back to: it is left as it "
            "is until it is built on purpose (python build_index.py)."
            if name
            else ""
        )

    # --- serving -----------------------------------------------------------------------------

    def index(self) -> EmbeddedIndex:
        """The generation being served; a newer one is picked up here. Raises IndexFault."""
        return self._serving().index

    @property
    def fault(self) -> str:
        """Why the generation that CURRENT names is not the one being served; empty if it is."""
        return self._fault

    def _serving(self) -> _Serving:
        """What to answer from: the current generation, or the best one that is whole."""
        name = self._generations.served()
        serving = self._open
        if serving is not None and name == self._looked_at:
            return serving
        # While one thread opens a new generation the others go on with the old one.
        if not self._swap.acquire(blocking=serving is None):
            return serving or self._serving()
        try:
            if self._open is None or self._generations.served() != self._looked_at:
                self._open = self._opened(self._open)
            return self._open
        finally:
            self._swap.release()

    def _opened(self, before: _Serving | None) -> _Serving:
        """The current generation; if it cannot be used, `before` or the newest older whole one.

        Raises IndexFault if there is none.
        """
        self._looked_at = self._generations.served()
        try:
            serving = self._serve(self._generations.current())
        except IndexFault as fault:
            if self._generations.served() != self._looked_at:  # replaced while it was opened
                return self._opened(before)
            serving_instead = before or self._fallback(fault)
            if serving_instead is None:
                raise
            name = serving_instead.index.generation
            self._fault = f"{fault} Until then generation {name} is served."
            LOG.error("%s", self._fault)
            return serving_instead
        self._fault = ""
        return serving

    def _fallback(self, fault: IndexFault) -> _Serving | None:
        """The newest older generation that is whole, if it is damage that is in the way."""
        if not isinstance(fault, IndexDamaged):
            return None
        for name in self._generations.fallbacks():
            with suppress(IndexFault):
                return self._serve(name)
        return None

    def _serve(self, name: str) -> _Serving:
        index = EmbeddedIndex(self.settings.index, name, self._embedder)
        return _Serving(index, Names.of(index.documents()))

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


def check_corpus(settings: Settings, allow_empty: bool = False) -> None:
    """Raises CorpusEmpty if there is no corpus folder: known before any model is loaded."""
    try:
        check_folder(settings.corpus)
    except CorpusEmpty as empty:
        if not allow_empty:
            raise _with_cure(empty, Generations(settings.index)) from empty


def _with_cure(empty: CorpusEmpty, generations: Generations) -> CorpusEmpty:
    """What to do if the folder is empty on purpose, where there is an index to be emptied."""
    held = next((info.documents for info in generations.list() if info.current), 0)
    cure = f" The index keeps its {held} documents; to empty it, build with --allow-empty."
    return CorpusEmpty(f"{empty}{cure if held else ''}")


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
