"""Vary how a question is put, so that the model learns what is asked rather than set phrases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

WORD: Final = re.compile(r"\w+")
SMALL: Final = frozenset(
    """
    a an and are as at be been by can did do does for from had has have how in is it its may of
    on or that the their there they this to was were what when where which who why will with
    """.split()
)
FRAMES: Final = (
    "Does anyone know {}?",
    "{} - what do the documents say?",
    "I would like to know: {}",
    "Tell me, {}",
    "{}",
)
# How people ask the same thing: MedQuAD words each kind of question in a single way.
REWORDED: Final[dict[str, tuple[str, ...]]] = {
    r"what are the symptoms of (?P<x>.+)": (
        "How does {} show itself?",
        "How would someone notice {}?",
        "What do people with {} experience?",
        "What are the signs that somebody has {}?",
        "What problems does {} bring?",
        "What does {} look like in practice?",
    ),
    r"what are the treatments for (?P<x>.+)": (
        "How is {} treated?",
        "What can be done about {}?",
        "What helps people who have {}?",
        "Which therapies are used against {}?",
        "How do teams deal with {}?",
        "What was tried to improve {}?",
        "How is {} managed?",
    ),
    r"is (?P<x>.+) inherited": (
        "Does {} run in families?",
        "Can parents pass {} on to their children?",
        "How is {} handed down?",
        "Is there a hereditary form of {}?",
    ),
    r"what are the genetic changes related to (?P<x>.+)": (
        "Which genes are behind {}?",
        "What goes wrong in the DNA in {}?",
        "Which mutations lead to {}?",
    ),
    r"how many people are affected by (?P<x>.+)": (
        "How common is {}?",
        "How many have {}?",
        "What number of people live with {}?",
        "How often does {} occur?",
        "What share of the population has {}?",
    ),
    r"what causes (?P<x>.+)": (
        "Why does {} happen?",
        "What lies behind {}?",
        "Where does {} come from?",
        "What is the reason for {}?",
        "What brings on {}?",
    ),
    r"how to diagnose (?P<x>.+)": (
        "How do you find out whether it is {}?",
        "Which tests show {}?",
        "How is {} recognised and confirmed?",
        "How can one be sure that it is {}?",
    ),
    r"what research \(or clinical trials\) is being done for (?P<x>.+)": (
        "What is being studied about {}?",
        "Which studies on {} are under way?",
        "Who is researching {}, and how?",
    ),
    r"what is the outlook for (?P<x>.+)": (
        "What can people with {} expect in the long run?",
        "How do things turn out with {}?",
        "What are the results for people with {}?",
        "Do people recover from {}?",
    ),
    r"who is at risk for (?P<x>.+)": (
        "Which people are most likely to get {}?",
        "Who should worry about {}?",
        "What raises the chance of {}?",
    ),
    r"what to do for (?P<x>.+)": (
        "What should someone with {} do?",
        "What advice is there for {}?",
        "Any diet or habits that help with {}?",
    ),
    r"how to prevent (?P<x>.+)": (
        "How can {} be avoided?",
        "What keeps {} from happening?",
        "What lowers the risk of {}?",
    ),
    r"what are the stages of (?P<x>.+)": (
        "How is {} divided into steps?",
        "Which phases does {} go through?",
    ),
    r"what are the complications of (?P<x>.+)": (
        "What can go wrong with {}?",
        "Which further problems follow from {}?",
    ),
    r"what is \(?are\)? (?P<x>.+)|what is (?P<y>.+)|do you have information about (?P<z>.+)": (
        "What does {} mean?",
        "Explain {}.",
        "What kind of thing is {}?",
        "Give me a short description of {}.",
        "How would you describe {} to a newcomer?",
        "{} in a nutshell",
        "Tell me about {}.",
        "What is meant by {}?",
    ),
}
PATTERNS: Final = tuple((re.compile(k + r"\s*\??$", re.IGNORECASE), v) for k, v in REWORDED.items())


def content_words(text: str) -> set[str]:
    """Lower-case words of `text` that carry meaning."""
    return {word for word in WORD.findall(text.lower()) if word not in SMALL}


def reword(question: str, random: Random) -> str:
    """Another way to ask a MedQuAD question; other questions come back as they are."""
    for pattern, ways in PATTERNS:
        if match := pattern.match(question):
            subject = next(found for found in match.groups() if found)
            return random.choice(ways).format(subject.strip())
    return question


def drop_shared(question: str, passage: str, random: Random) -> str:
    """Drop about half of the words shared with `passage`: a rough stand-in for a paraphrase.

    At least two words that carry meaning are left.
    """
    shared = content_words(question) & content_words(passage)
    words = question.split()
    left = len(content_words(question))
    kept = []
    for word in words:
        bare = "".join(WORD.findall(word.lower()))
        if bare in shared and left > 2 and random.random() < 0.5:
            left -= 1
            continue
        kept.append(word)
    return " ".join(kept)


def dress(question: str, random: Random) -> str:
    """Small talk, case and punctuation as people type them."""
    asked = random.choice(FRAMES).format(question)
    if random.random() < 0.3:
        asked = asked.rstrip("?. ")
    return asked.lower() if random.random() < 0.3 else asked
