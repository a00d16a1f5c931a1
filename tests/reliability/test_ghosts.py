"""What was removed or changed is gone through every door: a search of each for its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.answering.wire import answer_fields, as_text, search_fields
from assistant.indexing.agreement import check_agreement
from assistant.indexing.generations import Generations
from assistant.indexing.layout import LEXICAL, PASSAGES, SENTENCES, STORE
from assistant.indexing.lexical import LexicalFolder, stems
from assistant.indexing.store import Store
from assistant.indexing.vectors import VectorFile
from assistant.pipeline import Casebook
from assistant.text import fingerprint
from assistant.web.opening import Opening
from tests.making import CASES, HARBOUR, casebook, write_corpus
from tests.web.serving import client_for
from tests.web.test_shell import client_of

GONE = "The zeppelin moored at quayside every Thursday."
"""Its rarer words occur nowhere else."""
OLD_WORDS = re.compile(
    r"<figure>\s*<figcaption>The words of the link</figcaption>.*?</figure>", re.DOTALL
)
QUESTION = "When did the zeppelin moor at quayside?"


@pytest.fixture(params=["removed", "changed"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Casebook]:
    """An index that held GONE, being served as its document is removed or its words are changed."""
    ghost = f"{HARBOUR}\n\n{GONE}\n"
    corpus = write_corpus(tmp_path / "corpus", CASES | {"ghost.md": ghost})
    served = casebook(tmp_path)
    served.build()
    assert served.ask(QUESTION).statements[0].text == GONE, "it was there"
    if request.param == "removed":
        (corpus / "ghost.md").unlink()
    else:
        write_corpus(corpus, {"ghost.md": HARBOUR})
    casebook(tmp_path).build()
    yield served
    check_agreement(_folder(served))


def _folder(book: Casebook) -> Path:
    generations = Generations(book.settings.index)
    return generations.folder(generations.current())


def test_answers_and_search(book: Casebook) -> None:
    answer = book.ask(QUESTION)
    assert answer.generation == "000002"
    words = json.dumps([answer_fields(answer), search_fields(book.search(QUESTION, 100))])
    for door in (words, as_text(answer_fields(answer))):
        assert "moored" not in door and "Thursday" not in door


def test_vectors(book: Casebook) -> None:
    """No vector of the index is that of the words that went."""
    vector = book._embedder.embed([GONE])[0]
    for name in (PASSAGES, SENTENCES):
        _, cosines = VectorFile.load(_folder(book) / name).search(vector, 1)
        assert cosines[0] < 0.9
    hits = book.index().search(GONE, 100)
    assert max(hit.signals.sentence for hit in hits) < 0.9


def test_words(book: Casebook) -> None:
    lexical = LexicalFolder.load(_folder(book) / LEXICAL)
    rare = stems("zeppelin moored quayside Thursday")
    assert len(rare) == 4
    assert lexical.search(dict.fromkeys(rare, 1.0), 100) == []
    assert [lexical.document_frequency(term) for term in rare] == [0, 0, 0, 0]


def test_documents_and_every_byte_of_the_generation(book: Casebook) -> None:
    store = Store(_folder(book) / STORE)
    assert all("zeppelin" not in document.text for document in store.documents())
    assert all("zeppelin" not in passage.text for passage in store.passages())
    store.close()
    for path in _folder(book).rglob("*"):
        assert not path.is_file() or b"zeppelin" not in path.read_bytes().lower(), path.name


def test_pages(book: Casebook) -> None:
    """The viewer, also by a link to the very sentence, and the list of sources."""
    opening = Opening(lambda: book)
    opening.start()
    opening.wait(30)
    with client_of(opening) as client:
        for address in ("/sources", "/source/ghost.md", f"/source/ghost.md?p={fingerprint(GONE)}"):
            page = _page(client, address)
            assert "zeppelin" not in page and "<mark" not in page, address
        listed = "ghost.md" in _page(client, "/sources")
        assert listed == (book.index().document("ghost.md") is not None)


def _page(client: TestClient, address: str) -> str:
    """A page without the words that its link names.

    Whoever has a link to words that changed is shown them once, beside the nearest ones now.
    """
    return unescape(OLD_WORDS.sub("", client.get(address).text))


def test_old_words_are_shown_to_their_link_unless_the_document_is_gone(book: Casebook) -> None:
    changed = book.index().document("ghost.md") is not None
    with client_for(book) as client:
        page = client.get(f"/source/ghost.md?p={fingerprint(GONE)}").text
        assert bool(OLD_WORDS.search(page)) == changed
        assert ("zeppelin" in page) == changed
