"""Words that are alike: in a text, and in a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder, Vectors
from assistant.retrieval.embedded import open_current
from assistant.retrieval.likeness import likeness
from tests.making import cases, document

VECTORS = np.array([[1, 0, 0], [0.6, 0.8, 0], [-1, 0, 0]], dtype=np.float32)
ROWS = {"bus": 0, "coach": 1, "nurse": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A bus, a coach.", [1.0, 0.8], id="the likest word counts"),
        pytest.param("Coach and nurse", [0.6, 0.8], id="however it is cased"),
        pytest.param("Nurses; a NURSE", [0.0, 0.0], id="opposite vectors are not alike"),
        pytest.param("Zeppelins", [0.0, 0.0], id="a word without a vector"),
        pytest.param("", [0.0, 0.0], id="no words"),
    ],
)
def test_a_text_is_as_like_a_word_as_its_likest_word(text: str, expected: list[float]) -> None:
    asked = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    found = likeness(asked, ["Other coach", text], ROWS, lambda rows: VECTORS[list(rows)])
    assert found[1] == pytest.approx(expected)
    assert found[0] == pytest.approx([0.6, 0.8])


class Synonyms(HashingEmbedder):
    """To it a lorry is a bus."""

    def embed(
        self, passages: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        said = ["bus" if passage == "lorry" else passage for passage in passages]
        return super().embed(said, on_progress)


def test_a_search_finds_a_passage_that_says_it_otherwise(tmp_path: Path) -> None:
    """By words too: less than one that says it, more than nothing."""
    said = document("A lorry came for the nurses.", "lorry.md")
    build([*cases(), said], tmp_path, Synonyms())
    index = open_current(tmp_path, Synonyms())
    lexical = {h.passage.doc_id: h.signals.lexical for h in index.search("Which lorry?", 10)}
    assert 0.0 < lexical["sub/valley.md"] < lexical["lorry.md"]
    assert lexical["moorland.md"] == 0.0
    named = {h.passage.doc_id: h.signals.lexical for h in index.search("Who is Lorry?", 10)}
    assert named["sub/valley.md"] == 0.0 < named["lorry.md"], "a name has no synonyms"
    within = index.within("Which lorry?", "sub/valley.md")
    assert [hit.signals.lexical for hit in within] == [lexical["sub/valley.md"]]
