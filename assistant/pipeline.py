"""The one path of a question, and of a folder of documents: every door leads through `Casebook`."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from assistant import text as texts
from assistant.answering.follow_ups import Names, stand_alone
from assistant.answering.inquiry import Inquiry, reranked
from assistant.answering.parts import parts_of
from assistant.answering.reasoning import Reasoning, choose
from assistant.datatypes import Answer, Document, Hit
from assistant.documents import CorpusReading, quarantine
from assistant.errors import (
    BuildCancelled,
    CorpusError,
    IndexLocked,
    IndexMissing,
    IndexStale,
    QuestionError,
    SettingError,
)
from assistant.gathering import Gathered, gather
from assistant.indexing import donors
from assistant.indexing.build import Builder, Progress, ShouldStop, Watcher
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.indexing.generations import GenerationInfo, Generations
from assistant.indexing.history import History
from assistant.indexing.summary import BuildSummary
from assistant.retrieval.embedded import EmbeddedIndex, check_model
from assistant.serving import Serving
from assistant.settings import Settings

LOG = logging.getLogger(__name__)


class Stage(StrEnum):
    """What is being done for a question, in this order."""

    SEARCHING = "searching"
    READING = "reading"
    ANSWERING = "answering"


@dataclass(frozen=True)
class _Served:
    """A generation and the names in it, held together for the length of a question."""

    index: EmbeddedIndex
    names: Names

    @classmethod
    def open(cls, root: Path, embedder: Embedder, name: str) -> _Served:
        """Generation `name`. Raises IndexFault."""
        index = EmbeddedIndex(root, name, embedder)
        return cls(index, Names.of(index.documents()))


class Casebook:
    """A corpus, its index, and the way from a question to an answer. Safe to share by threads."""

    def __init__(self, settings: Settings, embedder: Embedder, reasoning: Reasoning) -> None:
        self.settings, self._embedder, self._reasoning = settings, embedder, reasoning
        self._generations = Generations(settings.index)
        self._serving = Serving(self._generations, partial(_Served.open, settings.index, embedder))

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
        gathered = self._gather(allow_empty)
        with self._generations.lock(wait):
            if self._generations.served() != started_from:  # another build was quicker
                gathered = self._gather(allow_empty)
            builder = Builder(
                self._generations, self._embedder, keep=self.settings.keep_generations
            )
            watcher = Watcher(on_progress, should_stop)
            summary = builder.build(gathered.documents, watcher)
        self._note(gathered.reading)
        return replace(summary, kept=gathered.kept), gathered.reading

    def _gather(self, allow_empty: bool) -> Gathered:
        return gather(self.settings, self._generations, self._documents, allow_empty)

    def _documents(self) -> Iterable[Document]:
        """What is indexed, with whatever model, as far as it is whole."""
        earlier = donors.current(self._generations)
        return earlier.documents().values() if earlier else ()

    def reading_report(self) -> quarantine.QuarantineReport:
        """What became of each file at the last build that read the corpus."""
        return quarantine.load(self.settings.index)

    def _note(self, reading: CorpusReading) -> None:
        """Keep what became of each file; a report that cannot be written stops no build."""
        try:
            quarantine.save(self.settings.index, reading)
        except OSError as error:
            LOG.warning("the report of the reading was not written: %s", error)

    def ensure_built(self, on_progress: Progress | None = None) -> BuildSummary | None:
        """Build the index if there is none, or only one of another model or format.

        If there is one, it is brought in step with the corpus as far as that is possible now; one
        that was rolled back to is left alone.
        """
        try:
            self.index()
        except (IndexMissing, IndexStale):
            return self._build_and_tell(on_progress)
        try:
            return self._build_and_tell(on_progress, lambda: bool(self._generations.held()))
        except BuildCancelled:
            LOG.warning("%s", self.hold)
        except (CorpusError, IndexLocked, SettingError) as error:
            LOG.warning("the index was not brought up to date: %s", error)
        return None

    def _build_and_tell(
        self, on_progress: Progress | None, should_stop: ShouldStop | None = None
    ) -> BuildSummary:
        summary, reading = self.build(on_progress, should_stop=should_stop)
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
    def history(self) -> History:
        """The earlier wordings of documents that changed."""
        return History(self._generations)

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
        return self._serving.now().index

    @property
    def fault(self) -> str:
        """Why the generation that CURRENT names is not the one being served; empty if it is."""
        return self._serving.fault

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
        serving = self._serving.now()
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
        serving = self._serving.now()
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
