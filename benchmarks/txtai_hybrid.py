"""txtai's hybrid search over the same passages with the same embedding model.

As its documentation sets it up: `hybrid` alone, which joins BM25 and vectors with weights of one
half after bringing both to one scale. Needs requirements-benchmarks.txt.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.datatypes import Passage

NAME = "txtai hybrid"


def rank_with(
    passages: Sequence[Passage], model: Path
) -> Callable[[str, int], list[tuple[Passage, float]]]:
    """An index of `passages` in memory, as a ranking. Raises ImportError without txtai."""
    # PyTorch's and FAISS's own threads fight each other on two cores otherwise.
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    embeddings = importlib.import_module("txtai").Embeddings(
        path=str(model), method="sentence-transformers", hybrid=True, content=False
    )
    embeddings.index((number, p.indexed_text, None) for number, p in enumerate(passages))

    def rank(question: str, k: int) -> list[tuple[Passage, float]]:
        found = embeddings.search(question, k)
        return [(passages[int(number)], float(score)) for number, score in found]

    return rank
