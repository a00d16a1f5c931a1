"""An editor's changes: files and index go together, and come back together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest

from assistant.editing.drafts import Draft, Drafts, Entry
from assistant.editing.editor import Editor
from assistant.editing.work import Outcome, State, Worker
from assistant.errors import EditError
from assistant.indexing.embedders import HashingEmbedder, Vectors
from assistant.pipeline import Casebook
from assistant.records import suggestions
from assistant.settings import Limits
from tests.making import HARBOUR, casebook, write_corpus

SKOMER = b"# Skomer\n\nPuffin wardens visited eleven care homes.\n"


@pytest.fixture
def editor(book: Casebook) -> Editor:
    return Editor(book)


def book_of(editor: Editor) -> Casebook:
    return editor._casebook


def draft_of(editor: Editor, *contents: tuple[str, bytes]) -> Draft:
    return editor.drafts.make([(editor.uploaded(name), raw) for name, raw in contents])


def done(editor: Editor) -> Outcome:
    editor.worker.wait(60)
    work = editor.worker.work
    assert work is not None
    assert work.outcome is not None
    assert work.state is State.DONE, work.outcome.sentence
    return work.outcome


def held(editor: Editor) -> dict[str, str]:
    """What the index holds."""
    return {document.doc_id: document.text for document in book_of(editor).index().documents()}


def test_an_added_file_is_answered_from(editor: Editor) -> None:
    draft = draft_of(editor, ("Skomer.md", SKOMER))
    preview = editor.drafts.preview(draft, 0)
    assert preview.document is not None
    assert preview.document.title == "Skomer"
    assert [p.text for p in preview.passages] == ["Puffin wardens visited eleven care homes."]
    editor.apply(draft, {0})
    outcome = done(editor)
    assert outcome.added == ("Skomer.md",)
    assert outcome.sentence.startswith("The index has 4 case studies and ")
    answer = book_of(editor).ask("Who visited eleven care homes?")
    assert "Skomer.md" in {citation.doc_id for citation in answer.citations}
    with pytest.raises(EditError, match="This draft is not here any more"):
        editor.drafts.get(draft.id)


def test_undo_brings_back_files_index_and_generation(editor: Editor) -> None:
    before, generation = held(editor), book_of(editor).index().generation
    editor.apply(draft_of(editor, ("harbour.md", SKOMER), ("new.md", b"# New\n\nWords.\n")), {0, 1})
    change = done(editor).change
    assert held(editor) != before
    editor.undo(change)
    assert done(editor).sentence.startswith("Undone: Added new.md; Replaced harbour.md.")
    assert held(editor) == before
    assert book_of(editor).index().generation == generation
    assert not book_of(editor).hold
    assert (book_of(editor).settings.corpus / "harbour.md").read_text(encoding="utf-8") == HARBOUR
    with pytest.raises(EditError, match="has been undone already"):
        editor.undo(change)


def test_undo_of_an_earlier_change_keeps_the_later_one(editor: Editor) -> None:
    editor.apply(draft_of(editor, ("one.md", b"# One\n\nFirst.\n")), {0})
    first = done(editor).change
    editor.apply(draft_of(editor, ("two.md", b"# Two\n\nSecond.\n")), {0})
    done(editor)
    editor.undo(first)
    done(editor)
    assert "one.md" not in held(editor)
    assert "two.md" in held(editor)


def test_removing_and_undoing(editor: Editor) -> None:
    text = held(editor)["moorland.md"]
    editor.remove("moorland.md")
    change = done(editor).change
    assert "moorland.md" not in held(editor)
    assert not (book_of(editor).settings.corpus / "moorland.md").exists()
    editor.undo(change)
    done(editor)
    assert held(editor)["moorland.md"] == text


def test_the_last_case_study_stays(editor: Editor) -> None:
    editor.remove("moorland.md")
    done(editor)
    editor.remove("harbour.md")
    done(editor)
    with pytest.raises(EditError, match="This is the only case study: expected at least one"):
        editor.remove("sub/valley.md")
    assert set(held(editor)) == {"sub/valley.md"}


def test_a_name_that_is_there_replaces_or_stands_beside(editor: Editor) -> None:
    draft = draft_of(editor, ("HARBOUR.md", SKOMER))
    assert draft.entries == (Entry("HARBOUR.md", replaces="harbour.md"),)
    assert draft.entries[0].doc_id == "harbour.md"
    editor.apply(draft, {0}, beside={0})
    assert done(editor).added == ("HARBOUR-2.md",)
    assert held(editor)["harbour.md"] == HARBOUR


def test_a_replacement_keeps_its_folder_and_may_change_its_format(editor: Editor) -> None:
    entry = editor.uploaded("whatever.txt", "sub/valley.md")
    editor.apply(editor.drafts.make([(entry, b"A bus for carers.\n")]), {0})
    assert done(editor).added == ("sub/valley.txt",)
    assert set(held(editor)) == {"harbour.md", "moorland.md", "sub/valley.txt"}


def test_two_files_of_one_name_are_both_kept(editor: Editor) -> None:
    draft = draft_of(editor, ("a/new.md", b"# One\n\nFirst.\n"), ("b/new.md", b"# Two\n\nX.\n"))
    editor.apply(draft, {0, 1})
    assert done(editor).added == ("new.md", "new-2.md")


def test_somebody_elses_change_is_not_overwritten(editor: Editor) -> None:
    there = editor.text("harbour.md")
    assert there is not None
    assert there[0] == HARBOUR
    draft = editor.drafts.make([(Entry("harbour.md", "harbour.md", there[1]), SKOMER)])
    (book_of(editor).settings.corpus / "harbour.md").write_text("# By hand\n\nWords.\n")
    with pytest.raises(EditError, match=r"“harbour\.md” was changed by somebody else"):
        editor.apply(draft, {0})


def test_an_accepted_suggestion_is_closed_by_the_change(editor: Editor) -> None:
    made = editor.suggestions.add("harbour.md", "Harbour", "Correct the year.")
    draft = editor.drafts.make([(Entry("harbour.md", "harbour.md"), SKOMER)], suggestion=made.id)
    assert editor.suggestions.waiting() == [made]
    editor.apply(draft, {0})
    done(editor)
    assert [one.state for one in editor.suggestions.log()] == [suggestions.State.ACCEPTED]


def test_files_that_cannot_be_read_are_listed(editor: Editor) -> None:
    draft = draft_of(editor, ("broken.md", b""), ("good.md", SKOMER))
    assert "has no text" in editor.drafts.preview(draft, 0).problem
    editor.apply(draft, {0, 1})
    outcome = done(editor)
    assert outcome.added == ("good.md",)
    assert [doc_id for doc_id, _ in outcome.failures] == ["broken.md"]


@pytest.mark.parametrize("doc_id", ["none.md", "README.md", "../x.md", "sub", "photo.jpg"])
def test_what_is_no_case_study_cannot_be_changed(editor: Editor, doc_id: str) -> None:
    with pytest.raises(EditError, match=r"There is no case study|cannot be changed here"):
        editor.remove(doc_id)


def test_drafts_have_limits(editor: Editor) -> None:
    drafts = Drafts(book_of(editor).settings.index, Limits(max_file_bytes=10))
    with pytest.raises(EditError, match=r"“a\.md” has 11 bytes: expected at most 10"):
        drafts.make([(Entry("a.md"), b"x" * 11)])
    with pytest.raises(EditError, match="No file was chosen"):
        drafts.make([])
    draft = draft_of(editor, ("a.md", SKOMER))
    with pytest.raises(EditError, match="No file was chosen"):
        editor.apply(draft, set())


class SlowEmbedder(HashingEmbedder):
    """Waits in the middle of a build until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.slow = False

    def embed(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None) -> Vectors:
        found = super().embed(texts, None)
        if self.slow and on_batch:
            self.reached.set()
            self.go_on.wait(30)
        if on_batch:
            on_batch(len(texts))
        return found


