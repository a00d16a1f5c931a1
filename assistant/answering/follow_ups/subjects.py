"""What an earlier question was about: its entities and telling words, not its asking words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.follow_ups.names import Names
from assistant.answering.follow_ups.words import ASPECT, Word, words_of

MAX_SUBJECT_WORDS = 14
MAX_CLAUSE_WORDS = 10
_POLITE = re.compile(
    r"\A(?:(?:and|but|so|also|then|now|ok|okay|well|hi|hello|please|thanks|thank you|yes|no|sorry|"
    r"by the way|i see|what about|how about)\b[\s,.!]*)*"
    r"(?:(?:can|could|would|will) you (?:please )?"
    r"(?:tell|explain|describe|give|clarify|show|help)\b(?: me| us)?"
    r"(?: to me| in brief| some| more| details| information| here)*(?: about| on)? ?|"
    r"(?:please )?(?:tell|explain|describe|give|show)(?: to)?(?: me| us)(?: more)?(?: about)? |"
    r"i(?:'d| would)? (?:like|want|need) (?:to (?:know|ask|learn)(?: you)?|information)"
    r"(?: more)?(?: about| on)? |"
    r"(?:do you know|have you heard of|what do you know)(?: about)? |i (?:mean|meant) )?",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"(?:what(?:['’]s| is| are| was| were)|who(?: is| are| was| were)) "
    r"(?P<what>.+?)$|"
    r"how (?:does|do|did) (?P<how>.+?) (?:work|operate|function)$|"
    r"what (?:does|do|did) (?P<did>.+?) (?:achieve|contain|cost|cover|deliver|do|find|hold|include|"
    r"involve|learn|mean|offer|provide|recommend|say|show)$",
    re.IGNORECASE,
)
_NOT_IN_NOUN = frozenset(
    """
    am are can could did do does had has have how if is may should that was were what when where
    which who why will would so i we you they it this these those there
    """.split()
)
_AUXILIARY = re.compile(
    r"(?:(?:how|why|when|where|what) )?(?:do|does|did|has|have|had|can|could|will|would) ",
    re.IGNORECASE,
)
_JOINERS = frozenset("of and or in for by at on with between from to 's".split())
_DETERMINERS = frozenset("a an the my your our their its his her this that these those".split())


@dataclass(frozen=True)
class Subject:
    """Words to bring along. `noun`: they read as a noun phrase and can stand for "it"."""

    phrase: str
    noun: bool


def subject_of(question: str, names: Names) -> Subject:
    """The subject of a question that stands by itself; an empty phrase if it has none."""
    body = _POLITE.sub("", question, count=1)
    body = re.sub(r"\s+please\W*$", "", body, flags=re.IGNORECASE).rstrip(" ?!.,;:")
    match = _NOUN.match(body)
    if match:
        phrase = (match["what"] or match["how"] or match["did"]).strip()
        if _reads_as_noun(phrase):
            return Subject(phrase, noun=True)
    return Subject(_clause(body, names) or telling_chunks(body, names), noun=False)


def _reads_as_noun(phrase: str) -> bool:
    words = words_of(phrase)
    return (
        0 < len(words) <= MAX_SUBJECT_WORDS
        and any(word.telling for word in words)
        and not any(word.fold in _NOT_IN_NOUN for word in words)
        and not re.search(r"[?!;]|\. ", phrase)
    )


def _clause(body: str, names: Names) -> str:
    """What the named one did: "Leeds: build a shared record"; empty if it is not asked so."""
    auxiliary = _AUXILIARY.match(body)
    if auxiliary is None:
        return ""
    first = next(iter(names.find(body)), None)
    if first is None or first.start != auxiliary.end():
        return ""
    rest = body[first.end :]
    fits = len(words_of(rest)) <= MAX_CLAUSE_WORDS and not re.search(r"[,;:?!]|\. ", rest)
    return f"{first.text}: {rest.strip()}" if fits and rest[:1] == " " and rest.strip() else ""


def telling_chunks(body: str, names: Names) -> str:
    """Runs of telling words, with the small words that join them, in the order of the question."""
    words = words_of(body)
    mentions = names.find(body, words)
    named = [any(m.start <= word.start < m.end for m in mentions) for word in words]
    chunks: list[tuple[bool, int, str]] = []
    position = 0
    while position < len(words):
        if not (words[position].telling or named[position]):
            position += 1
            continue
        end = _chunk_end(body, words, named, position)
        span = words[position].start, words[end - 1].end
        chunks.append((any(named[position:end]), end - position, body[slice(*span)]))
        position = end
    return ", ".join(dict.fromkeys(_fitting(chunks)))


def _chunk_end(body: str, words: list[Word], named: list[bool], start: int) -> int:
    """Where the run of words that begins at `start` ends."""
    end = position = start + 1
    while position < len(words):
        word = words[position]
        if body[words[position - 1].end : word.start].strip("'’s \t-–/&"):
            break
        if word.telling or named[position]:
            end = position + 1
        elif not _goes_on(words, named, position):
            break
        elif word.fold not in _JOINERS and word.fold not in _DETERMINERS:
            end = position + 1
        position += 1
    return end


def _goes_on(words: list[Word], named: list[bool], position: int) -> bool:
    """Whether a word that tells nothing may stand inside a run."""
    word, before = words[position], words[position - 1]
    if word.fold in _JOINERS:
        return before.fold not in _JOINERS
    if word.fold in _DETERMINERS:
        return before.fold in _JOINERS
    following = position + 1 < len(words) and (words[position + 1].telling or named[position + 1])
    return word.fold in ASPECT and not following


def _fitting(chunks: list[tuple[bool, int, str]]) -> list[str]:
    """The chunks that fit, those with names first, in the order of the question."""
    room = MAX_SUBJECT_WORDS
    kept: set[int] = set()
    for index in sorted(range(len(chunks)), key=lambda i: (not chunks[i][0], i)):
        if chunks[index][1] <= room:
            kept.add(index)
            room -= chunks[index][1]
    return [chunks[index][2] for index in sorted(kept)]
