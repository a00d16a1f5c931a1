"""One case study in every format: the same words, the same structure, the same answer."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from assistant.datatypes import BlockKind, Document
from assistant.documents import read_document
from assistant.documents.sandbox import Sandbox
from assistant.pipeline import Casebook
from assistant.settings import Limits
from assistant.web import document_html
from tests.making import casebook

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
TESSERACT = shutil.which("tesseract")
FORMATS = (
    "wigan.md", "wigan.html", "wigan.docx", "wigan-libreoffice.docx", "wigan.odt", "wigan.rtf",
    "wigan.epub", "wigan.pptx", "wigan-libreoffice.pdf", "wigan-chromium.pdf", "wigan-columns.pdf",
)  # fmt: skip
MADE = FORMATS[1:]
"""Those that a program made of the first."""
QUESTIONS = {
    "How far did smoking fall?": "Smoking fell from 30% to 16.1% in about seven years.",
    "Where are the roots of the Deal in Scholes?": (
        "The roots are in Scholes, a neighbourhood where community activists, backed by Nesta in "
        "2012, turned a former dementia day centre, Sunshine House, into a hub open seven days a "
        "week."
    ),
    "What do inspectors' ratings of social care say?": (
        "Inspectors’ ratings of social care improved."
    ),
}


@cache
def sample(name: str) -> Document:
    return read_document(SAMPLES / name, name)


def flat(words: str) -> str:
    """White space and the shape of quotation marks aside."""
    return re.sub(r"\s+", "", words).translate(str.maketrans("’‘“”", "''\"\""))


@pytest.fixture(scope="module", params=FORMATS)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    """A casebook of one file."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "corpus").mkdir()
    shutil.copy(SAMPLES / request.param, folder / "corpus")
    found = casebook(folder)
    found.build()
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_the_same_sentence_from_every_format(
    book: Casebook, question: str
) -> None:
    citation = book.ask(question).citations[0]
    assert flat(citation.quote) == flat(QUESTIONS[question])
    document = book.index().document(citation.doc_id)
    assert document is not None
    page = str(document_html.render(document, citation.span).html)
    marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", page)).replace("&#39;", "'")
    assert flat(marked) == flat(citation.quote)
    if citation.doc_id.endswith((".pdf", ".pptx")):
        assert citation.page == document.page_of(citation.span) > 0
        assert f'id="page-{citation.page}"' in page
        assert page.index(f'id="page-{citation.page}"') < page.index("<mark")


@pytest.mark.parametrize("name", MADE)
def test_every_sentence_arrives(name: str) -> None:
    source = sample("wigan.md")
    listed = [block.span.of(source.text) for block in source.blocks if block.kind == "bullet"]
    assert len(listed) == 15
    text = flat(sample(name).text)
    assert [words for words in listed if flat(words) not in text] == []


@pytest.mark.parametrize("name", MADE)
def test_structure_arrives(name: str) -> None:
    document = sample(name)
    words = {
        kind: [b.span.of(document.text) for b in document.blocks if b.kind is kind]
        for kind in BlockKind
    }
    assert document.title == "Wigan: the Deal between council and citizens"
    headings = [h for h in words[BlockKind.HEADING] if h != document.title]
    assert headings[:6] == [
        "About the partnership", "What has gone well", "Challenges experienced and overcome",
        "Results", "What made the difference", "Figures at a glance",
    ]  # fmt: skip
    assert words[BlockKind.RECORD] == [
        "Measure: Adults who smoke; Before: 30%; After: 16.1%",
        "Measure: Health champions; Before: none; After: 1,350",
    ]
    note = next(b for b in document.blocks if b.span.of(document.text).endswith("same years."))
    before = document.text[: note.span.start]
    assert before.rstrip().endswith(("1.", "[1]")) or note.span.of(document.text)[:2] == "1."
    assert "faster than in the region.[1]" in document.text


@pytest.mark.parametrize("name", MADE)
def test_properties_arrive(name: str) -> None:
    meta = sample(name).metadata
    if name not in ("wigan-chromium.pdf", "wigan-columns.pdf"):  # Chromium writes no author
        assert meta.author == "Care Library Team"
    if name not in ("wigan.rtf", "wigan.pptx"):  # these state none
        assert meta.language == "en-GB"
    date = meta.published if name in ("wigan.html", "wigan.epub") else meta.dated
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", date)


def test_of_a_saved_page_only_the_main_text_is_kept() -> None:
    document = sample("wigan.html")
    for word in ("COOKIE", "NAVIGATION", "ASIDE", "NEWSLETTER", "FOOTER", "SCRIPT", "HIDDEN"):
        assert f"{word}WORD" not in document.text
    assert document.notes == ("1 hidden part was left out.",)


def test_a_citation_names_the_page_it_begins_on() -> None:
    document = sample("wigan-libreoffice.pdf")
    assert [page.number for page in document.pages] == [1, 2]
    start = document.text.index("Figures at a glance")
    assert document.pages[1].start <= start
    assert document.text[: document.pages[1].start].rstrip().endswith("2020s.") or (
        "Results" in document.text[:start]
    )


def test_words_broken_at_line_ends_are_mended_and_compounds_keep_their_hyphen() -> None:
    text = sample("wigan-columns.pdf").text
    assert "neighbourhoods in England" in text
    assert "asset-based working" in text
    assert "long-term illness" in text
    assert "\u00ad" not in text and "\x02" not in text


def test_ligatures_are_letters() -> None:
    assert "fifth of its workforce" in sample("wigan-chromium.pdf").text


def test_text_from_right_to_left_is_in_reading_order() -> None:
    document = sample("hebrew.pdf")
    words = [block.span.of(document.text) for block in document.blocks]
    assert words == [
        "קרן משותפת",
        "המועצה ובית החולים שמו את כספם בקרן אחת. חוסר האמון סביב המימון דעך לאט.",
        "הקרן פרסמה 12 דוחות בשנת 2019 והאשפוזים ירדו.",
    ]
    assert document.metadata.language == "he"


def test_a_scan_without_the_program_for_it_needs_ocr() -> None:
    from assistant.errors import DocumentError

    with (
        Sandbox(Limits(), tesseract="") as sandbox,
        pytest.raises(DocumentError, match=r"is a scan: a picture of a page .*needs OCR") as found,
    ):
        sandbox.read("a.pdf", (SAMPLES / "wigan-scan.pdf").read_bytes())
    assert found.value.code == "no_text"


@pytest.mark.slow
@pytest.mark.skipif(TESSERACT is None, reason="Tesseract is not installed")
def test_a_scan_is_read_by_tesseract_and_marked() -> None:
    with Sandbox(Limits()) as sandbox:
        reading = sandbox.read("a.pdf", (SAMPLES / "wigan-scan.pdf").read_bytes())
    assert flat("Its council suffered the third largest proportionate cut in funding") in flat(
        reading.text
    )
    assert [(page.number, page.ocr) for page in reading.pages] == [(1, True)]
    assert reading.notes == (
        "This is a scan: its words were recognised in a picture (OCR) and may hold mistakes.",
    )
