"""EPUB books: the chapters in reading order, each a page of HTML.

The order and the properties come from the package document (EPUB 3.3, section 5). EbookLib, the
usual library, is under the AGPL; what is needed of the format is two small XML files.
"""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from lxml import etree

from assistant.datatypes import Metadata
from assistant.documents import html
from assistant.documents.archive import Archive
from assistant.documents.composing import Composer, clean
from assistant.documents.reading import RawFile, Reading
from assistant.documents.tree_blocks import compose
from assistant.errors import DocumentError

_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(file: RawFile) -> Reading:
    """An .epub file. Raises DocumentError."""
    archive = Archive(file, _CONTAINER, "an EPUB book")
    if "META-INF/encryption.xml" in archive.zip.namelist() and b"EncryptedData" in archive.read(
        "META-INF/encryption.xml"
    ).replace(b"\n", b""):
        raise DocumentError(
            file.doc_id, "encrypted", "is protected against copying; ask for a copy that is not"
        )
    folder, package = _package(archive)
    composer = Composer(file)
    hidden = 0
    for number, name in enumerate(_chapters(package, folder)):
        if number >= file.limits.max_pages:
            raise DocumentError(
                file.doc_id, "page_limit", f"has more than {file.limits.max_pages:,} chapters"
            )
        raw = archive.read(name)
        if raw.strip():
            tree = html.parse(file, html.decode(raw))
            hidden += html.tidy(tree)
            body = tree.find("body")
            compose(composer, tree if body is None else body)
    title, metadata = _properties(package)
    return composer.reading(title, metadata, html.hidden_note(hidden))


def _package(archive: Archive) -> tuple[str, etree._Element]:
    """(folder of the package document, the document)."""
    container = archive.xml(_CONTAINER)
    found = None if container is None else container.find("{*}rootfiles/{*}rootfile")
    name = "" if found is None else str(found.get("full-path") or "")
    package = archive.xml(name) if name else None
    if package is None:
        raise archive.damaged("its list of chapters is missing")
    return posixpath.dirname(name), package


def _chapters(package: etree._Element, folder: str) -> list[str]:
    """Names of the members to read, in order; each once, without the table of contents."""
    manifest = {
        str(entry.get("id")): entry for entry in package.iterfind(f"{_OPF}manifest/{_OPF}item")
    }
    names = []
    for reference in package.iterfind(f"{_OPF}spine/{_OPF}itemref"):
        entry = manifest.get(str(reference.get("idref")))
        if entry is not None and "nav" not in str(entry.get("properties") or "").split():
            path = unquote(str(entry.get("href") or "")).partition("#")[0]
            names.append(posixpath.normpath(posixpath.join(folder, path)))
    return list(dict.fromkeys(names))


def _properties(package: etree._Element) -> tuple[str, Metadata]:
    def stated(name: str) -> list[str]:
        found = package.iterfind(f"{_OPF}metadata/{_DC}{name}")
        return [words for element in found if (words := clean(element.text or ""))]

    def first(name: str) -> str:
        return next(iter(stated(name)), "")[:300]

    return first("title"), Metadata(
        author="; ".join(stated("creator"))[:300],
        published=first("date")[:10],
        publisher=first("publisher"),
        language=first("language")[:35],
    )
