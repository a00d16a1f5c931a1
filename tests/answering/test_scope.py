"""Whom a question is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.evidence import Evidence
from assistant.answering.scope import about_named_places, asks_for_several, compares
from assistant.datatypes import Hit, Passage
from tests.making import passages


def _case(doc_id: str, text: str, place: str, title: str) -> Passage:
    (found,) = passages(text, doc_id=doc_id)
    return replace(found, place=place, title=title)


IN_HULL = _case("a.md", "York copied it.", "Hull and East Riding", "Pier Fund: a purse")
IN_YORK = _case("b.md", "Trains came late in May.", "York", "York: trains")
IN_LEEDS = _case("c.md", "Rooms were built.", "Leeds", "A Pier rebuilt")


@pytest.mark.parametrize(
    ("question", "about"),
    [
        pytest.param("What did York do?", [IN_YORK], id="its place, not who mentions it"),
        pytest.param("Where else was York copied?", [IN_YORK, IN_HULL], id="several: both"),
        pytest.param("Did Hull or Leeds do it?", [IN_HULL, IN_LEEDS], id="two places"),
        pytest.param("Who paid for the Pier Fund?", [IN_HULL], id="a title's whole name"),
        pytest.param("Who runs York City Council?", [IN_YORK], id="a longer name of the place"),
        pytest.param("What did Dover do?", [], id="no such place"),
        pytest.param("What was done?", [], id="no name"),
    ],
)
def test_a_question_that_names_a_place_is_answered_from_there(
    question: str, about: list[Passage]
) -> None:
    evidence = [
        Evidence(Hit(passage, 0.5), 0.5, (0.5,)) for passage in (IN_HULL, IN_YORK, IN_LEEDS)
    ]
    found = about_named_places(question, evidence)
    assert [item.hit.passage for item in found] == about


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Who brought in an outside chair?", True),
        ("Which services run at night?", True),
        ("Did any employer pay?", True),
        ("Has anyone tried weekend opening?", True),
        ("Which evaluations had a comparison group?", True),
        ("Who chaired the board in Leeds?", False),
        ("How were doubters won over?", False),
        ("What did Plymouth do with any surplus?", False),
    ],
)
def test_a_question_that_names_nothing_may_ask_of_every_place(question: str, several: bool) -> None:
    assert asks_for_several(question) == several


@pytest.mark.parametrize(
    ("question", "side_by_side"),
    [
        ("Compare Torbay and Highland", True),
        ("How does Wigan compare with Lambeth?", True),
        ("How do Torbay and Highland differ?", True),
        ("What is the difference between the Plymouth and Sheffield pools?", True),
        ("What did Torbay and Highland do?", False),
        ("What difference did the scheme make in Torbay?", False),
        ("How do pooled budgets compare?", False),
    ],
)
def test_what_is_named_may_be_compared(question: str, side_by_side: bool) -> None:
    assert compares(question) is side_by_side
