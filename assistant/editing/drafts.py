"""Drafts: files that were uploaded or typed in and wait, outside the corpus, to be looked at.

`drafts/<id>/` in the index folder holds `draft.json` and the files, each in a folder of its own.
A draft that nobody took up is removed after a day.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from assistant.datatypes import Document, Passage
from assistant.documents import read_document
from assistant.errors import DocumentError, EditError
from assistant.indexing.passages import split
from assistant.records import files
from assistant.settings import Limits

FOLDER = "drafts"
SECONDS = 24 * 3600
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One file of a draft: `name` as it will be kept, `replaces` the doc_id it takes the place of.

    `seen` is the SHA-256 of the file to be replaced as the editor saw it, "" if none was shown.
    """

    name: str
    replaces: str = ""
    seen: str = ""

    @property
    def doc_id(self) -> str:
        """Where in the corpus it will stand: in the place of what it replaces, or at the top."""
        if not self.replaces:
            return self.name
        old = PurePosixPath(self.replaces)
        return old.with_suffix(PurePosixPath(self.name).suffix).as_posix()


@dataclass(frozen=True)
class Draft:
    """Files that wait. `form` holds what was typed, to be corrected; `suggestion` what led here."""

    id: str
    entries: tuple[Entry, ...]
    form: dict[str, str] = field(default_factory=dict)
    suggestion: str = ""


@dataclass(frozen=True)
class Preview:
    """How a file of a draft was read and cut, or why it cannot be."""

    document: Document | None
    passages: tuple[Passage, ...] = ()
    problem: str = ""


class Drafts:
    """The drafts in one index folder."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self._folder, self._limits = root / FOLDER, limits

    def make(
        self,
        contents: Sequence[tuple[Entry, bytes]],
        form: dict[str, str] | None = None,
        suggestion: str = "",
    ) -> Draft:
        """A draft of these files. Raises EditError if there are none or one is too large."""
        if not contents:
            raise EditError("No file was chosen: expected at least one. Choose a file.")
        for entry, raw in contents:
            if len(raw) > self._limits.max_file_bytes:
                raise EditError(
                    f"“{entry.name}” has {len(raw):,} bytes: expected at most "
                    f"{self._limits.max_file_bytes:,}. Split it, or raise CASEBOOK_MAX_FILE_BYTES."
                )
        self._tidy()
        draft = Draft(
            secrets.token_hex(16), tuple(entry for entry, _ in contents), form or {}, suggestion
        )
        try:
            for number, (_, raw) in enumerate(contents):
                path = self.path(draft, number)
                path.parent.mkdir(parents=True)
                path.write_bytes(raw)
        except OSError as error:
            self.drop(draft.id)
            raise EditError(
                f"The draft could not be written ({error.strerror or error}): expected some space "
                f"in {self._folder}. Make room and try again."
            ) from error
        files.write(self._folder / draft.id / "draft.json", asdict(draft))
        return draft

    def get(self, draft_id: str) -> Draft:
        """The draft of this id. Raises EditError if there is none."""
        known = _ID.fullmatch(draft_id)
        fields = files.read(self._folder / draft_id / "draft.json") if known else None
        if fields is None:
            raise EditError(
                "This draft is not here any more: it was used, left alone for a day, or never "
                "made. Begin again."
            )
        entries = tuple(Entry(**entry) for entry in fields["entries"])
        return Draft(draft_id, entries, fields["form"], fields["suggestion"])

    def path(self, draft: Draft, number: int) -> Path:
        """The file of entry `number`."""
        return self._folder / draft.id / str(number) / draft.entries[number].name

    def preview(self, draft: Draft, number: int) -> Preview:
        """How entry `number` will be read and cut into passages."""
        entry = draft.entries[number]
        try:
            document = read_document(self.path(draft, number), entry.name, self._limits)
        except DocumentError as error:
            return Preview(None, problem=error.reason)
        return Preview(document, split(document))

    def drop(self, draft_id: str) -> None:
        """Remove a draft, if there is one."""
        if _ID.fullmatch(draft_id):
            shutil.rmtree(self._folder / draft_id, ignore_errors=True)

    def _tidy(self) -> None:
        """Remove drafts that nobody took up."""
        for folder in self._folder.glob("*"):
            if _ID.fullmatch(folder.name) and time.time() - folder.stat().st_mtime > SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
