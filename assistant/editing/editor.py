"""What an editor does to the corpus: add, replace, remove, undo; the index follows at once.

A change is whole: if the build that follows is cancelled or fails, the files are put back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from assistant import text as texts
from assistant.documents.corpus import READERS, CorpusReading
from assistant.editing.changes import Changes, digest
from assistant.editing.drafts import Draft, Drafts, Entry
from assistant.editing.names import corpus_path, free_name, safe_name
from assistant.editing.standing import Folder
from assistant.editing.work import Outcome, Work, Worker
from assistant.errors import CasebookError, DocumentError, EditError, IndexFault, RecordError
from assistant.indexing.summary import BuildSummary
from assistant.pipeline import Casebook
from assistant.records.suggestions import State as Decision
from assistant.records.suggestions import Suggestions

LOCK_PATIENCE = 60.0
"""Seconds to wait for a build that somebody else began."""
EDITABLE = (".md", ".markdown", ".txt")
"""Formats whose files can be corrected in the browser."""
LONGEST_EDITABLE = 1_000_000
"""Bytes; longer files are replaced by uploading."""
Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]


class Editor:
    """Changes the corpus of one casebook, one change at a time."""

    def __init__(self, casebook: Casebook) -> None:
        settings = casebook.settings
        self._casebook, self._corpus = casebook, settings.corpus
        self.drafts = Drafts(settings.index, settings.limits)
        self.changes = Changes(settings.corpus, settings.index)
        self.suggestions = Suggestions(settings.index)
        self.folder = Folder(settings.corpus, settings.limits)
        self.worker = Worker()

    # --- Looking ---------------------------------------------------------------------------------

    def existing(self, name: str) -> str:
        """The doc_id at the top of the corpus that has this name, in capitals or not; else ""."""
        return next((n for n in self.names() if n.casefold() == name.casefold()), "")

    def names(self) -> list[str]:
        """The names at the top of the corpus folder."""
        return sorted(path.name for path in self._corpus.iterdir()) if self._corpus.is_dir() else []

    def text(self, doc_id: str) -> tuple[str, str] | None:
        """(text, SHA-256) of a case study's file, None if it cannot be corrected in the browser.

        Raises EditError if there is no such file.
        """
        path = self._file(doc_id)
        if path.suffix.lower() not in EDITABLE or path.stat().st_size > LONGEST_EDITABLE:
            return None
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise EditError(
                f"“{doc_id}” cannot be opened ({error.strerror}): expected a file that this "
                "account may read. Check its permissions."
            ) from error
        return texts.decode(raw), digest(raw)

    def uploaded(self, name: str, replaces: str = "") -> Entry:
        """The entry of an uploaded file. Raises EditError if its format is not read."""
        return Entry(safe_name(name), replaces or self.existing(safe_name(name)))

    # --- Changing --------------------------------------------------------------------------------

    def apply(self, draft: Draft, numbers: Collection[int], beside: Collection[int] = ()) -> Work:
        """Put these entries of a draft into the corpus and index them, in the background.

        Those in `beside` get a name of their own instead of replacing what has theirs. Raises
        EditError if nothing can be done.
        """
        chosen = {number: draft.entries[number] for number in sorted(numbers)}
        if not chosen:
            raise EditError("No file was chosen: expected at least one. Tick those to be kept.")
        contents: dict[str, bytes | None] = {}
        for number, entry in chosen.items():
            doc_id = entry.doc_id
            if number in beside or doc_id in contents:
                doc_id = free_name(entry.name, [*self.names(), *contents])
            elif entry.replaces:
                self._check_unseen(entry)
                contents[entry.replaces] = None  # gone, unless what replaces it has its name
                if doc_id != entry.replaces and self.changes.digest_of(doc_id):
                    raise EditError(
                        f"“{doc_id}” is there already: expected another ending or the name of what "
                        "it replaces. Remove one of the two first."
                    )
            contents[doc_id] = self.drafts.path(draft, number).read_bytes()
        added = tuple(doc_id for doc_id, raw in contents.items() if raw is not None)
        names = ", ".join(added[:3]) + (" …" if len(added) > 3 else "")

        def task(on_progress: Progress, should_stop: ShouldStop) -> Outcome:
            outcome = self._change(contents, on_progress, should_stop)
            self.drafts.drop(draft.id)
            if draft.suggestion:
                self.suggestions.close(draft.suggestion, Decision.ACCEPTED)
            return outcome

        return self.worker.start(f"Indexing {names}", task)

    def remove(self, doc_id: str) -> Work:
        """Remove a case study and its file, in the background. Raises EditError if it cannot be."""
        self._file(doc_id)
        held = {document.doc_id for document in self._casebook.index().documents()}
        if held <= {doc_id}:
            raise EditError(
                "This is the only case study: expected at least one to stay, so that there is "
                "something to answer from. Add another one first."
            )
        return self.worker.start(
            f"Removing {doc_id}", lambda told, stop: self._change({doc_id: None}, told, stop)
        )

    def reindex(self) -> Work:
        """Bring the index in step with the folder, in the background."""

        def task(on_progress: Progress, should_stop: ShouldStop) -> Outcome:
            summary, reading = self._build(on_progress, should_stop)
            return _outcome(summary, reading, (), "")

        return self.worker.start("Indexing the folder", task)

    def undo(self, change_id: str) -> Work:
        """Put the files of a change and the index back as they were, in the background.

        Raises EditError if a file was changed since.
        """
        change = self.changes.get(change_id)
        self.changes.check_undo(change)

        def task(on_progress: Progress, should_stop: ShouldStop) -> Outcome:
            self.changes.take_back(change)
            if self._casebook.index().generation == change.generation_after:
                with suppress(CasebookError):  # not kept any more, or not whole: built instead
                    self._casebook.rollback(change.generation_before)
            # Files and index agree again: this build finds nothing to do, and lifts the hold.
            self._build(on_progress, lambda: False)
            return Outcome(f"Undone: {change.summary}. The case studies are as they were before.")

        return self.worker.start("Undoing a change", task)

    def _change(
        self, contents: Mapping[str, bytes | None], on_progress: Progress, should_stop: ShouldStop
    ) -> Outcome:
        change = self.changes.make(contents, self._generation())
        try:
            summary, reading = self._build(on_progress, should_stop)
        except BaseException:
            self.changes.take_back(change)
            raise
        with suppress(RecordError):  # it is made all the same, and can be undone by a build
            self.changes.finish(change, summary.generation)
        added = tuple(doc_id for doc_id, raw in contents.items() if raw is not None)
        return _outcome(summary, reading, added, change.id)

    def _build(
        self, on_progress: Progress, should_stop: ShouldStop
    ) -> tuple[BuildSummary, CorpusReading]:
        return self._casebook.build(on_progress, should_stop=should_stop, wait=LOCK_PATIENCE)

    # --- Checking --------------------------------------------------------------------------------

    def _generation(self) -> str:
        try:
            return self._casebook.index().generation
        except IndexFault:
            return ""

    def _file(self, doc_id: str) -> Path:
        path = corpus_path(self._corpus, doc_id)
        if not path.is_file() or path.suffix.lower() not in READERS:
            raise EditError(
                f"There is no case study “{doc_id[:80]}” in the folder: expected one of those "
                "listed. It may have been renamed or removed."
            )
        return path

    def _check_unseen(self, entry: Entry) -> None:
        """Raises EditError if the file to be replaced is not the one the editor was shown."""
        if entry.seen and entry.seen != self.changes.digest_of(entry.replaces):
            raise EditError(
                f"“{entry.replaces}” was changed by somebody else since you opened it: expected it "
                "as you saw it. Open it again and repeat your change there."
            )


def _outcome(
    summary: BuildSummary, reading: CorpusReading, added: tuple[str, ...], change: str
) -> Outcome:
    failures = tuple(_failure(failure) for failure in reading.failures)
    failed = {doc_id for doc_id, _ in failures}
    return Outcome(
        f"The index has {summary.documents:,} case studies and {summary.passages:,} passages now "
        f"(generation {summary.generation}).",
        failures,
        tuple(doc_id for doc_id in added if doc_id not in failed),
        change,
    )


def _failure(failure: DocumentError) -> tuple[str, str]:
    return failure.doc_id, failure.reason
