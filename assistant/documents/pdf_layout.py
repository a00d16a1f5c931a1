"""The blocks of pages without tags, from where the lines stand and how large they are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.datatypes import BlockKind
from assistant.documents.pdf_lines import Line, PageText

_BULLET = re.compile(r"\s*[•●▪■◦○‣⁃∙·–—*\uf0b7\uf0a7]\s*")
_NUMBER = re.compile(r"\s*\(?(\d{1,3})[.)]\s+(?=\S)")
_LABEL = re.compile(r"\s*\(?\d{1,3}[.)]\s*")
_SENTENCE_END = re.compile(r"[.!?:;][)\"'”’\]]*$")
LARGER = 1.12
"""A line set this many times larger than the body is a heading."""
WIDER_GAP = 1.45
"""A gap this many times the usual distance between lines ends a paragraph."""
MAX_HEADING_WORDS = 20
REPEATED = 3
"""Lines at the edge of so many pages that say the same are headers or footers."""
EDGE = 0.09
"""The share of a page's height, above and below, that may be a header or footer."""


@dataclass
class Piece:
    """One block of a page, its lines still apart; `cells` only for the row of a table."""

    kind: BlockKind
    page: int
    lines: list[str] = field(default_factory=list)
    level: int = 0
    number: int = 0
    cells: list[str] = field(default_factory=list)
    new_table: bool = False
    turns: list[tuple[int, int]] = field(default_factory=list)
    """(line, page): from this line on the piece stands on this page."""


def pieces(pages: Sequence[PageText]) -> list[Piece]:
    """The blocks of `pages` in reading order."""
    running = _running_lines(pages)
    lines = [line for page in pages for line in page.lines if _edge_key(page, line) not in running]
    body = _body_size(lines)
    sizes = sorted({round(line.size) for line in lines if line.size > LARGER * body}, reverse=True)
    levels = {size: min(6, rank) for rank, size in enumerate(sizes, 1)}
    return _Reading(body, _leading(lines, body), levels).of(lines)


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.words)
    return max(sizes.items(), key=lambda item: (item[1], -item[0]))[0] if sizes else 0.0


def _leading(lines: Sequence[Line], body: float) -> float:
    """The usual distance from one line of the body to the next, in points."""
    steps: Counter[float] = Counter()
    for above, below in pairwise(lines):
        step = round(above.y - below.y, 1)
        if above.page == below.page and 0.8 * body < step < 2.5 * body:
            steps[step] += 1
    usual = [step for step, count in steps.items() if count >= max(steps.values()) / 4]
    return min(usual) if usual else 1.3 * body


def _edge_key(page: PageText, line: Line) -> str:
    """What a line at the edge of its page says, figures aside; empty for other lines."""
    if EDGE * page.height < line.y < (1 - EDGE) * page.height:
        return ""
    return re.sub(r"\d+", "#", " ".join(line.words.split())) or "#"


def _running_lines(pages: Sequence[PageText]) -> set[str]:
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_edge_key(page, line) for line in page.lines} - {""})
    alone = {"#"} if len(pages) > 1 else set()  # a page number by itself
    return {key for key, count in seen.items() if count >= REPEATED or (key in alone and count > 1)}


