from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingError
from assistant.evaluation.questions import Gold, Question, read_questions


def write(folder: Path, text: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_question_with_history_and_evidence(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '{"id": 7, "question": "And when?", "kind": "followup", "history": ["What?"], '
        '"relevant": [{"doc": "harbour", "quote": "In May."}]}\n\n'
        '{"id": "8", "question": "Who?", "relevant": []}\n',
    )
    assert read_questions(path) == [
        Question("7", "And when?", "followup", (Gold("harbour", "In May."),), ("What?",)),
        Question("8", "Who?", "", ()),
    ]


def test_what_is_arguable_is_a_quotation_or_a_whole_document(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '{"id": 1, "question": "Who?", "relevant": [{"doc": "harbour", "quote": "The mayor."}], '
        '"borderline": ["quay", {"doc": "harbour", "quote": "In May."}]}\n',
    )
    (question,) = read_questions(path)
    assert question.borderline == (Gold("quay", ""), Gold("harbour", "In May."))
    assert question.documents == {"harbour"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no questions: expected at least one"),
        ("{", r"line 1: .* Expected a JSON object"),
        ('\n["a"]', "line 2 is list: expected a JSON object"),
        ('{"id": 1, "question": "Who?"}', "line 1: KeyError 'relevant'"),
        ('{"id": 1, "question": 2, "relevant": []}', "question is not a text"),
        ('{"id": 1, "question": "Who?", "relevant": [{"doc": "a"}]}', "KeyError 'quote'"),
        ('{"id": 1, "question": "Who?", "relevant": 3}', "line 1: TypeError"),
        ('{"id": 1, "question": "Who?", "relevant": [], "borderline": [3]}', "line 1: TypeError"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingError, match=complaint):
        read_questions(write(tmp_path, text))


def test_a_missing_file_and_one_of_bytes(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"nowhere\.jsonl cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match=r"bytes\.jsonl cannot be read .* UTF-8"):
        read_questions(tmp_path / "bytes.jsonl")
