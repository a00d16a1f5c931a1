"""Pure functions on text: decoding, words, sentences, fingerprints. No file is opened here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise

from sentencex import segment

from assistant.datatypes import Span

WORD = re.compile(r"\w+(?:['’]\w+)*")
_NEWLINES = re.compile(r"\r\n?")
_SPACE = re.compile(r"\s+")


def decode(raw: bytes) -> str:
    """`raw` as text: by its byte order mark, else UTF-8, else Windows-1252.

    Every line end becomes a line feed; the byte order mark and NUL characters are dropped.
    Windows-1252 has five holes; they become U+FFFD, so that no bytes raise. There is no Unicode
    normalisation: offsets must stay those of the file.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    return _NEWLINES.sub("\n", text).replace("\x00", "")


def one_line(text: str) -> str:
    r"""`text` for a list of names, a log or a terminal: what could steer it is written out.

    Line ends, other controls, direction overrides and lone surrogates become escapes ("\n",
    "\u202e"); joiners and soft hyphens, which scripts need, stay.
    """
    return "".join(c if _is_harmless(c) else _escaped(c) for c in text)


def _is_harmless(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs", "Zl", "Zp") and (
        category != "Cf" or character in "\u00ad\u200c\u200d"
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def collapse(text: str) -> str:
    """`text` with every run of white space as one space, trimmed."""
    return _SPACE.sub(" ", text).strip()


def words(text: str) -> list[str]:
    """The words of `text`, case-folded and compatibility-normalised, for comparing only."""
    return [found.casefold() for found in WORD.findall(unicodedata.normalize("NFKC", text))]


def count_words(text: str) -> int:
    """How many words `text` has."""
    return sum(1 for _ in WORD.finditer(text))


def fingerprint(text: str) -> str:
    """16 hexadecimal digits that name these words wherever they stand (white space aside)."""
    return hashlib.blake2b(collapse(text).encode("utf-8", "replace"), digest_size=8).hexdigest()


def hash63(*parts: str) -> int:
    """A 63-bit non-negative hash of `parts` (63, so that it fits a signed 64-bit column)."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        raw = part.encode("utf-8", "replace")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return int.from_bytes(digest.digest(), "big") >> 1


def trim(text: str, start: int, end: int) -> Span | None:
    """The span `start:end` of `text` without white space at its ends; None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def sentences(text: str, within: Span, language: str = "en") -> list[Span]:
    """The sentences of `text` inside `within`, as spans of `text`, in order.

    sentencex decides where a sentence begins; whatever it says, the spans cover every character
    that is not white space exactly once.
    """
    body = within.of(text)
    starts, position = [0], 0
    for piece in segment(language, body):
        found = body.find(piece, position)
        if found < 0:  # the splitter changed the words: keep them in the sentence before
            continue
        if found > starts[-1]:
            starts.append(found)
        position = found + len(piece)
    starts.append(len(body))
    spans = (
        trim(text, within.start + start, within.start + end) for start, end in pairwise(starts)
    )
    return [span for span in spans if span is not None]
