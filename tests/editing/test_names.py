"""Names from elsewhere: safe on every system, inside the corpus, never over something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.corpus import READERS
from assistant.editing.names import corpus_path, free_name, name_for, safe_name
from assistant.errors import EditError


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.md", "report.md"),
        ("Report Final.MD", "Report Final.md"),
        ("../../etc/passwd.md", "passwd.md"),
        ("C:\\Users\\me\\notes.txt", "notes.txt"),
        ("/absolute.txt", "absolute.txt"),
        ("..md", "case-study.md"),
        ("...hidden.md", "hidden.md"),
        ("~$lock.md", "lock.md"),
        ("CON.txt", "file-CON.txt"),
        ("lpt1.md", "file-lpt1.md"),
        ("con.tar.md", "file-con.tar.md"),
        ("README.md", "file-README.md"),
        ("a<b>c:d|e?f*.md", "a-b-c-d-e-f-.md"),
        ("invoice\u202efdp.exe.txt", "invoicefdp.exe.txt"),
        ("zero\u200bwidth\x00\x07.md", "zerowidth.md"),
        ("dots... .md", "dots.md"),
        ("Caf\u0065\u0301.md", "Café.md"),
        ("tab\tand\nline.md", "tab and line.md"),
        ("x" * 300 + ".md", "x" * 100 + ".md"),
        ("😀" * 100 + ".md", "😀" * 50 + ".md"),
    ],
)
def test_uploaded_names(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", "report", "virus.exe", "page.svg", "report.md.exe", ".md/", "md"]
)
def test_formats_that_are_not_read(sent: str) -> None:
    with pytest.raises(EditError, match=r"has a format that is not read: expected a name ending"):
        safe_name(sent)


@given(st.text())
def test_whatever_is_sent_the_name_stays_in_its_folder(stem: str) -> None:
    name = safe_name(f"{stem}.md")
    assert name == safe_name(name)
    assert Path(name).name == name
    assert not name.startswith((".", "~$", " "))
    assert Path(name).suffix in READERS
    assert len(name.encode()) <= 220
    assert corpus_path(Path("corpus"), name) == Path("corpus") / name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Harbour: one fund", "harbour-one-fund.md"),
        ("Ynys Môn – gofal", "ynys-mon-gofal.md"),
        ("  ", "case-study.md"),
        ("健康", "case-study.md"),
        ("README", "file-readme.md"),
        ("Con", "file-con.md"),
        ("x" * 200, "x" * 60 + ".md"),
    ],
)
def test_names_from_titles(title: str, name: str) -> None:
    assert name_for(title) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free_name("a.md", []) == "a.md"
    assert free_name("a.md", ["A.MD"]) == "a-2.md"
    assert free_name("a.md", ["a.md", "a-2.md"]) == "a-3.md"


@pytest.mark.parametrize(
    "doc_id",
    ["", "/etc/passwd", "../x.md", "a/../../x.md", ".hidden.md", "a/.b/c.md", "a//b.md", "a/",
     "a\\b.md", "a\x00.md", ".."],
)  # fmt: skip
def test_ids_that_lead_out_of_the_corpus(tmp_path: Path, doc_id: str) -> None:
    with pytest.raises(EditError, match="cannot be changed here"):
        corpus_path(tmp_path, doc_id)


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_text("secret")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "folder").symlink_to(tmp_path / "outside")
    (corpus / "b.md").symlink_to(tmp_path / "outside" / "a.md")
    for doc_id in ("folder/a.md", "b.md"):
        with pytest.raises(EditError, match="reached through a link"):
            corpus_path(corpus, doc_id)
