"""Links that survive: a name for quoted words, and the way from the name back to the words.

A name says nothing about positions, so whatever happens elsewhere in the document does not matter.
It is a fingerprint of the words; where they stand more than once, it also says which of them is
meant: how many there were, which one it was, and fingerprints of what stood before, after and
above. If that does not decide, nothing is decided: a wrong highlight is worse than none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import text as texts
from assistant.datatypes import BlockKind, Document, Passage, Span

_NAME = re.compile(
    r"(?P<words>[0-9a-f]{16})"
    r"(?:-(?P<ordinal>[1-9][0-9]{0,4})\.(?P<count>[1-9][0-9]{0,4})\.(?P<around>[0-9a-f]{12}))?",
    re.ASCII,
)
_SPACE = re.compile(r"\s+")
NEAR = 60
"""Characters before and after repeated words that tell them apart."""
LONGEST_RUN = 400
"""Words of the longest run of sentences that a link may name: more than any passage holds."""


@dataclass(frozen=True)
class _Name:
    """What a link to repeated words remembers of the ones it means."""

    ordinal: int
    count: int
    around: tuple[str, str, str]


def is_name(fingerprint: str) -> bool:
    """Whether this has the form of a name that `quote_fingerprint` gives."""
    return _NAME.fullmatch(fingerprint) is not None


def quote_fingerprint(document: Document, span: Span) -> str:
    """A name for the words under `span` that does not depend on the rest of the document.

    16 hexadecimal digits; words that stand several times in the body have "-2.3.<12 digits>" after
    them: the second of three, and what is before, after and above it (four digits each).
    """
    words = span.of(document.text)
    key = texts.fingerprint(words)
    found = list(_occurrences(document, words))
    if len(found) < 2:
        return key
    ordinal = 1 + sum(1 for other in found if other.start < span.start)
    return f"{key}-{ordinal}.{len(found)}.{''.join(_around(document, span))}"


@dataclass(frozen=True)
class Trace:
    """Where a link leads: `places` hold its words, `meant` is the one it was made for.

    No places: the words are gone. Places and no `meant`: the words are there, but the link was
    made for one of several and it is unclear whether that one is still among them.
    """

    places: tuple[Span, ...] = ()
    meant: Span | None = None


def locate(document: Document, passages: Sequence[Passage], fingerprint: str) -> Span | None:
    """The words that a link means; None if they are gone or if it is unclear which are meant."""
    return trace(document, passages, fingerprint).meant


def trace(document: Document, passages: Sequence[Passage], fingerprint: str) -> Trace:
    """Where a link leads in this version of its document.

    Words are looked for as a passage and as any run of sentences, wherever passages are cut now.
    """
    match = _NAME.fullmatch(fingerprint)
    span = _spelled(document, passages, match["words"]) if match else None
    if match is None or span is None:
        return Trace()
    found = tuple(_occurrences(document, span.of(document.text))) or (span,)
    if match["around"] is None:
        return Trace(found, found[0] if len(found) == 1 else None)
    around = match["around"]
    name = _Name(int(match["ordinal"]), int(match["count"]), (around[:4], around[4:8], around[8:]))
    return Trace(found, _meant(document, found, name))


def _meant(document: Document, found: tuple[Span, ...], name: _Name) -> Span | None:
    """The one of `found` that stands as the link remembers it, if that is one alone."""
    agreements = [
        tuple(now == then for now, then in zip(_around(document, span), name.around, strict=True))
        for span in found
    ]
    scores = [sum(agreement) for agreement in agreements]
    best = max(scores)
    likely = [i for i, score in enumerate(scores) if score == best]
    whole = best == len(name.around)
    if whole and len(found) == name.count and name.ordinal - 1 in likely:
        return found[name.ordinal - 1]  # nothing that tells them apart has changed
    if len(likely) > 1 or not any(agreements[likely[0]][:2]):
        return None
    if len(found) < name.count and not whole:
        return None  # one is gone, and it may be the one that was meant
    return found[likely[0]]


def _around(document: Document, span: Span) -> tuple[str, str, str]:
    """Short fingerprints of what stands before and after `span` and of the heading above it."""
    text = document.text
    before = text[max(0, span.start - NEAR) : span.start]
    after = text[span.end : span.end + NEAR]
    above = ""
    for block in document.blocks:
        if block.outer.start >= span.start:
            break
        if block.kind is BlockKind.HEADING:
            above = block.span.of(text)
    near = (" ".join(before.split()[-4:]), " ".join(after.split()[:4]), above)
    return tuple(texts.fingerprint(words)[:4] for words in near)  # type: ignore[return-value]


def _spelled(document: Document, passages: Sequence[Passage], key: str) -> Span | None:
    """A passage or a run of sentences whose words have this fingerprint."""
    for passage in passages:
        if texts.fingerprint(passage.text) == key:
            return passage.span
    opens = {block.span.start: block.outer.start for block in document.blocks}
    for section in _sections(passages):
        for first, sentence in enumerate(section):
            for start in {sentence.start, opens.get(sentence.start, sentence.start)}:
                end = _run(document.text, start, section[first:], key)
                if end is not None:
                    return Span(start, end)
    return None


def _run(text: str, start: int, sentences: Sequence[Span], key: str) -> int | None:
    """Where the run of sentences from `start` with this fingerprint ends, if there is one.

    Grows a hash sentence by sentence, so that long documents stay quick.
    """
    running = hashlib.blake2b(digest_size=8)
    position, words = start, 0
    for sentence in sentences:
        piece = _SPACE.sub(" ", text[position : sentence.end])
        running.update(piece.encode("utf-8", "replace"))
        if running.hexdigest() == key:
            return sentence.end
        position = sentence.end
        words += piece.count(" ") + 1
        if words > LONGEST_RUN:
            return None
    return None


def _sections(passages: Sequence[Passage]) -> Iterator[list[Span]]:
    """The sentences below each heading, whatever passages they are in."""
    section: list[Span] = []
    heading: tuple[str, ...] | None = None
    for passage in passages:
        if passage.heading != heading and section:
            yield section
            section = []
        heading = passage.heading
        section += passage.sentences
    if section:
        yield section


def _occurrences(document: Document, words: str) -> Iterator[Span]:
    """Wherever `words` stand in the body, in order, however their white space is broken."""
    body = document.blocks[0].outer.start if document.blocks else 0
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    found = pattern.search(document.text, body)
    while found:
        yield Span(*found.span())
        found = pattern.search(document.text, found.start() + 1)
