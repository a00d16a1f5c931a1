"""Open the zip containers of office files and books, after checking what they claim to hold.

Nothing is ever written to disk and no name from the archive is used as a path. The sizes an archive
declares are an upper bound of what `zipfile` will give, so checking them first is enough.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from assistant.documents.reading import RawFile
from assistant.errors import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SMALL = 1_000_000
"""Bytes; an archive that unpacks to less is no bomb whatever its ratio."""
_PARTS = (".xml", ".rels", ".opf", ".ncx")


class Archive:
    """The members of a checked container."""

    def __init__(self, file: RawFile, holds: str, kind: str) -> None:
        """`holds` names a member that a file of this `kind` ("a Word document") has.

        Raises DocumentError if it is another kind of file, encrypted, damaged or too big unpacked.
        """
        self._file, self._kind = file, kind
        _check_magic(file, kind)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(file.content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.damaged("its directory cannot be read") from error
        self._check_sizes()
        if holds not in self.zip.namelist():
            raise DocumentError(
                file.doc_id,
                "type_mismatch",
                f"is not {kind} although its name says so; give it the ending of its real format",
            )
        self._check_markup()

    def damaged(self, what: str) -> DocumentError:
        """The failure of a container that is broken."""
        return DocumentError(
            self._file.doc_id,
            "malformed",
            f"is damaged ({what}); open it in its own program and save it again",
        )

    def read(self, name: str) -> bytes:
        """The content of a member; empty if there is none of that name."""
        try:
            return self.zip.read(name)
        except KeyError:
            return b""
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise self.damaged(f"the part {name[:60]!r} cannot be unpacked") from error
        except RuntimeError as error:  # zipfile's word for a password
            raise _encrypted(self._file) from error

    def xml(self, name: str) -> etree._Element | None:
        """A member as XML; None if there is none. Entities are not resolved, depth is limited."""
        raw = self.read(name)
        return parse_xml(self._file, name, raw) if raw else None

    def _check_sizes(self) -> None:
        limits, entries = self._file.limits, self.zip.infolist()
        if len(entries) > limits.max_archive_entries:
            raise self._bomb(f"{len(entries):,} parts where {limits.max_archive_entries:,} are")
        declared = sum(entry.file_size for entry in entries)
        if declared > limits.max_archive_bytes:
            raise self._bomb(f"{declared:,} bytes where {limits.max_archive_bytes:,} are")
        ratio = declared / max(1, len(self._file.content))
        if declared > SMALL and ratio > limits.max_archive_ratio:
            raise self._bomb(f"{ratio:,.0f} times its size where {limits.max_archive_ratio} is")
        if sum(entry.compress_size for entry in entries) > len(self._file.content):
            raise self.damaged("its parts overlap")
        if any(entry.flag_bits & 1 for entry in entries):
            raise _encrypted(self._file)

    def _bomb(self, what: str) -> DocumentError:
        return DocumentError(
            self._file.doc_id,
            "decompression_limit",
            f"would unpack to {what} allowed; if you trust it, split it or raise the limit",
        )

    def _check_markup(self) -> None:
        """No part may declare a document type: office programs never write one, attackers do."""
        for entry in self.zip.infolist():
            name = entry.filename.lower()
            if name.endswith(_PARTS) and b"<!DOCTYPE" in self.read(entry.filename):
                refuse_doctype(self._file, entry.filename)


def refuse_doctype(file: RawFile, name: str) -> None:
    """Raises DocumentError."""
    raise DocumentError(
        file.doc_id,
        "xml_limit",
        f"its part {name[:60]!r} declares a document type, which such files never do and attacks "
        "on readers need; save it again in its own program",
    )


def parse_xml(file: RawFile, name: str, raw: bytes) -> etree._Element:
    """`raw` as XML without entities, network or great depth. Raises DocumentError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        code = "too_deep" if "depth" in str(error) else "malformed"
        raise DocumentError(
            file.doc_id,
            code,
            f"is damaged (its part {name[:60]!r} is not valid XML); save it again in its program",
        ) from error
    if root is None:
        raise DocumentError(file.doc_id, "malformed", f"its part {name[:60]!r} is empty")
    return root


def _check_magic(file: RawFile, kind: str) -> None:
    if file.content.startswith(OLE):
        if _ENCRYPTED in file.content:
            raise _encrypted(file)
        raise DocumentError(
            file.doc_id,
            "unsupported",
            "is an Office file of the format before 2007; open it in Word and save it as .docx",
        )
    if not file.content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise DocumentError(
            file.doc_id,
            "type_mismatch",
            f"is not {kind} although its name says so; give it the ending of its real format",
        )


def _encrypted(file: RawFile) -> DocumentError:
    return DocumentError(
        file.doc_id, "encrypted", "is protected by a password; save a copy without one"
    )
