"""Plain text: find the headings, lists, title and place that the writer left without marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant import text as texts
from assistant.datatypes import Block, BlockKind, Metadata, Span
from assistant.documents import front_matter
from assistant.documents.markdown import file_title

_BULLET = re.compile(r"[ \t]*(?:[-*+•·–▪◦]|\(?\d{1,3}[.)])[ \t]+(?=\S)")
_ADDRESS = re.compile(
    r"(?:https?://|www\.|(?<!\S)[^\s@]{1,64}@[^\s@]{1,255}\.\w|(?:contact|e-?mail|tel|telephone|phone|web|website):\s)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"""[.!?:;][)"'’”\]]*$""")
_SENTENCE_INSIDE = re.compile(r"[.!?][)\"'’”]*\s+\S")
_LETTER = re.compile(r"[^\W_]")
MAX_HEADING_WORDS = 12
MIN_MARGIN = 60
"""The narrowest column that counts as the margin of hard-wrapped text: headings are shorter."""
MAX_MARGIN = 160
"""The widest: a longer line is a whole paragraph, even one that lacks its full stop."""
MAX_RAGGED = 1.25
"""How much longer than the line before a wrapped line may be: text from a page is set ragged."""
MAX_FIRST_WORD = 20
"""A longer first word is a rule or an address and says nothing about the line before."""

# Words that open many names in this field without being a place.
_NOT_A_PLACE = frozenset(
    """
    the a an and of in on for our we it this that these those with from to at by as but so what why
    how who when where health healthcare care social primary partnership board team director
    executive transformation council authority service services network group trust contact chief
    officer government local public report act guidance planning better fund system systems
    integrated place federation agreement organisational development clinical directors alliance
    january february march april may june july august september october november december mr mrs
    ms dr professor royal college university national patients staff funding
    """.split()
)
_NAME = re.compile(r"\b[A-Z][a-z]{2,}(?:-[A-Z][a-z]+)*(?: [A-Z][a-z]{2,}(?:-[A-Z][a-z]+)*)*")
MIN_MENTIONS = 4


def read(text: str, doc_id: str) -> tuple[str, Metadata, tuple[Block, ...]]:
    """(title, metadata, blocks) of a text file.

    Headings are short lines of their own that open a stretch of running text. The title is the
    front matter's, else a heading on the first line, else the place, else the file's name; the
    place is the name that the text keeps coming back to, if there is one.
    """
    title, metadata, body = front_matter.split(text, doc_id)
    found = blocks(text, body)
    if not metadata.place:
        metadata = Metadata(**{**vars(metadata), "place": find_place(text[body:])})
    if not title and found and found[0].kind is BlockKind.HEADING:
        title = texts.collapse(found[0].span.of(text))
    return title or metadata.place or file_title(doc_id), metadata, found


def blocks(text: str, start: int = 0) -> tuple[Block, ...]:
    """The blocks of `text[start:]`, in order, with offsets into `text`."""
    groups = list(_groups(text, start))
    found: list[Block] = []
    for position, group in enumerate(groups):
        following = groups[position + 1] if position + 1 < len(groups) else None
        previous = groups[position - 1] if position else None
        marks = _BULLET.match(text, group.start, group.end)
        if marks:
            words = texts.trim(text, marks.end(), group.end) or group
            numbered = any(character.isdigit() for character in marks[0])
            kind = BlockKind.NUMBERED if numbered else BlockKind.BULLET
            found.append(Block(kind, words, group, 1))
        elif _is_heading(text, group, previous, following):
            found.append(Block(BlockKind.HEADING, group, group, 2))
        else:
            found.append(Block(BlockKind.PARAGRAPH, group, group))
    return tuple(found)


def _lines(text: str, start: int) -> Iterator[Span | None]:
    """Each line of `text[start:]` trimmed; None for a blank one."""
    for line in re.finditer(r"[^\n]*(?:\n|$)", text[start:]):
        if line.end() > line.start():
            yield texts.trim(text, start + line.start(), start + line.end())


