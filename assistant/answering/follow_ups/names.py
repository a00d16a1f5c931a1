"""The entities of a corpus, found in a question however they are cased."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.answering.follow_ups.words import FUNCTION, GENERIC_CAPITALS, Word, words_of
from assistant.datatypes import Document

_JOINED = frozenset({"of", "the", "and", "for"})
_PARENTHESES = re.compile(r"\s*\([^)]*\)")
_RUN = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of )?[A-Z][\w’'-]*)+")
MAX_NAME_WORDS = 12


@dataclass(frozen=True)
class Mention:
    """A name in a text.

    `sited`: it stands for a case study's place, so that another place can replace it.
    `known`: it is an entity of the corpus; others are told by their capitals.
    `place`: it is itself a place, region or country of a case study.
    """

    start: int
    end: int
    text: str
    sited: bool
    known: bool
    place: bool = False


@dataclass(frozen=True)
class _Entry:
    words: tuple[str, ...]
    spelling: str
    sited: bool
    any_case: bool
    place: bool
    """It is a place, region or country of a case study, not what a title opens with."""


@dataclass(frozen=True)
class Names:
    """The names of a corpus: places, regions, countries, organisations and what titles open with.

    Build it once for a generation, with `of`; it is never changed.
    """

    _by_first_word: dict[str, tuple[_Entry, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Names:
        """The names in the metadata and titles of `documents`."""
        entries: dict[tuple[str, ...], _Entry] = {}
        titles: list[str] = []
        organisations: list[str] = []
        for document in documents:
            meta = document.metadata
            for place in (meta.place, meta.region, meta.country):
                for name in _capital_runs(place):
                    _add(entries, name, sited=True, any_case=True, place=True)
            titles.append(document.title)
            organisations += meta.organisations
        for title in titles:  # after all places: one that opens a title is still a place
            _add_title(entries, title)
        sites = frozenset(words for words, entry in entries.items() if entry.any_case)
        for organisation in organisations:
            name = _PARENTHESES.sub("", organisation)
            if name[:1].isupper():
                _add(entries, name, sited=_holds_site(name, sites), any_case=False)
        return cls(_by_first(entries.values()))

    def find(self, text: str, words: list[Word] | None = None) -> list[Mention]:
        """The names in `text`, in order, none inside another; the longest known one wins."""
        words = words_of(text) if words is None else words
        found: list[Mention] = []
        position = 0
        shouting = _mostly_capitals(words)
        while position < len(words):
            entry = self._known_at(words, position)
            if entry is not None:
                size = len(entry.words)
                span = words[position].start, words[position + size - 1].end
                found.append(Mention(*span, entry.spelling, entry.sited, True, entry.place))
            else:
                size = 0 if shouting else self._unknown_at(text, words, position)
                if size:
                    span = words[position].start, words[position + size - 1].end
                    found.append(Mention(*span, text[slice(*span)], sited=False, known=False))
            position += size or 1
        return found

    def spelled(self, text: str) -> str:
        """`text` with its places as the corpus spells them, if its writer uses no capitals.

        "how did leeds ..." is about Leeds; "reading" is no place to one who writes "Leeds".
        """
        words = words_of(text)
        if any(word.text[:1].isupper() and word.text[1:].islower() for word in words[1:]):
            return text
        parts, end, position = [], 0, 0
        while position < len(words):
            entry = self._known_at(words, position)
            size = len(entry.words) if entry else 1
            if entry and entry.place:
                parts += [text[end : words[position].start], entry.spelling]
                end = words[position + size - 1].end
            position += size
        return "".join([*parts, text[end:]])

    def without_place(self, name: str) -> str:
        """`name` without the place that it begins with: "Care Record" of "Leeds Care Record"."""
        words = words_of(name)
        for size in range(len(words) - 1, 0, -1):
            entry = self._known_at(words[:size], 0)
            if entry is not None and entry.place:
                return name[words[len(entry.words)].start :]
        return name

    def _known_at(self, words: list[Word], position: int) -> _Entry | None:
        for entry in self._by_first_word.get(words[position].fold, ()):
            here = words[position : position + len(entry.words)]
            if tuple(word.fold for word in here) == entry.words and (
                entry.any_case or here[0].text[:1].isupper()
            ):
                return entry
        return None

    def _unknown_at(self, text: str, words: list[Word], position: int) -> int:
        """How many words from `position` on make up a name written with capitals."""
        if position == 0 and len(words) > 1 and words[0].fold in FUNCTION:
            return 0
        size = 0
        for before, word in zip([None, *words[position:]], words[position:], strict=False):
            apart = before is not None and text[before.end : word.start] != " "
            named = _is_name_like(word) or (size and word.text[:1].isupper() and word.text != "I")
            if apart or not named or self._known_at(words, position + size):
                break
            size += 1
        if position == 0 and size == 1 and (len(words) > 1 or not words[0].telling):
            return 0  # any word opens a sentence with a capital
        return size


def _is_name_like(word: Word) -> bool:
    return (
        word.text[:1].isupper() and word.fold not in GENERIC_CAPITALS and word.fold not in FUNCTION
    )


def _mostly_capitals(words: list[Word]) -> bool:
    """Whether capitals tell nothing, as in a headline."""
    telling = [word for word in words if word.telling]
    capital = sum(word.text[:1].isupper() for word in telling)
    return len(telling) > 3 and capital * 4 > len(telling) * 3


def _capital_runs(text: str) -> list[str]:
    """The whole name and each name in it: "Hull and East Riding", "Hull", "East Riding"."""
    whole = _PARENTHESES.sub("", text).strip()
    parts = re.split(r"[,;()/]|\band\b|\bthe\b", text)
    names = [" ".join(w for w in part.split() if w[:1].isupper()) for part in parts]
    return [name for name in (whole, *names) if name[:1].isupper()]


def _title_names(title: str) -> list[str]:
    """What stands before the colon, and the capitalised words a title opens with."""
    lead, colon, _ = title.partition(":")
    run: list[str] = []
    for word in lead.split():
        if not (word[:1].isupper() or (run and word in _JOINED)):
            break
        run.append(word)
    while run and run[-1] in _JOINED:
        run.pop()
    opening = " ".join(run).rstrip(",")
    whole = [lead.strip()] if colon else []
    enough = colon or len(run) > 1
    return [name for name in (*whole, opening if enough else "") if name[:1].isupper()]


def _add(
    entries: dict[tuple[str, ...], _Entry],
    name: str,
    *,
    sited: bool,
    any_case: bool,
    place: bool = False,
) -> None:
    words = tuple(word.fold for word in words_of(name))
    telling = any(word not in FUNCTION and word not in GENERIC_CAPITALS for word in words)
    if words and telling and len(words) <= MAX_NAME_WORDS and words[0] not in FUNCTION:
        entries.setdefault(words, _Entry(words, name, sited, any_case, place))


def _add_title(entries: dict[tuple[str, ...], _Entry], title: str) -> None:
    for name in _title_names(title):
        _add(entries, name, sited=True, any_case=" " in name)
    for name in _RUN.findall(title.partition(":")[2]):
        _add(entries, name, sited=False, any_case=False)


def _holds_site(name: str, sites: frozenset[tuple[str, ...]]) -> bool:
    words = [word.fold for word in words_of(name)]
    return any(
        tuple(words[start:end]) in sites
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )


def _by_first(entries: Iterable[_Entry]) -> dict[str, tuple[_Entry, ...]]:
    grouped: dict[str, list[_Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.words[0], []).append(entry)
    return {
        first: tuple(sorted(same, key=lambda e: (-len(e.words), e.words)))
        for first, same in grouped.items()
    }
