"""RTF: striprtf decodes the words; what it would lose is marked before it sees the file.

striprtf knows no headings, footnotes, cells or hidden text. One pass over the control words (RTF
Specification 1.9.1) puts a private-use character where each of them begins and takes hidden and
deleted words out.
"""

from __future__ import annotations

import locale
import re

from assistant.datatypes import BlockKind, Metadata
from assistant.documents.composing import Composer, clean
from assistant.documents.html import hidden_note
from assistant.documents.reading import RawFile, Reading
from assistant.errors import DocumentError

_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-f]{2}|\\[^a-z]|[{}]|[^\\{}]+", re.IGNORECASE
)
_STYLE = re.compile(r"\{\\s(\d{1,5})\\[^{}]{0,2000}?\b(?:heading (\d)|(title));", re.IGNORECASE)
_PROPERTY = r"\{\\%s[ \r\n]([^{}]{0,2000})\}"
_YEAR = re.compile(r"\{\\(?:revtim|creatim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_LANGUAGE = re.compile(r"\\deflang(\d{1,5})")
_BULLET = re.compile(r"\s*[•·▪◦\uf0b7-]\t\s*")
_NUMBER = re.compile(r"\s*\(?(\d{1,3})[.)]\t\s*")
HEADING, CELL, ROW, NOTE, NEW_ROW = 0xE000, 0xE010, 0xE011, 0xE012, 0xE013
"""Private-use characters; a heading of level n is marked by HEADING + n."""
_MARKS = re.compile("[\ue000-\ue013]")
PREAMBLE = 200_000
"""Characters in which styles and properties are looked for."""


def read(file: RawFile) -> Reading:
    """An .rtf file. Raises DocumentError if it is none."""
    from striprtf.striprtf import rtf_to_text

    if not file.content.lstrip().startswith(b"{\\rtf"):
        raise DocumentError(
            file.doc_id,
            "type_mismatch",
            "is not RTF although its name says so; give it the ending of its real format",
        )
    source = file.content.decode("cp1252", "replace")
    if len(source) > 2 * file.limits.max_characters:
        raise DocumentError(
            file.doc_id, "text_limit", f"holds more than {len(source) // 2:,} characters; split it"
        )
    marking = _Marking(_heading_styles(source[:PREAMBLE]))
    text = rtf_to_text(marking.mark(source), errors="replace")
    composer = Composer(file)
    _compose(composer, text)
    title, metadata = _properties(source[:PREAMBLE])
    return composer.reading(title, metadata, hidden_note(marking.hidden))


def _mark(code: int) -> str:
    return f"{{\\uc1\\u{code}?}}"


_IN_TABLES = {
    "trowd": _mark(NEW_ROW),
    "cell": _mark(CELL),
    "nestcell": _mark(CELL),
    "row": _mark(ROW) + "\\par ",
    "nestrow": _mark(ROW) + "\\par ",
}


def _heading_styles(preamble: str) -> dict[str, int]:
    """Level of each heading style by its number."""
    return {found[1]: min(6, int(found[2] or 1)) for found in _STYLE.finditer(preamble)}


class _Marking:
    """Copies the tokens of a file with marks put in and hidden words left out."""

    def __init__(self, styles: dict[str, int]) -> None:
        self._styles = styles
        self._out: list[str] = []
        self._notes: list[list[str]] = []
        self._groups: list[tuple[bool, list[str]]] = []
        self._hiding = self._in_run = False
        self._in_styles = 0
        self.hidden = 0

    def mark(self, source: str) -> str:
        """The marked copy of `source`."""
        for found in _TOKEN.finditer(source):
            self._next(found)
        if self._out and self._out[-1] == "}":
            self._out.pop()
        for number, note in enumerate(self._notes, 1):
            self._out += ["\\par ", _mark(NOTE), f"{number}.\\tab ", *note]
        return "".join(self._out) + "}"

    def _next(self, found: re.Match[str]) -> None:
        written, word = found[0], (found[1] or "").lower()
        if written == "{":
            self._groups.append((self._hiding, self._out))
            self._out.append(written)
        elif written == "}":
            self._close()
        elif word:
            self._word(word, found[2], written)
        elif self._hiding and not written.isspace():
            self.hidden += not self._in_run
            self._in_run = True
        else:
            self._in_run = self._in_run and written.isspace()
            self._out.append(written)

    def _close(self) -> None:
        out = self._out
        if self._groups:
            self._hiding, self._out = self._groups.pop()
        if self._in_styles > len(self._groups):
            self._in_styles = 0
        if out is self._out:
            out.append("}")

    def _word(self, word: str, value: str | None, written: str) -> None:
        if word in ("v", "deleted"):
            self._hiding = value != "0"
        elif word == "footnote":
            self._begin_note()
        elif word in _IN_TABLES:
            self._out.append(_IN_TABLES[word])
        elif word == "u" and self._hiding:
            self._in_run = True
        else:
            self._out.append(written)
            self._pass_by(word, value)

    def _pass_by(self, word: str, value: str | None) -> None:
        if word == "plain":
            self._hiding = False
        elif word == "stylesheet":
            self._in_styles = len(self._groups)
        else:
            self._mark_heading(word, value)

    def _mark_heading(self, word: str, value: str | None) -> None:
        if self._in_styles:
            return
        if word == "outlinelevel" and value and 0 <= int(value) < 6:
            self._out.append(_mark(HEADING + 1 + int(value)))
        elif word == "s" and value in self._styles:
            self._out.append(_mark(HEADING + self._styles[value]))

    def _begin_note(self) -> None:
        """The group that has just begun is a footnote: its words go elsewhere."""
        if self._out[-1] == "\\*":
            self._out.pop()
        if self._out[-1] == "{":
            self._out.pop()
        note: list[str] = []
        self._notes.append(note)
        self._out.append(f"[{len(self._notes)}]")
        self._out = note


def _compose(composer: Composer, text: str) -> None:
    rows: list[list[str]] = []
    row = ""
    for line in text.split("\n"):
        row += line
        if (chr(CELL) in row or chr(NEW_ROW) in row) and chr(ROW) not in row:
            row += " "  # a paragraph ends inside a cell
            continue
        if chr(ROW) in row:
            cells = row.partition(chr(ROW))[0].split(chr(CELL))[:-1]
            rows.append([_MARKS.sub("", cell) for cell in cells])
        elif row.strip():
            composer.table(rows)
            rows = []
            _paragraph(composer, row)
        row = ""
    composer.table(rows)
    if row.strip():  # a row that never ends
        _paragraph(composer, row)


def _paragraph(composer: Composer, line: str) -> None:
    marks = [ord(found[0]) for found in _MARKS.finditer(line)]
    levels = [code - HEADING for code in marks if HEADING < code < CELL]
    words = _MARKS.sub("", line)
    bullet, number = _BULLET.match(words), _NUMBER.match(words)
    if levels:
        composer.heading(words, levels[-1])
    elif bullet:
        composer.entry(words[bullet.end() :], 1)
    elif number:
        composer.entry(words[number.end() :], 1, int(number[1]))
    else:
        composer.add(BlockKind.PARAGRAPH, words)


def _properties(preamble: str) -> tuple[str, Metadata]:
    from striprtf.striprtf import rtf_to_text

    def stated(name: str) -> str:
        found = re.search(_PROPERTY % name, preamble)
        return clean(rtf_to_text(f"{{\\rtf1 {found[1]}}}", errors="replace"))[:300] if found else ""

    date, language = _YEAR.search(preamble), _LANGUAGE.search(preamble)
    tag = locale.windows_locale.get(int(language[1]), "") if language else ""
    return stated("title"), Metadata(
        author=stated("author"),
        dated=f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}" if date else "",
        language=tag.replace("_", "-"),
    )