def _groups(text: str, start: int) -> Iterator[Span]:
    """Lines that belong together: a hard-wrapped paragraph is one group."""
    current: Span | None = None
    for line in _lines(text, start):
        if line is None or (current is not None and not _continues(text, current, line)):
            if current is not None:
                yield current
            current = line
        elif current is None:
            current = line
        else:
            current = Span(current.start, line.end)
    if current is not None:
        yield current


def _continues(text: str, group: Span, line: Span) -> bool:
    """Whether `line`, right below `group`, goes on with the sentence that `group` left open."""
    if _BULLET.match(text, line.start, line.end) or _ADDRESS.match(text, line.start):
        return False
    if _ends_sentence(text, group):
        return False
    return text[line.start].islower() or _is_wrapped(text, group.end, line)


def _is_wrapped(text: str, end: int, line: Span) -> bool:
    """Whether the line that ends at `end` stops because the first word of `line` had no room.

    Then that word would have crossed the margin, and no line is much longer than the margin. Only
    the two lines are read, as groups grow line by line.
    """
    words = text[line.start : line.end]
    if not _LETTER.search(words):  # a rule below a heading
        return False
    first = min(len(words.split(maxsplit=1)[0]), MAX_FIRST_WORD)
    reach = _column(text, end) + 1 + first
    return MIN_MARGIN < reach <= MAX_MARGIN and _column(text, line.end) <= MAX_RAGGED * reach


def _column(text: str, position: int) -> int:
    """How many characters, indentation included, stand before `position` on its line."""
    return position - text.rfind("\n", 0, position) - 1


def _ends_sentence(text: str, group: Span) -> bool:
    """Whether `group` ends like a sentence; only its end is read, as groups grow line by line."""
    return bool(_SENTENCE_END.search(text, max(group.start, group.end - 10), group.end))


def _is_heading(text: str, group: Span, previous: Span | None, following: Span | None) -> bool:
    """A short line without a full stop, after a finished sentence, that running text follows."""
    if following is None or not _looks_like_heading(text, group):
        return False
    if previous is not None and "\n\n" not in text[previous.end : group.start]:
        finished = _ends_sentence(text, previous)
        if not finished and not _BULLET.match(text, previous.start, previous.end):
            return False
    follows = following.of(text)
    if _BULLET.match(text, following.start, following.end):
        return True
    asks = group.of(text).endswith("?")  # a signature has no question mark, an invitation has
    if _ADDRESS.match(follows):
        return asks
    between = text[group.end : following.start]
    if between.count("\n") == 1 and _is_wrapped(text, group.end, following):
        return False  # a question that fills its line: it was not open, so nothing was joined to it
    return asks or not _looks_like_heading(text, following)


def _looks_like_heading(text: str, group: Span) -> bool:
    words = group.of(text)
    return (
        "\n" not in words
        and 0 < texts.count_words(words) <= MAX_HEADING_WORDS
        and (words[0].isupper() or words[0].isdigit())
        and not _ADDRESS.search(words)
        and not _SENTENCE_INSIDE.search(words)
        and (words.endswith("?") or not _SENTENCE_END.search(words))
    )


def find_place(text: str) -> str:
    """The name mentioned most, if at least `MIN_MENTIONS` times; its longer form if that is usual.

    "Surrey Heartlands" is preferred to "Surrey" when it makes up at least half of the mentions.
    """
    names: Counter[tuple[str, ...]] = Counter()
    for found in _NAME.finditer(text):
        parts = tuple(found[0].split(" "))
        if parts[0].lower() in _NOT_A_PLACE:
            continue
        for length in range(1, min(3, len(parts)) + 1):
            if parts[length - 1].lower() in _NOT_A_PLACE:
                break
            names[parts[:length]] += 1
    singles = sorted((count, name) for name, count in names.items() if len(name) == 1)
    if not singles or singles[-1][0] < MIN_MENTIONS:
        return ""
    count, name = singles[-1]
    longer = [
        (len(other), other)
        for other, mentions in names.items()
        if other[:1] == name and mentions * 2 >= count
    ]
    return " ".join(max(longer)[1])
