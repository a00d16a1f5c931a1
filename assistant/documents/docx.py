"""Word documents: mammoth gives their structure as HTML; what is deleted or hidden is taken out.

Macros, pictures, comments and everything that lies outside the file are never looked at.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree
from lxml import html as lxml_html

from assistant.datatypes import Metadata
from assistant.documents.archive import Archive
from assistant.documents.composing import Composer, clean
from assistant.documents.html import keep_superscripts
from assistant.documents.reading import RawFile, Reading
from assistant.documents.tree_blocks import compose

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_DELETED = (f"{_W}del", f"{_W}moveFrom")
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_OFF = ("0", "false", "off")


def read(file: RawFile) -> Reading:
    """A .docx file. Raises DocumentError."""
    archive = Archive(file, "word/document.xml", "a Word document")
    deleted = hidden = 0
    parts: dict[str, bytes] = {}
    hiding = _hiding_styles(archive)
    for name in _PARTS:
        root = archive.xml(name)
        if root is not None:
            deleted += _remove_deleted(root)
            hidden += _remove_hidden(root, hiding)
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    composer = Composer(file)
    tree = lxml_html.document_fromstring(f"<html><body>{_as_html(archive, parts)}</body></html>")
    keep_superscripts(tree)
    compose(composer, tree.find("body"))
    title, metadata = properties(archive)
    return composer.reading(title, metadata, _notes(archive, deleted, hidden))


def _as_html(archive: Archive, parts: dict[str, bytes]) -> str:
    import mammoth

    edited = io.BytesIO()
    with zipfile.ZipFile(edited, "w") as target:
        for name in dict.fromkeys(archive.zip.namelist()):
            if name.endswith((".xml", ".rels")):  # no picture, font or macro is needed
                target.writestr(name, parts.get(name) or archive.read(name))
    edited.seek(0)
    nothing = mammoth.images.img_element(lambda image: {})
    return str(mammoth.convert_to_html(edited, style_map=_STYLES, convert_image=nothing).value)


def properties(archive: Archive) -> tuple[str, Metadata]:
    """Title, author, date and language of an Office file."""
    core = archive.xml("docProps/core.xml")
    if core is None:
        return "", Metadata()

    def stated(name: str) -> str:
        return clean(core.findtext(name) or "")[:300]

    return stated(f"{_DC}title"), Metadata(
        author=stated(f"{_DC}creator"),
        dated=(stated(f"{_TERMS}modified") or stated(f"{_TERMS}created"))[:10],
        language=stated(f"{_DC}language")[:35] or _default_language(archive),
    )


def _default_language(archive: Archive) -> str:
    styles = archive.xml("word/styles.xml")
    if styles is None:
        return ""
    found = styles.find(f"{_W}docDefaults//{_W}lang")
    return str(found.get(f"{_W}val") or "")[:35] if found is not None else ""


def _remove_deleted(root: etree._Element) -> int:
    """Take out tracked deletions; returns how many had words."""
    count = 0
    for element in list(root.iter(*_DELETED)):
        words = "".join(t.text or "" for t in element.iter(f"{_W}delText", f"{_W}t"))
        count += bool(words.strip())
        _cut(element)
    return count


def _remove_hidden(root: etree._Element, hiding: frozenset[str]) -> int:
    """Take out runs that Word does not show; runs in a row count as one."""
    count = 0
    last: etree._Element | None = None
    for run in list(root.iter(f"{_W}r")):
        if not _is_hidden(run, hiding):
            last = None
            continue
        if any((t.text or "").strip() for t in run.iter(f"{_W}t")):
            count += last is None
            last = run
        _cut(run)
    return count


def _is_hidden(run: etree._Element, hiding: frozenset[str]) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    if vanish is not None:
        return (vanish.get(f"{_W}val") or "1").lower() not in _OFF
    style = run.find(f"{_W}rPr/{_W}rStyle")
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    outer = paragraph.find(f"{_W}pPr/{_W}pStyle") if paragraph is not None else None
    return any(found is not None and found.get(f"{_W}val") in hiding for found in (style, outer))


def _hiding_styles(archive: Archive) -> frozenset[str]:
    styles = archive.xml("word/styles.xml")
    if styles is None:
        return frozenset()
    return frozenset(
        str(style.get(f"{_W}styleId"))
        for style in styles.iter(f"{_W}style")
        if (vanish := style.find(f"{_W}rPr/{_W}vanish")) is not None
        and (vanish.get(f"{_W}val") or "1").lower() not in _OFF
    )


def _cut(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _notes(archive: Archive, deleted: int, hidden: int) -> tuple[str, ...]:
    names = archive.zip.namelist()
    noted = archive.xml("word/comments.xml")
    comments = 0 if noted is None else len(noted.findall(f"{_W}comment"))
    outside = sum(map(_outside, (archive.xml(name) for name in names if name.endswith(".rels"))))
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    said = [
        (deleted, "tracked deletion was", "tracked deletions were", "left out"),
        (hidden, "hidden piece of text was", "hidden pieces of text were", "left out"),
        (comments, "comment was", "comments were", "left out"),
        (int(macros), "macro project was", "", "ignored; Casebook never runs any"),
        (outside, "link to something outside the file was", "links to something outside the file "
         "were", "not followed"),
    ]  # fmt: skip
    return tuple(
        f"{count:,} {one if count == 1 else many} {done}."
        for count, one, many, done in said
        if count
    )


def _outside(relations: etree._Element | None) -> int:
    """How many things outside the file it would load; links for a person to follow are not."""
    return sum(
        1
        for relation in (() if relations is None else relations)
        if relation.get("TargetMode") == "External"
        and not str(relation.get("Type")).endswith("/hyperlink")
    )
