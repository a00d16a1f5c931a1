"""What every `Index` promises, run on the fake in memory and on the one on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.datatypes import Document
from assistant.errors import IndexDamaged, IndexMissing, IndexStale
from assistant.indexing.build import build
from assistant.indexing.embedders import HashingEmbedder
from assistant.indexing.lexical import stems
from assistant.indexing.passages import split
from assistant.retrieval.embedded import EmbeddedIndex, open_current
from assistant.retrieval.index import Index, MemoryIndex
from tests.making import HARBOUR, cases, document

Maker = Callable[[Sequence[Document]], Index]


@pytest.fixture(params=["memory", "embedded"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Documents to an index of them, the first generation."""

    def embedded(documents: Sequence[Document]) -> EmbeddedIndex:
        build(documents, tmp_path, HashingEmbedder())
        return open_current(tmp_path, HashingEmbedder())

    return MemoryIndex if request.param == "memory" else embedded


QUESTIONS = [
    pytest.param("Who put money into one fund?", "harbour.md", ("What happened",), id="fund"),
    pytest.param("Did vaccination rise?", "moorland.md", ("Results",), id="vaccination"),
    pytest.param("volunteers driving a bus", "sub/valley.md", (), id="bus, by its stem"),
]


@pytest.mark.parametrize(("question", "doc_id", "heading"), QUESTIONS)
def test_the_passage_with_the_words_comes_first(
    make: Maker, question: str, doc_id: str, heading: tuple[str, ...]
) -> None:
    best = make(cases()).search(question, 3)[0]
    assert (best.passage.doc_id, best.passage.heading) == (doc_id, heading)


def test_within_a_document_every_passage_is_a_hit_in_its_order(make: Maker) -> None:
    index = make(cases())
    hits = index.within("Who put money into one fund?", "harbour.md")
    assert [hit.passage for hit in hits] == index.passages("harbour.md")
    best = max(hits, key=lambda hit: hit.score)
    assert best.passage.heading == ("What happened",)
    assert index.within("Who put money into one fund?", "nowhere.md") == ()


def test_hits_are_ordered_by_score_with_reasons_and_a_cosine_a_sentence(make: Maker) -> None:
    hits = make(cases()).search("Every pound of the fund was published", 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)
    assert hits[0].score == pytest.approx(1.0), "first by vectors and by words"
    for hit in hits:
        assert len(hit.sentence_cosines) == len(hit.passage.sentences)
        assert hit.signals.sentence == max(hit.sentence_cosines)
    wanted = set(stems("Every pound of the fund was published"))
    for hit in hits:
        assert (hit.signals.lexical > 0) == bool(wanted & set(stems(hit.passage.indexed_text)))


def test_a_passage_asked_for_in_its_own_words_has_cosine_1(make: Maker) -> None:
    index = make(cases())
    passage = index.passages("sub/valley.md")[0]
    best = index.search(passage.indexed_text, 1)[0]
    assert best.passage == passage
    assert best.signals.dense == pytest.approx(1.0, abs=1e-5)


def test_ties_are_broken_by_passage_id(make: Maker) -> None:
    twins = [document("Nurses came.", f"{name}.md") for name in "dacb"]
    twins = [replace(twin, title="") for twin in twins]
    hits = make(twins).search("Nurses came", 10)
    ids = [hit.passage.passage_id for hit in hits]
    assert len({hit.score for hit in hits}) == 1
    assert ids == sorted(ids) and len(ids) == 4


@pytest.mark.parametrize(("k", "expected"), [(2, 2), (100, 5), (0, 0), (-3, 0)])
def test_k_is_what_there_is_at_most(make: Maker, k: int, expected: int) -> None:
    hits = make(cases()).search("nurses and funds", k)
    assert len(hits) == expected
    assert hits == make(cases()).search("nurses and funds", 100)[: max(0, k)]


@pytest.mark.parametrize("question", ["", "the of and", "zzz qqq", '" AND * (', "🙂"])
def test_a_question_without_telling_words_still_has_an_answer_in_order(
    make: Maker, question: str
) -> None:
    hits = make(cases()).search(question, 10)
    assert len({hit.passage.passage_id for hit in hits}) == 5
    assert all(hit.signals.lexical == 0 for hit in hits)


