"""Vectors on disk: exact search, the same as numpy's, and no silent answers to bad input."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.indexing.vectors import VectorFile, Vectors

AXES = np.eye(3, dtype=np.float32)


def _unit(count: int, dimension: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    found: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def test_search_by_hand() -> None:
    rows, scores = VectorFile.of(AXES).search(np.array([0.6, 0.0, 0.8], dtype=np.float32), 2)
    assert rows.tolist() == [2, 0]
    assert scores == pytest.approx([0.8, 0.6])


def test_search_is_exact() -> None:
    vectors, question = _unit(500, 32, 1), _unit(1, 32, 2)[0]
    expected = np.argsort(-(vectors @ question), kind="stable")[:20]
    rows, scores = VectorFile.of(vectors).search(question, 20)
    assert rows.tolist() == expected.tolist()
    assert scores == pytest.approx(vectors[expected] @ question, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "rows"), [(9, [1, 0, 2]), (3, [1, 0, 2]), (1, [1]), (0, []), (-1, [])]
)
def test_k_is_what_there_is_at_most(k: int, rows: list[int]) -> None:
    found, scores = VectorFile.of(AXES).search(np.array([0.5, 0.8, 0.2], dtype=np.float32), k)
    assert found.tolist() == rows
    assert len(scores) == len(rows)


def test_an_empty_file_finds_nothing(tmp_path: Path) -> None:
    VectorFile.of(np.zeros((0, 3), dtype=np.float32)).save(tmp_path / "v")
    empty = VectorFile.load(tmp_path / "v")
    assert (len(empty), empty.dimension) == (0, 3)
    assert empty.search(AXES[0], 5)[0].tolist() == []
    assert empty.all().shape == (0, 3)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(np.ones(2, dtype=np.float32), id="too short"),
        pytest.param(np.ones((1, 3), dtype=np.float32), id="two dimensions"),
        pytest.param(np.array([0, np.nan, 0], dtype=np.float32), id="not a number"),
        pytest.param(np.array([0, np.inf, 0], dtype=np.float32), id="infinite"),
    ],
)
def test_a_query_that_cannot_be_compared_is_refused(question: Vectors) -> None:
    with pytest.raises(ValueError, match=r"query vector of shape .*: expected \(3,\), all finite"):
        VectorFile.of(AXES).search(question, 1)


def test_rows_come_back_as_they_were_saved(tmp_path: Path) -> None:
    vectors = _unit(5, 4, 3)
    VectorFile.of(vectors).save(tmp_path / "ü v.faiss")
    loaded = VectorFile.load(tmp_path / "ü v.faiss")
    assert np.array_equal(loaded.all(), vectors)
    assert np.array_equal(loaded.rows([4, 0, 4]), vectors[[4, 0, 4]])
    assert loaded.rows([]).shape == (0, 4)


@pytest.mark.parametrize("content", [b"", b"not faiss at all", b"IxFI" + b"\xff" * 40])
def test_a_file_that_is_no_index(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"v is not a vector file .* Build the index again"):
        VectorFile.load(tmp_path / "v")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"gone is not a vector file \(FileNotFoundError\)"):
        VectorFile.load(tmp_path / "gone")


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    """Distances instead of products would rank the wrong way round."""
    other = faiss.IndexFlatL2(3)
    (tmp_path / "v").write_bytes(faiss.serialize_index(other).tobytes())
    with pytest.raises(IndexDamaged, match="holds a IndexFlatL2: expected IndexFlatIP"):
        VectorFile.load(tmp_path / "v")