@pytest.fixture
def slow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Editor, SlowEmbedder]:
    folder = tmp_path_factory.mktemp("slow")
    write_corpus(folder / "corpus")
    embedder = SlowEmbedder()
    book = casebook(folder, embedder)
    book.build()
    embedder.slow = True
    return Editor(book), embedder


def test_a_cancelled_change_leaves_everything_as_it_was(slow: tuple[Editor, SlowEmbedder]) -> None:
    editor, embedder = slow
    before = held(editor)
    draft = draft_of(editor, ("new.md", SKOMER))
    editor.apply(draft, {0})
    assert embedder.reached.wait(30)
    with pytest.raises(EditError, match=r"Another change is being made \(Indexing new\.md\)"):
        editor.remove("moorland.md")
    editor.worker.cancel()
    embedder.go_on.set()
    editor.worker.wait(30)
    work = editor.worker.work
    assert work is not None
    assert work.state is State.CANCELLED
    assert held(editor) == before
    assert not (book_of(editor).settings.corpus / "new.md").exists()
    assert editor.drafts.get(draft.id) == draft  # it can be taken once more


def test_an_unforeseen_error_puts_everything_back_and_is_a_sentence(
    slow: tuple[Editor, SlowEmbedder], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, embedder = slow
    before = held(editor)

    def broken(texts: object, on_batch: object = None) -> Vectors:
        raise RuntimeError("secret words of a document")

    monkeypatch.setattr(embedder, "embed", broken)
    editor.apply(draft_of(editor, ("new.md", SKOMER)), {0})
    editor.worker.wait(30)
    work = editor.worker.work
    assert work is not None
    assert work.outcome is not None
    assert work.state is State.FAILED
    assert work.outcome.sentence.startswith("Something went wrong here (RuntimeError).")
    assert "secret" not in work.outcome.sentence
    assert held(editor) == before
    assert not (book_of(editor).settings.corpus / "new.md").exists()


def test_stopping_the_app_cancels_what_runs() -> None:
    worker, begun = Worker(), threading.Event()

    def task(told: Callable[[int, int], None], should_stop: Callable[[], bool]) -> Outcome:
        told(1, 2)
        begun.set()
        while not should_stop():
            begun.wait(0.01)
        return Outcome("Stopped.")

    worker.start("Waiting", task)
    assert begun.wait(10)
    assert worker.work is not None
    assert (worker.work.done, worker.work.total) == (1, 2)
    worker.stop()
    assert worker.work.state is State.DONE
