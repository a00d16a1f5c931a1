"""What kind of thing a question asks for, a number, a date or a name, and where a text has one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from assistant.datatypes import Span
from assistant.indexing.lexical import stems


class Asked(StrEnum):
    """What a lookup question wants to know."""

    MONEY = "sum of money"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"


_OPENS = r"(?:^|[,;.?!:–-] |\b(?:and|but|or) )(?:(?:at|by|from|in|of|on|since|to|until|with|for) )?"
_ASKING = (
    (
        Asked.MONEY,
        r"\bhow much (?:money|funding|cash)\b"
        r"|\bhow much (?:did|does|do|would|will|has|have|had|was|were|is)\b"
        r".*\b(?:cost|costs|spend|spent|pay|paid|invest|invested|charge|charged)\b"
        r"|\bwhat (?:did|does|do|would|will)\b.*\b(?:cost|spend|pay)\b"
        r"|\b(?:what|which) (?:is the |was the |were the |are the )?(?:total |average )?"
        r"(?:sum|cost|price|budget)\b",
    ),
    (
        Asked.NUMBER,
        r"\bhow (?:many|much|large|big|long|far|often|old|high|small|few)\b"
        r"|\b(?:what|which) (?:is the |was the |were the |are the )?(?:total |average )?"
        r"(?:share|proportion|percentage|number|amount|size|rate|saving|savings)\b"
        r"|\bwhat (?:did|does|do|would|will) \b.*\bsave\b",
    ),
    (
        Asked.DATE,
        rf"{_OPENS}when\b(?! (?:a|an|the|people|patients|you|we|they|it|there)\b)"
        rf"|{_OPENS}when (?:did|do|does|was|were|is|are|has|have|had|will)\b"
        r"|\b(?:what|which) (?:year|month|day|date|time)s?\b",
    ),
    (
        Asked.NAME,
        rf"{_OPENS}(?:who|whom|whose)\b"
        r"|\bwhat (?:is|was|were|are) (?:its|their|the) names?\b|\bwhat .*\bcalled\b"
        r"|\bwhich (?:organi[sz]ations?|compan(?:y|ies)|firms?|bod(?:y|ies)|providers?"
        r"|charit(?:y|ies)|trusts?|councils?|partners?|landlords?)\b",
    ),
)
_PLAINLY = re.compile(
    r"\bhow (?:many|much|large|big|old)\b|\bwhen (?:did|was|were)\b|\b(?:what|which) year\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow many\b(.*)", re.IGNORECASE | re.DOTALL)
_THING = 2
"""How many telling words after "how many" name what is counted."""
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKING)

_SPELLED = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|"
    "thousands?|millions?|dozens?|half|halved|doubled|twice|"
    "(?:a|one|two|three)[ -](?:third|quarter|fifth|tenth)s?|none|nobody|once"
)
_UNIT = (
    r"(?:%| ?per ?cent\b|p\b|bn\b|m\b|k\b|(?: (?:million|billion|hundred|thousand|minutes?|hours?"
    r"|days?|weeks?|months?|years?|nights?|miles?|pence|pounds)\b))"
)
_NUMBER = re.compile(
    rf"(?<![\w.])[£$€]?\d[\d,]*(?:\.\d+)?(?:/\d+)?{_UNIT}*"
    rf"|\b(?:{_SPELLED})\b(?:-\w+)?{_UNIT}?",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[£$€] ?\d[\d,]*(?:\.\d+)?(?:bn|m|k)?\b(?: (?:million|billion|thousand))?"
    rf"|(?<![\w.,])(?:\d[\d,]*(?:\.\d+)?|{_SPELLED})(?: (?:hundred|thousand|million|billion))?"
    r" (?:pounds|pence|euros?|dollars)\b|(?<![\w.,])\d+p\b"
    r"|\b(?:free of charge|for free|(?:at|for) no (?:extra |additional )?cost|cost[- ]neutral)\b",
    re.IGNORECASE,
)
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "spring|summer|autumn|winter"
)
_DAY = "Mondays?|Tuesdays?|Wednesdays?|Thursdays?|Fridays?|Saturdays?|Sundays?|weekdays|weekends"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{_MONTH})(?: (?:19|20)\d\d)?\b|\b(?:19|20)\d\d(?:[/–-]\d{{2,4}})?s?\b"
    rf"|\b\d{{1,2}}(?:[.:]\d\d)? ?(?:am|pm)\b|\b(?:{_DAY})\b|\bevery (?:day|week|month|year)\b"
    r"|\b(?:round the clock|day and night|24 hours|24/7)\b"
)
_NAME = re.compile(
    r"(?<![.?!] )(?<!^)\b[A-Z][\w'’&-]*(?: (?:(?:of|the|and|for|in|on) )*[A-Z][\w'’&-]*)*"
    r"|\b[A-Z][\w'’&-]*(?: (?:(?:of|the|and|for|in|on) )*[A-Z][\w'’&-]*)+"
)
_PATTERNS = {Asked.MONEY: _MONEY, Asked.NUMBER: _NUMBER, Asked.DATE: _DATE, Asked.NAME: _NAME}
_WITHIN = 4
"""How many words after a number may stand before the thing that was counted."""


def asked_for(question: str) -> Asked | None:
    """The kind of thing `question` wants to know; None if it wants an account."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), None)


