"""Walk the corpus folder and turn each file into a Document, or into a reason why not."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant import text as texts
from assistant.datatypes import Document
from assistant.documents.formats import READERS as READERS
from assistant.documents.formats import ending
from assistant.documents.sandbox import Sandbox, shared
from assistant.errors import CorpusEmpty, CorpusError, DocumentError
from assistant.settings import Limits

SIDECAR = ".meta.yaml"
"""Ending of a file that holds the metadata of the document beside it."""
MAX_SIDECAR = 100_000
MAX_PATH = 1_024
NOT_CASES = {"readme.md"}
"""Files that explain the folder and are no case studies."""


@dataclass(frozen=True)
class CorpusReading:
    """What reading a corpus gave: documents by `doc_id`, failures, and files left aside."""

    documents: tuple[Document, ...]
    failures: tuple[DocumentError, ...]
    ignored: tuple[str, ...]


def read_corpus(
    folder: Path,
    limits: Limits | None = None,
    tesseract: str = "tesseract",
    on_progress: Callable[[int, int], None] | None = None,
) -> CorpusReading:
    """Read all case studies under `folder`, sorted by `doc_id`.

    Links and formats without a reader are left aside and listed in `ignored`, hidden files passed
    over in silence. A sub-folder that cannot be read is one failure, its `doc_id` the folder's
    path with a slash at the end, which no file has: what it holds is unknown, not gone.
    `on_progress` is told (done, all) files. Raises CorpusEmpty if the folder is missing or holds no
    case study, CorpusError if it cannot be read or holds more than `limits.max_files`.
    """
    check_folder(folder)
    limits = limits or Limits()
    documents: list[Document] = []
    failures: list[DocumentError] = []
    paths, ignored = _sorted_out(folder, limits, failures)
    sandbox = shared(limits, tesseract)
    for done, (path, doc_id) in enumerate(paths, 1):
        try:
            documents.append(read_document(path, doc_id, limits, sandbox))
        except DocumentError as failure:
            failures.append(failure)
        if on_progress:
            on_progress(done, len(paths))
    sandbox.rest()
    if not documents and not failures:
        raise CorpusEmpty(
            f"The corpus folder {folder} holds no case studies: expected at least one file ending "
            f"in {', '.join(READERS)}. Put your documents there and build again."
        )
    return CorpusReading(tuple(documents), tuple(failures), tuple(ignored))


def _sorted_out(
    folder: Path, limits: Limits, failures: list[DocumentError]
) -> tuple[list[tuple[Path, str]], list[str]]:
    """The files to read with their ids, and the ids of those left aside.

    A sidecar is part of the document beside it; one without a document is left aside.
    """
    paths: list[tuple[Path, str]] = []
    sidecars: list[tuple[Path, str]] = []
    ignored: list[str] = []
    for count, (path, is_link) in enumerate(_files(folder, failures), 1):
        if count > limits.max_files:
            raise CorpusError(
                f"The corpus folder {folder} holds more than {limits.max_files:,} files: expected "
                "at most that many. Take out what is no case study, or raise CASEBOOK_MAX_FILES."
            )
        doc_id = path.relative_to(folder).as_posix()
        if path.name.endswith(SIDECAR) and not is_link:
            sidecars.append((path, doc_id))
        elif is_link or path.name.lower() in NOT_CASES or ending(path.name) not in READERS:
            ignored.append(doc_id)
        else:
            paths.append((path, doc_id))
    described = {sidecar_of(path) for path, _ in paths} if sidecars else set()
    ignored += [doc_id for path, doc_id in sidecars if path not in described]
    return paths, ignored


def check_folder(folder: Path) -> None:
    """Raises CorpusEmpty if there is no such folder."""
    if not folder.is_dir():
        raise CorpusEmpty(
            f"The corpus folder {folder} does not exist: expected a folder of case "
            "studies. Create it, or name another with --corpus."
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


def read_document(
    path: Path, doc_id: str, limits: Limits | None = None, sandbox: Sandbox | None = None
) -> Document:
    """Read one file. Raises DocumentError with a stable code and a reason a person understands.

    Without a `sandbox` it is read in the one that this process shares.
    """
    limits = limits or Limits()
    sandbox = sandbox or shared(limits)
    named = doc_id.encode("utf-8", "replace").decode("utf-8")
    if named != doc_id or len(doc_id) > MAX_PATH:
        reason = (
            f"its name is not valid UTF-8 or longer than {MAX_PATH} characters; rename the file"
        )
        raise DocumentError(named[:MAX_PATH], "file_name", reason)
    raw = read_bytes(path, doc_id, limits.max_file_bytes)
    beside = _sidecar_bytes(path, doc_id)
    found = sandbox.read(doc_id, raw, texts.decode(beside))
    digest = hashlib.sha256(raw + beside).hexdigest()
    return Document(
        doc_id, found.title, found.text, digest, found.metadata, found.blocks, found.pages,
        found.notes,
    )  # fmt: skip


def fingerprint(path: Path, doc_id: str, limits: Limits) -> str:
    """The `sha256` that `read_document` would give, without reading the document."""
    raw = read_bytes(path, doc_id, limits.max_file_bytes)
    return hashlib.sha256(raw + _sidecar_bytes(path, doc_id)).hexdigest()


def read_bytes(path: Path, doc_id: str, max_bytes: int) -> bytes:
    """The content of a regular file, opened without following a link.

    What is checked is what was opened, so nothing can be put in its place in between.
    Raises DocumentError.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Without O_NONBLOCK the opening of a pipe would wait for somebody to write to it.
        handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno == errno.ELOOP:
            reason = "is a link; put the file itself into the folder"
            raise DocumentError(doc_id, "symlink", reason) from error
        reason = f"cannot be opened ({error.strerror}); check its permissions"
        raise DocumentError(doc_id, "unreadable", reason) from error
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError(doc_id, "not_a_file", "is not an ordinary file; remove it")
        too_large = DocumentError(
            doc_id, "too_large", f"larger than {max_bytes:,} bytes; split it or raise the limit"
        )
        if found.st_size > max_bytes:
            raise too_large
        try:
            raw = file.read(max_bytes + 1)
        except OSError as error:
            reason = f"cannot be read ({error.strerror}); check the drive"
            raise DocumentError(doc_id, "unreadable", reason) from error
    if len(raw) > max_bytes:
        raise too_large
    return raw


def sidecar_of(path: Path) -> Path | None:
    """`report.pdf.meta.yaml` or `report.meta.yaml` beside `report.pdf`, if there is one."""
    for name in (f"{path.name}{SIDECAR}", f"{path.stem}{SIDECAR}"):
        beside = path.with_name(name)
        with suppress(OSError):  # the longer name may be too long for the file system
            if stat.S_ISREG(beside.lstat().st_mode):
                return beside
    return None


def _sidecar_bytes(path: Path, doc_id: str) -> bytes:
    beside = sidecar_of(path)
    return read_bytes(beside, doc_id, MAX_SIDECAR) if beside else b""
