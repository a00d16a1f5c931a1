"""The blocks of tagged pages: the writer's program has said what is a heading, an entry, a table.

Types are those of ISO 32000-2, section 14.8.4. What carries no tag (running headers, page numbers)
is not part of the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.datatypes import BlockKind
from assistant.documents.pdf_layout import Piece
from assistant.documents.pdf_lines import Line, PageText, Tagged

_HEADING = re.compile(r"H([1-6])?")
_NUMBER = re.compile(r"\D{0,2}(\d{1,3})\W{0,2}")
_PLAIN = {
    "P": BlockKind.PARAGRAPH,
    "BlockQuote": BlockKind.QUOTATION,
    "Note": BlockKind.PARAGRAPH,
    "FENote": BlockKind.PARAGRAPH,
    "Caption": BlockKind.PARAGRAPH,
    "Code": BlockKind.PARAGRAPH,
}
_LEFT_OUT = ("TOC", "Artifact", "Index")
LEAST_TAGGED = 0.6
"""The share of a page's letters that must carry tags for the tags to be believed."""


def pieces(page: PageText, root: Tagged) -> list[Piece] | None:
    """The blocks of `page` in the order of its tags; None if they cover too little of it."""
    marks = set(root.marks())
    tagged = sum(len(line.words) for line in page.lines if line.tag in marks)
    if tagged < LEAST_TAGGED * sum(len(line.words) for line in page.lines):
        return None
    return _Tree(page).of(root)


class _Tree:
    """Walks the elements of one page."""

    def __init__(self, page: PageText) -> None:
        self._number = page.number
        self._lines: dict[int, list[Line]] = defaultdict(list)
        for line in page.lines:
            self._lines[line.tag].append(line)
        self._pieces: list[Piece] = []
        self._open: Piece | None = None

    def of(self, root: Tagged) -> list[Piece]:
        """The blocks below `root`."""
        self._walk(root, 0)
        return [piece for piece in self._pieces if piece.lines or piece.cells]

    def _walk(self, element: Tagged, depth: int) -> None:
        for part in element.parts:
            if isinstance(part, int):
                self._say(part)
            elif part.kind not in _LEFT_OUT:
                self._element(part, depth)

    def _element(self, element: Tagged, depth: int) -> None:
        heading = _HEADING.fullmatch(element.kind)
        if heading or element.kind == "Title":
            self._block(
                Piece(
                    BlockKind.HEADING, self._number, level=int(heading[1] or 1) if heading else 1
                ),
                element,
                depth,
            )
        elif element.kind == "Table":
            self._table(element)
        elif element.kind == "LI":
            self._entry(element, depth)
        elif element.kind == "L":
            self._open = None
            self._walk(element, depth + 1)
            self._open = None
        elif element.kind in _PLAIN and not self._in_entry():
            self._block(Piece(_PLAIN[element.kind], self._number), element, depth)
        else:
            self._walk(element, depth)

    def _in_entry(self) -> bool:
        """Whether the first words of an entry are still to come: a paragraph in it is the entry."""
        return (
            self._open is not None
            and self._open.kind in (BlockKind.BULLET, BlockKind.NUMBERED)
            and not self._open.lines
        )

    def _block(self, piece: Piece, element: Tagged, depth: int) -> None:
        self._pieces.append(piece)
        self._open = piece
        self._walk(element, depth)
        self._open = None

    def _entry(self, element: Tagged, depth: int) -> None:
        labels = [part for part in element.parts if isinstance(part, Tagged) and part.kind == "Lbl"]
        label = "".join(words for part in labels for words in self._words(part))
        number = _NUMBER.fullmatch(label.strip())
        kind = BlockKind.NUMBERED if number else BlockKind.BULLET
        piece = Piece(
            kind, self._number, level=max(1, depth), number=int(number[1]) if number else 0
        )
        others = [part for part in element.parts if part not in labels]
        self._block(piece, Tagged("LBody", others), depth)

    def _table(self, table: Tagged) -> None:
        self._open = None
        for position, row in enumerate(_descend(table, "TR")):
            cells = [
                " ".join(self._words(cell))
                for cell in row.parts
                if isinstance(cell, Tagged) and cell.kind in ("TD", "TH")
            ]
            if cells:
                self._pieces.append(
                    Piece(BlockKind.RECORD, self._number, cells=cells, new_table=position == 0)
                )

    def _words(self, element: Tagged) -> list[str]:
        return [line.words for mark in element.marks() for line in self._lines[mark]]

    def _say(self, mark: int) -> None:
        lines = self._lines[mark]
        if not lines:
            return
        if self._open is None:
            self._open = Piece(BlockKind.PARAGRAPH, self._number)
            self._pieces.append(self._open)
        for line in lines:
            self._append(self._open, line)

    def _append(self, piece: Piece, line: Line) -> None:
        """Parts of one line that carry several tags stay one line."""
        if piece.lines and self._goes_on:
            piece.lines[-1] += line.words
        else:
            piece.lines.append(line.words)
        self._goes_on = line.goes_on

    _goes_on = False


def _descend(element: Tagged, kind: str) -> Sequence[Tagged]:
    """The elements of `kind` below `element`, not those inside one another."""
    found: list[Tagged] = []
    for part in element.parts:
        if isinstance(part, Tagged):
            if part.kind == kind:
                found.append(part)
            else:
                found += _descend(part, kind)
    return found