def fits(kind: Asked | None, text: str) -> float:
    """1 if `text` has the figure or date asked for, -1 if it lacks it, 0 if neither is asked for.

    Names are let pass: nearly every sentence of a case study has one.
    """
    if kind in (None, Asked.NAME):
        return 0.0
    return 1.0 if _PATTERNS[kind].search(text) else -1.0


def fulfilled(question: str, quotes: Sequence[str]) -> bool:
    """Whether one of `quotes` has the figure or date that `question` plainly asks for, if any.

    "How much did it cost" is told by a sum of money, not by a number of months. "When does it pay?"
    may be answered by a condition, "How long until it works?" by "it takes time"; "how many" and
    "when did" may not. A number that answers "how many" stands with what is counted.
    """
    if not _PLAINLY.search(question):
        return True
    if counted := _COUNTED.search(question):
        return any(_says_how_many(question, counted[1], quote) for quote in quotes)
    return any(fits(asked_for(question), quote) >= 0 for quote in quotes)


def _says_how_many(question: str, after: str, quote: str) -> bool:
    """Whether `quote` has a number of what the question counts, the words `after` "how many"."""
    thing = set(stems(after)[:_THING])
    return satisfies(question, quote) == 1.0 or (
        fits(Asked.NUMBER, quote) > 0 and bool(thing & set(stems(quote)))
    )


def satisfies(question: str, text: str) -> float:
    """How well `text` gives the kind of thing `question` asks for; 0 if none in particular.

    1 for a number of what the question counts, a date or a sum of money; little for a number of
    something else or a name; below 0 where there is none. Who did it may be said without a name
    ("the nurses").
    """
    kind = asked_for(question)
    if kind is None:
        return 0.0
    found = mentions(question, text)
    if kind is Asked.NAME:
        return 0.3 if found else -0.5
    if not found:
        return -1.0
    counted = kind is not Asked.NUMBER or any(_counts(question, text, span) for span in found)
    return 1.0 if counted else 0.3


def mentions(question: str, text: str) -> tuple[Span, ...]:
    """Where `text` has what `question` asks for: spans of `text`, in order, none overlapping.

    Of several numbers those that count what the question counts; names without dates and those
    that the question has already.
    """
    kind = asked_for(question)
    if kind is None:
        return ()
    found = [Span(*match.span()) for match in _PATTERNS[kind].finditer(text)]
    if kind is Asked.NUMBER:
        found = [span for span in found if not _is_year(span.of(text))]
        counted = [span for span in found if _counts(question, text, span)]
        found = counted or found
    if kind is Asked.NAME:
        known = set(stems(question))
        found = [span for span in found if _is_new_name(span.of(text), known)]
    return tuple(found)


def _is_year(words: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d(?:/\d\d)?", words) is not None


def _is_new_name(words: str, known: set[str]) -> bool:
    """Whether words with capitals name something that the question does not, and no date.

    Half of its words in the question make it the same name, written in full.
    """
    own = set(stems(words))
    return 2 * len(own & known) < len(own) and not _DATE.fullmatch(words)


def _counts(question: str, text: str, number: Span) -> bool:
    """Whether a word of the question follows the number closely: "2,000 patients"."""
    wanted = set(stems(question))
    return any(stem in wanted for stem in stems(" ".join(_following(text, number))))


def _following(text: str, number: Span) -> Iterator[str]:
    """The number's own words and the next few."""
    yield number.of(text)
    yield from re.findall(r"\w+", text[number.end :])[:_WITHIN]
