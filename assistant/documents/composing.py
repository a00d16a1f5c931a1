"""Compose a document's text from headings, paragraphs, entries, rows and pages as they come.

For formats whose words are not lying in the file as they are read: the text is made here, once,
with one blank line between blocks, and every block knows its place in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import text as texts
from assistant.datatypes import Block, BlockKind, Metadata, Page, Span
from assistant.documents.markdown import file_title
from assistant.documents.reading import RawFile, Reading
from assistant.errors import DocumentError

_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\u21a9\ufe0e?"
)
"""Controls, what is no character, and the arrow back from a footnote."""
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": None}
)
MAX_TITLE = 200
MAX_BLOCKS = 300_000


class Composer:
    """The text so far and the blocks in it."""

    def __init__(self, file: RawFile) -> None:
        self._file = file
        self._parts: list[str] = []
        self._length = 0
        self._previous: BlockKind | None = None
        self._page: Page | None = None
        self.blocks: list[Block] = []
        self.pages: list[Page] = []

    def add(self, kind: BlockKind, words: str, level: int = 0, mark: str = "") -> None:
        """A block with `words`; `mark` stands before them ("3. ") and is not part of them.

        Empty words add nothing. Raises DocumentError when the text becomes too long.
        """
        words = clean(words) if kind is not BlockKind.CODE else _clean_lines(words)
        if not words:
            return
        gap = self._gap(kind)
        start = self._length + len(gap)
        end = start + len(mark) + len(words)
        self._parts += [gap, mark, words]
        self._length = end
        self._previous = kind
        if self._page is not None:
            self.pages.append(replace(self._page, start=start))
            self._page = None
        self.blocks.append(Block(kind, Span(start + len(mark), end), Span(start, end), level))
        self._check()

    def heading(self, words: str, level: int) -> None:
        """A heading of level 1 to 6."""
        self.add(BlockKind.HEADING, words, max(1, min(6, level)))

    def entry(self, words: str, depth: int, number: int = 0) -> None:
        """An entry of a list `depth` deep (1 is the outermost), numbered if `number` is not 0."""
        if number:
            self.add(BlockKind.NUMBERED, words, depth, f"{number}. ")
        else:
            self.add(BlockKind.BULLET, words, depth, "- ")

    def table(self, rows: Sequence[Sequence[str]], header: bool = True) -> None:
        """A table; with a header each row reads "column: value; column: value"."""
        for words in records(rows, header):
            self.add(BlockKind.RECORD, words)

    def page(self, number: int, ocr: bool = False) -> None:
        """The next words begin page `number`."""
        self._page = Page(number, 0, ocr)

    def turn(self, number: int, offset: int, ocr: bool = False) -> None:
        """Page `number` begins inside the last block, `offset` characters after its first word."""
        if self.blocks:
            span = self.blocks[-1].span
            self.pages.append(Page(number, min(span.start + offset, span.end), ocr))

    def _gap(self, kind: BlockKind) -> str:
        if self._previous is None:
            return ""
        close = {BlockKind.BULLET, BlockKind.NUMBERED, BlockKind.RECORD}
        return "\n" if kind in close and self._previous in close else "\n\n"

    def _check(self) -> None:
        limit = self._file.limits.max_characters
        if self._length > limit or len(self.blocks) > MAX_BLOCKS:
            raise DocumentError(
                self._file.doc_id,
                "text_limit",
                f"holds more than {limit:,} characters or {MAX_BLOCKS:,} paragraphs; split it",
            )

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self._parts)

    def reading(
        self, title: str = "", metadata: Metadata | None = None, notes: Sequence[str] = ()
    ) -> Reading:
        """The finished reading; without a title the first heading is it, else the file's name."""
        text = self.text
        title = clean(title)[:MAX_TITLE]
        if not title:
            first = next((b for b in self.blocks if b.kind is BlockKind.HEADING), None)
            title = first.span.of(text)[:MAX_TITLE] if first else file_title(self._file.doc_id)
        return Reading(
            text, title, metadata or Metadata(), tuple(self.blocks), tuple(self.pages), tuple(notes)
        )


def clean(words: str) -> str:
    """`words` on one line: no control characters, ligatures as letters, no soft hyphens."""
    return texts.collapse(_NO_TEXT.sub("", words.translate(_LIGATURES)))


def _clean_lines(words: str) -> str:
    return _NO_TEXT.sub("", words).strip("\n").rstrip()


def records(rows: Sequence[Sequence[str]], header: bool = True) -> list[str]:
    """Each row of a table in words: "column: value; column: value"; empty cells say nothing.

    Without a header, and for a table of one column, the values alone; a table that has only its
    header keeps its words, too.
    """
    cleaned = [[clean(cell) for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    if not cleaned:
        return []
    if not header or len(cleaned) == 1 or max(map(len, cleaned)) < 2:
        return ["; ".join(filter(None, row)) for row in cleaned]
    names, body = cleaned[0], cleaned[1:]
    return ["; ".join(_pair(names, i, cell) for i, cell in enumerate(row) if cell) for row in body]


def _pair(names: Sequence[str], position: int, value: str) -> str:
    name = names[position].rstrip(":") if position < len(names) else ""
    return f"{name}: {value}" if name else value
