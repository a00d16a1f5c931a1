"""The case studies as a table: search, filters, since when each is indexed and how it stands.

What is above the table, for an editor, is the way to change the corpus and to what readers suggest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant import text as texts
from assistant.datatypes import Document, Metadata, source_url
from assistant.editing.standing import Standing, State
from assistant.web.rendering import theme_name

STATES = {
    State.INDEXED: "Indexed",
    State.CHANGED: "File changed since",
    State.NEW: "Not indexed yet",
    State.MISSING: "File is gone",
    State.UNREADABLE: "Cannot be read",
}
FILTERS = ("place", "region", "theme", "state")


@dataclass(frozen=True)
class Row:
    """One case study of the table; `since` is a date, `passages` 0 for what is not indexed."""

    doc_id: str
    title: str
    metadata: Metadata
    passages: int
    since: str
    standing: Standing
    searched: str
    """All its words that a search looks in, case-folded."""

    @property
    def url(self) -> str:
        """Its page, "" if it has none yet."""
        return source_url(self.doc_id) if self.passages else ""

    @property
    def region(self) -> str:
        """Region and country as one, without repeating the place."""
        parts = (self.metadata.region, self.metadata.country)
        known = dict.fromkeys(part for part in parts if part and part != self.metadata.place)
        return ", ".join(known)

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return STATES[self.standing.state]

    def values(self, name: str) -> tuple[str, ...]:
        """What a filter may choose this case study by."""
        if name == "theme":
            return self.metadata.themes
        if name == "state":
            return (self.standing.state.value,)
        if name == "region":
            return tuple(v for v in (self.metadata.region, self.metadata.country) if v)
        return (self.metadata.place,) if self.metadata.place else ()


@dataclass(frozen=True)
class Filter:
    """One choice above the table: (value, words) of its options, and the one that is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def rows(
    documents: Iterable[Document],
    standings: Mapping[str, Standing],
    passages: Mapping[str, int],
    since: Mapping[str, str],
    made: str,
) -> list[Row]:
    """The table of `documents` and of files that are not indexed, by place and title.

    `since` says since when a document is in the index as it is; what it leaves out dates from when
    the index was `made`.
    """
    known = {document.doc_id: document for document in documents}
    found = [
        Row(
            doc_id, document.title, document.metadata, passages.get(doc_id, 0),
            since.get(doc_id, made)[:10], standings.get(doc_id, Standing(State.INDEXED)),
            _searched(document),
        )
        for doc_id, document in known.items()
    ]  # fmt: skip
    found += [
        Row(doc_id, doc_id, Metadata(), 0, "", standing, _folded([doc_id]))
        for doc_id, standing in standings.items()
        if doc_id not in known
    ]
    return sorted(found, key=lambda row: (row.metadata.place or row.title, row.title, row.doc_id))


def chosen(table: Sequence[Row], search: str, filters: Mapping[str, str]) -> list[Row]:
    """The rows that hold every word of `search` and every value of `filters` that is not ""."""
    words = texts.words(search)
    return [
        row
        for row in table
        if all(word in row.searched for word in words)
        and all(value in row.values(name) for name, value in filters.items() if value)
    ]


def choices(table: Sequence[Row], filters: Mapping[str, str]) -> list[Filter]:
    """The filters with whatever the whole table offers; one without a choice is left out."""
    labels = {"place": "Place", "region": "Region or country", "theme": "Theme", "state": "State"}
    found = []
    for name in FILTERS:
        values = sorted({value for row in table for value in row.values(name)})
        if len(values) > 1 or filters.get(name):
            options = tuple((value, _words(name, value)) for value in values)
            found.append(Filter(name, labels[name], options, filters.get(name, "")))
    return found


def _words(name: str, value: str) -> str:
    if name == "state":
        return STATES[State(value)]
    return theme_name(value) if name == "theme" else value


def _searched(document: Document) -> str:
    meta = document.metadata
    return _folded(
        [
            document.title, document.doc_id, meta.place, meta.region, meta.country, meta.period,
            meta.publisher, meta.source_title, *meta.organisations, *map(theme_name, meta.themes),
        ]
    )  # fmt: skip


def _folded(parts: Iterable[str]) -> str:
    return " ".join(" ".join(texts.words(part)) for part in parts)
