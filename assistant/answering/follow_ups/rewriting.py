"""The rewriting itself: a follow-up and the questions before it become one question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from assistant import text as texts
from assistant.answering.follow_ups.cues import LISTED, Lean, Reading, fragment_body, read
from assistant.answering.follow_ups.names import Mention, Names
from assistant.answering.follow_ups.subjects import Subject, subject_of, telling_chunks
from assistant.answering.follow_ups.words import (
    FUNCTION,
    GENERIC_CAPITALS,
    WHICH_THING,
    fold,
    words_of,
)

MAX_TURNS = 8
MAX_TURN_LENGTH = 500
MAX_LENGTH = 2000
_STAND_IN = 10
_OPENING = re.compile(r"(?:(?:and|but|so|or|also|then)\b[\s,]*)+", re.IGNORECASE)
_POSSESSED_NAME = re.compile(r"['’]s((?: [A-Z][\w'’-]*)+)(?: ([a-z]+))?")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_END = re.compile(r"\s*[?!.…]*\s*$")


class Kind(Enum):
    """What was done to a question; the value is a sentence for the reader, empty for nothing."""

    UNCHANGED = ""
    OTHER_PLACE = "Your earlier question was asked again, of what you named now."
    SAME_SUBJECT = "What it refers to was taken from your earlier question."


@dataclass(frozen=True)
class Rewrite:
    """A question that stands by itself, and what was done to make it so."""

    text: str
    kind: Kind = Kind.UNCHANGED

    @property
    def changed(self) -> bool:
        """Whether the text is another than the question's."""
        return self.kind is not Kind.UNCHANGED

    @property
    def reason(self) -> str:
        """A sentence for the reader; empty if nothing was changed."""
        return self.kind.value


@dataclass(frozen=True)
class _Topic:
    """What the conversation is about: the last question, made to stand alone, and its subject."""

    question: str
    subject: Subject
    lately: str = ""
    """What the last follow-up added, so that "they" may be the nurses it asked about."""

    @property
    def phrase(self) -> str:
        """All that may be brought along."""
        return ", ".join(part for part in (self.subject.phrase, self.lately) if part)


def stand_alone(
    question: str, history: Sequence[str], names: Names, longest: int = MAX_LENGTH
) -> Rewrite:
    """`question` so that it names what it is about.

    `history` holds earlier questions, the latest last; the last `MAX_TURNS` are read, each up to
    `MAX_TURN_LENGTH` characters. A question that stands by itself, or that would become longer
    than `longest`, comes back as it is, but for the capitals of its places.
    """
    question = names.spelled(question)
    reading = read(question, names)
    if reading.lean not in (Lean.OTHER_PLACE, Lean.SAME_SUBJECT):
        return Rewrite(question)  # whatever was said before
    topic: _Topic | None = None
    for earlier in _earlier(history, names):
        topic = _next(earlier, topic, names)[1]
    rewrite = _next(reading, topic, names)[0]
    return rewrite if len(rewrite.text) <= longest else Rewrite(question)


def _earlier(history: Sequence[str], names: Names) -> list[Reading]:
    """The earlier questions from the last one on that names its own subject."""
    found: list[Reading] = []
    for past in reversed(history[-MAX_TURNS:]):
        earlier = names.spelled(_printable(past[:MAX_TURN_LENGTH]))
        if texts.words(earlier):
            found.append(read(earlier, names))
            if found[-1].lean is Lean.NOT and found[-1].mentions:
                break
    return found[::-1]


def _printable(text: str) -> str:
    """`text` on one line, without characters that control, hide or reverse others."""
    return texts.collapse("".join(c if c.isprintable() else " " for c in text))


def _next(reading: Reading, topic: _Topic | None, names: Names) -> tuple[Rewrite, _Topic | None]:
    """The question made to stand alone after `topic`, and what is talked about from then on."""
    question = reading.text
    if reading.lean in (Lean.ASIDE, Lean.FROM_A_LIST):
        return Rewrite(question), topic
    if topic is not None and reading.lean is Lean.OTHER_PLACE and reading.new_name is not None:
        return _of_other_place(question, reading.new_name, reading.preposition, topic, names)
    if topic is not None and reading.lean is Lean.SAME_SUBJECT and topic.subject.phrase:
        text = _of_same_subject(reading, topic, names)
        if text != question:
            added = telling_chunks(question, names)
            return Rewrite(text, Kind.SAME_SUBJECT), _Topic(text, topic.subject, added)
    return Rewrite(question), _after_standing(reading, topic, names)


def _after_standing(reading: Reading, topic: _Topic | None, names: Names) -> _Topic:
    """The topic after a question that stands by itself.

    One that names nothing and shares a telling word with the topic goes on with it ("What does
    the red bag hold?" after "What is the red bag in Sutton?"); any other leaves it behind.
    """
    subject = subject_of(reading.text, names)
    own = {word.fold for word in reading.words if word.telling}
    if topic is None or reading.mentions or own.isdisjoint(w.fold for w in words_of(topic.phrase)):
        return _Topic(reading.text, subject)
    return _Topic(reading.text, subject, topic.subject.phrase)


# --- another place ---------------------------------------------------------------------------


