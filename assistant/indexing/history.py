"""Earlier wordings: what a case study said before it was changed, so that old links can tell.

The folder `earlier/` of the index holds, for each document that was changed and is still there, its
last versions as the index had them, one small store each. A document that is removed takes its
earlier wordings with it. Nothing that a reader typed is kept here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.datatypes import Document, Passage
from assistant.errors import IndexFault
from assistant.indexing.generations import Generations
from assistant.indexing.layout import STORE
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Store

EARLIER = "earlier"
FORMAT = 2
"""Of the stores in it, whatever else a generation is made of."""
ENDING = ".sqlite3"
VERSIONS = 20
"""Earlier versions kept of a document; the oldest go first."""


@dataclass(frozen=True)
class Version:
    """A document as `generation` held it."""

    generation: str
    document: Document
    passages: tuple[Passage, ...]


class History:
    """The earlier wordings in one index folder."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._folder = generations.root / EARLIER / f"format-{FORMAT}"

    def remember(self, generation: Path, doc_ids: Iterable[str]) -> None:
        """Keep these documents of a generation's folder, which the next one changes.

        Raises OSError if they cannot be written.
        """
        for doc_id in doc_ids:
            version = _read(generation / STORE, generation.name, doc_id)
            if version is None:
                continue
            folder = self._of(doc_id)
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{generation.name}{ENDING}"
            path.unlink(missing_ok=True)  # of a build that broke off after this
            Store.write(path, [version.document], version.passages)
            for oldest in sorted(folder.glob(f"*{ENDING}"))[:-VERSIONS]:
                oldest.unlink(missing_ok=True)

    def forget(self, doc_ids: Iterable[str]) -> None:
        """Drop all earlier versions of these documents, which are removed from the index."""
        for doc_id in doc_ids:
            shutil.rmtree(self._of(doc_id), ignore_errors=True)

    def versions(self, doc_id: str) -> Iterator[Version]:
        """The document as it was, newest first: in the generations kept, then before those.

        What cannot be read any more is passed over.
        """
        names = {name: self._generations.folder(name) / STORE for name in self._readable()}
        for path in self._of(doc_id).glob(f"*{ENDING}"):
            names.setdefault(path.stem, path)
        for generation in sorted(names, reverse=True):
            found = _read(names[generation], generation, doc_id)
            if found is not None:
                yield found

    def last_seen(self, doc_id: str) -> str:
        """When the newest kept generation with this document was made (ISO 8601), else ""."""
        for name, manifest in sorted(self._readable().items(), reverse=True):
            if _read(self._generations.folder(name) / STORE, name, doc_id) is not None:
                return manifest.created
        return ""

    def _readable(self) -> dict[str, Manifest]:
        """The kept generations that this version of Casebook can read."""
        found: dict[str, Manifest] = {}
        for name in self._generations.names():
            with suppress(IndexFault):
                found[name] = Manifest.read(self._generations.folder(name))
        return found

    def _of(self, doc_id: str) -> Path:
        """The folder of a document: its id is a path of somebody else's, and may be long."""
        name = hashlib.blake2b(doc_id.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return self._folder / name


def _read(path: Path, generation: str, doc_id: str) -> Version | None:
    try:
        store = Store(path)
    except IndexFault:
        return None
    try:
        document = store.document(doc_id)
        if document is None:
            return None
        return Version(generation, document, tuple(store.passages(doc_id)))
    except IndexFault:
        return None
    finally:
        store.close()