class _Reading:
    """Reads lines one by one and decides what each does to the block before it."""

    def __init__(self, body: float, leading: float, levels: dict[int, int]) -> None:
        self._body, self._leading, self._levels = body, leading, levels
        self._pieces: list[Piece] = []
        self._last: Line | None = None
        self._indent = 0.0

    def of(self, lines: Sequence[Line]) -> list[Piece]:
        """The blocks that `lines` make."""
        rows = _rows(lines)
        for position, row in enumerate(rows):
            if len(row) > 1 and self._is_tabular(rows, position):
                self._add_cells(row)
            else:
                self._add(_merged(row))
        return self._pieces

    def _is_tabular(self, rows: list[list[Line]], position: int) -> bool:
        """Whether this row stands above or below one with as many cells at the same places."""
        row = rows[position]
        if _BULLET.fullmatch(row[0].words) or _LABEL.fullmatch(row[0].words):
            return False
        if any(right.x0 - left.x1 < 0.8 * self._body for left, right in pairwise(row)):
            return False
        return any(
            0 <= other < len(rows)
            and len(rows[other]) == len(row)
            and all(
                abs(one.x0 - two.x0) < 2 * self._body or abs(one.x1 - two.x1) < 2 * self._body
                for one, two in zip(row, rows[other], strict=True)
            )
            for other in (position - 1, position + 1)
        )

    def _add_cells(self, row: list[Line]) -> None:
        previous = self._pieces[-1] if self._pieces else None
        new = previous is None or not previous.cells or len(previous.cells) != len(row)
        cells = [cell.words for cell in row]
        self._pieces.append(Piece(BlockKind.RECORD, row[0].page, cells=cells, new_table=new))
        self._last = row[-1]

    def _add(self, line: Line) -> None:
        last, self._last = self._last, line
        bullet, number = _BULLET.match(line.words), _NUMBER.match(line.words)
        level = self._heading_level(line)
        previous = self._pieces[-1] if self._pieces else None
        if level:
            if previous and previous.kind is BlockKind.HEADING and self._joins_heading(last, line):
                previous.lines.append(line.words)
            else:
                self._begin(BlockKind.HEADING, line, line.words, level)
        elif bullet and line.words[bullet.end() :].strip():
            self._indent = line.x0
            self._begin(BlockKind.BULLET, line, line.words[bullet.end() :], 1)
        elif number and self._opens(last, line, previous):
            self._indent = line.x0
            self._begin(BlockKind.NUMBERED, line, line.words[number.end() :], 1, int(number[1]))
        elif previous is not None and last is not None and self._continues(previous, last, line):
            previous.lines.append(line.words)
        else:
            self._begin(BlockKind.PARAGRAPH, line, line.words)

    def _begin(
        self, kind: BlockKind, line: Line, words: str, level: int = 0, number: int = 0
    ) -> None:
        self._pieces.append(Piece(kind, line.page, [words], level, number))

    def _heading_level(self, line: Line) -> int:
        words = line.words.split()
        if len(words) > MAX_HEADING_WORDS or not any(c.isalpha() for c in line.words):
            return 0
        if line.size > LARGER * self._body:
            return self._levels.get(round(line.size), 6)
        short = len(words) <= MAX_HEADING_WORDS // 2 and not _SENTENCE_END.search(line.words)
        return (
            min(6, len(self._levels) + 1) if line.bold and short and line.size >= self._body else 0
        )

    def _joins_heading(self, last: Line | None, line: Line) -> bool:
        return (
            last is not None
            and round(last.size) == round(line.size)
            and last.page == line.page
            and 0 < last.y - line.y < 1.8 * line.size
        )

    def _opens(self, last: Line | None, line: Line, previous: Piece | None) -> bool:
        """Whether a line that begins with a number begins an entry, not a line of a paragraph."""
        if last is None or previous is None or previous.kind is not BlockKind.PARAGRAPH:
            return True
        return bool(_SENTENCE_END.search(last.words)) or self._is_apart(last, line)

    def _is_apart(self, last: Line, line: Line) -> bool:
        return not -0.5 * self._leading < last.y - line.y < WIDER_GAP * self._leading

    def _continues(self, previous: Piece, last: Line, line: Line) -> bool:
        if previous.kind is BlockKind.HEADING or previous.cells:
            return False
        if last.page != line.page or line.y > last.y + self._leading:  # a new page or column
            return not _SENTENCE_END.search(last.words) and not line.words.lstrip()[:1].isupper()
        if self._is_apart(last, line) or abs(last.size - line.size) > 0.12 * self._body:
            return False
        if previous.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
            return line.x0 > self._indent + 1 or not _SENTENCE_END.search(last.words)
        return True


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand on one baseline, together."""
    rows: list[list[Line]] = []
    for line in lines:
        before = rows[-1][-1] if rows else None
        if (
            before is not None
            and before.page == line.page
            and abs(before.y - line.y) < 0.45 * max(before.size, line.size)
            and line.x0 >= before.x1 - 1
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _merged(row: list[Line]) -> Line:
    """The parts of one line as one."""
    if len(row) == 1:
        return row[0]
    longest = max(row, key=lambda part: len(part.words))
    return Line(
        _side_by_side(row), row[0].x0, row[-1].x1, longest.y,
        longest.size, all(part.bold for part in row), page=longest.page,
    )  # fmt: skip


def _side_by_side(row: list[Line]) -> str:
    """The words of one line; a raised figure stays with the word before it."""
    text = row[0].words.strip()
    for part in row[1:]:
        words = part.words.strip()
        text += words if words[:1] in "[⁰¹²³⁴⁵⁶⁷⁸⁹" else f" {words}"
    return text
