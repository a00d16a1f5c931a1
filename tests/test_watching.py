"""`--watch`: the index follows the folder, and never sees half a file."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.documents import CorpusReading
from assistant.indexing.embedders import HashingEmbedder, Vectors
from assistant.indexing.generations import Generations
from assistant.indexing.summary import BuildSummary
from assistant.pipeline import Casebook
from assistant.watching import Watching
from tests.making import HARBOUR, MOORLAND, casebook, write_corpus

QUIET = 0.15
DUNES = "# Dunes\n\nSand was moved by hand."


class Watched:
    """A folder being watched by a thread, and what it said."""

    def __init__(self, book: Casebook) -> None:
        self.book = book
        self.said: list[str] = []
        self.reports: list[tuple[BuildSummary, CorpusReading]] = []
        own = casebook(book.settings.corpus.parent)
        self.watching = Watching(
            own,
            self.said.append,
            lambda *report: self.reports.append(report),
            quiet=QUIET,
            tick=0.5,
        )

    def _reported(self, summary: BuildSummary, reading: CorpusReading) -> None:
        self.reports.append((summary, reading))

    def text(self, doc_id: str) -> str:
        document = self.book.index().document(doc_id)
        return document.text if document else ""


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def watched(book: Casebook) -> Iterator[Watched]:
    found = Watched(book)
    thread = threading.Thread(target=found.watching.run)
    thread.start()
    try:
        until(lambda: bool(found.said))
        time.sleep(2 * QUIET)  # the first look is over
        yield found
    finally:
        found.watching.stop()
        thread.join(20)
        assert not thread.is_alive()


def test_the_index_follows_the_folder(book: Casebook, corpus: Path) -> None:
    with watched(book) as seen:
        assert seen.said == [f"Watching {corpus} (Ctrl+C ends it)."]
        write_corpus(corpus, {"dunes.md": DUNES})
        until(lambda: seen.text("dunes.md") == DUNES)
        (corpus / "dunes.md").rename(corpus / "sands.md")
        until(lambda: seen.text("sands.md") != "" and seen.text("dunes.md") == "")
    added, renamed = (summary for summary, _ in seen.reports)
    assert (added.added, added.embedded) == (("dunes.md",), 6)
    assert (renamed.added, renamed.removed, renamed.embedded) == (("sands.md",), ("dunes.md",), 0)


@pytest.mark.slow
def test_many_changes_in_a_row_are_one_build(book: Casebook, corpus: Path) -> None:
    with watched(book) as seen:
        for number in range(10):
            write_corpus(corpus, {f"more/{number}.txt": f"Town {number} shared money."})
            time.sleep(QUIET / 3)
        until(lambda: seen.text("more/9.txt") != "")
    assert [len(summary.added) for summary, _ in seen.reports] == [10]


def test_a_file_written_slowly_is_waited_for(book: Casebook, corpus: Path) -> None:
    """A copy over a slow line: a sentence at a time, pausing for less than the time of quiet."""
    sentences = [f"Sentence {number} of the copy." for number in range(12)]
    versions: set[str] = set()
    with watched(book) as seen:
        with (corpus / "slow.txt").open("w", encoding="utf-8") as file:
            for sentence in sentences:
                file.write(f"{sentence} ")
                file.flush()
                time.sleep(QUIET / 2)
                versions.add(seen.text("slow.txt"))
        until(lambda: seen.text("slow.txt") != "")
        assert versions == {""}, "nothing of it was indexed before all of it was there"
        assert sentences[-1] in seen.text("slow.txt")
    assert len(seen.reports) == 1


@pytest.mark.parametrize("way", ["remove, then write", "empty, then fill", "rename over"])
def test_an_editor_that_replaces_a_file_never_makes_it_vanish(
    book: Casebook, corpus: Path, way: str
) -> None:
    path = corpus / "harbour.md"
    edited = HARBOUR.replace("12 per cent", "15 per cent")
    with watched(book) as seen:
        until(lambda: seen.text("harbour.md") == HARBOUR)
        if way == "rename over":
            write_corpus(corpus, {"harbour.md.tmp123": edited})
            (corpus / "harbour.md.tmp123").replace(path)
        else:
            if way.startswith("remove"):
                path.unlink()
            else:
                path.write_bytes(b"")
            time.sleep(QUIET * 1.5)  # longer than a pause for breath
            assert seen.text("harbour.md") == HARBOUR
            path.write_text(edited, encoding="utf-8")
        until(lambda: seen.text("harbour.md") == edited)
    assert [(s.changed, s.removed) for s, _ in seen.reports] == [(("harbour.md",), ())]


def test_files_of_editors_and_offices_stir_nothing(book: Casebook, corpus: Path) -> None:
    with watched(book) as seen:
        write_corpus(
            corpus,
            {".harbour.md.swp": "x", "harbour.md~": "x", "~$moorland.md": "x", "4913": "x",
             ".~lock.harbour.md#": "x", "download.md.part": "x"},
        )  # fmt: skip
        time.sleep(4 * QUIET)
    assert seen.reports == []


@pytest.mark.slow
def test_a_folder_that_vanishes_and_comes_back(book: Casebook, corpus: Path) -> None:
    with watched(book) as seen:
        corpus.rename(corpus.with_name("away"))
        until(lambda: any("does not exist" in sentence for sentence in seen.said), 30)
        assert "keeps its 3 documents" in seen.said[-1]
        assert len(book.index()) == 5
        write_corpus(corpus.with_name("away"), {"moorland.md": MOORLAND.replace("94", "95")})
        corpus.with_name("away").rename(corpus)
        until(lambda: "95 per cent" in seen.text("moorland.md"), 30)
    assert len([s for s in seen.said if "does not exist" in s]) == 1, "said once"


@pytest.mark.slow
def test_a_held_index_is_left_alone_until_it_is_built_on_purpose(
    book: Casebook, corpus: Path
) -> None:
    write_corpus(corpus, {"dunes.md": DUNES})
    book.build()
    book.rollback("000001")
    with watched(book) as seen:
        write_corpus(corpus, {"sands.md": "More sand."})
        until(lambda: any("held at generation 000001" in sentence for sentence in seen.said))
        time.sleep(3 * QUIET)
        assert Generations(book.settings.index).names() == ["000001", "000002"]
        casebook(corpus.parent).build()
        write_corpus(corpus, {"sands.md": "Even more sand."})
        until(lambda: seen.text("sands.md") == "Even more sand.")


@pytest.mark.slow
def test_what_cannot_be_read_is_reported_once_and_another_build_does_not_end_it(
    book: Casebook, corpus: Path
) -> None:
    with watched(book) as seen:
        write_corpus(corpus, {"bad.md": "---\na: [\n---\nx"})
        until(lambda: bool(seen.reports))
        with Generations(book.settings.index).lock():
            write_corpus(corpus, {"dunes.md": DUNES})
            until(lambda: any("Another build" in sentence for sentence in seen.said))
        until(lambda: seen.text("dunes.md") != "")
    assert [[f.doc_id for f in reading.failures] for _, reading in seen.reports] == [
        ["bad.md"], ["bad.md"],
    ]  # fmt: skip
    assert [summary.published for summary, _ in seen.reports] == [False, True]


def test_stopping_ends_a_build_that_runs(corpus: Path) -> None:
    shutil.rmtree(corpus)
    write_corpus(corpus, {f"{n}.txt": f"Town {n} shared money." for n in range(200)})
    embedder = Slow()
    book = casebook(corpus.parent, embedder)
    watching = Watching(book, lambda sentence: None, lambda summary, reading: None, quiet=QUIET)
    thread = threading.Thread(target=watching.run)
    thread.start()
    assert embedder.begun.wait(20)
    watching.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert Generations(book.settings.index).names() == []


class Slow(HashingEmbedder):
    """Takes a tenth of a second a batch, and says when it began."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def embed(
        self, passages: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        def slowly(count: int) -> None:
            self.begun.set()
            time.sleep(0.1)
            if on_progress:
                on_progress(count)

        return super().embed(passages, slowly)
