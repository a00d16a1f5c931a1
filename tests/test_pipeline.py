"""The one path of a question and of a corpus, with the fakes that ship with the code."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.confidence import WEAK
from assistant.answering.wire import answer_fields
from assistant.datatypes import Answer
from assistant.errors import CorpusError, IndexDamaged, IndexMissing, QuestionError
from assistant.indexing.embedders import HashingEmbedder
from assistant.pipeline import Casebook, Stage, check_question
from assistant.settings import Settings
from tests.making import HARBOUR, MOORLAND, VALLEY, casebook, reasoning, write_corpus

MONEY = "Who put their money into one fund?"

# --- The question -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        pytest.param("  How  did\nit\tgo? ", "How did it go?", id="white space"),
        pytest.param("How\x00 did\x1b[2J it go?", "How did [2J it go?", id="control characters"),
        pytest.param("How did\u200b it\u202e go?", "How did it go?", id="invisible characters"),
        pytest.param("How did it go?\ud800", "How did it go?", id="a lone surrogate"),
        pytest.param("Café, naïve – “why”?", "Café, naïve – “why”?", id="accents stay"),
        pytest.param("10", "10", id="a number is a word"),
    ],
)
def test_a_question_is_cleaned(question: str, asked: str) -> None:
    assert check_question(question, 2000) == asked


@pytest.mark.parametrize("question", ["", " \n\t", "?!…", "\x00", "\ud800", "🙂"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match=r"The question is empty: expected some words\. Ask"):
        check_question(question, 2000)


@pytest.mark.parametrize("question", [None, 5, b"How?", ["How?"], {"q": 1}])
def test_a_question_that_is_no_text_is_refused(question: object) -> None:
    kind = type(question).__name__
    with pytest.raises(QuestionError, match=rf"The question is {kind}: expected text"):
        check_question(question, 2000)


def test_the_limit_counts_what_is_asked() -> None:
    assert check_question("x" * 2000 + " " * 500, 2000) == "x" * 2000
    with pytest.raises(
        QuestionError, match=r"has 2,001 characters: expected at most 2,000\. Short"
    ):
        check_question("x" * 2001, 2000)


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_asked_or_refused(question: str) -> None:
    try:
        asked = check_question(question, 50)
    except QuestionError:
        return
    assert check_question(asked, 50) == asked
    assert asked.isprintable() and asked.encode()


# --- The answer ---------------------------------------------------------------------------------


def test_stages_in_their_order_then_the_answer(book: Casebook) -> None:
    *stages, answer = book.stages(MONEY)
    assert stages == [Stage.SEARCHING, Stage.READING, Stage.ANSWERING]
    assert isinstance(answer, Answer) and answer == book.ask(MONEY)


def test_an_answer_is_quoted_from_the_case_that_says_it(book: Casebook) -> None:
    answer = book.ask(MONEY)
    assert (answer.question, answer.generation) == (MONEY, "000001")
    first = answer.statements[0]
    assert first.text.startswith("The council and the hospital put their money into one fund.")
    for citation in answer.citations:
        document = book.index().document(citation.doc_id)
        assert document is not None
        assert document.text[citation.span.start : citation.span.end] == citation.quote
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_the_same_question_gives_the_same_answer(book: Casebook) -> None:
    one, two = book.ask(MONEY), book.ask(f"  {MONEY} ")
    assert one == two and answer_fields(one) == answer_fields(two)
    other = Casebook(book.settings, HashingEmbedder(), reasoning(0.5))
    assert other.ask(MONEY).hits == one.hits


def test_hits_are_best_first_and_ten_at_most(book: Casebook) -> None:
    answer = book.ask(MONEY)
    assert [hit.passage.doc_id for hit in answer.hits][:1] == ["harbour.md"]
    assert len(answer.hits) == 5
    evidence = [hit.signals.evidence for hit in answer.hits]
    assert evidence == sorted(evidence, reverse=True)
    assert [hit.score for hit in answer.hits] == [1 / (1 + math.exp(-odds)) for odds in evidence]


@pytest.mark.parametrize("question", [MONEY, "Was there any money?", "Why did nurses come?"])
def test_an_answer_on_little_evidence_is_called_weak(book: Casebook, question: str) -> None:
    answer = book.ask(question)
    assert not answer.abstained
    assert answer.weak == (answer.confidence < WEAK)
    assert bool(answer_fields(answer)["notes"]) == answer.weak


def test_silence_is_not_weak(book: Casebook) -> None:
    silent = Casebook(book.settings, HashingEmbedder(), reasoning(0.5))
    answer = silent.ask("Which dose of morphine suits zebras?")
    assert answer.confidence < WEAK and not answer.weak


def test_silence_says_what_is_missing(book: Casebook) -> None:
    silent = Casebook(book.settings, HashingEmbedder(), reasoning(0.5))
    answer = silent.ask("Which dose of morphine suits zebras?")
    assert answer.abstained and answer.statements == ()
    assert answer.abstention is not None
    assert "3 case studies" in answer.abstention.reason
    assert set(answer.abstention.missing) == {"dose", "morphine", "suits", "zebras"}
    assert len(answer.hits) == 5, "the closest passages are still shown"


def test_silence_about_a_misspelt_word_says_what_it_may_mean(book: Casebook) -> None:
    silent = Casebook(book.settings, HashingEmbedder(), reasoning(1.1))
    refused = silent.ask("What did nurses do in Morland?").abstention
    assert refused is not None and refused.reason == (
        "Nothing in the 3 case studies mentions “Morland”. Did you mean “Moorland”?"
    )


def test_silence_about_a_number_says_that_it_is_the_number(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"valley.md": VALLEY})
    book = casebook(tmp_path)
    book.build()
    asked = book.ask("How many volunteers drove carers to the day centre?")
    assert asked.abstention is not None and asked.confidence == 0
    assert asked.abstention.reason == (
        "Nothing in the one case study gives the number that this question asks for."
    )
    assert not book.ask("Who drove carers to the day centre?").abstained


def test_a_bare_comparison_is_asked_what_it_wants_to_know(book: Casebook) -> None:
    silent = Casebook(book.settings, HashingEmbedder(), reasoning(1.1)).ask(
        "Compare Moorland and Harbour"
    )
    assert silent.abstention is not None and "Say what you want to know" in silent.abstention.reason


def test_an_empty_question_reaches_no_index(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        casebook(tmp_path).ask(" ")
    with pytest.raises(IndexMissing, match="There is no index"):
        casebook(tmp_path).ask("Why?")


def test_a_short_follow_up_brings_its_subject_along(book: Casebook) -> None:
    answer = book.ask("And the results?", ["What did nurses do in Moorland?"])
    assert answer.question == "And the results?"
    assert "Moorland" in answer.standalone_question
    assert answer.hits[0].passage.doc_id == "moorland.md"
    assert book.ask(MONEY, []).standalone_question == MONEY


@pytest.mark.parametrize("past", ["", "?!", "\ud800", "\x00 \n"])
def test_an_earlier_question_without_words_changes_nothing(book: Casebook, past: str) -> None:
    assert book.ask("And the results?", [past]).standalone_question == "And the results?"


def test_search_gives_k_hits_without_an_answer(book: Casebook) -> None:
    hits = book.search(MONEY, 2)
    assert hits[0].passage.doc_id == "harbour.md"
    assert len(hits) == 2
    assert len(book.search(MONEY, 100)) == 5


# --- The corpus ---------------------------------------------------------------------------------


def test_a_new_generation_is_picked_up_without_a_restart(book: Casebook, corpus: Path) -> None:
    held = book.index()
    (corpus / "harbour.md").unlink()
    write_corpus(corpus, {"dunes.txt": "Sand was moved by hand in Dunesby."})
    writer = casebook(corpus.parent)
    summary, _ = writer.build()
    assert (summary.added, summary.removed) == (("dunes.txt",), ("harbour.md",))
    answer = book.ask("Who moved sand by hand?")
    assert answer.generation == "000002"
    assert answer.statements[0].text == "Sand was moved by hand in Dunesby."
    assert "harbour.md" not in {hit.passage.doc_id for hit in answer.hits}
    assert held.document("harbour.md") is not None, "whoever holds one generation keeps it"


def test_ensure_built_builds_once_and_then_keeps_step(corpus: Path) -> None:
    book = casebook(corpus.parent)
    told: list[tuple[int, int]] = []
    first = book.ensure_built(lambda done, count: told.append((done, count)))
    assert first is not None and first.published and first.documents == 3
    assert told[-1] == (69, 69)
    again = book.ensure_built()
    assert again is None or not again.published
    assert book.index().generation == "000001"


def test_an_index_of_another_model_is_built_again(book: Casebook, corpus: Path) -> None:
    other = casebook(corpus.parent, HashingEmbedder(128))
    summary = other.ensure_built()
    assert summary is not None and summary.embedded == 69
    assert other.index().generation == "000002"


def test_a_file_that_cannot_be_read_keeps_its_old_text(book: Casebook, corpus: Path) -> None:
    (corpus / "harbour.md").write_text("---\nplace: [\n---\nx", encoding="utf-8")
    write_corpus(corpus, {"moorland.md": MOORLAND.replace("94 per cent", "95 per cent")})
    summary, reading = book.build()
    assert [failure.doc_id for failure in reading.failures] == ["harbour.md"]
    assert (summary.changed, summary.removed) == (("moorland.md",), ())
    kept = book.index().document("harbour.md")
    assert kept is not None and kept.text == HARBOUR
    assert book.ask(MONEY).hits[0].passage.doc_id == "harbour.md"


def test_it_keeps_its_text_also_when_the_model_changes(book: Casebook, corpus: Path) -> None:
    (corpus / "harbour.md").write_text("---\nplace: [\n---\nx", encoding="utf-8")
    other = casebook(corpus.parent, HashingEmbedder(128))
    summary, _ = other.build()
    assert (summary.kept, summary.embedded) == (("harbour.md",), 69)


def test_an_unreadable_file_and_a_damaged_index_can_be_built_again(
    book: Casebook, corpus: Path
) -> None:
    """Nothing of a damaged index can be kept, but it must not stand in the way for good."""
    (corpus / "harbour.md").write_text("", encoding="utf-8")
    (book.settings.index / "CURRENT").write_text("nonsense", encoding="utf-8")
    fresh = casebook(corpus.parent)
    shutil.rmtree(book.settings.index / "generations")
    with pytest.raises(IndexDamaged, match="names 'nonsense'"):
        fresh.ask(MONEY)
    summary, reading = fresh.build()
    assert (summary.documents, len(reading.failures)) == (2, 1)
    assert fresh.index().document("moorland.md") is not None


def test_a_corpus_of_unreadable_files_builds_nothing(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", {"a.md": "", "b.md": "---\na: [\n---\n"})
    with pytest.raises(CorpusError, match=r"None of the files .* could be read \(a\.md: has no te"):
        casebook(tmp_path).build()
    assert not (tmp_path / "index").exists()


def test_a_missing_corpus(tmp_path: Path) -> None:
    book = Casebook(
        Settings(corpus=tmp_path / "no", index=tmp_path), HashingEmbedder(), reasoning(0.5)
    )
    with pytest.raises(CorpusError, match=r"no does not exist: expected a folder"):
        book.build()


def test_scores_fall_along_the_list_whether_scored_or_not(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    many = {f"more/{n}.md": f"# Port {n}\n\nThe port of town {n} shared money." for n in range(30)}
    write_corpus(corpus, many)
    book = casebook(tmp_path)
    book.build()
    scores = [hit.score for hit in book.search("Which places shared money?", 33)]
    assert len(scores) > 20  # more than are scored by their evidence
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


PIER = "# The pier centre\n\nThe pier centre opened in spring 2014 at a cost of £9m."


@pytest.mark.parametrize(
    ("words", "open_part"),
    [
        pytest.param(PIER, "Who paid for the pier centre?", id="the sum alone"),
        pytest.param(f"{PIER} Hull City Council paid for the pier centre.", None, id="both"),
    ],
)
def test_a_part_that_only_repeats_another_is_named_as_open(
    tmp_path: Path, words: str, open_part: str | None
) -> None:
    write_corpus(tmp_path / "corpus", {"pier.md": words})
    book = casebook(tmp_path)
    book.build()
    answer = book.ask("Who paid for the pier centre and what did it cost?")
    assert "£9m" in " ".join(statement.text for statement in answer.statements)
    silent = (f"On “{open_part}” the case studies say nothing clear.",) if open_part else ()
    assert answer.notes == silent
