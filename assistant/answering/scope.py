"""Whom a question is about: the places and programmes it names, or several, or any."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.evidence import Evidence
from assistant.datatypes import Passage
from assistant.indexing.lexical import stems

_SEVERAL = re.compile(
    r"\b(?:places|areas|cases|studies|sites|partnerships|programmes|projects|schemes|councils|towns|"
    r"examples|systems|trusts|bodies|contracts|reports|evaluations|ways|anyone|anybody|anywhere|"
    r"where else|who else)\b|^where\b",
    re.IGNORECASE,
)
_OF_ANY = re.compile(
    r"(?:in |for )?(?:which|who|whose)\b|"
    r"(?:has|have|did|do|does|is there|are there|was|were)\b.*\bany\b",
    re.IGNORECASE,
)
"""Openings that ask of every place, unless the question names one."""
_COMPARES = re.compile(
    r"\b(?:compar(?:e[ds]?|ing|ison)|versus|vs|differ(?:s|ed|ences?|ent|ently)?)\b", re.IGNORECASE
)
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]+(?: (?:of )?[A-Z][\w'’-]+)*")
_CAPITALS = re.compile(r"\b[A-Z][\w'’-]+")


def asks_for_several(question: str) -> bool:
    """Whether the question is about more than one place."""
    return bool(
        _SEVERAL.search(question) or (_OF_ANY.match(question) and not _NAME.search(question))
    )


def compares(question: str) -> bool:
    """Whether the question sets what it names side by side ("Compare Torbay and Highland")."""
    return bool(_COMPARES.search(question)) and len(_NAME.findall(question)) > 1


def about_named_places(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Evidence of the places and programmes the question names; empty if it names none found here.

    A question about Leeds is not answered by what Bristol did, nor by what Bristol says of Leeds,
    unless it is about several places ("Who copied Leeds?").
    """
    named = [set(stems(name)) for name in _NAME.findall(question)]
    about: set[int] = set()
    for name in named:
        shared = [_shared(name, item.hit.passage) for item in evidence]
        best = max(shared, default=0)
        about |= {number for number, words in enumerate(shared) if best and words == best}
    found = [item for number, item in enumerate(evidence) if number in about]
    if found and asks_for_several(question):
        places = {stem for item in found for stem in stems(item.hit.passage.place)}
        known = places & {stem for name in named for stem in name}
        mentioned = (item for item in evidence if item not in found)
        found += (i for i in mentioned if known & set(stems(i.hit.passage.indexed_text)))
    return found


def _shared(name: set[str], passage: Passage) -> int:
    """How many stems of a name the passage's place has; all of them if its title has the name."""
    title = set(stems(" ".join(_CAPITALS.findall(passage.title))))
    return len(name) if name <= title else len(name & set(stems(passage.place)))
