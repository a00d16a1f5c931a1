"""Which reader reads which ending; `read` turns the bytes of a file into a Reading.

Runs in the worker (`assistant.documents.worker`): libraries are loaded with the first file that
needs them.
"""

from __future__ import annotations

from dataclasses import fields, replace
from importlib import import_module

from assistant import text as texts
from assistant.datatypes import Metadata
from assistant.documents import front_matter, markdown, plain_text
from assistant.documents.composing import MAX_BLOCKS
from assistant.documents.reading import RawFile, Reader, Reading
from assistant.errors import DocumentError


def _read_markdown(file: RawFile) -> Reading:
    text = decoded(file)
    return _checked(file, Reading(text, *markdown.read(text, file.doc_id)))


def _read_plain(file: RawFile) -> Reading:
    text = decoded(file)
    return _checked(file, Reading(text, *plain_text.read(text, file.doc_id)))


def _checked(file: RawFile, found: Reading) -> Reading:
    if not found.blocks:
        reason = "has no text below its front matter; fill it in"
        raise DocumentError(file.doc_id, "empty", reason)
    if len(found.blocks) > MAX_BLOCKS:
        reason = f"holds more than {MAX_BLOCKS:,} paragraphs; split it"
        raise DocumentError(file.doc_id, "text_limit", reason)
    return found


def _lazily(module: str) -> Reader:
    def read(file: RawFile) -> Reading:
        found: Reading = import_module(f"assistant.documents.{module}").read(file)
        return found

    return read


READERS: dict[str, Reader] = {
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".txt": _read_plain,
    ".html": _lazily("html"),
    ".htm": _lazily("html"),
    ".xhtml": _lazily("html"),
    ".pdf": _lazily("pdf"),
    ".docx": _lazily("docx"),
    ".odt": _lazily("odt"),
    ".pptx": _lazily("pptx"),
    ".rtf": _lazily("rtf"),
    ".epub": _lazily("epub"),
}


_NO_TEXT = (
    b"%PDF-",
    b"PK\x03\x04",
    b"{\\rtf",
    b"\x89PNG",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"\xff\xd8\xff",
)
"""How PDF, office, RTF, picture and compressed files begin."""


def ending(doc_id: str) -> str:
    """The ending of a name, in small letters: ".pdf"."""
    name = doc_id.rsplit("/", 1)[-1]
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def read(file: RawFile) -> Reading:
    """The reading of `file` with all that is known about it.

    Metadata come from the file's front matter, then from its sidecar, then from its own properties;
    front matter and properties never occur in one format. Raises DocumentError.
    """
    if not file.content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise DocumentError(file.doc_id, "empty", "has no text; delete it or fill it in")
    found = READERS[ending(file.doc_id)](file)
    if not found.blocks and not found.scanned:
        raise DocumentError(file.doc_id, "empty", "has no text to index; fill it in or delete it")
    if file.sidecar:
        found = _with_sidecar(found, file)
    return found


def _with_sidecar(found: Reading, file: RawFile) -> Reading:
    title, metadata = front_matter.parse(file.sidecar, file.doc_id, "its .meta.yaml")
    own = ending(file.doc_id) in (".md", ".markdown", ".txt")
    has_front = own and bool(front_matter.FRONT_MATTER.match(found.text))
    first, second = (found.metadata, metadata) if has_front else (metadata, found.metadata)
    keeps_title = has_front and front_matter.split(found.text, file.doc_id)[0]
    return replace(
        found,
        title=found.title if keeps_title else title or found.title,
        metadata=merged(first, second),
    )


def merged(first: Metadata, second: Metadata) -> Metadata:
    """What `first` says, and what only `second` says."""
    return Metadata(
        **{
            field.name: getattr(first, field.name) or getattr(second, field.name)
            for field in fields(Metadata)
        }
    )


def decoded(file: RawFile) -> str:
    """The text of a text file. Raises DocumentError if it is none, or too long."""
    raw = file.content
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if raw.startswith(_NO_TEXT) or (b"\x00" in raw[:4096] and not marked):
        reason = "not a text file although its name says so; save it as Markdown or plain text"
        raise DocumentError(file.doc_id, "type_mismatch", reason)
    text = texts.decode(raw)
    if not text.strip():
        raise DocumentError(file.doc_id, "empty", "has no text; delete it or fill it in")
    if len(text) > file.limits.max_characters:
        raise DocumentError(
            file.doc_id,
            "text_limit",
            f"holds more than {file.limits.max_characters:,} characters; split it",
        )
    return text
