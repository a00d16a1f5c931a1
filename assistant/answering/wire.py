"""An Answer as the plain values of its JSON form: one shape for the command line and every door."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant import text as texts
from assistant.answering.summary import caution, one_line
from assistant.datatypes import HEADING_SEPARATOR, Answer, Citation, Hit, page_label

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def answer_fields(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object; numbers of citations in statements refer to `citations`."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "summary": one_line(answer),
        "abstained": answer.abstained,
        "abstention": (
            {"reason": answer.abstention.reason, "missing": list(answer.abstention.missing)}
            if answer.abstention
            else None
        ),
        "confidence": round(answer.confidence, 4),
        "statements": [
            {
                "text": s.text,
                "role": s.role.value,
                "asked": [[span.start, span.end] for span in s.asked],
                "citations": [c.number for c in s.citations],
            }
            for s in answer.statements
        ],
        "citations": [_citation(citation) for citation in answer.citations],
        "hits": [_hit(hit) | {"heading": _heading(hit.passage.heading)} for hit in answer.hits],
        "notes": [note for note in (caution(answer), *answer.notes) if note],
        "generation": answer.generation,
    }


def search_fields(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The JSON form of a ranked list of passages, without their words."""
    return [{k: v for k, v in _hit(hit).items() if k != "text"} for hit in hits]


def as_text(fields: Mapping[str, Any]) -> str:
    """The answer as lines for a terminal."""
    if fields["abstained"]:
        lines = [fields["summary"], fields["abstention"]["reason"], ""]
        lines += ["Closest passages:"]
        lines += [
            f"  - {hit['doc_id']} ({hit['heading']}): {texts.collapse(hit['text'])[:160]}"
            for hit in fields["hits"][:3]
        ]
        return _for_terminal(lines)
    numbers = {tuple(s["citations"]): s["text"] for s in fields["statements"]}
    lines = [fields["summary"], *fields["notes"], ""]
    lines += [f"{text} {''.join(f'[{n}]' for n in cited)}" for cited, text in numbers.items()]
    lines += ["", "Sources:"]
    lines += [
        f"  [{c['number']}] {c['title']} ({_place_in(c)}) {c['doc_id']}:{c['start']}-{c['end']}"
        for c in fields["citations"]
    ]
    return _for_terminal(lines)


def _place_in(citation: Mapping[str, Any]) -> str:
    page = page_label(citation["doc_id"], citation.get("page", 0))
    return ", ".join(part for part in (citation["heading"], page) if part)


def _for_terminal(lines: Sequence[str]) -> str:
    """The lines without control characters: words of a document must not steer a terminal."""
    return "\n".join(_CONTROLS.sub(" ", line) for line in lines)


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "doc_id": citation.doc_id,
        "title": citation.title,
        "place": citation.place,
        "heading": _heading(citation.heading),
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
        "url": citation.url,
        "source_url": citation.source_url,
    } | ({"page": citation.page} if citation.page else {})


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "doc_id": hit.passage.doc_id,
        "start": hit.passage.span.start,
        "end": hit.passage.span.end,
        "score": round(hit.score, 6),
        "text": hit.passage.text,
    }


def _heading(path: Sequence[str]) -> str:
    return HEADING_SEPARATOR.join(path)
