"""Drafts become citations, or nothing: the only place where a quotation is admitted.

Whatever proposes an answer, a sentence whose quote is not, character for character, in the passage
it names is withheld. What a link to the quotation is called is `fingerprints`' business.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.fingerprints import quote_fingerprint
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
        document.attribution, document.page_of(span),
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
            statements.append(Statement(draft.text, (citation,), draft.role))
    return tuple(statements), withheld
