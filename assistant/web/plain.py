"""An Answer becomes plain text to paste elsewhere, with its sources and their links."""

from __future__ import annotations

from collections.abc import Iterator

from assistant import text as texts
from assistant.answering.summary import caution, one_line
from assistant.datatypes import (
    HEADING_SEPARATOR,
    Abstention,
    Answer,
    Passage,
    Role,
    Statement,
    source_url,
)
from assistant.web import links

CLOSEST = 3
"""Passages shown when the case studies do not say."""
ROLES = {Role.DIFFICULTY: "The difficulty", Role.RESPONSE: "What helped"}
"""What stands before a statement of a role, where a question asks how a difficulty was met."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
Line = tuple[str, bool]
"""Words of a line, and whether they are an address on this server."""


def plain_text(answer: Answer) -> str:
    """The whole text; addresses begin at this server's root."""
    return "\n".join(words for words, _ in lines(answer))


def lines(answer: Answer) -> Iterator[Line]:
    """The lines of the text."""
    for words, is_address in _lines(answer):
        yield _inert(words), is_address


def _inert(words: str) -> str:
    """`words` as one line that a spreadsheet does not take for a formula (OWASP: CSV injection)."""
    flat = " ".join(words.split())
    return f"'{flat}" if flat.startswith(_FORMULA) else flat


def _lines(answer: Answer) -> Iterator[Line]:
    yield answer.question, False
    if answer.abstention:
        yield from _abstention(answer, answer.abstention)
    else:
        yield from _statements(answer)
    yield from (("", False), (f"Casebook, index generation {answer.generation}", False))


def place(statement: Statement) -> str:
    """What a statement is grouped under: its first source's place, else its title."""
    first = statement.citations[0]
    return first.place or first.title


def by_place(answer: Answer) -> dict[str, list[Statement]]:
    """Statements by place, both in the answer's order: best first."""
    places: dict[str, list[Statement]] = {}
    for statement in answer.statements:
        places.setdefault(place(statement), []).append(statement)
    return places


def quoted(words: str) -> str:
    """`words` in quotation marks."""
    return f"“{words}”"


def missing(abstention: Abstention) -> str:
    """A sentence on the question's words found nowhere, unless the reason names them all."""
    if all(word in abstention.reason for word in abstention.missing):
        return ""
    return f"Not found in any case study: {', '.join(map(quoted, abstention.missing))}."


def passage_url(passage: Passage) -> str:
    """The viewer's address of a passage."""
    return source_url(passage.doc_id, texts.fingerprint(passage.text))


def _statements(answer: Answer) -> Iterator[Line]:
    yield one_line(answer), False
    yield from ((said, False) for said in (caution(answer), *answer.notes) if said)
    for name, statements in by_place(answer).items():
        yield from (("", False), (name, False))
        for statement in statements:
            numbers = "".join(f"[{citation.number}]" for citation in statement.citations)
            role = f"{ROLES[statement.role]}: " if statement.role in ROLES else ""
            yield f"{role}{quoted(statement.text)} {numbers}", False
    yield from (("", False), ("Sources", False))
    for citation in answer.citations:
        where = HEADING_SEPARATOR.join(citation.heading)
        parts = (citation.title, where, citation.page_label, citation.attribution)
        yield f"[{citation.number}] {'. '.join(part for part in parts if part)}", False
        if citation.source_url.startswith(("http://", "https://")):
            yield f"Published at {citation.source_url}", False
        yield links.to_quotation(citation.url), True


def _abstention(answer: Answer, abstention: Abstention) -> Iterator[Line]:
    yield from (("", False), (f"The case studies do not say. {abstention.reason}", False))
    if missing(abstention):
        yield missing(abstention), False
    if answer.hits:
        yield from (("", False), ("Closest passages", False))
    for hit in answer.hits[:CLOSEST]:
        yield hit.passage.title, False
        yield links.to_quotation(passage_url(hit.passage)), True
