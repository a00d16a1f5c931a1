"""Walk a tree of HTML, or of what trafilatura makes of it, and compose its blocks in order."""

from __future__ import annotations

from lxml import etree

from assistant.datatypes import BlockKind
from assistant.documents.composing import Composer

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data dfn em font hi i ins kbd label mark q ref s samp
    small span strong sub sup time tt u var wbr""".split()
)
_BREAKS = frozenset(("br", "lb"))
_LISTS = frozenset(("ul", "ol", "list", "menu"))
_ITEMS = frozenset(("li", "item"))
_ROWS, _CELLS = frozenset(("tr", "row")), frozenset(("td", "th", "cell"))
_QUOTES = frozenset(("blockquote", "quote"))


def compose(composer: Composer, root: etree._Element) -> None:
    """Add everything below `root` to `composer`."""
    walk = _Walk(composer)
    walk.into(root)
    walk.flush()


class _Walk:
    """Where in the tree the walk is, and the words of the block that is still open."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._words: list[str] = []
        self._numbers: list[int] = []
        """For each open list the number of its next entry, 0 if it has bullets."""
        self._entry: int | None = None
        """The number of the entry whose first words are still to come (0: a bullet)."""
        self._quoted = 0

    def into(self, element: etree._Element) -> None:
        """Add the words of `element` and of what it holds."""
        self._words.append(element.text or "")
        for child in element:
            self._visit(child)
            self._words.append(child.tail or "")

    def flush(self) -> None:
        """End the open block."""
        words, self._words = "".join(self._words), []
        if not words.strip():
            return
        if self._entry is not None:
            self._composer.entry(words, len(self._numbers), self._entry)
            self._entry = None
        elif self._quoted:
            self._composer.add(BlockKind.QUOTATION, words, len(self._numbers))
        else:
            self._composer.add(BlockKind.PARAGRAPH, words, len(self._numbers))

    def _visit(self, element: etree._Element) -> None:
        tag = element.tag
        if not isinstance(tag, str):  # a comment or an instruction
            return
        if tag in _BREAKS:
            self._words.append("\n")
        elif tag in _INLINE:
            self.into(element)
        else:
            self.flush()
            self._block(element, tag)
            self.flush()

    def _block(self, element: etree._Element, tag: str) -> None:
        level = _heading_level(element, tag)
        if level:
            self._composer.heading("".join(element.itertext()), level)
        elif tag in _LISTS:
            self._list(element, tag)
        elif tag in _ITEMS:
            self._item(element)
        elif tag == "table":
            self._table(element)
        elif tag == "pre":
            self._composer.add(BlockKind.CODE, "".join(element.itertext()))
        elif tag in _QUOTES:
            self._quoted += 1
            self.into(element)
            self.flush()
            self._quoted -= 1
        else:
            self.into(element)

    def _list(self, element: etree._Element, tag: str) -> None:
        ordered = tag == "ol" or element.get("rend") == "ol"
        start = element.get("start") or ""
        self._numbers.append((int(start) if start.isdecimal() else 1) if ordered else 0)
        self.into(element)
        self.flush()
        self._numbers.pop()

    def _item(self, element: etree._Element) -> None:
        if not self._numbers:
            self.into(element)
            return
        self._entry = self._numbers[-1]
        if self._numbers[-1]:
            self._numbers[-1] += 1
        self.into(element)
        self.flush()
        self._entry = None

    def _table(self, element: etree._Element) -> None:
        caption = element.find("caption")
        if caption is not None:
            self._composer.add(BlockKind.PARAGRAPH, "".join(caption.itertext()))
        rows = [row for row in element.iter(*_ROWS) if _table_of(row) is element]
        cells = [[cell for cell in row if cell.tag in _CELLS] for row in rows]
        cells = [row for row in cells if row]
        named = [[_names_others(cell) for cell in row] for row in cells]
        header = bool(named) and (all(named[0]) or not any(map(any, named)))
        self._composer.table([[" ".join(cell.itertext()) for cell in row] for row in cells], header)


def _heading_level(element: etree._Element, tag: str) -> int:
    if tag == "head":
        return _HEADINGS.get(element.get("rend") or "h2", 2)
    return _HEADINGS.get(tag, 0)


def _names_others(cell: etree._Element) -> bool:
    return bool(cell.tag == "th" or cell.get("role") == "head")


def _table_of(row: etree._Element) -> etree._Element | None:
    return next(row.iterancestors("table"), None)
