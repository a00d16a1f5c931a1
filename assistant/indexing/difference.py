"""What one generation has and another has not: documents and passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant import text as texts
from assistant.datatypes import Document, Passage
from assistant.indexing.generations import Generations
from assistant.indexing.layout import STORE
from assistant.indexing.store import Store

ALIKE = 0.5
"""Share of words in common from which a removed and an added passage are one that was changed."""


class Kind(StrEnum):
    """What happened to a document or passage."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class PassageChange:
    """One passage: `before` is empty if it was added, `after` if it was removed."""

    doc_id: str
    heading: tuple[str, ...]
    before: str
    after: str

    @property
    def kind(self) -> Kind:
        """Added, removed or changed."""
        if self.before and self.after:
            return Kind.CHANGED
        return Kind.REMOVED if self.before else Kind.ADDED


@dataclass(frozen=True)
class Difference:
    """From generation `older` to `newer`; all sequences by `doc_id`, passages in their order.

    A document under another name with the same words is renamed, and not added or removed.
    """

    older: str
    newer: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    passages: tuple[PassageChange, ...]

    def count(self, doc_id: str, kind: Kind) -> int:
        """How many passages of a document were added, removed or changed."""
        return sum(p.doc_id == doc_id and p.kind is kind for p in self.passages)


def compare(generations: Generations, older: str, newer: str) -> Difference:
    """What happened between two generations. Raises IndexDamaged, IndexStale or SettingError."""
    older, newer = generations.resolve(older), generations.resolve(newer)
    before, after = _held(generations, older), _held(generations, newer)
    old = {document.doc_id: document for document, _ in before}
    new = {document.doc_id: document for document, _ in after}
    renamed = _renamed(old, new)
    moved = {name for pair in renamed for name in pair}
    changed = sorted(k for k in old.keys() & new.keys() if old[k] != new[k])
    return Difference(
        older,
        newer,
        added=tuple(sorted(new.keys() - old.keys() - moved)),
        removed=tuple(sorted(old.keys() - new.keys() - moved)),
        changed=tuple(changed),
        renamed=renamed,
        passages=tuple(_passages(_of(before, moved), _of(after, moved))),
    )


_Held = list[tuple[Document, list[Passage]]]


def _held(generations: Generations, name: str) -> _Held:
    folder = generations.folder(name)
    generations.manifest(name).check_files(folder)
    store = Store(folder / STORE)
    try:
        return [(document, store.passages(document.doc_id)) for document in store.documents()]
    finally:
        store.close()


def _of(held: _Held, but: set[str]) -> dict[str, list[Passage]]:
    return {document.doc_id: found for document, found in held if document.doc_id not in but}


def _renamed(
    old: Mapping[str, Document], new: Mapping[str, Document]
) -> tuple[tuple[str, str], ...]:
    """(name before, name now) of documents whose file is the same; each is paired once."""
    gone = {old[doc_id].sha256: doc_id for doc_id in sorted(old.keys() - new.keys(), reverse=True)}
    pairs = []
    for doc_id in sorted(new.keys() - old.keys()):
        before = gone.pop(new[doc_id].sha256, None)
        if before is not None:
            pairs.append((before, doc_id))
    return tuple(sorted(pairs))


def _passages(
    before: Mapping[str, Sequence[Passage]], after: Mapping[str, Sequence[Passage]]
) -> Iterable[PassageChange]:
    for doc_id in sorted(before.keys() | after.keys()):
        old, new = before.get(doc_id, ()), after.get(doc_id, ())
        known, still = {p.passage_id for p in old}, {p.passage_id for p in new}
        gone = [p for p in old if p.passage_id not in still]
        come = [p for p in new if p.passage_id not in known]
        for passage in gone:
            match = _best(passage, come)
            if match is not None:
                come.remove(match)
            words = match.text if match else ""
            yield PassageChange(doc_id, passage.heading, passage.text, words)
        for passage in come:
            yield PassageChange(doc_id, passage.heading, "", passage.text)


def _best(passage: Passage, others: Sequence[Passage]) -> Passage | None:
    """The one of `others` under the same heading with the most of its words, if enough."""
    words = texts.words(passage.text)
    shares = [
        (SequenceMatcher(None, words, texts.words(other.text), autojunk=False).ratio(), other)
        for other in others
        if other.heading == passage.heading
    ]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= ALIKE else None
