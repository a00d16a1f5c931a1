"""The words of a question: which count, how much, and how far a text has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from assistant.answering.terms import NEARLY, OPPOSITE, Terms
from assistant.indexing.lexical import stems
from assistant.retrieval.index import MemoryIndex
from assistant.retrieval.likeness import Likeness
from tests.making import cases

INDEX = MemoryIndex(cases())


@pytest.fixture
def alike(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes every word as like the words of the n-th text as the n-th figure given."""

    def make(*given: float) -> None:
        def likeness(words: Sequence[str], passages: Sequence[str]) -> Likeness:
            return np.repeat(np.array(given, dtype=np.float32)[:, None], len(words), axis=1)

        monkeypatch.setattr(INDEX, "likeness", likeness)

    return make


def test_rarity_is_the_inverse_document_frequency_of_bm25() -> None:
    """Five passages: "fund" is in two of them, "bus" in one, "paid" and "zeppelin" in none."""
    terms = Terms.of("Which funds paid the bus, or a zeppelin?", INDEX)
    assert terms.stems == ("fund", "paid", "bus", "zeppelin")
    assert terms.words == ("funds", "paid", "bus", "zeppelin")
    assert terms.rarity == pytest.approx(
        [
            math.log(1 + 3.5 / 2.5),
            0.0,  # nobody wrote this word of asking
            math.log(1 + 4.5 / 1.5),
            math.log(1 + 5.5 / 0.5),
        ]
    )


def test_words_for_the_case_studies_themselves_weigh_nothing() -> None:
    terms = Terms.of("Which places used a bus?", INDEX)
    assert dict(zip(terms.words, terms.rarity > 0, strict=True)) == {
        "places": False, "used": False, "bus": True,
    }  # fmt: skip
    assert terms.without({"bus"}).tolist() == [False, False, False]


def test_words_of_asking_name_no_subject() -> None:
    terms = Terms.of("What helped places with their funding of nurses?", INDEX)
    assert dict(zip(terms.words, terms.subject, strict=True)) == {
        "helped": False, "places": False, "funding": False, "nurses": True,
    }  # fmt: skip


def test_a_share_is_by_rarity() -> None:
    terms = Terms(("fund", "bus"), ("funds", "bus"), np.array([1.0, 3.0]))
    assert terms.share(np.array([1.0, 0.0])) == 0.25
    assert terms.share(np.array([0.5, 0.5])) == 0.5
    assert terms.share(np.array([0.2, 0.9]), terms.without({"bus"})) == pytest.approx(0.2)
    assert terms.share(np.array([1.0, 1.0]), terms.without({"bus", "fund"})) == 0.0


def test_a_word_counts_1_and_one_like_it_less(alike: Callable[..., None]) -> None:
    terms = Terms.of("Which bus?", INDEX)
    alike(0.65, 1.0, 0.3, 0.65)
    degrees = terms.degrees(["A bus.", "A coach.", "A nurse.", "A van."], INDEX)
    assert degrees == pytest.approx(np.array([[1.0], [NEARLY], [0.0], [0.5]]))


@pytest.mark.parametrize(
    ("asked", "held", "degree"),
    [
        pytest.param("mistrust", "distrusted", OPPOSITE, id="another negation"),
        pytest.param("mistrust", "trust", OPPOSITE, id="none"),
        pytest.param("trust", "mistrust", 0.0, id="only what is asked for may lose its negation"),
        pytest.param("charge", "discharge", 0.0, id="another word"),
        pytest.param("misty", "y", 0.0, id="no word is left"),
    ],
)
def test_a_negation_leaves_the_subject(
    asked: str, held: str, degree: float, alike: Callable[..., None]
) -> None:
    terms = Terms((stems(asked)[0],), (asked,), np.array([1.0]))
    alike(0.0)
    assert terms.degrees([held], INDEX) == pytest.approx(degree)


@pytest.mark.parametrize("question", ["", "What is this?", "1 2 3?", "🙂"])
def test_a_question_without_words_has_a_share_of_0(question: str) -> None:
    terms = Terms.of(question, INDEX)
    found = terms.degrees(["A bus.", ""], INDEX)
    assert found.shape == (2, len(terms.stems))
    assert terms.share(found[0]) == 0.0
