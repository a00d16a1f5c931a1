"""Does a question lean on an earlier one? Signs in its words; nothing is rewritten here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from assistant.answering.follow_ups.names import Mention, Names
from assistant.answering.follow_ups.pointers import BE, find_pointer, outside_names
from assistant.answering.follow_ups.words import (
    FUNCTION,
    PART_OF_THING,
    WHICH_THING,
    Word,
    words_of,
)

THIN = 2
"""A question with fewer telling words than this, and no name, does not stand by itself."""

SHORT = 6
"""A question with more words than this and one telling word stands by itself."""

_ASIDE = frozenset(
    "bye cheers fine good goodbye great hello hey hi interesting nice ok okay oh perfect right "
    "sorry sure thank thanks understood welcome wow yes".split()
)
_FROM_A_LIST = re.compile(
    r"\bthe (?:first|second|third|fourth|fifth|last|other|former|latter|next|previous)"
    r"(?: (?:one|ones|two|three|place|case|study|point|quote|answer)s?\b|\W*$| (?!\w+ of\b)"
    r"(?:do|does|did|is|are|was|were|has|have|had|slower|faster|better|worse)\b)"
    r"|\bthe (?:former|latter)\b|\b(?:number|no\.?) (?:one|two|three|four|five|\d)\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"(?:(?:no|sorry|well|oh|i am sorry|i'm sorry|my apologies)\b[\s,.!]*)*"
    r"(?:i (?:mean|meant)\b|i(?:'m| am| was) (?:talking|asking) about\b)",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"(?:(?:and|but|so|or|ok|okay|then|also|now)\b[\s,]*)*(?:(?:what|how) about|what of)\s+|"
    r"(?:(?:and|but|or|also)\b[\s,]*)+(?!then\b)",
    re.IGNORECASE,
)
LISTED = re.compile(r"\s*(?:,|and|&|or|,\s*and)\s*(?:the\s+)?")
"""What stands between two names of a list."""
_OPENING = re.compile(r"(?:and|but|so|then)\b", re.IGNORECASE)
_A = frozenset({"a", "an"})
_PREPOSITION = re.compile(r"\b(in|at|for|from|by|near|across|within)\s+(?:the\s+)?$", re.IGNORECASE)
_VERB_FIRST = frozenset(
    """
    am are can could did do does had has have how is may might must shall should was were what
    when where which who whom whose why will would it they there that this these those i we you
    tell explain describe list show give find
    """.split()
)
_SAME = frozenset("same so too also likewise similar similarly this that it they true as".split())
_ELSEWHERE = frozenset("another anywhere else elsewhere other others".split())
_DOING = frozenset("case happen happened".split())
_BOTH = frozenset("compare compared compares comparison differ different than versus".split())
_ABOUT_THE_APP = re.compile(
    r"(?:who|what) are you\b|what (?:can|do) you (?:do|know)\b|\bcase stud(?:y|ies)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


class Lean(Enum):
    """In what way a question leans on an earlier one."""

    NOT = "not"
    ASIDE = "aside"
    """Thanks and the like: neither a question nor a subject."""
    FROM_A_LIST = "from a list"
    """"The second one": only the answer would tell, so it is left alone."""
    OTHER_PLACE = "other place"
    """The earlier question again, of another place or organisation."""
    SAME_SUBJECT = "same subject"
    """A new question about what the earlier one was about."""


@dataclass(frozen=True)
class Reading:
    """A question as read: its words, its names, and how it leans.

    `pointer` is the word that stands for the earlier subject; `wide` says that this is "the" and
    the word after it. `new_name` and `preposition` are those of another place.
    """

    text: str
    lean: Lean
    words: tuple[Word, ...] = ()
    mentions: tuple[Mention, ...] = ()
    pointer: int | None = None
    wide: bool = False
    new_name: Mention | None = None
    preposition: str = ""

    @property
    def elsewhere(self) -> bool:
        """Whether other places than the earlier one are asked about: "Who else did this?"."""
        folds = {word.fold for word in self.words}
        other = any(mention.sited for mention in self.mentions) or not folds.isdisjoint(_ELSEWHERE)
        return other and folds.isdisjoint(_BOTH)


def read(text: str, names: Names) -> Reading:
    """How `text` leans, taken by itself."""
    words = words_of(text)
    mentions = names.find(text, words)
    lean = _special(text, words)
    if lean is not None:
        return Reading(text, lean, tuple(words), tuple(mentions))
    other = _other_place(text, words, mentions)
    if other is not None:
        return Reading(text, Lean.OTHER_PLACE, tuple(words), tuple(mentions),
                       new_name=other[0], preposition=other[1])  # fmt: skip
    pointer = find_pointer(words, mentions, text)
    if pointer is not None:
        return Reading(text, Lean.SAME_SUBJECT, tuple(words), tuple(mentions), pointer)
    outside = outside_names(words, mentions)
    definite = None if mentions else _definite(words)
    if definite is not None and sum(word.telling for word in outside) <= THIN + 1:
        return Reading(text, Lean.SAME_SUBJECT, tuple(words), tuple(mentions), definite, wide=True)
    leans = Lean.SAME_SUBJECT if _is_thin(text, words, mentions) else Lean.NOT
    return Reading(text, leans, tuple(words), tuple(mentions))


def fragment_body(text: str) -> str | None:
    """What follows "what about" or a bare "and"; None if `text` is a whole question."""
    match = _FRAGMENT.match(text)
    if match is None:
        return None
    body = text[match.end() :]
    first = words_of(body[:80])[:1]
    about = "about" in match[0].casefold() or "what of" in match[0].casefold()
    return body if first and (about or first[0].fold not in _VERB_FIRST) else None


def _special(text: str, words: Sequence[Word]) -> Lean | None:
    if all(word.fold in _ASIDE or word.fold in FUNCTION for word in words) and (
        not words or any(word.fold in _ASIDE for word in words)
    ):
        return Lean.ASIDE
    if _FROM_A_LIST.search(text):
        return Lean.FROM_A_LIST
    if _CORRECTION.match(text):
        return Lean.SAME_SUBJECT
    return None


def _other_place(
    text: str, words: Sequence[Word], mentions: Sequence[Mention]
) -> tuple[Mention, str] | None:
    """The other place and its preposition, if the question is nothing but a switch to it."""
    if not mentions:
        year = _year_alone(text, words)
        return (year, "in") if year else None
    name = _last_names(text, mentions)
    outside = outside_names(words, mentions)
    preposition = _PREPOSITION.search(text, 0, name.start)
    before = preposition[1].lower() if preposition else ""
    asks = any(word.fold in _VERB_FIRST for word in outside)
    about = fragment_body(text) is not None
    if all(word.fold in FUNCTION for word in outside) and (about or not asks):
        # Unknown words with capitals and nothing else are as likely a subject of their own.
        asked = name.known and text.rstrip().endswith("?")
        return (name, before) if asked or about or before else None
    does = all(word.fold in FUNCTION or word.fold in _SAME | _DOING for word in outside)
    same = any(word.fold in _SAME for word in outside)
    bare = len(outside) == 1 and outside[0].fold in _VERB_FIRST and words[-1].end <= name.end
    return (name, before) if does and (same or bare) and not _wh_is(outside) else None


def _year_alone(text: str, words: Sequence[Word]) -> Mention | None:
    """The year of "and in 2019?", as a name, if nothing else is said."""
    years = [word for word in words if _YEAR.fullmatch(word.fold)]
    rest = [word for word in words if word not in years]
    if len(years) != 1 or any(word.fold not in FUNCTION for word in rest) or not rest:
        return None
    if any(word.fold in _VERB_FIRST for word in rest) and fragment_body(text) is None:
        return None
    year = years[0]
    return Mention(year.start, year.end, year.text, sited=False, known=False)


def _last_names(text: str, mentions: Sequence[Mention]) -> Mention:
    """The last name, with those listed before it: "Rotherham and Wigan"."""
    last = mentions[-1]
    for before in reversed(mentions[:-1]):
        between = text[before.end : last.start]
        if not LISTED.fullmatch(between):
            break
        last = replace(last, start=before.start, text=f"{before.text}{between}{last.text}")
    return last


def _wh_is(outside: Sequence[Word]) -> bool:
    """Whether something new is asked: "What is Nuka?", "Why did Leeds do this?"."""
    if not outside:
        return False
    alone = len(outside) == 1 and outside[0].fold in {"how", "which"}
    return alone or outside[0].fold in {"what", "who", "where", "when", "why"}


def _definite(words: Sequence[Word]) -> int | None:
    """The place of "the" in "the project", if nothing after it says which one."""
    for position, word in enumerate(words[:-1]):
        head = words[position + 1].fold
        if word.fold != "the" or not (head in WHICH_THING or head in PART_OF_THING):
            continue
        after = words[position + 2] if position + 2 < len(words) else None
        if after is None or not (
            after.fold in {"of", "for", "in", "at", "with", "that", "which", "who", "to"}
            or (after.telling and position + 3 < len(words) and words[position + 3].telling)
        ):
            return position
    return None


def _is_thin(text: str, words: Sequence[Word], mentions: Sequence[Mention]) -> bool:
    """Whether too little is said for a question to be searched by itself."""
    telling = sum(word.telling for word in outside_names(words, mentions))
    opened = bool(_OPENING.match(text))
    if fragment_body(text) is not None and not mentions:
        return telling <= THIN + 1
    if mentions or _ABOUT_THE_APP.search(text):
        return False
    defines = len(words) > 2 and words[0].fold in {"what", "who"} and words[1].fold in BE
    if telling and len(words) > SHORT and not opened:
        return False
    defined = words[2] if defines else None  # "What is Nuka?", but not "Who was to blame?"
    return telling < THIN + opened and not (defined and (defined.telling or defined.fold in _A))
