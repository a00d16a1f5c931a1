"""Lines of a page become running words: broken words are mended, lines joined by a space."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.documents.pdf_lines import BROKEN_WORD

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,60})$")
_FIRST = re.compile(r"([^\W\d_]+)")
# Parts of compounds that keep their hyphen when a line breaks at it.
_FIRST_PARTS = frozenset(
    """all co cross decision e end ex face follow full half hand high home inter ill joined large
    life long low mid multi near non off old on one over part peer place person pre pro real
    self semi short single small so socio third two under up user well whole work year""".split()
)
_SECOND_PARTS = frozenset(
    """based bed being centred centered day date driven face focused free funded going grown
    hospital income led life level like line long made maker making month needed off old on one
    owned person point quality range related related rich risk run scale sector set specific
    standing stay style system term time to up wide week year years""".split()
)


class Vocabulary:
    """The words a document uses whole, which tell how its broken words are spelt."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        for text in texts:
            self._words.update(found.lower() for found in _WORD.findall(text))

    def mended(self, first: str, second: str) -> str:
        """`first` and `second`, the halves of a word that a line end broke, as one word."""
        low, high = first.lower(), second.lower()
        if f"{low}{high}" in self._words:
            return first + second
        compound = (
            f"{low}-{high}" in self._words
            or second[:1].isupper()
            or high in _SECOND_PARTS
            or (low in _FIRST_PARTS and high in self._words)
        )
        return f"{first}-{second}" if compound else first + second

    def joined(self, lines: Iterable[str]) -> str:
        """`lines` as one run of words."""
        text = ""
        for line in lines:
            line = line.strip(" \t\r\n")
            text = self._continued(text, line) if text else line
        return text.rstrip(BROKEN_WORD).replace(BROKEN_WORD, "-")

    def _continued(self, text: str, line: str) -> str:
        broken = text.endswith((BROKEN_WORD, "\u00ad", "-", "\u2010"))
        before = _LAST.search(text[:-1][-60:]) if broken else None
        after = _FIRST.match(line)
        if not broken or not line:
            return f"{text} {line}"
        if before is None or after is None:
            # "2011-" / "2019": a hyphen that belongs where it stands.
            return (
                text.rstrip(BROKEN_WORD + "\u00ad")
                + ("-" if text[-1] in (BROKEN_WORD, "\u00ad") else "")
                + line
            )
        head = text[: len(text) - 1 - len(before[1])]
        if text[-1] == "\u00ad":
            return head + before[1] + line
        return head + self.mended(before[1], after[1]) + line[after.end() :]
