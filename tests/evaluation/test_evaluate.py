"""The whole command without a model: on the three small case studies, with HashingEmbedder."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli import main
from assistant.errors import SettingError
from assistant.evaluation.beir import read_collection
from assistant.evaluation.bench import Bench
from assistant.evaluation.command import Request, of_collection, of_questions, write
from assistant.evaluation.questions import read_questions
from assistant.evaluation.scoreboard import Scoreboard
from assistant.evaluation.systems import baselines
from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder
from assistant.pipeline import Casebook
from assistant.settings import Settings
from tests.evaluation import test_beir

QUESTIONS = """\
{"id": "fund", "question": "How was mistrust over funding handled?", "kind": "single", \
"relevant": [{"doc": "harbour", "quote": "Mistrust over funding faded slowly."}]}
{"id": "nurses", "question": "Who visited every school?", "kind": "single", \
"relevant": [{"doc": "moorland", "quote": "Nurses visited every school in Moorland."}]}
{"id": "moon", "question": "Which rockets reached the moon?", "kind": "unanswerable", \
"relevant": []}
"""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


def test_a_scoreboard_of_questions(book: Casebook, questions: Path, tmp_path: Path) -> None:
    board = of_questions("small", read_questions(questions), Bench(book, book), True)
    row = board.sections[0].systems["Casebook"]
    assert row["right: single"].value == 1.0
    assert row["verbatim"].value == 1.0
    assert row["hit@1"].questions == 2
    assert list(board.sections[0].systems)[:4] == [
        "Casebook", "BM25 alone", "dense alone", "top passages as sources",
    ]  # fmt: skip
    assert [point.answerable for point in board.points] == [True, True, False]
    write(board, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "scoreboard.json", "scoreboard.md", "reliability.png", "risk-coverage.png",
    }  # fmt: skip
    again = Scoreboard.read(tmp_path / "out")
    assert again.sections == board.sections
    assert again.points == board.points
    assert "answered, not answerable" in (tmp_path / "out" / "scoreboard.md").read_text("utf-8")


def test_baselines_rank_by_one_signal_each(book: Casebook) -> None:
    words, vectors, both = baselines(book)
    question = "Nurses in every school"
    assert words.rank(question, (), 1)[0][0].doc_id == "moorland.md"
    for ranker in (words, vectors, both):
        scores = [score for _, score in ranker.rank(question, (), 10)]
        assert scores == sorted(scores, reverse=True)
    reply = words.reply(question)
    assert not reply.abstained
    assert reply.citations == reply.hits[:4]


def test_a_collection_with_follow_ups(tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    folder.mkdir()
    test_beir.write(
        folder,
        [{"_id": "d1", "title": "Harbour", "text": "The council put its money into one fund."},
         {"_id": "d2", "title": "Valley", "text": "Volunteers drove carers to the centre."}],
        [{"_id": "q1", "text": "Whose money went into one fund?"},
         {"_id": "q2", "text": "Who drove them?", "history": ["What did carers get?"]},
         {"_id": "q3", "text": "Which rockets flew?", "answerable": False}],
        "q1\td1\t1\nq2\td2\t1\n",
    )  # fmt: skip
    collection = read_collection(folder)
    settings = Settings(index=tmp_path / "index")
    build(collection.documents, settings.index, HashingEmbedder(), collection.splitter)
    board = of_collection(collection, Bench.open(settings, HashingEmbedder()), False)
    retrieval, follow_ups, answers = board.sections
    assert retrieval.title == "Retrieval (last turn alone)"
    assert retrieval.systems["Casebook"]["nDCG@10"].questions == 2
    assert list(follow_ups.systems) == [
        "Casebook, last turn alone", "Casebook, with earlier turns",
    ]  # fmt: skip
    assert follow_ups.systems["Casebook, with earlier turns"]["recall@10"].value == 1.0
    assert answers.systems["Casebook"]["abstention AUROC"].questions == 3


def test_exactly_one_thing_is_measured() -> None:
    with pytest.raises(SettingError, match="expected one of them"):
        Request()
    with pytest.raises(SettingError, match="expected one of them"):
        Request(questions=Path("a"), collection=Path("b"))


def test_the_command_names_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate"]) == 2
    assert "expected one of them" in capsys.readouterr().err
    assert main(["evaluate", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl cannot be read" in capsys.readouterr().err


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingError, match="Choose another --output"):
        Scoreboard("t", {}, []).write(tmp_path / "file" / "below")


def test_a_scoreboard_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "scoreboard.json").write_text('{"title": "old"}', encoding="utf-8")
    with pytest.raises(SettingError, match=r"no scoreboard of this version .* Measure again"):
        Scoreboard.read(tmp_path)
