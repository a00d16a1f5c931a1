"""Old links after rebuilds: same words, changed words beside the nearest, removed, renamed."""

from __future__ import annotations

import pytest

from assistant.answering.comparing import differences, nearest
from assistant.answering.fingerprints import quote_fingerprint
from assistant.answering.following import Fate, Followed, follow
from assistant.indexing.history import VERSIONS
from assistant.indexing.layout import STORE
from assistant.indexing.passages import split
from assistant.indexing.store import Store
from assistant.pipeline import Casebook
from assistant.text import fingerprint
from tests.making import HARBOUR, MOORLAND, document

ROSE = "Vaccination rose to 94 per cent."
CALMER = "Teachers reported calmer classrooms."


def edit(book: Casebook, name: str, old: str, new: str) -> None:
    path = book.settings.corpus / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    book.build()


def followed(book: Casebook, words: str, doc_id: str = "moorland.md") -> Followed:
    return follow(book.index(), book.history, doc_id, fingerprint(words))


def test_words_that_stand_unchanged(book: Casebook) -> None:
    edit(book, "moorland.md", "Nurses visited", "Twelve nurses visited")
    found = followed(book, ROSE)
    assert found.fate is Fate.UNCHANGED
    assert found.document is not None
    assert found.span is not None
    assert found.span.of(found.document.text) == ROSE


def test_changed_words_are_shown_beside_the_nearest_now(book: Casebook) -> None:
    edit(book, "moorland.md", ROSE, "Vaccination rose to 96 per cent in a year.")
    found = followed(book, ROSE)
    assert found.fate is Fate.CHANGED
    assert found.words == ROSE
    assert found.nearest is not None
    assert found.document is not None
    now = found.nearest.span.of(found.document.text)
    assert now == "Vaccination rose to 96 per cent in a year."
    assert found.span is None


def test_old_words_are_known_after_more_builds_than_generations_are_kept(book: Casebook) -> None:
    edit(book, "moorland.md", ROSE, "Vaccination rose to 95 per cent.")
    for number in range(6):
        edit(book, "harbour.md", HARBOUR[-40:], HARBOUR[-40:] + f"\nYear {number}.\n")
        (book.settings.corpus / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    assert followed(book, ROSE).words == ROSE


def test_two_sentences_in_a_row_of_which_one_changed(book: Casebook) -> None:
    edit(book, "moorland.md", CALMER, "Classrooms were calmer, teachers said.")
    found = followed(book, f"{ROSE} {CALMER}")
    assert found.words == f"{ROSE} {CALMER}"
    assert found.nearest is not None
    assert found.document is not None
    assert found.nearest.span.of(found.document.text).startswith(ROSE)


def test_nothing_is_near_when_all_is_different(book: Casebook) -> None:
    edit(book, "moorland.md", f"{ROSE} {CALMER}", "Nothing was measured.")
    found = followed(book, ROSE)
    assert (found.fate, found.words, found.nearest) == (Fate.CHANGED, ROSE, None)


def test_a_removed_document_is_told_from_one_that_never_was(book: Casebook) -> None:
    (book.settings.corpus / "moorland.md").unlink()
    book.build()
    found = followed(book, ROSE)
    assert found.fate is Fate.REMOVED
    assert found.last_seen
    assert found.words == ""
    assert followed(book, ROSE, "never.md") == Followed(Fate.UNKNOWN)


def test_a_renamed_document_is_found_by_its_text(book: Casebook) -> None:
    corpus = book.settings.corpus
    (corpus / "moorland.md").rename(corpus / "moor.md")
    book.build()
    found = followed(book, ROSE)
    assert found.renamed is not None
    assert found.renamed.doc_id == "moor.md"


def test_a_removed_document_takes_its_earlier_wordings_with_it(book: Casebook) -> None:
    edit(book, "moorland.md", ROSE, "Vaccination rose to 95 per cent.")
    (book.settings.corpus / "moorland.md").unlink()
    book.build()
    assert list((book.settings.index / "earlier").rglob("*.sqlite3")) == []


def test_no_more_versions_are_kept_than_the_limit(book: Casebook) -> None:
    case = document(MOORLAND, "moorland.md")
    for number in range(1, VERSIONS + 6):
        folder = book.settings.index / "generations" / f"{number:06d}"
        folder.mkdir(exist_ok=True)
        (folder / STORE).unlink(missing_ok=True)
        Store.write(folder / STORE, [case], split(case))
        book.history.remember(folder, ["moorland.md"])
    names = sorted(path.stem for path in (book.settings.index / "earlier").rglob("*.sqlite3"))
    assert names == [f"{number:06d}" for number in range(6, VERSIONS + 6)]


def test_a_damaged_earlier_wording_is_passed_over(book: Casebook) -> None:
    edit(book, "moorland.md", ROSE, "Vaccination rose to 95 per cent.")
    for path in (book.settings.index / "earlier").rglob("*.sqlite3"):
        path.write_bytes(b"not a database")
    assert followed(book, ROSE).words == ROSE  # the generation before is kept as well


def test_several_places_are_named_and_none_is_chosen(book: Casebook) -> None:
    edit(book, "moorland.md", "## Results", f"## Summary\n\n{ROSE}\n\n## Results")
    found = followed(book, ROSE)
    assert found.fate is Fate.UNCLEAR
    assert len(found.places) == 2
    assert found.document is not None
    links = {quote_fingerprint(found.document, place) for place in found.places}
    assert len(links) == 2


@pytest.mark.parametrize("link", ["", "x", "'><script>", "0" * 17])
def test_what_is_no_link_names_no_words(book: Casebook, link: str) -> None:
    found = follow(book.index(), book.history, "moorland.md", link)
    assert (found.fate, found.words) == (Fate.CHANGED, "")


def test_nearest_is_measured_in_shared_words() -> None:
    case = document("# T\n\nA cat sat on the mat. The dog ran off. It rained.\n")
    found = nearest("The dog ran away.", case, split(case))
    assert found is not None
    assert found.span.of(case.text) == "The dog ran off."
    assert found.likeness == pytest.approx(2 * 3 / 8)
    assert nearest("Entirely other words.", case, split(case)) is None


def test_differences_are_word_by_word() -> None:
    old, new = differences("Costs fell by  12 per cent.", "Costs fell by 15 per cent at once.")
    assert old == [("Costs fell by", False), ("12", True), ("per", False), ("cent.", True)]
    assert new == [("Costs fell by", False), ("15", True), ("per", False), ("cent at once.", True)]
    assert differences("same words", "same words") == (
        [("same words", False)], [("same words", False)],
    )  # fmt: skip
