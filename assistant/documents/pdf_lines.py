"""The lines of a PDF page with their places, sizes and tags, as PDFium sees them.

PDFium puts characters in reading order, right-to-left text in logical order, and marks where a line
ends and where a hyphen breaks a word. This is the only module that calls its C interface.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

BROKEN_WORD = "\x02"
"""PDFium's mark for a hyphen at the end of a line."""
_LINE_ENDS = ("\r", "\n", BROKEN_WORD)
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
CELL_GAP = 1.2
"""Between cells of a table there is more room than this many times the size of the letters."""
_FAINT = 0xF0
"""Letters whose red, green and blue are all above this are white, or as good as white."""
_SMALLEST = 1.0
"""Points; smaller letters are there to be found, not to be read."""


@dataclass
class Line:
    """Some words on one baseline that carry one tag; `x0` to `x1` across, points from the left."""

    words: str = ""
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    tag: int = -1
    """Number of the marked content it belongs to, -1 outside any."""
    page: int = 0
    goes_on: bool = False
    """Whether the next line goes on on the same baseline."""


@dataclass
class PageText:
    """The lines of one page, and how many characters on it cannot be seen."""

    number: int
    width: float
    height: float
    rotation: int = 0
    origin: tuple[float, float] = (0.0, 0.0)
    lines: list[Line] = field(default_factory=list)
    unseen: int = 0


def page_text(page: pypdfium2.PdfPage, number: int) -> PageText:
    """The lines of `page`; empty for a picture."""
    width, height = page.get_size()
    found = PageText(number, width, height, page.get_rotation())
    left, bottom, _, _ = page.get_mediabox()
    found.origin = (left, bottom)
    textpage = page.get_textpage()
    try:
        _Characters(textpage, found).read()
    finally:
        textpage.close()
    found.lines = [line for line in found.lines if line.words.strip()]
    _raise_figures(found.lines)
    return found


def _raise_figures(lines: list[Line]) -> None:
    """Figures set small and high: "[1]" after a sentence, "²" after a word, "1." before a note."""
    for before, line in pairwise(lines):
        beside = -1 < line.x0 - before.x1 < before.size
        if beside and _is_raised(line, before) and line.words.strip().isdecimal():
            before.words, note = before.words.rstrip(), line.words.strip()
            before.goes_on = True
            in_word = before.words[-1:].isalnum()
            line.words = note.translate(SUPERSCRIPT) if in_word else f"[{note}]"
        elif beside and _is_raised(before, line) and before.words.strip().isdecimal():
            before.words = f"{before.words.strip()}. "


def _is_raised(figure: Line, words: Line) -> bool:
    above = 0.1 * words.size < figure.y - words.y < words.size
    return figure.size < RAISED * words.size and above


RAISED = 0.85
"""Raised figures are set smaller than this share of the words before them."""


