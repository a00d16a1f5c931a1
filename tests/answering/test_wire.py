"""The JSON of an answer: exactly these keys, and text for a terminal."""

from __future__ import annotations

import json
from dataclasses import replace

from assistant.answering.summary import caution
from assistant.answering.wire import answer_fields, as_text, search_fields
from assistant.datatypes import (
    Abstention,
    Answer,
    Citation,
    Hit,
    Passage,
    Signals,
    Span,
    Statement,
)

PASSAGE = Passage(
    5, "a.md", "Hull: one fund", "Hull", ("Money", "Trust"), Span(10, 30),
    "One fund.\nAll\tagreed.", (Span(10, 19), Span(20, 30)),
)  # fmt: skip
HIT = Hit(PASSAGE, 0.98765432, Signals(dense=0.5))
CITATION = Citation(
    1, "a.md", "Hull: one fund", "Hull", ("Money", "Trust"), Span(20, 31), "All\tagreed.", "00ff-2",
    "https://example.org",
)  # fmt: skip
ANSWER = Answer(
    "Did all?", "One fund? Did all?", (Statement("All agreed.", (CITATION,), asked=(Span(0, 3),)),),
    (HIT,), 0.123456,
    None, "000003",
)  # fmt: skip
REFUSAL = Answer(
    "Q?", "Q?", (), (HIT,), 0.1, Abstention("The 2 case studies do not mention “Q”.", ("Q",)),
    "000003",
)  # fmt: skip


def test_an_answer() -> None:
    assert answer_fields(ANSWER) == {
        "question": "Did all?",
        "standalone_question": "One fund? Did all?",
        "summary": "1 case study describes this: Hull.",
        "abstained": False,
        "abstention": None,
        "confidence": 0.1235,
        "statements": [
            {"text": "All agreed.", "role": "account", "asked": [[0, 3]], "citations": [1]}
        ],
        "citations": [
            {
                "number": 1,
                "doc_id": "a.md",
                "title": "Hull: one fund",
                "place": "Hull",
                "heading": "Money › Trust",
                "start": 20,
                "end": 31,
                "quote": "All\tagreed.",
                "url": "/source/a.md?p=00ff-2",
                "source_url": "https://example.org",
            }
        ],
        "hits": [
            {
                "doc_id": "a.md",
                "heading": "Money › Trust",
                "start": 10,
                "end": 30,
                "score": 0.987654,
                "text": "One fund.\nAll\tagreed.",
            }
        ],
        "notes": [],
        "generation": "000003",
    }


def test_a_refusal() -> None:
    fields = answer_fields(REFUSAL)
    assert fields["abstained"] is True
    assert fields["abstention"] == {
        "reason": "The 2 case studies do not mention “Q”.", "missing": ["Q"],
    }  # fmt: skip
    assert (fields["statements"], fields["citations"]) == ([], [])


def test_a_weak_answer_carries_its_caution_as_a_note() -> None:
    noted = replace(ANSWER, weak=True, notes=("A note.",))
    assert answer_fields(noted)["notes"] == [caution(noted), "A note."]
    assert caution(noted) in as_text(answer_fields(noted))


def test_it_is_plain_json() -> None:
    for answer in (ANSWER, REFUSAL):
        fields = answer_fields(answer)
        assert json.loads(json.dumps(fields)) == fields


def test_search_has_no_words() -> None:
    assert search_fields([HIT]) == [{"doc_id": "a.md", "start": 10, "end": 30, "score": 0.987654}]


def test_text_of_an_answer() -> None:
    assert as_text(answer_fields(ANSWER)) == (
        "1 case study describes this: Hull.\n\nAll agreed. [1]\n\nSources:"
        "\n  [1] Hull: one fund (Money › Trust) a.md:20-31"
    )


def test_text_of_a_refusal_shows_the_closest_passages() -> None:
    assert as_text(answer_fields(REFUSAL)) == (
        "The case studies do not say.\nThe 2 case studies do not mention “Q”.\n\n"
        "Closest passages:\n  - a.md (Money › Trust): One fund. All agreed."
    )


def test_words_of_a_document_do_not_steer_the_terminal() -> None:
    fields = answer_fields(ANSWER)
    fields["statements"] = [{"text": "a\x1b[2J\x07b\x9bc", "citations": [1]}]
    assert "\na [2J b c [1]\n" in as_text(fields)
