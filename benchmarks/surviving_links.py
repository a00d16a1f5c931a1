"""Do links outlive edits? A seeded script edits every case study; each link is then followed.

    python -m benchmarks.surviving_links [--corpus DIR] [--seeds 20]

For each case study and seed, a fifth of the paragraphs and list entries is edited: removed, moved
to somewhere else, or given a new neighbour, taken from another case study. A link to every
sentence, and to every two sentences in a row of one paragraph, made before the edit, is followed
after it.
Where the paragraph was kept or moved, the link must mark these very words at their new place; where
it was removed, nothing may be marked.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from assistant.answering.fingerprints import locate, quote_fingerprint
from assistant.datatypes import BlockKind, Document, Passage, Span
from assistant.documents import markdown, read_corpus
from assistant.indexing.passages import split

CORPUS = Path(__file__).parents[1] / "corpus"
SHARE = 0.2
"""Of the paragraphs and list entries of a case study, how many are edited."""


Name = Callable[[Document, Span], str]
"""What a link to a span is called."""
Find = Callable[[Document, Sequence[Passage], str], Span | None]
"""Where a link of that name leads."""


@dataclass(frozen=True)
class Tally:
    """What became of the links."""

    kept: int = 0
    """Links to words that the edit left as they are."""
    opened: int = 0
    """Of these, how many mark their words at the right place."""
    removed: int = 0
    """Links to words that the edit took away."""
    wrong: int = 0
    """Links of either sort that mark anything else."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kept + other.kept, self.opened + other.opened,
            self.removed + other.removed, self.wrong + other.wrong,
        )  # fmt: skip

    @property
    def share(self) -> float:
        """The share of unchanged words whose link marks them."""
        return self.opened / self.kept if self.kept else 1.0

    def __str__(self) -> str:
        return (
            f"{self.opened:,} of {self.kept:,} links to unchanged words mark them "
            f"({self.share:.3%}); {self.removed:,} links to removed words; {self.wrong} wrong marks"
        )


@dataclass(frozen=True)
class _Piece:
    """A heading, paragraph or list entry with the space after it; `origin` is where it stood."""

    text: str
    origin: int
    is_heading: bool = False


def follow(
    documents: Sequence[Document],
    seed: int,
    name: Name = quote_fingerprint,
    find: Find = locate,
) -> Tally:
    """Edit each document once and follow all its links."""
    chance = random.Random(seed)  # noqa: S311  # an experiment to be repeated, not a secret
    tally = Tally()
    for number, document in enumerate(documents):
        other = documents[number - 1]  # of the first, the last
        foreign = [piece for piece in _pieces(other) if not piece.is_heading]
        edited = _edit(_pieces(document), foreign, chance)
        tally += _follow_one(document, edited, name, find)
    return tally


def _follow_one(document: Document, edited: Sequence[_Piece], name: Name, find: Find) -> Tally:
    body = document.blocks[0].outer.start
    text, places = document.text[:body], dict[int, int]()
    for piece in edited:
        if piece.origin >= 0:
            places[piece.origin] = len(text)
        text += piece.text
    title, metadata, blocks = markdown.read(text, document.doc_id)
    after = Document(document.doc_id, title, text, "", metadata, blocks)
    passages = split(after)
    tally = Tally()
    for origin, span in _quotable(document):
        found = find(after, passages, name(document, span))
        if origin not in places:
            tally += Tally(removed=1, wrong=int(found is not None))
            continue
        shift = places[origin] - origin
        right = found == Span(span.start + shift, span.end + shift)
        tally += Tally(kept=1, opened=int(right), wrong=int(not right and found is not None))
    return tally


def _edit(
    pieces: Sequence[_Piece], foreign: Sequence[_Piece], chance: random.Random
) -> list[_Piece]:
    """A fifth of the pieces removed, moved or given a new neighbour; headings stay."""
    edited = list(pieces)
    paragraphs = [piece for piece in pieces if not piece.is_heading]
    for piece in chance.sample(paragraphs, round(SHARE * len(paragraphs))):
        position = edited.index(piece)
        match chance.choice(("remove", "move", "add")):
            case "remove":
                del edited[position]
            case "move":
                del edited[position]
                edited.insert(chance.randint(0, len(edited)), piece)
            case "add":
                edited.insert(position, _Piece(chance.choice(foreign).text, -1))
    return edited


def _pieces(document: Document) -> list[_Piece]:
    """The body in pieces, each followed by a blank line, so that they can stand in any order."""
    return [
        _Piece(
            block.outer.of(document.text) + "\n\n",
            block.outer.start,
            block.kind is BlockKind.HEADING,
        )
        for block in document.blocks
    ]


def _quotable(document: Document) -> Iterator[tuple[int, Span]]:
    """(where its piece stands, span) of each sentence, and each two in a row of one piece."""
    sentences = [sentence for passage in split(document) for sentence in passage.sentences]
    for block in document.blocks:
        own = [sentence for sentence in sentences if block.span.contains(sentence)]
        yield from ((block.outer.start, sentence) for sentence in own)
        yield from ((block.outer.start, Span(a.start, b.end)) for a, b in pairwise(own))


def main() -> None:
    """Print what became of all links, over all seeds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--seeds", type=int, default=20)
    options = parser.parse_args()
    documents = read_corpus(options.corpus).documents
    total = sum((follow(documents, seed) for seed in range(options.seeds)), Tally())
    print(f"{len(documents)} documents, {options.seeds} edits each: {total}")


if __name__ == "__main__":
    main()
