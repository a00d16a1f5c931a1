"""What one browser session sees, step by step, and what it never does."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from assistant.datatypes import Abstention, Answer
from assistant.pipeline import Casebook, Stage
from assistant.web.chat import MAX_HISTORY, MAX_TURNS, Chat, Conversation
from tests.making import casebook, write_corpus

QUESTION = "Was mistrust over funding a problem in the Harbour fund?"
ANSWER = Answer("q", "q", (), (), 0.1, Abstention("Nothing."), "000001")


def test_stages_are_said_then_the_answer(book: Casebook) -> None:
    views = list(Chat(lambda: book).ask(QUESTION, Conversation()))
    assert [view.status for view in views[:3]] == [
        "Searching the case studies", "Reading the closest passages", "Checking the quotations",
    ]  # fmt: skip
    last = views[-1]
    assert last.current is not None
    assert "Mistrust over funding faded slowly" in last.current
    assert last.status is not None
    assert "checked word for word" in last.status
    assert last.conversation is not None
    assert last.conversation.questions == (QUESTION,)
    assert last.conversation.turns == (last.current,)


def test_the_box_is_emptied_only_when_the_question_is_taken(book: Casebook) -> None:
    chat = Chat(lambda: book)
    assert next(iter(chat.ask(QUESTION, Conversation()))).question == ""
    refused = list(chat.ask("   ", Conversation()))
    assert [view.question for view in refused] == [None]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("", "The question is empty"),
        ("a" * 2001, "The question has 2,001 characters"),
        (None, "The question is NoneType"),
        ({"text": "x"}, "The question is dict"),
    ],
)
def test_a_bad_question_gets_a_sentence(book: Casebook, question: object, sentence: str) -> None:
    (view,) = Chat(lambda: book).ask(question, Conversation((), ("one", "two")))
    assert view.status is not None
    assert unescape(view.status).startswith(f"There is a problem. {sentence}")
    assert (view.earlier, view.current, view.conversation) == ("one", "two", None)


def test_a_question_before_the_casebook_is_open() -> None:
    (view,) = Chat(lambda: None).ask(QUESTION, Conversation())
    assert unescape(view.status or "") == (
        "There is a problem. The case studies are still being opened. Try again in a moment."
    )


class Recorder:
    """Stands in for a casebook and remembers the history it was given."""

    def __init__(self, book: Casebook) -> None:
        self._book, self.histories = book, list[tuple[str, ...]]()
        self.questions: list[str] = []
        self.index = book.index

    def stages(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        self.histories.append(tuple(history))
        self.questions.append(question)
        return self._book.stages(question)


def test_only_the_latest_questions_go_back(book: Casebook) -> None:
    recorder = Recorder(book)
    chat = Chat(lambda: recorder)  # type: ignore[arg-type, return-value]
    held = Conversation()
    for number in range(MAX_HISTORY + 3):
        held = list(chat.ask(f"{QUESTION} {number}", held))[-1].conversation or held
    assert recorder.histories[0] == ()
    assert recorder.histories[-1] == tuple(f"{QUESTION} {n}" for n in range(2, MAX_HISTORY + 2))


def test_what_was_understood_is_kept_until_the_next_question() -> None:
    rewritten = replace(ANSWER, question="And cost?", standalone_question="Harbour cost?")
    held = Conversation().with_turn(rewritten, "turn")
    assert held.understood == "Harbour cost?"
    assert held.with_turn(ANSWER, "turn").understood == ""


def test_a_question_can_be_asked_as_it_was_typed(book: Casebook) -> None:
    recorder = Recorder(book)
    chat = Chat(lambda: recorder)  # type: ignore[arg-type, return-value]
    held = list(chat.ask(QUESTION, Conversation()))[-1].conversation or Conversation()
    held = list(chat.ask("And what did it cost?", held))[-1].conversation or held
    list(chat.ask_as_typed(held))
    assert recorder.questions[-2:] == ["And what did it cost?"] * 2
    assert recorder.histories[-2:] == [(QUESTION,), ()]


def test_old_turns_are_dropped() -> None:
    held = Conversation()
    for number in range(MAX_TURNS + 5):
        held = held.with_turn(ANSWER, str(number))
    assert held.turns == tuple(str(number) for number in range(5, MAX_TURNS + 5))


class Broken:
    """A casebook that fails with the reader's words in its message."""

    def stages(self, question: str, history: Sequence[str] = ()) -> Iterator[Stage | Answer]:
        yield Stage.SEARCHING
        raise RuntimeError(f"cannot handle {question}")


def test_a_fault_gives_a_reference_and_logs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    views = list(Chat(lambda: Broken()).ask("CANARY 943 476 5919", Conversation()))  # type: ignore[arg-type, return-value]
    assert views[-1].status is not None
    assert "Something went wrong here" in views[-1].status
    assert "CANARY" not in caplog.text
    assert "RuntimeError at test_chat.py:" in caplog.text
    reference = caplog.records[-1].getMessage().split("reference ")[1].split(",")[0]
    assert reference in views[-1].status


def test_the_status_is_markup_and_words_in_it_are_escaped(tmp_path: Path) -> None:
    place = "![p](https://evil.example/p.png) <b>Kestrel</b>"
    case = f"---\ntitle: Kestrel\nplace: '{place}'\n---\n\nThe kestrel fund was trusted.\n"
    write_corpus(tmp_path / "corpus", {"kestrel.md": case})
    book = casebook(tmp_path)
    book.build()
    *_, last = Chat(lambda: book).ask("Who trusted the kestrel fund?", Conversation())
    assert last.status is not None
    assert place in unescape(last.status)
    assert not set("![]()<>") & set(last.status)


def test_no_words_are_logged(book: Casebook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    list(Chat(lambda: book).ask("CANARY harbour fund", Conversation()))
    list(Chat(lambda: book).ask("CANARY" * 1000, Conversation()))
    assert "CANARY" not in caplog.text
