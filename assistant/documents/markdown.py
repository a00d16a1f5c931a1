"""Markdown: markdown-it-py says what each line is, this module says where its words are."""

from __future__ import annotations

import re
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant import text as texts
from assistant.datatypes import Block, BlockKind, Metadata
from assistant.documents import front_matter

_PARSER = MarkdownIt("commonmark").enable("table")
# Only structure is wanted: words stay exactly as written, so inline rules have nothing to do here.
# A link definition ("[1]: https://…") would leave no token and so be lost: it stays a paragraph.
_PARSER.disable(["inline", "reference"], ignoreInvalid=True)
_HEADING_MARKS = re.compile(r"#{1,6}(?:[ \t]+|$)(.*?)(?:(?<=[ \t])#+)?[ \t]*$")
_LEAVES = {
    "heading_open": BlockKind.HEADING,
    "paragraph_open": BlockKind.PARAGRAPH,
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    "html_block": BlockKind.PARAGRAPH,
    "tr_open": BlockKind.TABLE_ROW,
}


def read(text: str, doc_id: str) -> tuple[str, Metadata, tuple[Block, ...]]:
    """(title, metadata, blocks) of a Markdown file.

    The title is the front matter's, else the first heading's, else the file's name.
    Raises DocumentError if the front matter cannot be understood.
    """
    title, metadata, body = front_matter.split(text, doc_id)
    found = blocks(text, body)
    if not title:
        first = next((b for b in found if b.kind is BlockKind.HEADING), None)
        title = texts.collapse(first.span.of(text)) if first else file_title(doc_id)
    return title, metadata, found


def file_title(doc_id: str) -> str:
    """The name of the file as a title: without folders and ending."""
    return doc_id.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def blocks(text: str, start: int = 0) -> tuple[Block, ...]:
    """The blocks of `text[start:]`, in order, with offsets into `text`."""
    lines = text[start:].split("\n")
    offsets = [start, *(start + end for end in accumulate(len(line) + 1 for line in lines))]
    surroundings = _Surroundings()
    found: list[Block] = []
    for token in _PARSER.parse(text[start:]):
        surroundings.pass_by(token)
        if token.type in _LEAVES and token.map:
            kind = surroundings.kind(token)
            level = int(token.tag[1]) if kind is BlockKind.HEADING else len(surroundings.lists)
            block = _locate(text, offsets, token, kind, level)
            if block is not None:
                found.append(block)
    return tuple(found)


class _Surroundings:
    """The lists and quotations that the parser is inside of."""

    def __init__(self) -> None:
        self.lists: list[str] = []
        self._quoted = 0
        self._item_line: int | None = None

    def pass_by(self, token: Token) -> None:
        """Note what `token` opens or closes."""
        if token.type.endswith("_list_open"):
            self.lists.append(token.type)
        elif token.type.endswith("_list_close"):
            self.lists.pop()
        elif token.type.startswith("blockquote_"):
            self._quoted += token.nesting
        elif token.type == "list_item_open" and token.map:
            self._item_line = token.map[0]

    def kind(self, token: Token) -> BlockKind:
        """What the leaf `token` is here: a paragraph may be the words of a list entry."""
        kind = _LEAVES[token.type]
        if kind is not BlockKind.PARAGRAPH:
            return kind
        if self.lists and token.map and token.map[0] == self._item_line:
            self._item_line = None
            ordered = self.lists[-1].startswith("ordered")
            return BlockKind.NUMBERED if ordered else BlockKind.BULLET
        return BlockKind.QUOTATION if self._quoted else BlockKind.PARAGRAPH


_MARKS = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?)*")


def _locate(
    text: str, offsets: list[int], token: Token, kind: BlockKind, level: int
) -> Block | None:
    """The block of `token` with its marks in `outer` and its words in `span`."""
    first, last = token.map or (0, 0)
    outer = texts.trim(text, offsets[first], min(offsets[last], len(text)))
    if outer is None:
        return None
    marks = _MARKS.match(text, outer.start, outer.end)
    words_start, words_end = marks.end() if marks else outer.start, outer.end
    if kind is BlockKind.HEADING and token.markup.startswith("#"):
        line_end = min(offsets[first + 1] - 1, len(text))
        heading = _HEADING_MARKS.match(text, words_start, line_end)
        words_start, words_end = heading.span(1) if heading else (words_start, line_end)
        if not text[words_start:words_end].strip():
            return None  # a mark without words heads nothing
    elif kind is BlockKind.HEADING:
        words_end = max(outer.start, text.rfind("\n", outer.start, outer.end))
    elif kind is BlockKind.CODE:
        words_start = outer.start
    return Block(kind, texts.trim(text, words_start, words_end) or outer, outer, level)
