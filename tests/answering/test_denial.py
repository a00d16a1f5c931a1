"""Questions about what failed: told apart, and never answered with what succeeded."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.denial import asks_for_failure
from assistant.answering.summary import caution, one_line
from tests.making import casebook, write_corpus


@pytest.mark.parametrize(
    "question",
    [
        "Which programmes failed to reduce hospital admissions?",
        "Which places saw no reduction in A&E attendances?",
        "Which places did not see a fall in emergency admissions?",
        "Where did integration not save money?",
        "What didn't work?",
        "Which schemes failed?",
        "Did any programme fail to save money?",
        "Which contract was never awarded?",
        "And what has not gone well in Torbay?",
    ],
)
def test_a_failure_is_asked_for(question: str) -> None:
    assert asks_for_failure(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which programmes reduced hospital admissions?",
        "Why was Staffordshire's cancer contract never awarded?",
        "How did places get round IT systems that do not talk to each other?",
        "What have places done when there are not enough GPs?",
        "What was done for people who could not go home?",
        "What has been tried to reach people who never ask for anything?",
        "What have areas done about not having enough GPs?",
        "Which partners joined although they did not trust each other?",
    ],
)
def test_not_where_it_is_only_the_circumstance(question: str) -> None:
    assert not asks_for_failure(question)


SUCCESS = "# Hull: a team\n\nHospital admissions in Hull fell by nine per cent in a year.\n"
FAILURE = "# York: a ward\n\nHospital admissions in York did not fall in the second year.\n"
ASKED = "Which places failed to see hospital admissions fall?"


def test_success_is_no_answer(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"hull.md": SUCCESS})
    book = casebook(tmp_path)
    book.build()
    answer = book.ask(ASKED)
    assert answer.abstention is not None
    assert "clearly says that this failed or did not happen" in answer.abstention.reason
    assert book.ask("Which places saw hospital admissions fall?").statements


def test_what_tells_of_failure_is_quoted_alone_and_with_a_caution(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"hull.md": SUCCESS, "york.md": FAILURE})
    book = casebook(tmp_path)
    book.build()
    answer = book.ask(ASKED)
    assert [c.doc_id for c in answer.citations] == ["york.md"]
    assert answer.weak
    assert one_line(answer).startswith("Only weak evidence.")
    assert "what failed or did not happen" in caution(answer)
