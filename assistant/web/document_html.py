"""A document's blocks become HTML with the quotation marked. markupsafe escapes every word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from assistant.datatypes import Block, BlockKind, Document, Span, page_label
from assistant.text import collapse
from assistant.web.rendering import visible

LIST_TAGS = {BlockKind.BULLET: "ul", BlockKind.NUMBERED: "ol"}
_PIPE = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"\(?(\d{1,9})")
_FIRST_HEADING, _LAST_HEADING = 2, 6


@dataclass(frozen=True)
class RenderedDocument:
    """`html` of the whole document; `marked` says whether any quoted words are marked in it."""

    html: Markup
    marked: bool


def render(document: Document, quotation: Span | None = None) -> RenderedDocument:
    """The document as HTML; the first marked piece has the id `quote`.

    The page's h1 is the document's title, so an opening heading that says the same is left out and
    the others become h2 and deeper without a gap.
    """
    page = _Page(document.text, quotation, _page_marks(document))
    blocks = document.blocks
    if blocks and _repeats_title(document, blocks[0]):
        blocks = blocks[1:]
    for block in blocks:
        page.add(block)
    page.finish()
    return RenderedDocument(Markup("").join(page.parts), page.marked)


def _page_marks(document: Document) -> list[tuple[int, Markup]]:
    marks = [
        (
            page.start,
            Markup('<p class="cb-page-mark" id="page-{}" lang="en">{}{}</p>').format(
                page.number,
                page_label(document.doc_id, page.number).capitalize(),
                " (recognised in a picture)" if page.ocr else "",
            ),
        )
        for page in document.pages
    ]  # fmt: skip
    return marks[::-1]


def _repeats_title(document: Document, block: Block) -> bool:
    words = collapse(block.span.of(document.text))
    return block.kind is BlockKind.HEADING and words == collapse(document.title)


@dataclass
class _Page:
    """The HTML so far and what is still open in it."""

    text: str
    quotation: Span | None
    page_marks: list[tuple[int, Markup]] = field(default_factory=list)
    """Offset and mark of each page, the last first."""
    parts: list[Markup] = field(default_factory=list)
    marked: bool = False
    _lists: list[tuple[str, int]] = field(default_factory=list)
    _headings: list[int] = field(default_factory=list)
    _in_table: bool = False
    _in_records: bool = False

    def add(self, block: Block) -> None:
        """Append one block, after the marks of the pages that have begun."""
        while self.page_marks and self.page_marks[-1][0] <= block.outer.start:
            self.finish()
            self.parts.append(self.page_marks.pop()[1])
        self._in_records = self._records(block)
        if self._in_table and block.kind is BlockKind.TABLE_ROW:
            self._add_row(block)
            return
        self._end_table()
        if block.kind in LIST_TAGS:
            self._add_entry(block)
            return
        self._close_lists(block.level if block.kind is not BlockKind.HEADING else 0)
        if block.kind is BlockKind.HEADING:
            self._add_heading(block)
        elif block.kind is BlockKind.RECORD:
            self._wrap("li", block.span)
        elif block.kind is BlockKind.TABLE_ROW:
            self._add_row(block)
        else:
            self._add_text(block)

    def finish(self) -> None:
        """Close everything that is open."""
        self._end_table()
        self._close_lists(0)
        if self._in_records:
            self._in_records = False
            self._emit("</ul>")

    def _records(self, block: Block) -> bool:
        """Open or close the list of a table's rows in words."""
        is_record = block.kind is BlockKind.RECORD
        if is_record and not self._in_records:
            self.finish()
            self._emit('<ul class="cb-records">')
        elif self._in_records and not is_record:
            self._emit("</ul>")
        return is_record

    def _close_lists(self, level: int) -> None:
        """Close lists deeper than `level`."""
        while self._lists and self._lists[-1][1] > level:
            self._close_list()

    def _close_list(self) -> None:
        tag, _ = self._lists.pop()
        self._emit(f"</li></{tag}>")

    def _add_entry(self, block: Block) -> None:
        tag = LIST_TAGS[block.kind]
        self._close_lists(block.level)
        if self._lists and self._lists[-1] == (tag, block.level):
            self._emit("</li><li>")
        else:
            if self._lists and self._lists[-1][1] == block.level:
                self._close_list()
            self._lists.append((tag, block.level))
            self._emit(f"<{tag}{self._first_number(block)}><li>")
        self.parts.append(self._words(block.span))

    def _first_number(self, block: Block) -> str:
        if block.kind is not BlockKind.NUMBERED:
            return ""
        found = _NUMBER.match(self.text, block.outer.start, block.span.start)
        return f' start="{int(found[1])}"' if found and found[1] != "1" else ""

    def _add_heading(self, block: Block) -> None:
        while self._headings and self._headings[-1] >= block.level:
            self._headings.pop()
        self._headings.append(block.level)
        rank = min(_FIRST_HEADING - 1 + len(self._headings), _LAST_HEADING)
        self._wrap(f"h{rank}", block.span)

    def _add_text(self, block: Block) -> None:
        if block.kind is BlockKind.CODE:
            self._emit("<pre><code>")
            self.parts.append(self._words(block.span))
            self._emit("</code></pre>")
        elif block.kind is BlockKind.QUOTATION:
            self._emit("<blockquote>")
            self._wrap("p", block.span)
            self._emit("</blockquote>")
        else:
            self._wrap("p", block.span)

    def _add_row(self, block: Block) -> None:
        cell = "td" if self._in_table else "th"
        if not self._in_table:
            self._emit('<div class="cb-table"><table>')
            self._in_table = True
        self._emit("<tr>")
        for span in _cells(self.text, block.span):
            self._wrap(cell, span)
        self._emit("</tr>")

    def _end_table(self) -> None:
        if self._in_table:
            self._in_table = False
            self._emit("</table></div>")

    def _wrap(self, tag: str, span: Span) -> None:
        self._emit(f"<{tag}>")
        self.parts.append(self._words(span))
        self._emit(f"</{tag}>")

    def _emit(self, markup: str) -> None:
        self.parts.append(Markup(markup))  # noqa: S704  # only literals and numbers get here

    def _words(self, span: Span) -> Markup:
        """The words under `span`, those of the quotation marked."""
        overlap = _overlap(span, self.quotation)
        if overlap is None:
            return _show(span.of(self.text))
        anchor = Markup("") if self.marked else Markup(' id="quote" tabindex="-1" autofocus')
        self.marked = True
        return Markup("{}<mark{}>{}</mark>{}").format(
            _show(self.text[span.start : overlap.start]),
            anchor,
            _show(overlap.of(self.text)),
            _show(self.text[overlap.end : span.end]),
        )


def _show(words: str) -> Markup:
    return escape(visible(words))


def _overlap(span: Span, quotation: Span | None) -> Span | None:
    if quotation is None:
        return None
    start, end = max(span.start, quotation.start), min(span.end, quotation.end)
    return Span(start, end) if start < end else None


def _cells(text: str, row: Span) -> Iterable[Span]:
    """The cells of a Markdown table row, as spans of `text`; empty cells keep their white space."""
    edges = [found.start() for found in _PIPE.finditer(text, row.start, row.end)]
    starts, ends = _inner_edges(edges, row)
    for start, end in zip(starts, ends, strict=True):
        if start < end:
            yield Span(start, end)


def _inner_edges(edges: Sequence[int], row: Span) -> tuple[list[int], list[int]]:
    starts, ends = [edge + 1 for edge in edges], list(edges)
    if not edges or edges[0] > row.start:
        starts.insert(0, row.start)
    else:
        ends.pop(0)
    if starts[-1] >= row.end:
        starts.pop()
    else:
        ends.append(row.end)
    return starts, ends
