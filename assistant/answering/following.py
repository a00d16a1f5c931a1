"""Follow a link made long ago: to the same words, to what became of them, or to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.answering.comparing import Nearest, nearest
from assistant.answering.fingerprints import is_name, locate, trace
from assistant.datatypes import Document, Span
from assistant.indexing.history import History

if TYPE_CHECKING:
    from assistant.retrieval.index import Index


class Fate(StrEnum):
    """What became of quoted words."""

    UNCHANGED = "unchanged"
    """They stand there still, word for word."""
    UNCLEAR = "unclear"
    """The same words stand in several places, and it cannot be told which was meant."""
    CHANGED = "changed"
    """They are gone from their document."""
    REMOVED = "removed"
    """The document was in the index and is no longer."""
    UNKNOWN = "unknown"
    """There is no such document, as far as anybody remembers."""


@dataclass(frozen=True)
class Followed:
    """Where a link leads now. What does not apply to its fate is empty.

    `words` are the quoted ones, as they stand or as they stood, empty if nobody knows them any
    more; `nearest` what is closest to them now. `renamed` is a document of today with the removed
    one's very text, `last_seen` when the index last held it (ISO 8601).
    """

    fate: Fate
    document: Document | None = None
    span: Span | None = None
    places: tuple[Span, ...] = ()
    words: str = ""
    nearest: Nearest | None = None
    renamed: Document | None = None
    last_seen: str = ""


def follow(
    index: Index, history: History, doc_id: str, fingerprint: str, words: str = ""
) -> Followed:
    """What became of the words that `fingerprint` names in `doc_id`.

    `words`, if they are known, spare a search through the earlier versions of the document.
    """
    document = index.document(doc_id)
    if document is None:
        return _without_document(index, history, doc_id)
    passages = index.passages(doc_id)
    found = trace(document, passages, fingerprint)
    if found.meant is not None:
        here = found.meant.of(document.text)
        return Followed(Fate.UNCHANGED, document, found.meant, found.places, here)
    if found.places:
        here = found.places[0].of(document.text)
        return Followed(Fate.UNCLEAR, document, places=found.places, words=here)
    words = words or _remembered(history, doc_id, fingerprint)
    close = nearest(words, document, passages) if words else None
    return Followed(Fate.CHANGED, document, words=words, nearest=close)


def _remembered(history: History, doc_id: str, fingerprint: str) -> str:
    """The words of that name in an earlier version of the document, "" if there are none."""
    if not is_name(fingerprint):
        return ""
    for version in history.versions(doc_id):
        span = locate(version.document, version.passages, fingerprint)
        if span is not None:
            return span.of(version.document.text)
    return ""


def _without_document(index: Index, history: History, doc_id: str) -> Followed:
    before = next(history.versions(doc_id), None)
    if before is None:
        return Followed(Fate.UNKNOWN)
    same = (d for d in index.documents() if d.text == before.document.text)
    return Followed(Fate.REMOVED, renamed=next(same, None), last_seen=history.last_seen(doc_id))
