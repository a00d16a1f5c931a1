"""Words that point back beyond their question: "it", "they", "there", "that scheme"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.follow_ups.names import Mention
from assistant.answering.follow_ups.words import SUBORDINATORS, WHICH_THING, Word

OWN_MATTER = 3
"""So many telling words in the sentences before a pronoun give it something to stand for."""
BE = frozenset("is are was were be been being".split())
_DO = frozenset("did do does has had have can could will would should may might".split()) | BE
_EXPLETIVE_AFTER = frozenset(
    """
    advisable better clear easier easy hard harder difficult fair good important legal likely
    necessary okay possible rain safe seem seems take takes taken took true useful usual worth best
    """.split()
)
_PERSONAL = frozenset("it it's its they they're them their theirs he she him her his hers".split())
_POSSESSIVE = frozenset("its their his her".split())
_PLURAL = frozenset("they they're them their theirs".split())
_PEOPLE = frozenset("children families men people police public staff women workforce".split())
_ANYONE = frozenset(
    """
    anybody anyone anything everybody everyone everything nobody nothing somebody someone something
    """.split()
)
_SINGLE_DETERMINERS = frozenset("a an each every the".split())
_NOT_POINTED_AT = frozenset(
    """
    case cases century day days documents examples month studies study that time week where which
    who with year
    """.split()
)
_AFTER_POINTING = frozenset(
    """
    affect and be bring change come cost end fail happen happened help last lead make mean save
    stop take work
    """.split()
)
_SENTENCE_END = re.compile(r"[.?!;](?=\s)")


def find_pointer(words: Sequence[Word], mentions: Sequence[Mention], text: str) -> int | None:
    """The place of the first word that points back beyond the question."""
    for position, word in enumerate(words):
        if not _points(words, position) or _after_own_sentence(words, position, text):
            continue
        before = [mention for mention in mentions if mention.end <= word.start]
        if not (before and _takes_up(words, before, position)):
            return position
    return None


def outside_names(words: Sequence[Word], mentions: Sequence[Mention]) -> list[Word]:
    """The words that belong to no name."""
    return [w for w in words if not any(m.start <= w.start < m.end for m in mentions)]


def _takes_up(words: Sequence[Word], before: Sequence[Mention], position: int) -> bool:
    """Whether a name before a pronoun is what it stands for: "How did Leeds pool its budgets?"."""
    pronoun = words[position]
    if pronoun.fold in _POSSESSIVE or pronoun.fold in _PLURAL:
        return True
    if any(word.telling for word in outside_names(words, before)):
        return True
    between = [word for word in words[:position] if word.start >= before[-1].end]
    return any(word.fold in SUBORDINATORS for word in between)


def _after_own_sentence(words: Sequence[Word], position: int, text: str) -> bool:
    """Whether an earlier sentence of the same question, or much before, says what is meant."""
    word = words[position]
    before = words[:position]
    last = position == len(words) - 1 or not any(w.telling for w in words[position + 1 :])
    if not last and sum(w.telling for w in before) >= OWN_MATTER:
        return True
    ends = [match.start() for match in _SENTENCE_END.finditer(text, 0, word.start)]
    return bool(ends) and sum(w.telling for w in before if w.start < ends[-1]) >= OWN_MATTER


def _points(words: Sequence[Word], position: int) -> bool:
    fold = words[position].fold
    before = words[position - 1].fold if position else ""
    after = words[position + 1].fold if position + 1 < len(words) else ""
    if fold in _PERSONAL:
        return not _expletive(words, position) and not _antecedent(words, position)
    if fold == "there":
        return bool(before) and before not in BE and after not in BE and after != "any"
    if fold == "that's":
        return position == 0
    if fold == "that":
        return _that_points(before, after)
    return fold in {"this", "these", "those"} and after not in _NOT_POINTED_AT


def _that_points(before: str, after: str) -> bool:
    """Whether "that" is a thing ("Is that cheap?") and opens no clause ("admit that it failed")."""
    if not after or after in _AFTER_POINTING | WHICH_THING:
        return True
    return before in _DO or (not before and after in BE)


def _expletive(words: Sequence[Word], position: int) -> bool:
    """Whether "it" stands for nothing: "is it true that", "how long does it take before"."""
    if words[position].fold not in {"it", "it's"}:
        return False
    following = words[position + 1 :]
    if following and following[0].fold in BE:
        following = following[1:]
    says = any(word.telling for word in following[1:])
    return says and following[0].fold in _EXPLETIVE_AFTER


def _antecedent(words: Sequence[Word], position: int) -> bool:
    """Whether a pronoun stands for something named before it in the same sentence."""
    before = words[:position]
    if any(word.fold in _ANYONE for word in before):
        return True
    if words[position].fold not in _POSSESSIVE:
        clause = [i for i, word in enumerate(before) if word.fold in SUBORDINATORS and i]
        before = before[: clause[-1]] if clause else []
    elif len(words) > 1 and words[0].fold == "how" and words[1].fold in {"many", "much"}:
        return False
    if words[position].fold in _PLURAL:
        return any(word.telling and _is_plural(word.fold) for word in before)
    return any(
        word.telling and any(w.fold in _SINGLE_DETERMINERS for w in before[max(0, i - 2) : i])
        for i, word in enumerate(before)
    )


def _is_plural(fold: str) -> bool:
    return fold in _PEOPLE or (fold.endswith("s") and not fold.endswith(("ss", "us", "is")))
