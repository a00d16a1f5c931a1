"""What a build is to index: the corpus as it is now, and what is kept of files out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.datatypes import Document
from assistant.documents import CorpusReading
from assistant.documents.corpus import check_folder
from assistant.documents.steadiness import read_steadily
from assistant.errors import CorpusEmpty, CorpusError
from assistant.indexing.generations import Generations
from assistant.settings import Settings

GONE = ("empty",)
"""Codes of failures that say the words are gone; all others leave what was indexed as it was."""


@dataclass(frozen=True)
class Gathered:
    """The documents to index; `kept` names those whose files could not be read just now."""

    documents: tuple[Document, ...]
    reading: CorpusReading
    kept: tuple[str, ...]


def gather(
    settings: Settings,
    generations: Generations,
    indexed: Callable[[], Iterable[Document]],
    allow_empty: bool = False,
) -> Gathered:
    """Read the corpus; `indexed` gives the documents of the index, and is asked only if needed.

    Raises CorpusError if there is nothing to index, unless the folder may be empty.
    """
    try:
        reading = read_steadily(settings.corpus, settings.limits, settings.tesseract)
    except CorpusEmpty as empty:
        if allow_empty:
            return Gathered((), CorpusReading((), (), ()), ())
        raise _with_cure(empty, generations) from empty
    kept = _kept(reading, indexed)
    documents = (*reading.documents, *kept)
    if not (documents or allow_empty):
        reasons = "; ".join(str(failure) for failure in reading.failures)
        raise CorpusError(
            f"None of the files in {settings.corpus} could be read ({reasons}): expected at least "
            "one. Correct them and build again."
        )
    return Gathered(documents, reading, tuple(document.doc_id for document in kept))


def check_corpus(settings: Settings, allow_empty: bool = False) -> None:
    """Raises CorpusEmpty if there is no corpus folder: known before any model is loaded."""
    try:
        check_folder(settings.corpus)
    except CorpusEmpty as empty:
        if not allow_empty:
            raise _with_cure(empty, Generations(settings.index)) from empty


def _kept(reading: CorpusReading, indexed: Callable[[], Iterable[Document]]) -> list[Document]:
    """The indexed text of files that cannot be read just now.

    A file that was emptied is gone; one that is damaged, behind a closed folder, on a lost drive or
    in the middle of an edit is only out of reach. A folder's id ends in "/".
    """
    lost = tuple(failure.doc_id for failure in reading.failures if failure.code not in GONE)
    if not lost:
        return []
    folders = tuple(doc_id for doc_id in lost if doc_id.endswith("/"))
    return [
        document
        for document in indexed()
        if document.doc_id in lost or document.doc_id.startswith(folders)
    ]


def _with_cure(empty: CorpusEmpty, generations: Generations) -> CorpusEmpty:
    """What to do if the folder is empty on purpose, where there is an index to be emptied."""
    held = next((info.documents for info in generations.list() if info.current), 0)
    cure = f" The index keeps its {held} documents; to empty it, build with --allow-empty."
    return CorpusEmpty(f"{empty}{cure if held else ''}")
