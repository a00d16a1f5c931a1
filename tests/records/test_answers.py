"""Saved answers: kept whole, found by an unguessable name only, and forgotten when asked to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.datatypes import Abstention, Answer
from assistant.errors import RecordError
from assistant.pipeline import Casebook
from assistant.records import answers
from assistant.records.answers import SavedAnswers, evidence

QUESTION = "What did nurses visit in Moorland?"


@pytest.fixture
def answer(book: Casebook) -> Answer:
    return book.ask(QUESTION)


def test_an_answer_comes_back_as_it_was_given(tmp_path: Path, answer: Answer) -> None:
    saved = SavedAnswers(tmp_path).save(answer)
    found = SavedAnswers(tmp_path).get(saved.id)
    assert found == saved
    assert found.question == QUESTION
    assert found.generation == answer.generation
    kept = [(c["quote"], c["fingerprint"], c["attribution"]) for c in evidence(found)]
    assert kept == [(c.quote, c.fingerprint, c.attribution) for c in answer.citations]


def test_of_a_refusal_the_closest_passages_are_kept(tmp_path: Path, answer: Answer) -> None:
    refusal = Answer(
        QUESTION, QUESTION, (), answer.hits, 0.1, Abstention("Nothing here answers it."), "000001"
    )
    saved = SavedAnswers(tmp_path).save(refusal)
    assert [one["quote"] for one in evidence(saved)] == [
        hit.passage.text for hit in answer.hits[:3]
    ]


def test_names_are_long_and_never_the_same(tmp_path: Path, answer: Answer) -> None:
    kept = SavedAnswers(tmp_path)
    made = [kept.save(answer) for _ in range(3)]
    assert len({one.id for one in made} | {one.key for one in made}) == 6
    assert all(len(one.id) == 32 for one in made)


@pytest.mark.parametrize("name", ["", "0" * 32, "../CURRENT", "0" * 31 + "\n", "Ä" * 32])
def test_no_other_name_leads_anywhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "CURRENT").write_text("000001")
    assert SavedAnswers(tmp_path).get(name) is None


def test_deleted_is_gone(tmp_path: Path, answer: Answer) -> None:
    kept = SavedAnswers(tmp_path)
    saved = kept.save(answer)
    kept.delete(saved.id)
    kept.delete(saved.id)
    assert kept.get(saved.id) is None
    assert [path for path in tmp_path.rglob("*.json") if QUESTION in path.read_text()] == []


def test_how_many_quote_a_document(tmp_path: Path, answer: Answer) -> None:
    kept = SavedAnswers(tmp_path)
    assert kept.quoting("moorland.md") == 0
    kept.save(answer)
    kept.save(answer)
    assert kept.quoting("moorland.md") == 2
    assert kept.quoting("none.md") == 0


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": 2, "key": "", "saved": "", "answer": {}}',
        b'{"format": 1, "key": "", "saved": "", "answer": {"question": 1}}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_a_sentence(tmp_path: Path, answer: Answer, damage: bytes) -> None:
    kept = SavedAnswers(tmp_path)
    saved = kept.save(answer)
    (tmp_path / "answers" / f"{saved.id}.json").write_bytes(damage)
    with pytest.raises(RecordError, match=r"cannot be (read|shown)"):
        kept.get(saved.id)
    assert list(kept.all()) == []


def test_there_is_an_end_to_them(
    tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 1)
    kept = SavedAnswers(tmp_path)
    kept.save(answer)
    with pytest.raises(RecordError, match="There are 1 saved answers already: expected fewer"):
        kept.save(answer)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, answer: Answer) -> None:
    (tmp_path / "answers").write_text("a file in the way")
    with pytest.raises(RecordError, match="could not be written"):
        SavedAnswers(tmp_path).save(answer)


def test_what_is_written_names_nobody(tmp_path: Path, answer: Answer) -> None:
    saved = SavedAnswers(tmp_path).save(answer)
    fields = json.loads((tmp_path / "answers" / f"{saved.id}.json").read_text(encoding="utf-8"))
    assert set(fields) == {"format", "key", "saved", "answer"}
