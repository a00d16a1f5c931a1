"""Drafts become citations, or nothing: the only place where a quotation is admitted.

Whatever proposes an answer, a sentence whose quote is not, character for character, in the passage
it names is withheld. The same fingerprints lead back from a link to the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from assistant import text as texts
from assistant.datatypes import Citation, Document, Draft, Passage, Span, Statement
from assistant.errors import QuoteError

_FINGERPRINT = re.compile(r"([0-9a-f]{16})(?:-([1-9][0-9]{0,4}))?")


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


def quote_fingerprint(document: Document, span: Span) -> str:
    """A name for the words under `span` in their document that does not depend on the rest of it.

    The fingerprint of the words; if the same words occur before, "-2", "-3" … tell them apart.
    """
    words = span.of(document.text)
    key = texts.fingerprint(words)
    before = sum(1 for other in _occurrences(document.text, words) if other.start < span.start)
    return f"{key}-{before + 1}" if before else key


def locate(document: Document, passages: Sequence[Passage], fingerprint: str) -> Span | None:
    """The words that a viewer link means: a passage, a sentence or two in a row; None if gone."""
    named = _FINGERPRINT.fullmatch(fingerprint)
    if named is None:
        return None
    candidates = [passage.span for passage in passages]
    for passage in passages:
        candidates += passage.sentences
        candidates += [Span(one.start, two.end) for one, two in pairwise(passage.sentences)]
    for span in candidates:
        words = span.of(document.text)
        if texts.fingerprint(words) == named[1]:
            wanted = int(named[2] or 1) - 1
            return next(islice(_occurrences(document.text, words), wanted, None), None)
    return None


def _occurrences(text: str, words: str) -> Iterator[Span]:
    """Wherever `words` stand in `text`, in order, however their white space is broken."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    found = pattern.search(text)
    while found:
        yield Span(*found.span())
        found = pattern.search(text, found.start() + 1)
