"""Casebook across generations: rolling back, cancelling, damage, an emptied corpus."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path

import pytest

from assistant.answering.wire import answer_fields
from assistant.datatypes import Answer
from assistant.errors import BuildCancelled, CorpusError, IndexStale
from assistant.indexing.embedders import HashingEmbedder
from assistant.indexing.generations import Generations
from assistant.pipeline import Casebook, Stage
from tests.making import HARBOUR, casebook, write_corpus

MONEY = "Who put their money into one fund?"

# --- Generations --------------------------------------------------------------------------------


def _edition(book: Casebook, number: int) -> None:
    """Publish the three case studies, the first with other figures each time."""
    text = HARBOUR.replace("12 per cent", f"{number} per cent")
    write_corpus(book.settings.corpus, {"harbour.md": text})
    book.build()


def test_a_rollback_gives_the_same_bytes_as_before(book: Casebook) -> None:
    questions = [MONEY, "By how much did admissions fall?", "Who visited every school?"]
    before = [json.dumps(answer_fields(book.ask(q)), sort_keys=True) for q in questions]
    _edition(book, 15)
    after = [json.dumps(answer_fields(book.ask(q)), sort_keys=True) for q in questions]
    book.rollback("000001")
    again = [json.dumps(answer_fields(book.ask(q)), sort_keys=True) for q in questions]
    assert before == again != after
    assert [(g.name, g.current, g.held) for g in book.generations()] == [
        ("000002", False, False), ("000001", True, True),
    ]  # fmt: skip


def test_a_held_index_is_left_alone_until_it_is_built_on_purpose(
    book: Casebook, caplog: pytest.LogCaptureFixture
) -> None:
    _edition(book, 15)
    book.rollback("000001")
    assert book.hold.startswith("The index is held at generation 000001, which was rolled back to")
    fresh = casebook(book.settings.corpus.parent)
    assert fresh.ensure_built() is None
    assert fresh.index().generation == "000001"
    assert "held at generation 000001" in caplog.text
    summary, _ = fresh.build()
    assert (summary.generation, summary.changed, summary.embedded) == ("000003", ("harbour.md",), 0)
    assert fresh.hold == ""


def test_a_generation_of_another_model_is_not_rolled_back_to(book: Casebook) -> None:
    other = casebook(book.settings.corpus.parent, HashingEmbedder(128))
    other.build()
    with pytest.raises(IndexStale, match="was built with the model hashing-256: this run uses"):
        other.rollback("000001")
    assert other.index().generation == "000002"


def test_a_question_in_flight_ends_with_the_generation_it_began_with(book: Casebook) -> None:
    """Also when the generation is superseded so often that it would be pruned."""
    question = "By how much did admissions fall?"
    steps = book.stages(question)
    assert next(steps) is Stage.SEARCHING
    for number in range(20, 26):
        _edition(casebook(book.settings.corpus.parent), number)
    *_, answer = steps
    assert isinstance(answer, Answer) and answer.generation == "000001"
    assert "12 per cent" in answer.statements[0].text
    now = book.ask(question)
    assert now.generation == "000007" and "25 per cent" in now.statements[0].text
    assert "000001" in Generations(book.settings.index).names(), "its reader kept it"


def test_a_damaged_generation_is_passed_over_for_the_one_before(
    book: Casebook, caplog: pytest.LogCaptureFixture
) -> None:
    _edition(book, 15)
    (book.settings.index / "generations" / "000002" / "sentences.faiss").write_bytes(b"garbage")
    fresh = casebook(book.settings.corpus.parent)
    assert fresh.ask(MONEY).generation == "000001"
    assert "sentences.faiss was altered since it was built" in fresh.fault
    assert fresh.fault.endswith("Until then generation 000001 is served.")
    fresh.ask(MONEY)
    assert caplog.text.count("sentences.faiss was altered") == 1, "said once, not at each question"
    summary, _ = fresh.build()
    assert (summary.generation, summary.published) == ("000003", True)
    assert (fresh.ask(MONEY).generation, fresh.fault) == ("000003", "")


def test_a_damaged_newer_generation_does_not_stop_a_running_one(book: Casebook) -> None:
    before = book.ask(MONEY)
    _edition(casebook(book.settings.corpus.parent), 15)
    (book.settings.index / "generations" / "000002" / "manifest.json").unlink()
    assert book.ask(MONEY) == before
    assert "manifest.json cannot be read" in book.fault


# --- Cancelling ---------------------------------------------------------------------------------


def test_a_cancelled_build_leaves_everything_as_it_was(book: Casebook, corpus: Path) -> None:
    many = {f"more/{n}.md": f"# Port {n}\n\nThe port of town {n} shared money." for n in range(40)}
    write_corpus(corpus, many)
    before = _tree(book.settings.index)
    told: list[tuple[int, int]] = []
    with pytest.raises(BuildCancelled, match="The build was cancelled: nothing was changed"):
        book.build(lambda *done: told.append(done), should_stop=lambda: len(told) == 2)
    assert told == [(32, 83), (64, 83)], "it ended between two batches"
    assert _tree(book.settings.index) == before
    assert book.ask(MONEY).generation == "000001"
    summary, _ = book.build(should_stop=lambda: False)
    assert summary.documents == 43


def test_a_build_can_be_cancelled_at_any_time_it_asks(book: Casebook, corpus: Path) -> None:
    write_corpus(corpus, {"dunes.txt": "Sand was moved by hand in Dunesby."})
    before = _tree(book.settings.index)
    asked = 0
    for stop_at in range(1, 4):
        asked = 0

        def stop(limit: int = stop_at) -> bool:
            nonlocal asked
            asked += 1
            return asked == limit

        with pytest.raises(BuildCancelled, match="nothing was changed"):
            book.build(should_stop=stop)
        assert _tree(book.settings.index) == before
    assert asked == 3, "after reading, after the one batch, before publishing"


def _tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if "readers" not in p.parts}


# --- An emptied corpus --------------------------------------------------------------------------


@pytest.mark.parametrize("vanished", [False, True])
def test_a_vanished_or_emptied_corpus_never_empties_the_index(
    book: Casebook, corpus: Path, vanished: bool
) -> None:
    shutil.rmtree(corpus)
    if not vanished:
        corpus.mkdir()
    with pytest.raises(CorpusError, match=r"keeps its 3 documents; to empty it, .* --allow-empty"):
        book.build()
    assert len(book.index()) == 5
    summary, _ = book.build(allow_empty=True)
    assert (summary.documents, len(summary.removed)) == (0, 3)
    answer = book.ask(MONEY)
    assert answer.abstained and answer.hits == ()
    write_corpus(corpus)
    back, _ = book.build()
    assert (back.documents, back.embedded) == (3, 0)


def test_an_empty_corpus_without_an_index_is_only_empty(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with pytest.raises(CorpusError, match=r"Put your documents there and build again\.$"):
        casebook(tmp_path).build()


def test_a_casebook_lets_go_of_its_index_when_it_is_dropped(book: Casebook) -> None:
    """At once, not when the garbage collector comes by: a mark of it keeps generations on disk."""
    marks = book.settings.index / "readers"
    gc.collect()
    gc.disable()
    try:
        fresh = casebook(book.settings.corpus.parent)
        fresh.ask(MONEY)
        assert len(list(marks.iterdir())) == 1
        del fresh
        assert list(marks.iterdir()) == []
    finally:
        gc.enable()