class _Characters:
    """Walks the characters of one page and starts a new line where one starts."""

    def __init__(self, textpage: pypdfium2.PdfTextPage, found: PageText) -> None:
        import pypdfium2.raw as pdfium

        self._c, self._textpage, self._found = pdfium, textpage.raw, found
        self._box = [ctypes.c_double() for _ in range(4)]
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._line: Line | None = None

    def read(self) -> None:
        for position in range(max(0, self._c.FPDFText_CountChars(self._textpage))):
            code = self._c.FPDFText_GetUnicode(self._textpage, position)
            letter = chr(code) if 0 < code < 0x110000 else ""
            if letter in _LINE_ENDS:
                self._end(letter)
            elif letter:
                self._add(position, letter)

    def _end(self, letter: str) -> None:
        if self._line is not None and letter == BROKEN_WORD:
            self._line.words += BROKEN_WORD
        self._line = None

    def _add(self, position: int, letter: str) -> None:
        holder = self._c.FPDFText_GetTextObject(self._textpage, position)
        if not holder or letter.isspace():  # a space that PDFium inferred has no place of its own
            if self._line is not None:
                self._line.words += letter
            return
        left, right, bottom = self._place(position)
        tag = self._c.FPDFPageObj_GetMarkedContentID(holder)
        line = self._line
        if line is not None and (
            line.tag != tag
            or left - line.x1 > CELL_GAP * line.size
            or self._is_raised(position, letter, bottom, line)
        ):
            line.goes_on = True
            line = None
        if line is None:
            line = self._begin(position, left, bottom, tag)
        line.words += letter
        line.x1 = max(line.x1, right)
        self._found.unseen += self._is_unseen(position, left, bottom, line.size)

    def _is_raised(self, position: int, letter: str, bottom: float, line: Line) -> bool:
        """Whether `letter` is the first of figures set higher than `line`, or the first after."""
        if line.words.strip().isdecimal():
            return not letter.isdecimal() and bottom < line.y - 0.1 * line.size
        return letter.isdecimal() and bottom > line.y + 0.15 * line.size

    def _begin(self, position: int, left: float, bottom: float, tag: int) -> Line:
        size = self._c.FPDFText_GetFontSize(self._textpage, position)
        weight = self._c.FPDFText_GetFontWeight(self._textpage, position)
        self._line = Line(
            x0=left, x1=left, y=bottom, size=size * self._scale(position), tag=tag,
            bold=weight >= 600, page=self._found.number,
        )  # fmt: skip
        self._found.lines.append(self._line)
        return self._line

    def _scale(self, position: int) -> float:
        """How much the page's matrix enlarges the font's own size."""
        matrix = self._c.FS_MATRIX()
        if not self._c.FPDFText_GetMatrix(self._textpage, position, ctypes.byref(matrix)):
            return 1.0
        return float((matrix.c**2 + matrix.d**2) ** 0.5) or 1.0

    def _place(self, position: int) -> tuple[float, float, float]:
        """(left end, right end, height) of a letter on the page as it is turned for reading."""
        first, second, third, fourth = self._box
        self._c.FPDFText_GetCharBox(self._textpage, position, first, second, third, fourth)
        x0, y0 = self._found.origin
        left, right = first.value - x0, second.value - x0
        low, high = third.value - y0, fourth.value - y0
        self._c.FPDFText_GetCharOrigin(self._textpage, position, first, second)
        x, y = first.value - x0, second.value - y0
        width, height = self._found.width, self._found.height
        turned = {
            90: (low, high, height - x),
            180: (width - right, width - left, height - y),
            270: (width - high, width - low, x),
        }
        return turned.get(self._found.rotation, (left, right, y))

    def _is_unseen(self, position: int, left: float, bottom: float, size: float) -> bool:
        if size < _SMALLEST:
            return True
        if not (0 <= left <= self._found.width and 0 <= bottom <= self._found.height):
            return True
        red, green, blue, alpha = self._colour
        if not self._c.FPDFText_GetFillColor(self._textpage, position, red, green, blue, alpha):
            return False
        return alpha.value < 16 or min(red.value, green.value, blue.value) > _FAINT


@dataclass
class Tagged:
    """An element of the structure tree: its type ("H1", "P", "LI") and what it holds in order."""

    kind: str
    parts: list[Tagged | int] = field(default_factory=list)

    def marks(self) -> Iterator[int]:
        """The numbers of all marked content below it."""
        for part in self.parts:
            if isinstance(part, int):
                yield part
            else:
                yield from part.marks()


MAX_TREE_DEPTH = 100


def structure(page: pypdfium2.PdfPage) -> Tagged | None:
    """The structure tree of a tagged page; None if it has none."""
    import pypdfium2.raw as pdfium

    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return None
    try:
        root = Tagged("Document")
        for position in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree))):
            child = pdfium.FPDF_StructTree_GetChildAtIndex(tree, position)
            if child:
                root.parts.append(_element(pdfium, child, 0))
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return root if any(True for _ in root.marks()) else None


def _element(pdfium: object, element: object, depth: int) -> Tagged:
    call = vars(pdfium)
    buffer = ctypes.create_string_buffer(128)
    length = call["FPDF_StructElement_GetType"](element, buffer, len(buffer))
    kind = buffer.raw[: max(0, min(length, len(buffer)) - 2)].decode("utf-16-le", "replace")
    found = Tagged(kind)
    for position in range(max(0, call["FPDF_StructElement_CountChildren"](element))):
        child = call["FPDF_StructElement_GetChildAtIndex"](element, position)
        if child and depth < MAX_TREE_DEPTH:
            found.parts.append(_element(pdfium, child, depth + 1))
            continue
        mark = call["FPDF_StructElement_GetChildMarkedContentID"](element, position)
        if mark >= 0:
            found.parts.append(mark)
    return found