def _of_other_place(
    question: str, name: Mention, preposition: str, topic: _Topic, names: Names
) -> tuple[Rewrite, _Topic]:
    replaced = _replace_site(topic.question, name, preposition, names)
    text = replaced or _with_place(topic.question, name, preposition)
    phrase = topic.subject.phrase and _replace_site(topic.subject.phrase, name, preposition, names)
    subject = Subject(phrase, topic.subject.noun) if phrase else subject_of(text, names)
    if text.casefold() == question.casefold():
        return Rewrite(question), _Topic(question, subject)
    return Rewrite(text, Kind.OTHER_PLACE), _Topic(text, subject)


def _replace_site(text: str, name: Mention, preposition: str, names: Names) -> str:
    """`text` with its place or organisation replaced by `name`; empty if it has none.

    Of what takes an article the kind is kept: "the Leeds Care Record" becomes "the care record in
    Bristol".
    """
    if name.text.isdecimal():
        return _YEAR.sub(name.text, text, count=1) if _YEAR.search(text) else ""
    mentions = names.find(text)
    old = [m for m in mentions if m.sited]
    if not old and not preposition:
        old = mentions[:1]
    if not old:
        return ""
    first = last = old[0]
    for mention in old[1:]:
        if not LISTED.fullmatch(text, last.end, mention.start):
            break
        last = mention
    end = last.end + _possessed(text[last.end :])
    if end == last.end and re.search(r"['’]s ", text[last.start : last.end]):
        end += _kind_of_thing(text[end:])  # "South Somerset's Symphony" is a name of the corpus
    if first.place or not (name.place or preposition) or not text[: first.start].endswith("the "):
        return text[: first.start] + name.text + text[end:]
    thing = names.without_place(first.text).lower()
    return f"{text[: first.start]}{thing} {preposition or 'in'} {name.text}{text[end:]}"


def _possessed(tail: str) -> int:
    """Length of "'s Symphony programme" after a place: the name is that place's own."""
    match = _POSSESSED_NAME.match(tail)
    if match is None or any(fold(word) in GENERIC_CAPITALS for word in match[1].split()):
        return 0
    return match.end() if fold(match[2] or "") in WHICH_THING else match.end(1)


def _kind_of_thing(tail: str) -> int:
    """Length of " programme" at the beginning of `tail`; 0 if it begins otherwise."""
    match = re.match(r" (\w+)", tail)
    return match.end() if match and fold(match[1]) in WHICH_THING else 0


def _with_place(text: str, name: Mention, preposition: str) -> str:
    """`text` with the place added before its question mark."""
    end = _END.search(text)
    cut = end.start() if end else len(text)
    word = preposition or ("in" if name.sited else "")
    added = f" {word} {name.text}" if word else f" ({name.text})"
    return f"{text[:cut]}{added}{text[cut:].rstrip() or '?'}"


# --- the same subject ------------------------------------------------------------------------


def _of_same_subject(reading: Reading, topic: _Topic, names: Names) -> str:
    """The question with the subject in the place of its pronoun, or after it in brackets."""
    elsewhere = reading.elsewhere
    subject = topic.subject
    if elsewhere:
        subject = Subject(_without_sites(subject.phrase, names), noun=False)
    text = _stood_in(reading, subject) if subject.phrase else None
    if text is None:
        phrase = _without_sites(topic.phrase, names) if elsewhere else topic.phrase
        missing = {w.fold for w in words_of(phrase)} - FUNCTION - {w.fold for w in reading.words}
        if not missing:
            return reading.text
        text = f"{reading.text.rstrip()} ({phrase})"
    opening = None if fragment_body(text) is not None else _OPENING.match(text)
    if opening:
        text = text[opening.end() :]
        text = text[:1].upper() + text[1:]
    return text


def _stood_in(reading: Reading, subject: Subject) -> str | None:
    """The question with a noun phrase instead of the pronoun, where that reads well."""
    if reading.pointer is None or not subject.noun or len(words_of(subject.phrase)) > _STAND_IN:
        return None
    word = reading.words[reading.pointer]
    before = reading.words[reading.pointer - 1].fold if reading.pointer else ""
    end = word.end
    if reading.wide:
        head = reading.words[reading.pointer + 1]
        if head.fold not in WHICH_THING:
            return None
        end = head.end
    elif word.fold == "there" and reading.pointer == len(reading.words) - 1:
        return f"{reading.text[: word.start]}at {subject.phrase}{reading.text[end:]}"
    elif word.fold not in {"it", "its", "they", "them", "their"} or before == "of":
        return None
    owner = word.fold in {"its", "their"}
    name = subject.phrase + (("'" if subject.phrase.endswith("s") else "'s") if owner else "")
    if reading.pointer == 0:
        name = name[:1].upper() + name[1:]
    return reading.text[: word.start] + name + reading.text[end:]


def _without_sites(phrase: str, names: Names) -> str:
    """`phrase` without its places, unless nothing is left of it."""
    bare = phrase
    for mention in reversed([m for m in names.find(phrase) if m.sited]):
        before = re.sub(r"\b(?:in|at|for|of|from)\s+(?:the\s+)?$", "", bare[: mention.start])
        bare = before + re.sub(r"^['’]s\b", "", bare[mention.end :])
    bare = texts.collapse(bare).strip(" ,:")
    return bare if any(word.fold not in FUNCTION for word in words_of(bare)) else phrase
