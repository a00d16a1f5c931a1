"""Pair a difficulty with the response to it: what a reader wants to copy.

"How did places deal with mistrust?" asks for both. Where only the difficulty was chosen, the best
response of the same case study is set beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import text as texts
from assistant.answering.evidence import EvidenceScorer
from assistant.datatypes import Draft, Passage, Role
from assistant.retrieval.index import Index

_DEALING = re.compile(
    r"\b(?:deal|dealt|dealing|cope|coped|coping|handl\w+|overc[oa]me|overcoming|tackl\w+|address\w*|"
    r"respond\w*|react\w*|resolv\w+|solv\w+|get round|got round|work(?:ed)? (?:a)?round"
    r"|win over|won over|get past|got past|fac(?:e|ed|ing) up)\b",
    re.IGNORECASE,
)
_DIFFICULTY = re.compile(
    r"\b(?:challenges?|problems?|difficult\w*|barriers?|why (?:it|they)|went wrong)\b",
    re.IGNORECASE,
)
_RESPONSE = re.compile(
    r"\b(?:made the difference|gone well|went well|how it works|helped|solutions?|what was done"
    r"|what was tried|how the)\b",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:difficult|challeng|problem|mistrust|distrust|suspici|resist|reluctan|fear|worri|concern|"
    r"lack|resent|stereotyp|sceptic|strain|conflict|disput|barrier|fail|shortage|struggl|slow|delay)\w*"
    r"|\b(?:hard|tough|worry|sore|silos?|lost|wary|hostile|too (?:little|few|much|many))\b",
    re.IGNORECASE,
)
LIKE = 0.30
"""Least cosine between the difficulty and its response: below, they are about different things."""
MOST = 4
"""Difficulties that are given a response."""
READ = 4
"""Passages of a case study that are scored to find it: each costs as much as a candidate."""


def asks_for_both(question: str) -> bool:
    """Whether the question asks how a difficulty was dealt with."""
    return bool(_DEALING.search(question))


def role_of(passage: Passage, words: str) -> Role:
    """What `words` of `passage` tell: a difficulty, a response, or just what was.

    A label is only given where heading and words agree: trouble under a heading on challenges, none
    under one on what helped. Everything else is an account.
    """
    heading = passage.heading[-1] if passage.heading else ""
    trouble = bool(_TROUBLE.search(words))
    if _RESPONSE.search(heading):
        return Role.ACCOUNT if trouble else Role.RESPONSE
    return Role.DIFFICULTY if trouble and _DIFFICULTY.search(heading) else Role.ACCOUNT


def pair(
    question: str,
    drafts: Sequence[tuple[Draft, Passage]],
    index: Index,
    scorer: EvidenceScorer,
) -> list[tuple[Draft, Passage]]:
    """The drafts with their roles, each lone difficulty followed by its case study's response."""
    known = [(replace(d, role=role_of(p, d.quote)), p) for d, p in drafts]
    answered = {p.doc_id for d, p in known if d.role is Role.RESPONSE}
    paired: list[tuple[Draft, Passage]] = []
    added = 0
    for draft, passage in known:
        paired.append((draft, passage))
        if draft.role is not Role.DIFFICULTY or passage.doc_id in answered or added == MOST:
            continue
        found = _response(question, draft, passage.doc_id, index, scorer)
        if found is not None:
            answered.add(passage.doc_id)
            paired.append(found)
            added += 1
    return paired


def _response(
    question: str, draft: Draft, doc_id: str, index: Index, scorer: EvidenceScorer
) -> tuple[Draft, Passage] | None:
    """The sentence of the same case study that answers the question and the difficulty best."""
    both = f"{question} {draft.text}"
    others = [h for h in index.within(both, doc_id) if h.passage.passage_id != draft.passage_id]
    hits = sorted(others, key=lambda h: (-h.score, h.passage.passage_id))[:READ]
    best: tuple[float, Draft, Passage] | None = None
    for item in scorer.score(both, hits, index):
        passage = item.hit.passage
        for position, score in enumerate(item.sentences):
            quote = passage.sentence(position)
            fits = role_of(passage, quote) is Role.RESPONSE
            if not fits or item.hit.sentence_cosines[position] < LIKE or quote in draft.quote:
                continue
            if best is None or score > best[0]:
                words = texts.collapse(quote)
                proposed = Draft(words, passage.passage_id, quote, Role.RESPONSE)
                best = score, proposed, passage
    return best[1:] if best else None
