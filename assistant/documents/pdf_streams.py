"""Find compressed streams that would unpack to more than any page holds, before PDFium meets them.

Only the bytes are looked at, one stream after another, and no more than a piece of one is kept.
Pictures are passed over: they are not unpacked to read the words of a page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from assistant.documents.reading import RawFile
from assistant.errors import DocumentError

_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*(\[[^\]]{0,200}\]|/\w{1,40})")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
DICTIONARY = 1_000
"""Bytes before a stream in which its dictionary is looked for."""
MAX_STREAM = 100_000_000
"""Bytes; a page's content is rarely more than a few millions."""
PIECE = 1_000_000


def check(file: RawFile) -> None:
    """Raises DocumentError if a stream of `file` is a bomb."""
    for found in _STREAM.finditer(file.content):
        before = file.content[max(0, found.start() - DICTIONARY) : found.start()]
        before = before[before.rfind(b" obj") + 1 :]
        filters = _FILTERS.search(before)
        if filters is None or b"/Image" in before:
            continue
        times = len(_FLATE.findall(filters[1]))
        if times:
            _check_stream(file, found.end(), times)


def _check_stream(file: RawFile, start: int, times: int) -> None:
    pieces: Iterable[bytes] = _from(file.content, start)
    for _ in range(min(times, 10)):
        pieces = _inflated(pieces)
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > MAX_STREAM:
                raise DocumentError(
                    file.doc_id,
                    "decompression_limit",
                    f"holds a part that would unpack to more than {MAX_STREAM:,} bytes; get it "
                    "again from where it came, or print it to a new PDF",
                )
    except zlib.error:
        return  # broken or encrypted: PDFium decides


def _from(content: bytes, start: int) -> Iterator[bytes]:
    for position in range(start, len(content), PIECE):
        yield content[position : position + PIECE]


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What `pieces` unpack to, at most a piece at a time."""
    unpacker = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest and not unpacker.eof:
            unpacked = unpacker.decompress(rest, PIECE)
            rest = unpacker.unconsumed_tail
            if unpacked:
                yield unpacked
        if unpacker.eof:
            return
