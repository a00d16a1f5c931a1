from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.datatypes import Span
from assistant.errors import SettingError
from assistant.evaluation.beir import WHOLE, read_collection
from assistant.evaluation.questions import Gold, Question
from assistant.indexing.passages import SplitterSettings, split

SHORT = "Harbour\n\nThe council put its money into one fund. It was published each month."


def write(folder: Path, corpus: list[dict[str, object]], queries: list[dict[str, object]],
          qrels: str, spans: list[dict[str, object]] | None = None) -> Path:  # fmt: skip
    def lines(name: str, rows: list[dict[str, object]]) -> None:
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    lines("corpus.jsonl", corpus)
    lines("queries.jsonl", queries)
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{qrels}", encoding="utf-8")
    if spans is not None:
        lines("spans.jsonl", spans)
    return folder


def test_a_small_collection(tmp_path: Path) -> None:
    found = read_collection(
        write(
            tmp_path,
            [{"_id": "d1", "title": "Harbour", "text": SHORT}, {"_id": "d2", "text": "A bus."}],
            [
                {"_id": "q1", "text": "Who paid?", "history": [
                    {"role": "user", "text": "Which fund?"}, {"role": "agent", "text": "One."}]},
                {"_id": "q2", "text": "What flew?", "answerable": False},
                {"_id": "q3", "text": "Unclear?", "answerable": None},
            ],
            "q1\td1\t1\nq1\td2\t0\n",
        )
    )  # fmt: skip
    assert found.questions == (
        Question("q1", "Who paid?", "answerable", (Gold("d1", ""),), ("Which fund?",)),
        Question("q2", "What flew?", "unanswerable", ()),
    )
    assert found.qrels == {"q1": {"d1": 1, "d2": 0}}
    assert found.has_unanswerable
    assert found.has_history
    assert found.splitter == WHOLE
    (passage,) = split(found.documents[0], found.splitter)
    assert passage.text == SHORT  # nothing of a short entry is taken for a heading
    assert passage.title == "Harbour"


def test_long_entries_are_split_and_spans_are_gold(tmp_path: Path) -> None:
    sentence = "The council put its money into one fund. "
    found = read_collection(
        write(
            tmp_path,
            [{"_id": "long", "title": "", "text": sentence * 60}],
            [{"_id": "q", "text": "Who paid?"}],
            "q\tlong\t1\n",
            [{"query": "q", "doc": "long", "start": 0, "end": 40, "text": sentence.strip()}],
        )
    )
    assert found.splitter == SplitterSettings()
    assert found.spans == {"q": (("long", Span(0, 40)),)}
    assert found.questions[0].gold == (Gold("long", sentence.strip()),)
    assert not found.has_unanswerable
    assert len(split(found.documents[0], found.splitter)) > 1


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("corpus.jsonl", '{"_id": 3}\n', r'corpus\.jsonl, line 1: expected the texts "_id"'),
        ("corpus.jsonl", "", r"corpus\.jsonl is empty"),
        ("qrels.tsv", "a,b,c\n1,2,3\n", r"qrels\.tsv cannot be used .* columns query-id"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq\td\tx\n", r"qrels\.tsv cannot be used"),
        ("spans.jsonl", '{"query": "q"}\n', r"spans\.jsonl, line 1: KeyError"),
    ],
)
def test_a_file_at_fault_is_named(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    folder = write(
        tmp_path, [{"_id": "d", "text": "A bus."}], [{"_id": "q", "text": "Who?"}], "q\td\t1\n"
    )
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=complaint):
        read_collection(folder)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"corpus\.jsonl cannot be read"):
        read_collection(tmp_path / "nowhere")
