"""Does a quotation support an answer? The one rule that all figures rest on.

It does if it comes from the same document as a gold quotation and the two share at least half of
the words of the shorter one, in the same order, in runs of at least three.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.evaluation.questions import Gold
from assistant.evaluation.replies import Quoted

SHORTEST_RUN = 3
"""Shared words count in runs of at least this many: shorter ones occur by chance."""
ENOUGH = 0.5
_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of `text` in lower case."""
    return tuple(_WORD.findall(text.lower()))


def document_key(doc_id: str) -> str:
    """The name of a document without folders and ending, as question files give it."""
    return _ENDING.sub("", doc_id).split("/")[-1]


def same_document(doc_id: str, gold_document: str) -> bool:
    """Whether `gold_document` names the document `doc_id`, in full or by its file's name."""
    return gold_document in (doc_id, document_key(doc_id))


def supports(quoted: Quoted, gold: Gold) -> bool:
    """Whether `quoted` holds what `gold` says."""
    if not same_document(quoted.doc_id, gold.document):
        return False
    return not gold.quote or overlap(quoted.text, gold.quote) >= ENOUGH


def overlap(one: str, two: str) -> float:
    """The share of the shorter text's words that both have in the same order, in runs of three."""
    a, b = words(one), words(two)
    if not a or not b:
        return 0.0
    runs = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(run.size for run in runs if run.size >= SHORTEST_RUN) / min(len(a), len(b))
