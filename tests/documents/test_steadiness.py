"""Files that are being saved while the corpus is read."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.documents.corpus import CorpusReading, read_corpus
from assistant.documents.steadiness import look, read_steadily
from assistant.settings import Limits
from tests.making import CASES, HARBOUR, write_corpus


def test_a_look_names_what_a_reader_would_read(corpus: Path) -> None:
    write_corpus(
        corpus, {"~$harbour.md": "x", ".harbour.md.swp": "x", "a.tmp": "x", ".git/a.md": ""}
    )
    assert sorted(look(corpus)) == sorted(CASES)
    size, _, inode = look(corpus)["harbour.md"]
    assert (size, inode) == (len(HARBOUR), (corpus / "harbour.md").stat().st_ino)
    assert look(corpus / "nowhere") == {}


def test_a_look_sees_a_file_that_was_replaced_by_one_of_the_same_size(corpus: Path) -> None:
    before = look(corpus)
    stamp = (corpus / "harbour.md").stat().st_mtime_ns
    write_corpus(corpus, {"fresh": HARBOUR.replace("12", "13")})
    os.utime(corpus / "fresh", ns=(stamp, stamp))
    (corpus / "fresh").replace(corpus / "harbour.md")
    assert look(corpus)["harbour.md"] != before["harbour.md"]
    assert look(corpus)["moorland.md"] == before["moorland.md"]


def test_a_folder_at_rest_is_read_once(corpus: Path) -> None:
    reading = read_steadily(corpus)
    assert [d.doc_id for d in reading.documents] == sorted(CASES)
    assert reading.failures == ()


class Saving:
    """Reads a corpus while somebody appends to one of its files, at the first so many readings."""

    def __init__(self, path: Path, times: int) -> None:
        self._path, self._times, self.readings = path, times, 0

    def __call__(self, folder: Path, limits: Limits, tesseract: str) -> CorpusReading:
        reading = read_corpus(folder, limits, tesseract)
        self.readings += 1
        if self.readings <= self._times:
            with self._path.open("a", encoding="utf-8") as file:
                file.write("One more line.\n")
        return reading


def test_what_changed_meanwhile_is_read_again(corpus: Path) -> None:
    saving = Saving(corpus / "harbour.md", times=1)
    reading = read_steadily(corpus, read=saving)
    assert (saving.readings, reading.failures) == (2, ())
    assert reading.documents[0].text == HARBOUR + "One more line.\n"


def test_a_file_that_goes_on_changing_is_not_read_by_halves(corpus: Path) -> None:
    reading = read_steadily(corpus, read=Saving(corpus / "harbour.md", times=99))
    assert [(f.doc_id, f.code) for f in reading.failures] == [("harbour.md", "changing")]
    assert "is being written just now; build again" in str(reading.failures[0])
    assert [d.doc_id for d in reading.documents] == ["moorland.md", "sub/valley.md"]
    assert read_steadily(corpus).failures == ()
