"""An Answer becomes one turn of the conversation: its markup for the chat.

Each turn is one HTML block without a blank line, so that the chat's Markdown reader passes it
through; every word from outside goes through `rendering.escape` (promise 6).
"""

from __future__ import annotations

from assistant.answering.summary import caution, one_line
from assistant.datatypes import (
    HEADING_SEPARATOR,
    Abstention,
    Answer,
    Citation,
    Hit,
    Statement,
    page_label,
)
from assistant.web import links, plain, rendering
from assistant.web.plain import passage_url
from assistant.web.rendering import escape, isolated

NEW_TAB = "opens in a new tab"


def pending(number: int, question: str, stage: str) -> str:
    """The turn while its answer is on the way."""
    body = f'<p class="cb-stage"><span class="cb-pulse"></span>{escape(stage)}</p>'
    return _turn(number, question, body)


def finished(number: int, answer: Answer, save_url: str = "") -> str:
    """The turn with its answer; `save_url` is where a link to it can be saved."""
    notes = [f'<p class="cb-note">{escape(note)}</p>' for note in answer.notes]
    if answer.understood:
        notes.insert(0, f'<p class="cb-note">Understood as: {isolated(answer.understood)}</p>')
    actions = (
        '<div class="cb-actions">'
        '<button type="button" class="cb-button cb-copy">Copy answer</button>'
        f"{_save(save_url)}</div>"
        f'<pre class="cb-plain" hidden>{_plain_markup(answer)}</pre>'
    )
    body = (
        f"{_abstention(answer, answer.abstention)}{actions}"
        if answer.abstention
        else _statements(answer, actions)
    )
    return _turn(number, answer.question, "".join(notes) + body)


def _save(url: str) -> str:
    if not url:
        return ""
    label = f'Save a link to this answer<span class="cb-vh"> ({NEW_TAB})</span>'
    return f'<a class="cb-button cb-save" href="{escape(url)}">{label}</a>'


def summary(answer: Answer) -> str:
    """One sentence on what was found; also what a screen reader is told."""
    if answer.abstained:
        closest = len(answer.hits[: plain.CLOSEST])
        found = f" {rendering.count(closest, 'close passage')} below." if closest else ""
        return f"{one_line(answer)}{found}"
    several = len(answer.statements) > 1
    quotations = rendering.count(len(answer.statements), "quotation")
    checked = "each checked" if several else "checked"
    return f"{one_line(answer)} {quotations}, {checked} word for word against the source."


def _turn(number: int, question: str, body: str) -> str:
    heading = f'<h2 class="cb-question" tabindex="-1">{isolated(question)}</h2>'
    return f'<section class="cb-turn" id="turn-{number}">{heading}{body}</section>'


def _statements(answer: Answer, actions: str) -> str:
    """The quotations with what can be done with them, and beside or below them the sources."""
    groups = "".join(
        f'<h3 class="cb-place">{isolated(place)}</h3>{"".join(map(_statement, statements))}'
        for place, statements in plain.by_place(answer).items()
    )
    sources = "".join(map(_source, answer.citations))
    care = f'<p class="cb-caution">{escape(caution(answer))}</p>' if answer.weak else ""
    bold = any(statement.asked for statement in answer.statements)
    added = '<p class="cb-hint">Bold, for what was asked for, is ours.</p>' if bold else ""
    return (
        f'<p class="cb-summary">{escape(summary(answer))}</p>{care}{added}'
        f'<div class="cb-columns"><div class="cb-answer">{groups}{actions}</div>'
        f'<div class="cb-aside"><h3 class="cb-sources-title">Sources</h3>'
        f'<p class="cb-hint">Each link {NEW_TAB} with the quoted words marked.</p>'
        f'<ol class="cb-sources">{sources}</ol></div></div>'
    )


def _statement(statement: Statement) -> str:
    marks = "".join(map(_mark, statement.citations))
    label = plain.ROLES.get(statement.role, "")
    role = f'<p class="cb-role">{label}</p>' if label else ""
    return (
        f'{role}<blockquote class="cb-quotation"><p>{_emphasised(statement)}'
        f'<span class="cb-marks">{marks}</span></p></blockquote>'
    )


def _emphasised(statement: Statement) -> str:
    """The words, with the number, date or name that was asked for in bold."""
    pieces, end = [], 0
    for span in statement.asked:
        pieces.append(escape(statement.text[end : span.start]))
        pieces.append(f"<strong>{escape(span.of(statement.text))}</strong>")
        end = span.end
    return f"<bdi>{''.join(pieces)}{escape(statement.text[end:])}</bdi>"


def _mark(citation: Citation) -> str:
    """The superscript number. Attributes for its name would be stripped, so the name is text."""
    where = escape(f": {citation.title} ({NEW_TAB})")
    return (
        f'<sup><a class="cb-cite" href="{_href(citation.url)}"><span class="cb-vh"> Source </span>'
        f'{citation.number}<span class="cb-vh">{where}</span></a></sup>'
    )


def _href(url: str) -> str:
    return escape(links.to_quotation(url))


def _source(citation: Citation) -> str:
    return (
        f'<li value="{citation.number}">'
        f'<a href="{_href(citation.url)}">{isolated(citation.title)}</a>'
        f"{_where(citation.place, citation.heading, citation.page_label)}"
        f'<p class="cb-words">{isolated(plain.quoted(citation.quote))}</p>'
        f"{_credit(citation.attribution)}</li>"
    )


def _where(place: str, heading: tuple[str, ...], page: str) -> str:
    parts = [place, HEADING_SEPARATOR.join(heading), page]
    words = " · ".join(part for part in parts if part)
    return f'<p class="cb-where">{isolated(words)}</p>' if words else ""


def _credit(attribution: str) -> str:
    return f'<p class="cb-credit">{isolated(attribution)}</p>' if attribution else ""


def _abstention(answer: Answer, abstention: Abstention) -> str:
    missing = plain.missing(abstention)
    absent = f"<p>{escape(missing)}</p>" if missing else ""
    closest = "".join(_closest(hit) for hit in answer.hits[: plain.CLOSEST])
    passages = (
        '<h3 class="cb-sources-title">Closest passages</h3>'
        '<p class="cb-hint">None was sure enough to be quoted as an answer. Read them before you '
        f"conclude that nothing is said. "
        f'Each link {NEW_TAB}.</p><ol class="cb-sources">{closest}</ol>'
    )
    return (
        f'<div class="cb-refusal"><h3>The case studies do not say</h3>'
        f"<p>{escape(abstention.reason)}</p>{absent}</div>{passages if closest else ''}"
    )


def _closest(hit: Hit) -> str:
    passage = hit.passage
    words = rendering.excerpt(" ".join(passage.sentence_texts))
    return (
        f'<li><a href="{_href(passage_url(passage))}">{isolated(passage.title)}</a>'
        f"{_where(passage.place, passage.heading, page_label(passage.doc_id, passage.page))}"
        f'<p class="cb-words">{isolated(words)}</p></li>'
    )


def _plain_markup(answer: Answer) -> str:
    """The plain text in the page: the browser knows the server's address, so links stay links."""
    return "&#10;".join(
        f'<a href="{escape(line)}">{escape(line)}</a>' if is_link else escape(line)
        for line, is_link in plain.lines(answer)
    )
