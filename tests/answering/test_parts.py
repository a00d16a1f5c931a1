"""Several questions in one: what they are, and that one question is left alone."""

from __future__ import annotations

import pytest

from assistant.answering.follow_ups import Names
from assistant.answering.parts import parts_of
from tests.making import cases

NAMES = Names.of(cases())


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who pays for the Harbour fund, and when did it start?",
            ["Who pays for the Harbour fund?", "When did it start?"],
        ),
        (
            "What did Moorland do? Did vaccination rise?",
            ["What did Moorland do?", "Did vaccination rise?"],
        ),
        ("How did it begin and what helped nurses?", ["How did it begin?", "What helped nurses?"]),
    ],
)
def test_the_parts_as_they_were_put(question: str, parts: list[str]) -> None:
    assert [part.words for part in parts_of(question, NAMES)] == parts


def test_a_later_part_takes_its_subject_from_the_one_before() -> None:
    _, second = parts_of("Who pays for the Harbour fund, and when did it start?", NAMES)
    assert second.words == "When did it start?"
    assert "Harbour fund" in second.question


@pytest.mark.parametrize(
    "question",
    [
        "How did Harbour get the council and the hospital to agree?",
        "What happened when the fund was shared?",
        "Why and how?",
        "What? When? Who? How?",
        "Funding, and trust",
        "",
    ],
)
def test_one_question_has_no_parts(question: str) -> None:
    assert parts_of(question, NAMES) == ()
