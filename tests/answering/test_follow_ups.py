"""Follow-ups: what is brought along, what is left alone, and that nothing a person types raises."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text as texts
from assistant.answering.follow_ups import Kind, Names, Rewrite, stand_alone
from assistant.answering.follow_ups.names import Mention
from assistant.datatypes import Document, Metadata
from assistant.documents import read_corpus

CORPUS = Path(__file__).parents[2] / "corpus"
SHARED = Path(__file__).parents[3] / "shared" / "eval" / "questions-dev.jsonl"
TABLE = Path(__file__).with_name("follow_ups.jsonl")
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()
]
FOLLOWING = [case for case in CASES if "keeps" in case]
STANDING = [case for case in CASES if "keeps" not in case]
SWITCHES = [case for case in CASES if case["kind"] == "switch"]


@pytest.fixture(scope="module")
def names() -> Names:
    """The names of the shipped case studies."""
    return Names.of(read_corpus(CORPUS).documents)


def few_names() -> Names:
    """Two places, an organisation, and what a title opens with."""
    alaska = Metadata(place="Southcentral Alaska", country="United States")
    hull = Metadata(place="Hull and East Riding", organisations=("Age UK (charity)",))
    documents = (
        Document("a.md", "Nuka: owned by its users", "", "", metadata=alaska),
        Document("b.md", "Leeds Care Record: one view", "", "", metadata=hull),
    )
    return Names.of(documents)


def as_typed(rewrite: Rewrite, question: str) -> bool:
    """Whether the question was asked as it was typed, but for the capitals of its places."""
    return not rewrite.changed and rewrite.text.casefold() == question.casefold()


# --- the table -------------------------------------------------------------------------------


def test_table_is_as_large_as_promised() -> None:
    assert len(CASES) >= 40
    assert len(SWITCHES) >= 15
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", FOLLOWING, ids=lambda case: str(case["id"]))
def test_follow_up_brings_its_subject(case: dict[str, Any], names: Names) -> None:
    rewrite = stand_alone(case["question"], case["history"], names)
    text = rewrite.text.casefold()
    assert [kept for kept in case["keeps"] if kept.casefold() not in text] == [], rewrite.text
    assert [left for left in case["drops"] if left.casefold() in text] == [], rewrite.text
    assert rewrite.changed
    assert rewrite.reason
    if "text" in case:
        assert rewrite.text == case["text"]


@pytest.mark.parametrize("case", STANDING, ids=lambda case: str(case["id"]))
def test_question_that_stands_is_left_as_it_is(case: dict[str, Any], names: Names) -> None:
    assert as_typed(stand_alone(case["question"], case["history"], names), case["question"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_rewriting_without_history_changes_nothing(case: dict[str, Any], names: Names) -> None:
    assert as_typed(stand_alone(case["question"], (), names), case["question"])


@pytest.mark.parametrize("case", SWITCHES, ids=lambda case: str(case["id"]))
def test_switch_is_clean_after_a_long_conversation(case: dict[str, Any], names: Names) -> None:
    history = ["What is the LIFE service in Croydon?", "What did it cost?", "And in Wales?"]
    assert as_typed(stand_alone(case["question"], history, names), case["question"])


# --- kinds and limits ------------------------------------------------------------------------


def test_reader_is_told_what_was_done(names: Names) -> None:
    history = ["What is the Wigan Deal?"]
    assert stand_alone("What did it cost?", history, names).kind is Kind.SAME_SUBJECT
    assert stand_alone("What about Leeds?", ["How did Hull pay?"], names).kind is Kind.OTHER_PLACE
    assert stand_alone("What is Nuka?", history, names).reason == ""


def test_only_the_last_eight_turns_are_read(names: Names) -> None:
    history = ["What is the Wigan Deal?", *["Thank you!"] * 8]
    assert stand_alone("What did it cost?", history, names) == Rewrite("What did it cost?")
    assert stand_alone("What did it cost?", history[:8], names).text == (
        "What did the Wigan Deal cost?"
    )


def test_rewrite_longer_than_allowed_is_not_made(names: Names) -> None:
    history = ["What is the Wigan Deal?"]
    assert stand_alone("What did it cost?", history, names, longest=28).changed is False
    assert stand_alone("What did it cost?", history, names, longest=29).changed is True


def test_long_earlier_turn_brings_few_words(names: Names) -> None:
    history = ["How do " + "nurses, doctors, porters, " * 400 + "work?"]
    rewrite = stand_alone("Why?", history, names)
    assert rewrite.text == "Why? (nurses, doctors, porters)"


def test_subject_follows_when_the_place_changes(names: Names) -> None:
    history = ["What is the Safe Haven in Aldershot?", "When is it open?"]
    assert stand_alone("What about Bradford?", history, names).text == (
        "When is the Safe Haven in Bradford open?"
    )


def test_markup_in_a_question_stays_text(names: Names) -> None:
    rewrite = stand_alone("What did it cost?", ["What is the <b>Wigan Deal</b>?"], names)
    assert rewrite.text == "What did the <b>Wigan Deal</b> cost?"


# --- names -----------------------------------------------------------------------------------


def test_names_come_from_places_titles_and_organisations() -> None:
    text = "did hull or East Riding copy Nuka, Age UK or the Leeds Care Record?"
    assert few_names().find(text) == [
        Mention(4, 8, "Hull", sited=True, known=True, place=True),
        Mention(12, 23, "East Riding", sited=True, known=True, place=True),
        Mention(29, 33, "Nuka", sited=True, known=True),
        Mention(35, 41, "Age UK", sited=False, known=True),
        Mention(49, 66, "Leeds Care Record", sited=True, known=True),
    ]


def test_longest_name_wins_and_possessives_are_seen() -> None:
    (mention,) = few_names().find("Hull and East Riding's plan")
    assert (mention.start, mention.end, mention.text) == (0, 20, "Hull and East Riding")


def test_one_word_title_needs_its_capital() -> None:
    assert few_names().find("why nuka and how?") == []


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("how did hull pool its budget", "how did Hull pool its budget"),
        ("What did the NHS pay in hull and east riding?",
         "What did the NHS pay in Hull and East Riding?"),
        ("Did Leeds build a ship's hull?", "Did Leeds build a ship's hull?"),
        ("who pays for the leeds care record", "who pays for the leeds care record"),
    ],
)  # fmt: skip
def test_places_get_their_capitals_where_nobody_typed_any(typed: str, asked: str) -> None:
    assert stand_alone(typed, [], few_names()).text == asked


def test_unknown_names_are_told_by_capitals() -> None:
    assert few_names().find("How does the NHS in Norwich pay?") == [
        Mention(20, 27, "Norwich", sited=False, known=False)
    ]


def test_headline_capitals_are_not_names() -> None:
    assert few_names().find("How Rural Surgeries Share Nurses And Wards") == []


# --- anything a person can type --------------------------------------------------------------

WORDS = st.sampled_from(
    "what did it cost and in Hull why they the project their There leeds Nuka's about ? , ’ İ ß "
    "中文 Thank you (x) \u202e \ud800 é é the second one".split()
)
TYPED = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))


@given(TYPED, st.lists(TYPED, max_size=6))
def test_nothing_typed_raises_or_grows_beyond_the_limit(question: str, history: list[str]) -> None:
    rewrite = stand_alone(question, history, few_names(), longest=max(200, len(question)))
    assert len(rewrite.text) <= max(200, len(question))
    assert rewrite.changed == (not as_typed(rewrite, question))
    assert rewrite == stand_alone(question, tuple(history), few_names())


@given(TYPED)
def test_no_history_leaves_any_text_as_it_is(question: str) -> None:
    assert as_typed(stand_alone(question, [], few_names()), question)


@pytest.mark.parametrize("case", FOLLOWING, ids=lambda case: str(case["id"]))
def test_stood_in_rewrite_stands_by_itself(case: dict[str, Any], names: Names) -> None:
    """A rewrite can be asked again, after the same questions, and stays what it is."""
    once = stand_alone(case["question"], case["history"], names).text
    assert stand_alone(once, case["history"], names).text == once


def test_controls_in_earlier_questions_are_not_carried(names: Names) -> None:
    history = ["What is the Wigan\u202e\x00 Deal\ud800?"]
    assert stand_alone("What did it cost?", history, names).text == "What did the Wigan Deal cost?"


def test_why_another_place_did_it_is_a_question_of_its_own(names: Names) -> None:
    rewrite = stand_alone("Why did Torbay do this?", ["How did Leeds share records?"], names)
    assert rewrite.text == "Why did Torbay do this? (share records)"


def test_rewriting_is_quick(names: Names) -> None:
    history = ["What is the Safe Haven in Aldershot?", "When is it open?", "Who works there?"]
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        stand_alone("What did it cost the council?", history, names)
        best = min(best, time.perf_counter() - started)
    assert best < 0.02  # about 0.3 ms; generous, since tests share a machine


@pytest.mark.parametrize("word", ["it ", "the council ", "Leeds ", "and ", "A ", "of the ", "'s "])
def test_longest_input_takes_no_longer_than_a_moment(word: str, names: Names) -> None:
    text = (word * 2000)[:2000]
    started = time.perf_counter()
    stand_alone(text, [text] * 20, names)
    assert time.perf_counter() - started < 0.5


@pytest.mark.skipif(not SHARED.is_file(), reason=f"needs the questions in {SHARED.name}")
def test_follow_ups_of_the_development_questions_name_their_subject(names: Names) -> None:
    rewritten = {
        row["id"]: stand_alone(row["question"], row["history"], names).text
        for row in map(json.loads, SHARED.read_text(encoding="utf-8").splitlines())
        if row["kind"] == "followup"
    }
    subjects = {
        "dev-077": "LIFE service in Croydon",
        "dev-078": "Safe Haven in Aldershot",
        "dev-079": "South Somerset's Symphony programme",
        "dev-080": "Northumberland",
    }
    assert {name for name, subject in subjects.items() if subject in rewritten[name]} == set(
        subjects
    )


@pytest.mark.skipif(not SHARED.is_file(), reason=f"needs the questions in {SHARED.name}")
def test_questions_of_their_own_are_left_alone(names: Names) -> None:
    """Each development question as a change of subject; one of 76 still looks like a follow-up."""
    rows = map(json.loads, SHARED.read_text(encoding="utf-8").splitlines())
    asked = [row["question"] for row in rows if row["kind"] != "followup"]
    history = ["What is the LIFE service in Croydon?"]
    changed = [q for q in asked if stand_alone(q, history, names).changed]
    assert [q[:20] for q in changed] == ["Everybody must say y"]


def test_a_question_in_another_script_is_left_alone(names: Names) -> None:
    question = "Какие районы объединили бюджеты здравоохранения?"
    assert stand_alone(question, ["What is the Wigan Deal?"], names) == Rewrite(question)
    assert texts.words(question)
