"""What is known about a document: front matter, then its sidecar, then its own properties."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.documents import read_corpus, read_document
from assistant.documents.corpus import fingerprint, sidecar_of
from assistant.errors import DocumentError
from assistant.settings import Limits
from tests.hostile import building as make
from tests.making import write_corpus

PAGE = make.html(
    "<h1>Own title</h1><p>Admissions fell by a fifth.</p>",
    '<meta name="author" content="Own author"><meta name="dc.date" content="2019-06-26">',
)
SIDECAR = "title: Told title\nplace: Hull\nauthor: Told author\nthemes: [trust]\n"


def _write(folder: Path, name: str, content: bytes, sidecar: str = "", beside: str = "") -> Path:
    path = folder / name
    path.write_bytes(content)
    if sidecar:
        (folder / (beside or f"{name}.meta.yaml")).write_text(sidecar, encoding="utf-8")
    return path


def test_own_properties_are_the_last_resort(tmp_path: Path) -> None:
    document = read_document(_write(tmp_path, "a.html", PAGE), "a.html")
    assert (document.title, document.metadata.author) == ("Own title", "Own author")
    assert document.metadata.published == "2019-06-26"


@pytest.mark.parametrize("beside", ["a.html.meta.yaml", "a.meta.yaml"])
def test_a_sidecar_says_more_and_goes_before_own_properties(tmp_path: Path, beside: str) -> None:
    path = _write(tmp_path, "a.html", PAGE, SIDECAR, beside)
    document = read_document(path, "a.html")
    meta = document.metadata
    assert (document.title, meta.author, meta.place) == ("Told title", "Told author", "Hull")
    assert meta.themes == ("trust",)
    assert meta.published == "2019-06-26"  # only the page says it


def test_front_matter_goes_before_a_sidecar(tmp_path: Path) -> None:
    raw = b"---\ntitle: Front title\nplace: Leeds\n---\nWords."
    document = read_document(_write(tmp_path, "a.md", raw, SIDECAR), "a.md")
    assert (document.title, document.metadata.place) == ("Front title", "Leeds")
    assert document.metadata.author == "Told author"
    assert document.text == raw.decode()


def test_a_sidecar_names_the_place_of_a_text_that_only_seems_to_name_another(
    tmp_path: Path,
) -> None:
    raw = b"Barnsley grew. Barnsley changed. Barnsley met. Barnsley won."
    assert read_document(_write(tmp_path, "b.txt", raw), "b.txt").metadata.place == "Barnsley"
    assert read_document(_write(tmp_path, "a.txt", raw, SIDECAR), "a.txt").metadata.place == "Hull"


def test_a_changed_sidecar_changes_the_document(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.html", PAGE, SIDECAR)
    before = read_document(path, "a.html").sha256
    assert before == hashlib.sha256(PAGE + SIDECAR.encode()).hexdigest()
    assert before == fingerprint(path, "a.html", Limits())
    _write(tmp_path, "a.html", PAGE, SIDECAR + "period: '2019'\n")
    assert read_document(path, "a.html").sha256 != before


def test_sidecars_are_part_of_their_documents(tmp_path: Path) -> None:
    write_corpus(tmp_path, {"a.md": "A.", "a.meta.yaml": "place: Hull", "b.meta.yaml": "x: y"})
    reading = read_corpus(tmp_path)
    assert [(d.doc_id, d.metadata.place) for d in reading.documents] == [("a.md", "Hull")]
    assert reading.ignored == ("b.meta.yaml",)
    assert sidecar_of(tmp_path / "b.md") == tmp_path / "b.meta.yaml"


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("a: [", r"its \.meta\.yaml is not valid YAML"),
        ("- a\n- b", r"its \.meta\.yaml is not a list of names and values"),
        ("a: &x [*x]", "aliases .* are not allowed"),
        ("a: " + "x" * 30_000, "longer than 20000 characters"),
    ],
)
def test_a_sidecar_that_cannot_be_understood(tmp_path: Path, sidecar: str, reason: str) -> None:
    path = _write(tmp_path, "a.html", PAGE, sidecar)
    with pytest.raises(DocumentError, match=reason) as found:
        read_document(path, "a.html")
    assert found.value.code == "metadata"
