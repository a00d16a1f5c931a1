"""An answer never cites two copies of one sentence, however often the folder holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import text as texts
from assistant.datatypes import Answer, Span
from assistant.documents.corpus import read_document
from assistant.pipeline import Casebook
from assistant.settings import PROJECT
from tests.making import CASES, casebook, write_corpus

QUESTIONS = [
    "Who put their money into one fund?",
    "How did Harbour deal with mistrust over funding?",
    "What was published each month?",
    "Who met on Tuesdays?",
    "By how much did admissions fall?",
    "What did nurses do in Moorland?",
    "What happened to vaccination and classrooms?",
    "Who drove carers to the day centre?",
    "Which places shared money?",
]


def _sentences(answer: Answer) -> Iterator[str]:
    """Every sentence under a citation, as words alone."""
    for statement in answer.statements:
        for citation in statement.citations:
            for span in texts.sentences(citation.quote, Span(0, len(citation.quote))):
                yield " ".join(texts.words(span.of(citation.quote)))


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    """Each case three times: as it is, under another name, and with one sentence more."""
    folder = tmp_path_factory.mktemp("copies")
    copies = {f"copies/{name}": words for name, words in CASES.items()}
    longer = {f"longer/{name}": f"{words}\nThat is all.\n" for name, words in CASES.items()}
    write_corpus(folder / "corpus", CASES | copies | longer)
    book = casebook(folder)
    summary, _ = book.build()
    assert len(summary.duplicates) >= 3
    return book


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_sentence_twice(copied: Casebook, question: str) -> None:
    said = list(_sentences(copied.ask(question)))
    assert said and sorted(said) == sorted(set(said))


@pytest.mark.slow
def test_no_sentence_twice_in_the_case_studies(tmp_path: Path) -> None:
    """With the real corpus and a copy of each of its files."""
    cases = [path for path in sorted((PROJECT / "corpus").glob("*.md")) if path.name != "README.md"]
    for path in cases:
        words = path.read_text(encoding="utf-8")
        write_corpus(tmp_path / "corpus", {path.name: words, f"copies/{path.name}": words})
    book = casebook(tmp_path)
    summary, _ = book.build()
    assert len(summary.duplicates) == len(cases)
    for path in cases:
        title = read_document(path, path.name).title
        said = list(_sentences(book.ask(f"What did they do and change: {title}?")))
        assert said and sorted(said) == sorted(set(said)), title
