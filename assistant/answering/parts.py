"""A question that asks several things becomes its parts, each a question that stands by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.follow_ups import Names, stand_alone
from assistant.indexing.lexical import stems

_ASKING = (
    r"(?:how|what|which|who|whom|whose|where|when|why|did|does|do|was|were|is|are|has|have|had|can|"
    r"could|would|will)"
)
_JOINT = re.compile(
    rf"(?:(?<=[?!.])\s+|\s*[,;:]\s*)(?:and|but|or)?\s*(?={_ASKING}\b)"  # "... run, and who pays?"
    r"|\s+(?:and|but|or)\s+(?=(?:how|what|which|who|whom|whose|where|when|why)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"^(?:and |but |or |so |then )?{_ASKING}\b", re.IGNORECASE)
MOST = 3
"""A question of more parts is taken as one: splitting it was more likely to be wrong than right."""
FEWEST_TERMS = 1
"""A part without a telling word ("and why?") asks nothing that could be looked up by itself."""


@dataclass(frozen=True)
class Part:
    """One of several questions in one: as it was put, and so that it stands by itself."""

    words: str
    question: str


def parts_of(question: str, names: Names) -> tuple[Part, ...]:
    """The questions inside `question`, in order; empty if it asks one thing only.

    What a later part leaves unsaid ("and who pays for it?") is taken from the part before, by the
    rules for follow-ups.
    """
    pieces = [piece.strip() for piece in _JOINT.split(question) if piece.strip()]
    if not 2 <= len(pieces) <= MOST or not all(map(_asks, pieces)):
        return ()
    parts: list[Part] = []
    for words in map(_ended, pieces):
        before = [part.question for part in parts]
        parts.append(Part(words, stand_alone(words, before, names).text))
    return tuple(parts)


def _asks(piece: str) -> bool:
    return bool(_ASKS.match(piece)) and len(set(stems(piece))) >= FEWEST_TERMS


def _ended(piece: str) -> str:
    piece = piece.rstrip(" ,;:.!?")
    return f"{piece[:1].upper()}{piece[1:]}?"
