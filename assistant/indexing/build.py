"""Documents become the next generation: only the new is embedded, all or nothing is served."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import text as texts
from assistant.datatypes import Document, Passage
from assistant.errors import BuildCancelled, SettingError
from assistant.indexing import dates, donors, vocabulary
from assistant.indexing.agreement import check_agreement
from assistant.indexing.duplicates import duplicates
from assistant.indexing.embedders import Embedder
from assistant.indexing.generations import Generations
from assistant.indexing.history import History
from assistant.indexing.layout import (
    LEXICAL,
    PASSAGES,
    SENTENCES,
    STORE,
    WORD_VECTORS,
    WORDS,
)
from assistant.indexing.lexical import LexicalFolder
from assistant.indexing.manifest import Changes, Manifest, hash_files
from assistant.indexing.passages import SplitterSettings, split
from assistant.indexing.store import Store
from assistant.indexing.summary import BuildSummary
from assistant.indexing.vectors import VectorFile

Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]
Vectors = npt.NDArray[np.float32]


def build(
    documents: Sequence[Document],
    root: Path,
    embedder: Embedder,
    splitter: SplitterSettings | None = None,
    keep: int = 3,
    on_progress: Progress | None = None,
) -> BuildSummary:
    """Publish a generation holding exactly `documents`; nothing is published if nothing changed.

    `on_progress` is told (done, all) texts embedded. Raises IndexLocked if a build is running,
    SettingError if the folder cannot be written.
    """
    builder = Builder(Generations(root), embedder, splitter or SplitterSettings(), keep)
    with builder.generations.lock():
        return builder.build(documents, Watcher(on_progress))


class Watcher:
    """Who is told how far a build is, and may stop it: `should_stop` is asked between batches."""

    def __init__(
        self, on_progress: Progress | None = None, should_stop: ShouldStop | None = None
    ) -> None:
        self._on_progress, self._should_stop = on_progress, should_stop
        self._done = self._all = 0

    def expect(self, count: int) -> None:
        """So many texts are to be embedded."""
        self._all = count

    def advance(self, count: int) -> None:
        """So many more are. Raises BuildCancelled if the build should stop."""
        self._done += count
        if self._on_progress:
            self._on_progress(self._done, self._all)
        self.check()

    def check(self) -> None:
        """Raises BuildCancelled if the build should stop."""
        if self._should_stop is not None and self._should_stop():
            raise BuildCancelled("The build was cancelled: nothing was changed.")


@dataclass(frozen=True)
class Builder:
    """Makes generations in one index folder with one model; the caller holds the build lock."""

    generations: Generations
    embedder: Embedder
    splitter: SplitterSettings = field(default_factory=SplitterSettings)
    keep: int = 3

    def build(self, documents: Sequence[Document], watcher: Watcher) -> BuildSummary:
        """Publish a generation holding exactly `documents`, unless the one served does already.

        Raises SettingError if the folder cannot be written, BuildCancelled if `watcher` says so;
        either leaves everything as it was.
        """
        watcher.check()
        with self._translated():
            before = donors.current(self.generations)
            ordered = sorted(documents, key=lambda document: document.doc_id)
            passages = [p for document in ordered for p in split(document, self.splitter)]
            summary = replace(_compared(before, ordered), duplicates=duplicates(passages))
            if before is None or self._differs(before, summary):
                summary = self._publish(ordered, passages, summary, watcher)
            self.generations.release()
            self.generations.prune(self.keep)
        return summary

    def _publish(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        summary: BuildSummary,
        watcher: Watcher,
    ) -> BuildSummary:
        """Write, check and publish the generation that `summary` foresees."""
        since = summary.generation
        before = self.generations.folder(since) if since else None
        history = History(self.generations)
        name, folder = self.generations.begin()
        try:
            embedded = self._write(folder, documents, passages, watcher)
            summary = replace(
                summary, generation=name, passages=len(passages), embedded=embedded, published=True
            )
            dates.write(folder, documents, before)
            self._manifest(summary, since, passages, folder).write(folder)
            check_agreement(folder)
            watcher.check()
            if before:
                history.remember(before, summary.changed)
            self.generations.publish(name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        history.forget(summary.removed)
        return summary

    def _differs(self, before: donors.Earlier, summary: BuildSummary) -> bool:
        """Whether there is anything to publish."""
        if summary.added or summary.removed or summary.changed:
            return True
        served = before.manifest.generation == self.generations.served()
        return not (served and before.same_settings(self.embedder, self.splitter))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            served = self.generations.served()
            raise SettingError(
                f"The index in {self.generations.root} could not be written ({error}): expected "
                "space and leave to make a new generation. "
                f"{f'Generation {served} is served' if served else 'Nothing is served'}; make room "
                "and build again."
            ) from error

    def _write(
        self,
        folder: Path,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        watcher: Watcher,
    ) -> int:
        """Write all files but the manifest; returns how many texts were embedded."""
        indexed = [passage.indexed_text for passage in passages]
        sentences = [sentence for passage in passages for sentence in passage.sentence_texts]
        words = vocabulary.of(indexed)
        wanted = {texts.hash63(text): text for text in dict.fromkeys(indexed + sentences + words)}
        known = donors.known_vectors(self.generations, self.embedder, wanted.keys())
        fresh = {key: text for key, text in wanted.items() if key not in known}
        watcher.expect(len(fresh))
        vectors = self.embedder.embed(list(fresh.values()), watcher.advance)
        known |= dict(zip(fresh, vectors, strict=True))
        for name, rows in ((PASSAGES, indexed), (SENTENCES, sentences), (WORD_VECTORS, words)):
            found = (
                np.stack([known[texts.hash63(text)] for text in rows])
                if rows
                else np.zeros((0, self.embedder.dimension), dtype=np.float32)
            )
            VectorFile.of(found).save(folder / name)
        vocabulary.write(folder / WORDS, words)
        Store.write(folder / STORE, documents, passages)
        LexicalFolder.write(
            folder / LEXICAL,
            zip((p.passage_id for p in passages), indexed, strict=True),
        )
        return len(fresh)

    def _manifest(
        self,
        summary: BuildSummary,
        since: str,
        passages: Sequence[Passage],
        folder: Path,
    ) -> Manifest:
        return Manifest(
            generation=summary.generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            embedder=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            splitter=asdict(self.splitter),
            documents=summary.documents,
            passages=summary.passages,
            sentences=sum(len(passage.sentences) for passage in passages),
            words=len(vocabulary.read(folder / WORDS)),
            files=hash_files(folder),
            changes=Changes(
                since,
                len(summary.added),
                len(summary.changed),
                len(summary.removed),
            ),
        )


def _compared(before: donors.Earlier | None, documents: Sequence[Document]) -> BuildSummary:
    """What would change if `documents` replaced those of `before`: not published yet."""
    old = before.documents() if before else {}
    new = {document.doc_id: document for document in documents}
    return BuildSummary(
        generation=before.manifest.generation if before else "",
        documents=len(new),
        passages=before.manifest.passages if before else 0,
        embedded=0,
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(k for k in new.keys() & old.keys() if new[k] != old[k])),
        removed=tuple(sorted(old.keys() - new.keys())),
        published=False,
    )