def test_documents_and_passages(make: Maker) -> None:
    index = make(cases()[::-1])
    assert list(index.documents()) == sorted(cases(), key=lambda document: document.doc_id)
    assert index.document("harbour.md") == document(HARBOUR, "harbour.md")
    assert index.passages("harbour.md") == list(split(document(HARBOUR, "harbour.md")))
    assert len(index) == 5


@pytest.mark.parametrize("doc_id", ["", "nowhere.md", "../harbour.md", "HARBOUR.MD"])
def test_an_unknown_document_is_none(make: Maker, doc_id: str) -> None:
    index = make(cases())
    assert index.document(doc_id) is None
    assert index.passages(doc_id) == []


def test_a_misspelt_word_is_like_one_of_the_collection(make: Maker) -> None:
    index = make(cases())
    asked = ("Morland", "vacination", "Zanzibar", "electrcity")
    assert [index.spelled_like(word) for word in asked] == [
        "moorland", "vaccination", "", "electricity",
    ]  # fmt: skip
    assert make([]).spelled_like("Moorland") == ""


def test_frequencies_count_passages(make: Maker) -> None:
    """Titles count: "fund" is in Harbour's title, so in both of its passages."""
    assert make(cases()).frequencies(["fund", "bus", "zeppelin"]) == {
        "fund": 2, "bus": 1, "zeppelin": 0,
    }  # fmt: skip


def test_apply_gives_the_next_and_leaves_this_one_as_it_was(make: Maker) -> None:
    first = make(cases())
    edited = document(HARBOUR.replace("12 per cent", "15 per cent"), "harbour.md")
    second = first.apply([edited, cases()[2]])
    assert [d.doc_id for d in second.documents()] == ["harbour.md", "sub/valley.md"]
    assert second.document("harbour.md") == edited
    assert second.frequencies(["vaccin", "15"]) == {"vaccin": 0, "15": 1}
    assert list(first.documents()) == cases()
    assert first.frequencies(["vaccin", "15"]) == {"vaccin": 1, "15": 0}
    assert first.search("Did vaccination rise?", 1)[0].passage.doc_id == "moorland.md"


def test_names_of_generations_grow(make: Maker) -> None:
    first = make(cases()[:1])
    second = first.apply(cases()[:2])
    third = second.apply(cases())
    assert [index.generation for index in (first, second, third)] == ["000001", "000002", "000003"]


def test_a_word_is_as_like_a_text_as_the_likest_word_in_it(make: Maker) -> None:
    """HashingEmbedder makes only equal words alike; words that are nowhere are like nothing."""
    index = make(cases())
    found = index.likeness(["nurses", "zeppelin"], ["Nurses came by bus.", "zeppelin", ""])
    assert found == pytest.approx(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]), abs=0.3)
    assert found[0, 0] == pytest.approx(1.0) and (found[1:] == 0.0).all()
    assert (found >= 0.0).all() and (found <= 1.0).all()


@pytest.mark.parametrize(("words", "texts"), [([], ["A bus."]), (["bus"], []), ([], [])])
def test_nothing_is_like_nothing(make: Maker, words: list[str], texts: list[str]) -> None:
    assert make(cases()).likeness(words, texts).shape == (len(texts), len(words))


def test_an_empty_index(make: Maker) -> None:
    index = make([])
    assert (index.search("anything", 5), list(index.documents()), len(index)) == ((), [], 0)
    assert index.frequencies(["fund"]) == {"fund": 0}
    assert index.likeness(["fund"], ["One fund."]).tolist() == [[0.0]]


# --- What only the index on disk can meet -------------------------------------------------------


def test_nothing_built(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="There is no index in"):
        open_current(tmp_path, HashingEmbedder())


def test_another_model_is_stale(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder(256))
    with pytest.raises(IndexStale, match="the model hashing-256: this run uses hashing-128"):
        open_current(tmp_path, HashingEmbedder(128))


def test_a_damaged_generation_is_not_opened(tmp_path: Path) -> None:
    build(cases(), tmp_path, HashingEmbedder())
    with (tmp_path / "generations" / "000001" / "passages.faiss").open("ab") as file:
        file.write(b"x")
    with pytest.raises(IndexDamaged, match=r"passages\.faiss was altered"):
        open_current(tmp_path, HashingEmbedder())
