"""The line above an answer counts; it never phrases."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.summary import caution, one_line
from assistant.datatypes import Abstention, Answer, Citation, Span, Statement


def _answer(*sources: tuple[str, str]) -> Answer:
    citations = [
        Citation(n, doc, f"Title of {doc}", place, (), Span(0, 4), "Yes.", "f")
        for n, (doc, place) in enumerate(sources, 1)
    ]
    statements = tuple(Statement("Yes.", (citation,)) for citation in citations)
    refusal = None if statements else Abstention("Nothing.")
    return Answer("Q?", "Q?", statements, (), 0.5, refusal, "000001")


def test_it_counts_case_studies_and_names_their_places_once() -> None:
    found = one_line(
        _answer(("a.md", "Hull"), ("a.md", "Hull"), ("b.md", "York"), ("c.md", "York"))
    )
    assert found == "3 case studies describe this: Hull and York."


def test_one_without_a_place_goes_by_its_title() -> None:
    assert one_line(_answer(("a.md", ""))) == "1 case study describes this: Title of a.md."


def test_many_places_are_cut_short() -> None:
    found = one_line(_answer(*((f"{n}.md", f"P{n}") for n in range(6))))
    assert found == "6 case studies describe this: P0, P1, P2, P3 and 2 more."


def test_names_with_commas_stay_apart() -> None:
    found = one_line(_answer(("a.md", "Penwith, Newquay and Truro"), ("b.md", "Hull")))
    assert found == "2 case studies describe this: Penwith, Newquay and Truro; and Hull."


def test_a_case_study_of_several_places_is_named_by_its_first() -> None:
    found = one_line(_answer(("a.md", "Airedale; Bradford; East Lancashire"), ("b.md", "Hull")))
    assert found == "2 case studies describe this: Airedale (and elsewhere) and Hull."


def test_a_weak_answer_describes_nothing_and_is_said_to_be_weak() -> None:
    one = replace(_answer(("a.md", "Hull")), weak=True)
    two = replace(_answer(("a.md", "Hull"), ("b.md", "York")), weak=True)
    assert one_line(one) == "Only weak evidence. 1 case study comes nearest: Hull."
    assert one_line(two) == "Only weak evidence. 2 case studies come nearest: Hull and York."
    assert caution(two).startswith("Of test questions answered on so little evidence")
    assert caution(replace(two, weak=False)) == ""


def test_a_refusal_is_no_summary() -> None:
    assert one_line(_answer()) == "The case studies do not say."
