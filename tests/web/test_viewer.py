"""What a source page says when the words of its link are not simply there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.datatypes import source_url
from assistant.pipeline import Casebook
from assistant.text import fingerprint
from tests.making import casebook, write_corpus
from tests.web.serving import client_for, shown

ROSE = "Vaccination rose to 94 per cent."
LINK = source_url("moorland.md", fingerprint(ROSE))


@pytest.fixture
def served(book: Casebook) -> Iterator[tuple[Casebook, TestClient]]:
    with client_for(book) as client:
        yield book, client


def rewrite(book: Casebook, old: str, new: str) -> None:
    path = book.settings.corpus / "moorland.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    book.build()


def test_changed_words_stand_beside_the_nearest(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    assert f'<mark id="quote" tabindex="-1" autofocus>{ROSE}</mark>' in client.get(LINK).text
    rewrite(book, "94 per cent", "96 per cent")
    page = client.get(LINK)
    assert page.status_code == 200
    words = shown(page.text)
    assert "The quoted passage is not in this case study any more" in words
    assert "The words of the link Vaccination rose to 94 per cent." in words
    assert "The nearest words now, under Results Vaccination rose to 96 per cent." in words
    assert "<del>94</del>" in page.text
    assert "<ins>96</ins>" in page.text
    assert "<mark" not in page.text
    now = source_url("moorland.md", fingerprint("Vaccination rose to 96 per cent."))
    assert f'<a href="{now}#quote">Go to these words' in page.text


def test_words_in_several_places_are_listed(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    rewrite(book, "## Results", f"## Summary\n\n{ROSE}\n\n## Results")
    page = client.get(LINK)
    words = shown(page.text)
    assert "The quoted words stand in several places" in words
    assert "Summary , place 1" in words
    assert "Results , place 2" in words
    assert "<mark" not in page.text


def test_a_removed_case_study_says_so_and_shows_none_of_its_words(
    served: tuple[Casebook, TestClient],
) -> None:
    book, client = served
    (book.settings.corpus / "moorland.md").unlink()
    book.build()
    page = client.get(LINK)
    assert page.status_code == 410
    assert "This case study was removed" in page.text
    assert "it last was in the index of 20" in page.text
    assert "Vaccination" not in page.text


def test_a_renamed_case_study_is_led_to(served: tuple[Casebook, TestClient]) -> None:
    book, client = served
    (book.settings.corpus / "moorland.md").rename(book.settings.corpus / "moor.md")
    book.build()
    page = client.get(LINK)
    assert page.status_code == 404
    assert '<a href="/source/moor.md">' in page.text


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("0123456789abcdef", "What they said is not kept any more."),
        ("'\"><script>alert(1)</script>", "This address names no words"),
        ("x" * 5000, "This address names no words"),
        ("-", "This address names no words"),
    ],
)
def test_words_that_nobody_knows(served: tuple[Casebook, TestClient], link: str, said: str) -> None:
    page = served[1].get("/source/moorland.md", params={"p": link})
    assert page.status_code == 200
    assert said in page.text
    assert "<mark" not in page.text
    assert "<script" not in page.text
    assert ROSE in page.text


def test_hostile_words_are_words_in_a_comparison_too(tmp_path: Path) -> None:
    text = "# T\n\n## <b>H</b>\n\nOne <img src=x onerror=alert(1)> two three four five six.\n"
    write_corpus(tmp_path / "corpus", {"moorland.md": text})
    book = casebook(tmp_path)
    book.build()
    words = text.splitlines()[-1]
    rewrite(book, "six", "<script>alert(1)</script>")
    with client_for(book) as client:
        page = client.get(source_url("moorland.md", fingerprint(words)))
    assert "The nearest words now" in page.text
    assert "<img" not in page.text
    assert "<script" not in page.text
    assert "<b>" not in page.text
