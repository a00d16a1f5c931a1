"""What kind of thing a question asks for, and where a quotation has it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.asked import Asked, asked_for, fits, fulfilled, mentions, satisfies


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many patients can one nurse support?", Asked.NUMBER),
        ("And how much did it cost?", Asked.MONEY),
        ("What was the total budget?", Asked.MONEY),
        ("How much money went into it?", Asked.MONEY),
        ("How much did admissions fall?", Asked.NUMBER),
        ("What share of visits ended in admission?", Asked.NUMBER),
        ("What did the pilot save?", Asked.NUMBER),
        ("When is it open?", Asked.DATE),
        ("Which year did the contract end?", Asked.DATE),
        ("Since when have they pooled budgets?", Asked.DATE),
        ("Who runs the hub?", Asked.NAME),
        ("By whom was it paid?", Asked.NAME),
        ("Which trust led it?", Asked.NAME),
        ("How did places handle funding mistrust?", None),
        ("What happens when a patient goes home?", None),
        ("Which places pooled budgets?", None),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, kind: Asked | None) -> None:
    assert asked_for(question) == kind


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("How many patients?", "In 2014 one nurse could support 2,000 patients.", ["2,000"]),
        ("How many beds?", "Beds fell from 750 in 1998/99 to 502.", ["750", "502"]),
        (
            "How much was lent?",
            "Wales lent £6.3m, about a third of it early.",
            ["£6.3m", "a third"],
        ),
        ("What did it cost?", "In 12 months £3.5 million, or 90p a head.", ["£3.5 million", "90p"]),
        ("What does it cost?", "For 20 people it is free of charge.", ["free of charge"]),
        ("How much was spent?", "Two million pounds in 2014.", ["Two million pounds"]),
        ("What share was it?", "It was 12.5 per cent.", ["12.5 per cent"]),
        ("How long did it take?", "It took nearly four years.", ["four years"]),
        (
            "When is it open?",
            "It opens from 6pm to 11.30pm on weekdays.",
            ["6pm", "11.30pm", "weekdays"],
        ),
        ("When did it start?", "It began in spring 2014.", ["spring 2014"]),
        ("Who leads Fleetwood?", "In Fleetwood, Mark Spencer leads.", ["Mark Spencer"]),
        ("Who paid for the Ann Lee centre?", "In May the Ann Lee Care Centre opened.", []),
        (
            "Who paid for the Ann Lee centre?",
            "Hull City Council did in May.",
            ["Hull City Council"],
        ),
        ("How did it go?", "It cost £5m in 2014.", []),
    ],
)
def test_where_a_text_has_it(question: str, text: str, found: list[str]) -> None:
    assert [span.of(text) for span in mentions(question, text)] == found


def test_a_text_without_a_number_does_not_say_how_many() -> None:
    assert fits(Asked.NUMBER, "Twelve nurses came.") == 1
    assert fits(Asked.NUMBER, "Nurses came.") == -1
    assert fits(None, "Nurses came.") == 0
    assert fits(Asked.NAME, "nurses came.") == 0


@given(
    st.sampled_from(["How many were there?", "When was it?", "Who was it?"]),
    st.text(max_size=80)
    | st.lists(st.sampled_from("12 £3m May Ann of 2014 6pm .".split())).map(" ".join),
)
def test_spans_are_in_order_and_never_overlap(question: str, text: str) -> None:
    spans = mentions(question, text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("question", "text", "degree"),
    [
        ("What did it cost?", "In 12 months it cost £3.5 million.", 1.0),
        ("What did it cost?", "It took 12 months.", -1.0),
        ("How many patients?", "One nurse can support 2,000 patients.", 1.0),
        ("How many patients?", "It has 30 beds.", 0.3),
        ("How many people opted out?", "Patients may opt out.", -1.0),
        ("When did it open?", "It opened in spring 2014.", 1.0),
        ("When did it open?", "It opened at last.", -1.0),
        ("Who leads it?", "Mark Spencer and Ann Lee lead it.", 0.3),
        ("Who leads it?", "The nurses lead it.", -0.5),
        ("How did it go?", "It went well.", 0.0),
    ],
)
def test_how_well_a_text_gives_what_is_asked(question: str, text: str, degree: float) -> None:
    assert satisfies(question, text) == degree


def test_a_figure_that_is_asked_for_has_to_be_quoted() -> None:
    assert not fulfilled("How much did it cost?", ["It took 12 months."])
    assert fulfilled("How much did it cost?", ["It took 12 months and £40,000."])
    assert not fulfilled("How many people live there?", ["People there live shorter lives."])
    assert fulfilled("How many people live there?", ["People came.", "It has 40,000 people."])
    assert fulfilled("How do people live there?", ["People there live shorter lives."])


@pytest.mark.parametrize(
    ("quote", "tells"),
    [
        pytest.param("Federations cover the country: there are 17.", True, id="number at the end"),
        pytest.param("It has 17 of them.", False, id="of what?"),
        pytest.param("In 2016 the 450 nurses moved.", False, id="of something else"),
        pytest.param("Federations cover the country.", False, id="no number"),
    ],
)
def test_how_many_is_told_by_a_number_of_what_is_counted(quote: str, tells: bool) -> None:
    assert fulfilled("How many GP federations cover Northern Ireland?", [quote]) is tells
