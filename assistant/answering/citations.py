"""Drafts become citations, or nothing: the only place where a quotation is admitted.

Whatever proposes an answer, a sentence whose quote is not, character for character, in the passage
it names is withheld. The same fingerprints lead back from a link to the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant import text as texts
from assistant.datatypes import Citation, Document, Draft, Passage, Span, Statement
from assistant.errors import QuoteError


def cite(draft: Draft, passage: Passage, document: Document, number: int) -> Citation:
    """The citation of `draft`'s quote. Raises QuoteError unless its words stand in the passage."""
    found = passage.text.find(draft.quote)
    if found < 0 or not draft.quote.strip():
        raise QuoteError(
            f"The quote {draft.quote[:60]!r} is not in the passage it names in {passage.doc_id}: "
            "expected its exact words. The sentence is withheld."
        )
    start = passage.span.start + found
    span = Span(start, start + len(draft.quote))
    if span.of(document.text) != draft.quote:
        raise QuoteError(
            f"Passage {passage.passage_id} disagrees with the text of {passage.doc_id}: expected "
            "the same words. Run python -m assistant verify; the sentence is withheld."
        )
    return Citation(
        number, document.doc_id, document.title, document.metadata.place, passage.heading, span,
        draft.quote, quote_fingerprint(document, span), document.metadata.source_url,
    )  # fmt: skip


def admit(drafts: Sequence[tuple[Draft, Passage, Document]]) -> tuple[tuple[Statement, ...], int]:
    """(statements with verified quotes numbered from 1, how many drafts were withheld)."""
    statements: list[Statement] = []
    withheld = 0
    for draft, passage, document in drafts:
        try:
            citation = cite(draft, passage, document, len(statements) + 1)
        except QuoteError:
            withheld += 1
        else:
            statements.append(Statement(draft.text, (citation,)))
    return tuple(statements), withheld


def quote_fingerprint(document: Document, span: Span) -> str:
    """A name for the words under `span` in their document that does not depend on the rest of it.

    The fingerprint of the words; if the same words occur before, "-2", "-3" … tell them apart.
    """
    words = span.of(document.text)
    key = texts.fingerprint(words)
    occurrence = document.text.count(words, 0, span.start + len(words) - 1) + 1
    return key if occurrence == 1 else f"{key}-{occurrence}"


def locate(document: Document, passages: Sequence[Passage], fingerprint: str) -> Span | None:
    """The words that a viewer link means: a passage, a sentence or two in a row; None if gone."""
    key, _, ordinal = fingerprint.partition("-")
    candidates = [passage.span for passage in passages]
    for passage in passages:
        candidates += passage.sentences
        candidates += [Span(one.start, two.end) for one, two in pairwise(passage.sentences)]
    matching = sorted(
        {span for span in candidates if texts.fingerprint(span.of(document.text)) == key}
    )
    wanted = int(ordinal) if ordinal.isdecimal() and len(ordinal) < 6 else 1
    return matching[wanted - 1] if 0 < wanted <= len(matching) else None
