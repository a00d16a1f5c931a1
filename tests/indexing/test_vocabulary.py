"""The words of a collection, and their file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text as texts
from assistant.errors import IndexDamaged
from assistant.indexing import vocabulary


def test_each_word_once_folded_and_without_stop_words_and_numbers() -> None:
    passages = ["The Nurses of ward 12 came.", "They came with the nurses’ bus in 2019."]
    assert vocabulary.of(passages) == ["bus", "came", "nurses", "ward"]


@given(st.lists(st.text(), max_size=5))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, some: list[str]) -> None:
    words = vocabulary.of(some)
    path = tmp_path_factory.mktemp("words") / "words.txt"
    vocabulary.write(path, words)
    assert vocabulary.read(path) == words == sorted(set(words))
    assert set(words) <= {word for text in some for word in texts.words(text)}


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa"])
def test_words_that_cannot_be_read_are_damage(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"words\.txt cannot be read .* Build the index again"):
        vocabulary.read(path)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("bristl", "bristol"),
        ("recrods", "records"),
        ("reduction", ""),  # not "education"
        ("sickle", ""),  # not "sick"
        ("records", "records"),
    ],
)
def test_a_misspelling_is_told_from_another_word(word: str, meant: str) -> None:
    words = ["bristol", "education", "records", "sick"]
    assert vocabulary.spelled_like(word, words) == meant
