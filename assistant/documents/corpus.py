"""Walk the corpus folder and turn each file into a Document, or into a reason why not."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import text as texts
from assistant.datatypes import Document
from assistant.documents import markdown, plain_text
from assistant.errors import CorpusEmpty, CorpusError, DocumentError

READERS = {".md": markdown.read, ".markdown": markdown.read, ".txt": plain_text.read}
NOT_CASES = {"readme.md"}
"""Files that explain the folder and are no case studies."""


@dataclass(frozen=True)
class CorpusReading:
    """What reading a corpus gave: documents by `doc_id`, failures, and files left aside."""

    documents: tuple[Document, ...]
    failures: tuple[DocumentError, ...]
    ignored: tuple[str, ...]


def read_corpus(folder: Path, max_bytes: int = 50_000_000) -> CorpusReading:
    """Read all case studies under `folder`, sorted by `doc_id`.

    Links and formats without a reader are left aside and listed in `ignored`, hidden files passed
    over in silence. A sub-folder that cannot be read is one failure, its `doc_id` the folder's
    path with a slash at the end, which no file has: what it holds is unknown, not gone.
    Raises CorpusEmpty if the folder is missing or holds no case study, CorpusError if it cannot be
    read.
    """
    check_folder(folder)
    documents: list[Document] = []
    failures: list[DocumentError] = []
    ignored: list[str] = []
    for path, is_link in _files(folder, failures):
        doc_id = path.relative_to(folder).as_posix()
        if is_link or path.name.lower() in NOT_CASES or path.suffix.lower() not in READERS:
            ignored.append(doc_id)
            continue
        try:
            documents.append(read_document(path, doc_id, max_bytes))
        except DocumentError as failure:
            failures.append(failure)
    if not documents and not failures:
        raise CorpusEmpty(
            f"The corpus folder {folder} holds no case studies: expected at least one file ending "
            f"in {', '.join(READERS)}. Put your documents there and build again."
        )
    return CorpusReading(tuple(documents), tuple(failures), tuple(ignored))


def check_folder(folder: Path) -> None:
    """Raises CorpusEmpty if there is no such folder."""
    if not folder.is_dir():
        raise CorpusEmpty(
            f"The corpus folder {folder} does not exist: expected a folder of Markdown or text "
            "files. Create it, or name another with --corpus."
        )


def _files(folder: Path, failures: list[DocumentError]) -> Iterator[tuple[Path, bool]]:
    """Visible files below `folder` in a fixed order, and whether each is a link.

    Links to folders are not followed. A folder that cannot be read is added to `failures`, and
    nothing from below it is given: some of it would look like all of it.
    Raises CorpusError if that is `folder` itself.
    """

    def note(error: OSError) -> None:
        failures.append(_unreadable(folder, Path(error.filename), error))

    for root, folders, names in os.walk(folder, onerror=note, followlinks=False):
        try:
            found = _visible(Path(root), names)
        except OSError as error:  # the folder can be listed, but not entered
            failures.append(_unreadable(folder, Path(root), error))
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from found


def _visible(folder: Path, names: Iterable[str]) -> list[tuple[Path, bool]]:
    """The regular files and links among `names`, sorted, and whether each is a link.

    Raises OSError if the folder does not say what they are; `Path.is_file` would, depending on the
    version of Python, say that they are no files.
    """
    found: list[tuple[Path, bool]] = []
    for name in sorted(names):
        path = folder / name
        if name.startswith((".", "~$")):
            continue
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # deleted since the folder was listed
            continue
        if stat.S_ISREG(mode) or stat.S_ISLNK(mode):
            found.append((path, stat.S_ISLNK(mode)))
    return found


def _unreadable(corpus: Path, folder: Path, error: OSError) -> DocumentError:
    """The failure of a whole sub-folder. Raises CorpusError if it is the corpus itself."""
    if folder == corpus:
        raise CorpusError(
            f"The corpus folder {corpus} cannot be read ({error.strerror}): expected a folder that "
            "this account may list and enter. Correct its permissions and build again."
        ) from error
    doc_id = folder.relative_to(corpus).as_posix().encode("utf-8", "replace").decode("utf-8")
    reason = f"this folder cannot be read ({error.strerror}); check its permissions"
    return DocumentError(f"{doc_id}/", "unreadable", reason)


def read_document(path: Path, doc_id: str, max_bytes: int = 50_000_000) -> Document:
    """Read one file. Raises DocumentError with a stable code and a reason a person understands."""
    named = doc_id.encode("utf-8", "replace").decode("utf-8")
    if named != doc_id:
        raise DocumentError(named, "file_name", "its name is not valid UTF-8; rename the file")
    try:
        if path.stat().st_size > max_bytes:
            raise DocumentError(
                doc_id, "too_large", f"larger than {max_bytes:,} bytes; split it or raise the limit"
            )
        raw = path.read_bytes()
    except OSError as error:
        reason = f"cannot be opened ({error.strerror}); check its permissions"
        raise DocumentError(doc_id, "unreadable", reason) from error
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        reason = "not a text file although its name says so; save it as Markdown or plain text"
        raise DocumentError(doc_id, "type_mismatch", reason)
    text = texts.decode(raw)
    if not text.strip():
        raise DocumentError(doc_id, "empty", "has no text; delete it or fill it in")
    title, metadata, blocks = READERS[path.suffix.lower()](text, doc_id)
    if not blocks:
        raise DocumentError(doc_id, "empty", "has no text below its front matter; fill it in")
    return Document(doc_id, title, text, hashlib.sha256(raw).hexdigest(), metadata, blocks)
