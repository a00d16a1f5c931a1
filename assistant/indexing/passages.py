"""Cut a document into passages: whole sentences and list entries under one heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import text as texts
from assistant.datatypes import Block, BlockKind, Document, Passage, Span

UNDIVIDED = (BlockKind.CODE, BlockKind.TABLE_ROW, BlockKind.RECORD)
"""Blocks that are one sentence however many full stops they hold."""


@dataclass(frozen=True)
class SplitterSettings:
    """How long a passage should be, in words; part of an index's manifest.

    `target` was chosen on the development questions (docs/quality.md); a cut inside a block costs
    `inside_block`, one at its end nothing, so that list entries stay whole unless they are long.
    """

    target: int = 80
    inside_block: float = 0.6
    version: int = 1


@dataclass(frozen=True)
class _Unit:
    """A sentence with what lies between it and the next one."""

    sentence: Span
    start: int
    words: int
    opens_block: bool


def split(document: Document, settings: SplitterSettings | None = None) -> tuple[Passage, ...]:
    """The passages of `document`, in order.

    Together they hold every character of the body that is neither white space nor part of a
    heading; a heading with nothing below it is a passage itself, so that no words are lost.
    """
    settings = settings or SplitterSettings()
    found: list[Passage] = []
    seen: dict[int, int] = {}
    for heading, units, end in _sections(document):
        for first, last in _cuts(units, settings):
            stop = units[last].start if last < len(units) else end
            span = texts.trim(document.text, units[first].start, stop) or units[first].sentence
            sentences = tuple(unit.sentence for unit in units[first:last])
            found.append(_passage(document, heading, span, sentences, seen))
    return tuple(found)


def _passage(
    document: Document,
    heading: tuple[str, ...],
    span: Span,
    sentences: tuple[Span, ...],
    seen: dict[int, int],
) -> Passage:
    """A passage whose id depends on its words and heading, and on an ordinal only for repeats."""
    words = span.of(document.text)
    key = texts.hash63(document.doc_id, "\n".join(heading), words)
    seen[key] = seen.get(key, 0) + 1
    if seen[key] > 1:
        key = texts.hash63(document.doc_id, "\n".join(heading), words, str(seen[key]))
    return Passage(
        key,
        document.doc_id,
        document.title,
        document.metadata.place,
        heading,
        span,
        words,
        sentences,
        document.page_of(span),
    )


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[_Unit], int]]:
    """(heading path, units, end) for each stretch of text between two headings."""
    path: list[Block] = []
    blocks = document.blocks
    position = 0
    while position < len(blocks):
        block = blocks[position]
        if block.kind is BlockKind.HEADING:
            path = [*(outer for outer in path if outer.level < block.level), block]
            if _leads_nowhere(blocks, position):
                unit = _Unit(block.span, block.span.start, 1, True)
                yield _path(document, path[:-1]), [unit], block.span.end
            position += 1
            continue
        stop = position
        while stop < len(blocks) and blocks[stop].kind is not BlockKind.HEADING:
            stop += 1
        end = blocks[stop].outer.start if stop < len(blocks) else len(document.text)
        yield _path(document, path), _units(document, blocks[position:stop]), end
        position = stop


def _leads_nowhere(blocks: Sequence[Block], position: int) -> bool:
    """Whether nothing, not even a lower heading, follows the heading at `position`."""
    if position + 1 == len(blocks):
        return True
    following = blocks[position + 1]
    return following.kind is BlockKind.HEADING and following.level <= blocks[position].level


def _path(document: Document, headings: Sequence[Block]) -> tuple[str, ...]:
    """The words of the headings; one that only repeats the document's title is left out."""
    names = (texts.collapse(block.span.of(document.text)) for block in headings)
    return tuple(name for name in names if name != document.title)


def _units(document: Document, blocks: Sequence[Block]) -> list[_Unit]:
    text = document.text
    units: list[_Unit] = []
    language = document.metadata.language.partition("-")[0].lower() or "en"
    for block in blocks:
        if block.kind in UNDIVIDED:
            spans = [block.span]
        else:
            spans = texts.sentences(text, block.span, language)
        for number, span in enumerate(spans):
            start = span.start if number else block.outer.start
            # At least 1: a long row of marks without words must be cut somewhere, too.
            words = max(1, texts.count_words(span.of(text)))
            units.append(_Unit(span, start, words, number == 0))
    return units


def _cuts(units: Sequence[_Unit], settings: SplitterSettings) -> list[tuple[int, int]]:
    """The cheapest way to cut `units` into runs near the target length (half-open positions).

    Dynamic programming: cost of a run is the squared relative distance from the target, plus a
    fine when it begins inside a block.
    """
    count = len(units)
    best = [0.0] + [float("inf")] * count
    previous = [0] * (count + 1)
    for first in range(count):
        fine = 0.0 if units[first].opens_block else settings.inside_block
        words = 0
        for last in range(first + 1, count + 1):
            words += units[last - 1].words
            cost = best[first] + fine + (words / settings.target - 1) ** 2
            if cost < best[last]:
                best[last], previous[last] = cost, first
            if words > 3 * settings.target:
                break
    runs: list[tuple[int, int]] = []
    last = count
    while last:
        runs.append((previous[last], last))
        last = previous[last]
    return runs[::-1]
