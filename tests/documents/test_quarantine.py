"""A folder of all kinds of files: what is told of each, by the build, the command and the page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant import cli
from assistant import text as texts
from assistant.datatypes import Span, source_url
from assistant.documents import quarantine
from assistant.pipeline import Casebook
from tests.documents.test_samples import SAMPLES
from tests.hostile import building as make
from tests.hostile.files import CASES
from tests.making import casebook, write_corpus
from tests.web.test_shell import shown
from tests.web.visiting import app_of, opened, visit

GOOD = ("wigan.md", "wigan.html", "wigan.docx", "wigan.odt", "wigan.pptx", "wigan.rtf",
        "wigan.epub", "wigan-chromium.pdf")  # fmt: skip
BAD = {"B22-password": "board-minutes.pdf", "B35-doctype": "strategy.docx", "B41-doc": "old.docx",
       "B21-truncated": "half.pdf"}  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    """A casebook of readable, broken, hostile and foreign files."""
    folder = tmp_path_factory.mktemp("mixed")
    corpus = write_corpus(folder / "corpus", {"README.md": "About.", "budget.xlsx": "x"})
    for name in GOOD:
        shutil.copy(SAMPLES / name, corpus)
    for case in CASES:
        if case.id in BAD:
            (corpus / BAD[case.id]).write_bytes(case.content())
    draft = make.paragraph("The draft was agreed.") + make.paragraph("Not for eyes.", "<w:vanish/>")
    (corpus / "draft.docx").write_bytes(make.docx(draft))
    found = casebook(folder)
    found.build()
    return found


REPORT = [
    "4 files that could not be read:",
    "  - board-minutes.pdf: is protected by a password; save a copy without one",
    "  - half.pdf: is damaged and cannot be opened; get it again from where it came",
    "  - old.docx: is an Office file of the format before 2007; open it in Word and save it as "
    ".docx",
    "  - strategy.docx: its part 'word/document.xml' declares a document type, which such files "
    "never do and attacks on readers need; save it again in its own program",
    "2 files read with something to know about:",
    "  - draft.docx: 1 hidden piece of text was left out.",
    "  - wigan.html: 1 hidden part was left out.",
    "1 file left aside (another format, or a link):",
    "  - budget.xlsx",
]


def test_the_report_of_a_mixed_folder(mixed: Casebook) -> None:
    report = mixed.reading_report()
    assert report.read == len(GOOD) + 1
    assert quarantine.lines(report) == REPORT
    assert report.codes == {"encrypted": 1, "malformed": 1, "unsupported": 1, "xml_limit": 1}


def test_the_rest_is_indexed(mixed: Casebook) -> None:
    ids = {document.doc_id for document in mixed.index().documents()}
    assert ids == {*GOOD, "draft.docx"}
    assert "Not for eyes" not in "".join(d.text for d in mixed.index().documents())


def test_the_command_lists_them(mixed: Casebook, capsys: pytest.CaptureFixture[str]) -> None:
    index = str(mixed.settings.index)
    assert cli.main(["quarantine", "--index", index]) == 1
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.endswith("UTC: 9 documents are searched.")
    assert lines[0] == REPORT[0]
    assert lines[1] == f"{REPORT[1]} [encrypted]"
    assert lines[-1].startswith("Correct these files")
    assert cli.main(["quarantine", "--index", index, "--json"]) == 1
    fields = json.loads(capsys.readouterr().out)
    assert fields["files"][0]["code"] == "encrypted"
    assert (fields["read"], fields["ignored"]) == (9, ["budget.xlsx"])


def test_the_command_before_anything_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["quarantine", "--index", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Nothing has been read yet. Build the index first")


def test_a_report_that_was_damaged_is_as_good_as_none(tmp_path: Path) -> None:
    for content in ("", "{", "[]", '{"when": "x"}', '{"when": 1, "read": "x"}'):
        (tmp_path / "reading.json").write_text(content, encoding="ascii")
        assert quarantine.load(tmp_path) == quarantine.QuarantineReport()


def test_the_page_of_case_studies_shows_them(mixed: Casebook) -> None:
    with visit(app_of(opened(mixed))) as client:
        page = client.get("/sources").text
    words = shown(page)
    assert "Files that could not be read" in words
    assert "board-minutes.pdf : is protected by a password; save a copy without one ." in words
    assert "1 hidden piece of text was left out." in words
    assert "budget.xlsx" in words


def test_the_viewer_names_the_page_and_what_was_left_out(mixed: Casebook) -> None:
    document = mixed.index().document("wigan-chromium.pdf")
    assert document is not None
    words = "Smoking fell from 30% to 16.1% in about seven years."
    start = document.text.index(words)
    number = document.page_of(Span(start, start + len(words)))
    with visit(app_of(opened(mixed))) as client:
        page = client.get(source_url(document.doc_id, texts.fingerprint(words))).text
        draft = client.get("/source/draft.docx").text
    assert number in (1, 2)
    assert f'Quoted from <a href="#page-{number}">page {number}</a>' in page
    assert f'<p class="cb-page-mark" id="page-{number}" lang="en">Page' in page
    assert '<article class="cb-document" lang="en-GB">' in page
    assert "1 hidden piece of text was left out." in draft
