"""Put words of a question into other words, by WordNet: what readers do who never saw the text.

A word becomes one of its synonyms, the name of the kind of thing it is, or the short definition
of its first sense ("loan" becomes "the temporary provision of money"). WordNet is the Debian
package wordnet-base, under its own free licence; nothing of it is shipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from training.questions import SMALL, WORD, content_words

if TYPE_CHECKING:
    from random import Random

FOLDER: Final = Path("/usr/share/wordnet")
KINDS: Final = ("noun", "verb", "adj", "adv")
LONGEST_DEFINITION: Final = 9
"""In words."""
ENDINGS: Final = (
    ("noun", "ies", "y"), ("noun", "ses", "s"), ("noun", "xes", "x"), ("noun", "ches", "ch"),
    ("noun", "shes", "sh"), ("noun", "men", "man"), ("noun", "s", ""),
    ("verb", "ies", "y"), ("verb", "es", "e"), ("verb", "es", ""), ("verb", "s", ""),
    ("verb", "ied", "y"), ("verb", "ed", "e"), ("verb", "ed", ""), ("verb", "ing", "e"),
    ("verb", "ing", ""), ("adj", "er", ""), ("adj", "est", ""),
)  # fmt: skip
"""How inflected forms end, and their base forms (the rules of WordNet's own morphology)."""


@dataclass(frozen=True)
class Meaning:
    """The first sense of a word: its synonyms, what kind of thing it is, and its definition."""

    synonyms: tuple[str, ...]
    kinds: tuple[str, ...]
    definition: str


class Synonyms:
    """WordNet's first senses, looked up by any form of a word."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read the dictionary in `folder`; FileNotFoundError says how to get it."""
        if not (folder / "index.noun").is_file():
            raise FileNotFoundError(
                f"{folder} holds no WordNet; expected index.noun and the files beside it. "
                "On Debian: apt-get install wordnet-base."
            )
        self._first: dict[tuple[str, str], int] = {}
        self._bases: dict[tuple[str, str], str] = {}
        self._data: dict[str, bytes] = {}
        for kind in KINDS:
            self._read(folder, kind)

    def _read(self, folder: Path, kind: str) -> None:
        self._data[kind] = (folder / f"data.{kind}").read_bytes()
        for line in (folder / f"index.{kind}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            senses = int(fields[2])
            self._first[kind, fields[0]] = int(fields[-senses])
        for line in (folder / f"{kind}.exc").read_text(encoding="utf-8").splitlines():
            form, base, *_ = line.split()
            self._bases[kind, form] = base

    def meanings(self, word: str) -> list[Meaning]:
        """The first sense of `word` as each part of speech it can be."""
        found = []
        for kind in KINDS:
            base = self._base(kind, word.lower())
            if base is not None:
                found.append(self._meaning(kind, base))
        return found

    def swap(self, question: str, passage: str, random: Random) -> str:
        """`question` with about half of the words it shares with `passage` in other words."""
        shared = content_words(question) & content_words(passage)

        def other(match: re.Match[str]) -> str:
            word = match[0]
            if word.lower() not in shared or word.lower() in SMALL or random.random() < 0.4:
                return word
            ways = [way for meaning in self.meanings(word) for way in _ways(meaning, random)]
            return random.choice(ways) if ways else word

        return WORD.sub(other, question)

    def _base(self, kind: str, word: str) -> str | None:
        if (kind, word) in self._first:
            return word
        if (kind, word) in self._bases:
            base = self._bases[kind, word]
            return base if (kind, base) in self._first else None
        for own, ending, instead in ENDINGS:
            if own == kind and word.endswith(ending):
                base = word.removesuffix(ending) + instead
                if (kind, base) in self._first:
                    return base
        return None

    def _meaning(self, kind: str, base: str) -> Meaning:
        own, kinds, definition = self._synset(kind, self._first[kind, base])
        synonyms = tuple(word for word in own if word.lower() != base)
        above: list[str] = []
        for offset in kinds:
            above.extend(self._synset(kind, offset)[0])
        return Meaning(synonyms, tuple(above), definition)

    def _synset(self, kind: str, offset: int) -> tuple[list[str], list[int], str]:
        """Words, the offsets of what is above, and the definition, of the synset at `offset`."""
        data = self._data[kind]
        line = data[offset : data.index(b"\n", offset)].decode()
        record, _, gloss = line.partition("|")
        fields = record.split()
        count = int(fields[3], 16)
        words = [re.sub(r"\(.*\)", "", w).replace("_", " ") for w in fields[4 : 4 + 2 * count : 2]]
        pointers = fields[5 + 2 * count :]
        kinds = [
            int(pointers[i + 1])
            for i in range(0, len(pointers) - 2, 1)
            if pointers[i] == "@" and pointers[i + 1].isdigit() and pointers[i + 2] in "nv"
        ]
        definition = re.sub(r"\(.*?\)", "", gloss).split(";")[0].split('"')[0]
        return words, kinds, " ".join(definition.split())


def _ways(meaning: Meaning, random: Random) -> list[str]:
    """Synonyms twice, what is above once, a short definition sometimes."""
    ways = [*meaning.synonyms, *meaning.synonyms, *meaning.kinds[:2]]
    if len(meaning.definition.split()) <= LONGEST_DEFINITION and random.random() < 0.25:
        ways.append(meaning.definition)
    return ways
