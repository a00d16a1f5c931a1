"""Suggestions wait for the editor, are decided on once, and leave a line in the log."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from assistant.errors import RecordError
from assistant.records import suggestions
from assistant.records.suggestions import State, Suggestions


def test_a_suggestion_waits_until_it_is_decided_on(tmp_path: Path) -> None:
    kept = Suggestions(tmp_path)
    one = kept.add("a.md", "A", "  The year is 2016. ", " me@example.org ")
    other = kept.add("b.md", "B", "Add the evaluation.")
    assert (one.words, one.contact) == ("The year is 2016.", "me@example.org")
    assert Suggestions(tmp_path).waiting() == [one, other]
    assert kept.log() == []
    closed = kept.close(one.id, State.ACCEPTED)
    assert closed is not None
    assert kept.waiting() == [other]
    assert kept.log() == [closed]
    assert (closed.state, closed.words, closed.contact) == (State.ACCEPTED, one.words, "")
    assert kept.close(one.id, State.DISMISSED) is None
    assert kept.close("none", State.DISMISSED) is None


def test_how_to_reach_somebody_is_forgotten_with_the_decision(tmp_path: Path) -> None:
    kept = Suggestions(tmp_path)
    made = kept.add("a.md", "A", "Words.", "me@example.org")
    kept.close(made.id, State.DISMISSED)
    assert "example.org" not in (tmp_path / "suggestions.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "contact", "said"),
    [
        ("", "", "The suggestion is empty"),
        (" \n ", "me", "The suggestion is empty"),
        ("x" * 5001, "", "The suggestion has 5,001 characters: expected at most 5,000"),
        ("x", "y" * 201, "The contact has 201 characters: expected at most 200"),
    ],
)
def test_what_cannot_be_kept(tmp_path: Path, words: str, contact: str, said: str) -> None:
    kept = Suggestions(tmp_path)
    with pytest.raises(RecordError, match=said):
        kept.add("a.md", "A", words, contact)
    assert kept.waiting() == []


def test_there_is_an_end_to_those_that_wait_and_to_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "MOST_OPEN", 2)
    monkeypatch.setattr(suggestions, "MOST_CLOSED", 1)
    kept = Suggestions(tmp_path)
    first, second = (kept.add("a.md", "A", words) for words in ("one", "two"))
    with pytest.raises(RecordError, match="2 suggestions are waiting already"):
        kept.add("a.md", "A", "three")
    kept.close(first.id, State.DISMISSED)
    kept.close(second.id, State.DISMISSED)
    assert [one.words for one in kept.log()] == ["two"]


def test_suggestions_made_at_once_are_all_kept(tmp_path: Path) -> None:
    kept = Suggestions(tmp_path)
    threads = [
        Thread(target=kept.add, args=("a.md", "A", f"Words {number}.")) for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.words for one in kept.waiting()} == {f"Words {number}." for number in range(20)}


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"format": 2}', '{"format": 1, "suggestions": [{"id": 1}]}']
)
def test_a_damaged_file_is_a_sentence_and_is_left_alone(tmp_path: Path, damage: str) -> None:
    (tmp_path / "suggestions.json").write_text(damage)
    with pytest.raises(RecordError, match=r"suggestions\.json cannot be read"):
        Suggestions(tmp_path).add("a.md", "A", "Words.")
    assert (tmp_path / "suggestions.json").read_text() == damage
