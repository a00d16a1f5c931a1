"""OpenDocument texts (.odt): the text, structure and notes of `content.xml`.

The elements are renamed to those of HTML and walked like a page; names are those of OpenDocument
1.3, part 3. odfdo, the library for the format, hands out the same elements, but parses the file
again without the limits that `archive` sets.
"""

from __future__ import annotations

from lxml import etree

from assistant.datatypes import Metadata
from assistant.documents.archive import Archive
from assistant.documents.composing import Composer, clean
from assistant.documents.html import hidden_note
from assistant.documents.reading import RawFile, Reading
from assistant.documents.tree_blocks import compose

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE, _STYLE, _META, _DRAW = (
    _NS % name for name in ("text", "table", "office", "style", "meta", "drawing")
)
_DC = "{http://purl.org/dc/elements/1.1/}"
_DISPLAY = f"{_TEXT}display"
_SKIPPED = frozenset(
    f"{_TEXT}{name}"
    for name in (
        "table-of-content", "alphabetical-index", "illustration-index", "table-index",
        "bibliography", "sequence-decls", "variable-decls", "user-field-decls",
        "note-citation", "list-header-decls", "index-title",
    )
) | {f"{_OFFICE}annotation", f"{_OFFICE}annotation-end", f"{_OFFICE}forms"}  # fmt: skip
_SPACES = frozenset((f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break", f"{_TEXT}soft-page-break"))
_HIDDEN = frozenset((f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph"))
_RENAMED = {
    f"{_TEXT}p": "p",
    f"{_TEXT}list-item": "li",
    f"{_TEXT}list-header": "li",
    f"{_TABLE}table": "table",
    f"{_TABLE}table-row": "tr",
    f"{_TEXT}span": "span",
    f"{_TEXT}a": "span",
}
_MARKED = ("Quotations", "Quote", "Block_20_Text")


def read(file: RawFile) -> Reading:
    """An .odt file. Raises DocumentError."""
    archive = Archive(file, "content.xml", "an OpenDocument text")
    content, styles = archive.xml("content.xml"), archive.xml("styles.xml")
    body = None if content is None else content.find(f"{_OFFICE}body/{_OFFICE}text")
    if content is None or body is None:
        raise archive.damaged("it holds no text part")
    turned = _Turning(content, styles)
    composer = Composer(file)
    compose(composer, turned.turn(body))
    title, metadata = _properties(archive, styles)
    notes = (
        *hidden_note(turned.deleted, "tracked deletion"),
        *hidden_note(turned.hidden),
        *hidden_note(turned.comments, "comment"),
    )
    return composer.reading(title, metadata, notes)


class _Turning:
    """Turns OpenDocument elements into those of HTML, and counts what it leaves out."""

    def __init__(self, content: etree._Element, styles: etree._Element | None) -> None:
        roots = [root for root in (content, styles) if root is not None]
        self._numbered = {
            str(style.get(f"{_STYLE}name"))
            for root in roots
            for style in root.iter(f"{_TEXT}list-style")
            if style.find(f"{_TEXT}list-level-style-number") is not None
        }
        self._hiding = {
            str(style.get(f"{_STYLE}name"))
            for root in roots
            for style in root.iter(f"{_STYLE}style")
            for looks in style.iterfind(f"{_STYLE}text-properties")
            if looks.get(_DISPLAY) == "none"
        }
        self._notes: list[etree._Element] = []
        self.deleted = self.hidden = self.comments = 0

    def turn(self, body: etree._Element) -> etree._Element:
        """The whole text; its notes come last, as an ordered list."""
        page = etree.Element("body")
        self._fill(page, body, "")
        if self._notes:
            page.append(_as_list(self._notes))
        return page

    def _fill(self, target: etree._Element, source: etree._Element, list_style: str) -> None:
        _say(target, source.text)
        for child in source:
            if isinstance(child.tag, str):
                self._add(target, child, list_style)
            _say(target, child.tail)

    def _add(self, target: etree._Element, child: etree._Element, list_style: str) -> None:
        tag = child.tag
        if tag in _SPACES:
            _say(target, " ")
        elif tag == f"{_TEXT}tracked-changes":
            self.deleted += len(child.findall(f".//{_TEXT}deletion"))
        elif tag in _SKIPPED:
            self.comments += tag == f"{_OFFICE}annotation"
        elif self._is_hidden(child):
            self.hidden += bool(clean("".join(child.itertext())))
        elif tag == f"{_TEXT}note":
            self._note(target, child)
        else:
            name, list_style = self._name(child, list_style)
            if name:
                target = etree.SubElement(target, name)
            self._fill(target, child, list_style)

    def _name(self, child: etree._Element, list_style: str) -> tuple[str, str]:
        """(the element of HTML, "" to leave the element out and keep its words; list style)."""
        tag = child.tag
        if tag == f"{_TEXT}h":
            level = child.get(f"{_TEXT}outline-level") or "1"
            return f"h{min(6, max(1, int(level) if level.isdecimal() else 1))}", list_style
        if tag == f"{_TEXT}list":
            list_style = child.get(f"{_TEXT}style-name") or list_style
            return ("ol" if list_style in self._numbered else "ul"), list_style
        if tag == f"{_TABLE}table-cell":
            heads = next(child.iterancestors(f"{_TABLE}table-header-rows"), None)
            return ("td" if heads is None else "th"), list_style
        if tag == f"{_TEXT}p" and (child.get(f"{_TEXT}style-name") or "") == "Title":
            return "h1", list_style
        if tag == f"{_TEXT}p" and (child.get(f"{_TEXT}style-name") or "") in _MARKED:
            return "blockquote", list_style
        if tag == f"{_DRAW}text-box":
            return "div", list_style
        return _RENAMED.get(tag, ""), list_style

    def _is_hidden(self, child: etree._Element) -> bool:
        return (
            child.tag in _HIDDEN
            or child.get(_DISPLAY) in ("none", "condition")
            or child.get(f"{_TEXT}style-name") in self._hiding
            or child.get(f"{_TABLE}visibility") in ("collapse", "filter")
        )

    def _note(self, target: etree._Element, note: etree._Element) -> None:
        body = note.find(f"{_TEXT}note-body")
        if body is not None:
            self._notes.append(body)
            _say(target, f"[{len(self._notes)}]")


def _say(target: etree._Element, words: str | None) -> None:
    """Append words after what `target` holds already."""
    if not words:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + words
    else:
        target.text = (target.text or "") + words


def _as_list(notes: list[etree._Element]) -> etree._Element:
    listed = etree.Element("ol")
    for note in notes:
        etree.SubElement(listed, "li").text = " ".join(note.itertext())
    return listed


def _properties(archive: Archive, styles: etree._Element | None) -> tuple[str, Metadata]:
    root = archive.xml("meta.xml")
    meta = None if root is None else root.find(f"{_OFFICE}meta")

    def stated(*names: str) -> str:
        for name in names:
            if meta is not None and (words := clean(meta.findtext(name) or "")):
                return words[:300]
        return ""

    return stated(f"{_DC}title"), Metadata(
        author=stated(f"{_META}initial-creator", f"{_DC}creator"),
        dated=stated(f"{_DC}date", f"{_META}creation-date")[:10],
        language=stated(f"{_DC}language")[:35] or _default_language(styles),
    )


def _default_language(styles: etree._Element | None) -> str:
    found = (
        []
        if styles is None
        else styles.findall(f".//{_STYLE}default-style/{_STYLE}text-properties")
    )
    fo = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
    for looks in found:
        language, country = looks.get(f"{fo}language"), looks.get(f"{fo}country")
        if language and language not in ("none", "zxx"):
            return f"{language}-{country}" if country and country != "none" else str(language)
    return ""
