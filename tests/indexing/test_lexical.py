"""BM25 over stems: the formula by hand, and questions that are only words."""

from __future__ import annotations

import math
import os
import tempfile
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged
from assistant.indexing.lexical import LexicalFolder, stems

TEXTS = {11: "trust grows", 22: "trust trust takes years", 33: "money moved", 44: "beds"}


@pytest.fixture
def folder(tmp_path: Path) -> LexicalFolder:
    return LexicalFolder.write(tmp_path / "lexical", TEXTS.items())


def _bm25(count: int, length: int, average: float, holding: int, total: int) -> float:
    """Robertson and Zaragoza 2009 with k1 = 1.2 and b = 0.75, which are Tantivy's."""
    idf = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
    return idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))


def test_scores_are_bm25(folder: LexicalFolder) -> None:
    average = (2 + 4 + 2 + 1) / 4
    first, second = _bm25(2, 4, average, 2, 4), _bm25(1, 2, average, 2, 4)
    found = folder.search({"trust": 1.0}, 10)
    assert [passage_id for passage_id, _ in found] == [22, 11]
    assert [score for _, score in found] == pytest.approx([first, second], rel=1e-5)


def test_scores_of_several_words_add_up_by_their_weights(folder: LexicalFolder) -> None:
    average = 9 / 4
    both = _bm25(1, 2, average, 2, 4) + 0.5 * _bm25(1, 2, average, 1, 4)
    found = dict(folder.search({"trust": 1.0, "grow": 0.5}, 10))
    assert found[11] == pytest.approx(both, rel=1e-5)


def test_ties_are_broken_by_id(tmp_path: Path) -> None:
    folder = LexicalFolder.write(tmp_path / "l", [(9, "same"), (3, "same"), (5, "same")])
    assert [passage_id for passage_id, _ in folder.search({"same": 1.0}, 3)] == [3, 5, 9]


def test_k_and_nothing_to_find(folder: LexicalFolder) -> None:
    assert [passage_id for passage_id, _ in folder.search({"trust": 1.0}, 1)] == [22]
    assert folder.search({"trust": 1.0}, 0) == []
    assert folder.search({"zeppelin": 1.0}, 5) == []
    assert folder.search({}, 5) == []


def test_frequencies_and_ids(folder: LexicalFolder) -> None:
    assert (folder.document_frequency("trust"), folder.document_frequency("zeppelin")) == (2, 0)
    assert folder.ids() == [11, 22, 33, 44]
    assert len(folder) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Funding mistrust, funded", ["fund", "mistrust", "fund"]),
        ("the GPs’ council's hospitals", ["gps", "council", "hospit"]),
        ("How did the places handle it?", ["place", "handl"]),
        ("Café ＣＡＦÉ", ["cafe", "cafe"]),
        ("12 per cent in 2016-17", ["12", "per", "cent", "2016", "17"]),
        ("What is this? And who are they?", []),
        ("", []),
        ("x" * 61, []),
    ],
)
def test_stems(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


@pytest.mark.parametrize(
    "question",
    [
        'trust AND (money OR "beds"',
        "text:trust^100 passage_id:[* TO *]",
        "+trust -money ~beds *",
        "NOT trust",
        "trust\\ /.*/ {!} [a TO b}",
    ],
)
def test_query_syntax_is_only_words(folder: LexicalFolder, question: str) -> None:
    held = {i for i, text in TEXTS.items() if set(stems(text)) & set(stems(question))}
    assert {i for i, _ in folder.search(dict.fromkeys(stems(question), 1.0), 10)} == held


def test_reopened_it_finds_the_same(folder: LexicalFolder, tmp_path: Path) -> None:
    again = LexicalFolder.load(tmp_path / "lexical")
    assert again.search({"trust": 1.0, "money": 1.0}, 10) == folder.search(
        {"trust": 1.0, "money": 1.0}, 10
    )


def test_nothing_indexed(tmp_path: Path) -> None:
    empty = LexicalFolder.write(tmp_path / "l", [])
    assert (empty.ids(), empty.search({"trust": 1.0}, 5)) == ([], [])


@pytest.mark.parametrize("broken", ["missing", "empty", "altered"])
def test_a_folder_that_is_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    monkeypatch.setattr(os, "access", lambda *_: False)  # as on a disk that can only be read
    folder = tmp_path / "lexical"
    if broken == "altered":
        LexicalFolder.write(folder, TEXTS.items())
        (folder / "meta.json").write_text("{}", encoding="utf-8")
    elif broken == "empty":
        folder.mkdir()
    with pytest.raises(IndexDamaged, match=r"lexical is not a lexical index .* Build the index"):
        LexicalFolder.load(folder)
    assert not list(copies.iterdir()), "a copy was left behind"
