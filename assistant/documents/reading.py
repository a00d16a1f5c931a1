"""The seam of the readers: bytes go in, text with its structure comes out, or a reason why not.

A reader is a function from a `RawFile` to a `Reading`. It opens no file, reaches no network, and
raises DocumentError for what it refuses; whatever else goes wrong in it, the worker names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.datatypes import Block, BlockKind, Metadata, Page, Span
from assistant.settings import Limits


@dataclass(frozen=True)
class RawFile:
    """One file as it is on disk, and what reading it may cost."""

    doc_id: str
    content: bytes
    limits: Limits = field(default_factory=Limits)
    sidecar: str = ""
    """The text of its `.meta.yaml`, if there is one."""
    tesseract: str = ""
    """The program that may be started to recognise pictures of text; empty: none."""


@dataclass(frozen=True)
class Reading:
    """What a reader found. `scanned` counts pages that are pictures without words."""

    text: str
    title: str
    metadata: Metadata
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()
    scanned: int = 0


Reader = Callable[[RawFile], Reading]


def to_wire(reading: Reading) -> dict[str, Any]:
    """`reading` as values for JSON: what leaves the worker is data, never an object."""
    return {
        "text": reading.text,
        "title": reading.title,
        "metadata": asdict(reading.metadata),
        "blocks": [
            [b.kind.value, b.span.start, b.span.end, b.outer.start, b.outer.end, b.level]
            for b in reading.blocks
        ],
        "pages": [[page.number, page.start, page.ocr] for page in reading.pages],
        "notes": list(reading.notes),
        "scanned": reading.scanned,
    }


def from_wire(fields: dict[str, Any]) -> Reading:
    """The Reading that `to_wire` wrote. Raises ValueError, TypeError or LookupError if it is none.

    Every offset is checked: a worker that a hostile file has taken over can still only give text.
    """
    text = _word(fields["text"])
    meta: dict[str, Any] = {
        name: tuple(map(_word, value)) if isinstance(value, list) else _word(value)
        for name, value in fields["metadata"].items()
    }
    blocks = tuple(
        Block(BlockKind(kind), _within(text, start, end), _within(text, left, right), int(level))
        for kind, start, end, left, right, level in fields["blocks"]
    )
    pages = tuple(
        Page(int(number), int(start), bool(ocr)) for number, start, ocr in fields["pages"]
    )
    notes = tuple(map(_word, fields["notes"]))
    metadata = Metadata(**meta)
    return Reading(
        text, _word(fields["title"]), metadata, blocks, pages, notes, int(fields["scanned"])
    )


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where text was expected")
    return value


def _within(text: str, start: int, end: int) -> Span:
    if end > len(text):
        raise ValueError(f"a block ends at {end} in a text of {len(text)} characters")
    return Span(start, end)
