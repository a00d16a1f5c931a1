"""PDF files, through PDFium: words in reading order, structure from tags or from the layout, pages.

Scripts, attachments, forms and links of a PDF are never looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.datatypes import BlockKind, Metadata
from assistant.documents import ocr, pdf_layout, pdf_streams, pdf_tags
from assistant.documents.composing import Composer, clean
from assistant.documents.pdf_layout import Piece
from assistant.documents.pdf_lines import PageText, page_text, structure
from assistant.documents.pdf_words import Vocabulary
from assistant.documents.reading import RawFile, Reading
from assistant.errors import DocumentError

if TYPE_CHECKING:
    import pypdfium2

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_MADE_UP = re.compile(
    r"(?:microsoft (?:word|powerpoint) - )|\.(?:docx?|pptx?|indd|qxd|pdf|html?)$", re.I
)
"""Titles that a program made of a file's name."""
_OPEN_END = re.compile(r"[\w,–-]$")
_LONE_NUMBER = re.compile(r"\[?(\d{1,3})[\].)]?")
FEW_LETTERS = 16
"""A page with fewer letters than this, and a picture on it, is a scan."""


def read(file: RawFile) -> Reading:
    """A .pdf file; pages that are pictures are recognised if the file may be. Raises DocumentError.

    A document whose pages are all pictures has no blocks, and `scanned` says how many there are.
    """
    document = _opened(file)
    try:
        if len(document) > file.limits.max_pages:
            raise DocumentError(
                file.doc_id,
                "page_limit",
                f"has {len(document):,} pages, more than the {file.limits.max_pages:,} that are "
                "allowed; split it",
            )
        return _read(file, document)
    finally:
        document.close()


def _read(file: RawFile, document: pypdfium2.PdfDocument) -> Reading:
    pages: list[PageText] = []
    tagged: dict[int, list[Piece]] = {}
    pictures: list[int] = []
    letters = 0
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        found = page_text(page, number)
        pages.append(found)
        here = sum(len(line.words) for line in found.lines)
        letters += here
        if letters > file.limits.max_characters:
            raise DocumentError(
                file.doc_id,
                "text_limit",
                f"holds more than {file.limits.max_characters:,} characters; split it",
            )
        if here < FEW_LETTERS and _has_picture(page):
            pictures.append(number)
        root = structure(page) if here else None
        if root is not None and (pieces := pdf_tags.pieces(found, root)) is not None:
            tagged[number] = pieces
        page.close()
    recognised = (
        {n: ocr.words(file, document[n - 1], n) for n in pictures} if file.tesseract else {}
    )
    composer = Composer(file)
    _compose(composer, pages, tagged, recognised)
    title, metadata = _properties(document)
    if _MADE_UP.search(title):
        title = ""
    reading = composer.reading(title, metadata, _notes(pages, pictures, recognised))
    return replace(reading, scanned=0 if file.tesseract else len(pictures))


def _opened(file: RawFile) -> pypdfium2.PdfDocument:
    import pypdfium2

    if b"%PDF-" not in file.content[:1024]:
        raise DocumentError(
            file.doc_id,
            "type_mismatch",
            "is not a PDF although its name says so; give it the ending of its real format",
        )
    pdf_streams.check(file)
    try:
        return pypdfium2.PdfDocument(file.content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DocumentError(
                file.doc_id, "encrypted", "is protected by a password; save a copy without one"
            ) from error
        raise DocumentError(
            file.doc_id,
            "malformed",
            "is damaged and cannot be opened; get it again from where it came",
        ) from error


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _compose(
    composer: Composer,
    pages: Sequence[PageText],
    tagged: dict[int, list[Piece]],
    recognised: dict[int, list[Piece]],
) -> None:
    vocabulary = Vocabulary(line.words for page in pages for line in page.lines)
    found = _joined(_in_order(pages, tagged, recognised))
    page = 0
    for is_table, group in groupby(found, key=lambda piece: bool(piece.cells)):
        if is_table:
            page = _add_tables(composer, list(group), page, recognised)
            continue
        for piece in group:
            page = _turn(composer, piece.page, page, recognised)
            words = vocabulary.joined(piece.lines)
            if piece.number:
                composer.entry(words, piece.level, piece.number)
            elif piece.kind is BlockKind.BULLET:
                composer.entry(words, piece.level)
            else:
                composer.add(piece.kind, words, piece.level)
            for line, page in piece.turns:
                composer.turn(page, len(vocabulary.joined(piece.lines[:line])), page in recognised)


def _turn(composer: Composer, number: int, page: int, recognised: dict[int, list[Piece]]) -> int:
    if number != page:
        composer.page(number, number in recognised)
    return number


def _add_tables(
    composer: Composer, rows: list[Piece], page: int, recognised: dict[int, list[Piece]]
) -> int:
    """Rows of one table or several; a table that goes on on the next page keeps its header."""
    table: list[list[str]] = []
    for row in [*rows, None]:
        if row is None or (row.new_table and table):
            composer.table(table)
            table = []
        if row is not None:
            if not table:
                page = _turn(composer, row.page, page, recognised)
            table.append(row.cells)
    return page


def _in_order(
    pages: Sequence[PageText],
    tagged: dict[int, list[Piece]],
    recognised: dict[int, list[Piece]],
) -> Iterator[Piece]:
    """The pieces of all pages; pages without tags are laid out together, as headings need it."""
    plain = [page for page in pages if page.number not in tagged and page.number not in recognised]
    laid: dict[int, list[Piece]] = {}
    for piece in pdf_layout.pieces(plain):
        laid.setdefault(piece.page, []).append(piece)
    for page in pages:
        number = page.number
        yield from tagged.get(number) or recognised.get(number) or laid.get(number, [])


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Pieces whose sentence goes on on the next page become one; numbers join their entries."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and _is_number_of(last, piece):
            found[-1] = replace(
                piece, kind=BlockKind.NUMBERED, level=1, number=_figure(last.lines[0])
            )
        elif (
            last is not None
            and _ends_on(last) < piece.page
            and last.lines
            and piece.lines
            and last.kind is not BlockKind.HEADING
            and piece.kind in (BlockKind.PARAGRAPH, last.kind)
            and not piece.number
            and _OPEN_END.search(last.lines[-1].strip())
            and piece.lines[0].lstrip()[:1].islower()
        ):
            last.turns.append((len(last.lines), piece.page))
            last.lines += piece.lines
        else:
            found.append(piece)
    return found


def _ends_on(piece: Piece) -> int:
    return piece.turns[-1][1] if piece.turns else piece.page


def _figure(words: str) -> int:
    digits = _LONE_NUMBER.fullmatch(unicodedata.normalize("NFKC", words).strip())
    return int(digits[1]) if digits else 0


def _is_number_of(last: Piece, piece: Piece) -> bool:
    """Whether `last` is only the number of the note or entry that `piece` is."""
    return (
        last.kind is BlockKind.PARAGRAPH
        and piece.kind is BlockKind.PARAGRAPH
        and last.page == piece.page
        and len(last.lines) == 1
        and _figure(last.lines[0]) > 0
    )


def _properties(document: pypdfium2.PdfDocument) -> tuple[str, Metadata]:
    import ctypes

    import pypdfium2.raw as pdfium

    stated = {name: clean(words)[:300] for name, words in document.get_metadata_dict().items()}
    buffer = (ctypes.c_ushort * 64)()
    length = pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, ctypes.sizeof(buffer))
    raw = bytes(buffer)[: max(0, min(length, ctypes.sizeof(buffer)) - 2)]
    language = raw.decode("utf-16-le", "replace")
    date = _DATE.match(stated.get("CreationDate", ""))
    return stated.get("Title", ""), Metadata(
        author=stated.get("Author", ""),
        dated="-".join(part for part in date.groups() if part) if date else "",
        language=clean(language)[:35],
    )


def _notes(
    pages: Sequence[PageText], pictures: Sequence[int], recognised: dict[int, list[Piece]]
) -> tuple[str, ...]:
    notes = []
    if recognised:
        which = "This is a scan" if len(recognised) == len(pages) else _which(sorted(recognised))
        notes.append(
            f"{which}: its words were recognised in a picture (OCR) and may hold mistakes."
        )
    elif pictures and len(pictures) < len(pages):
        notes.append(f"{_which(pictures)} only a picture, and its words were not read (needs OCR).")
    unseen = sum(page.unseen for page in pages)
    if unseen:
        notes.append(
            f"About {unseen:,} characters may not be visible on the page (white, tiny or outside "
            "it); they are indexed and shown here."
        )
    return tuple(notes)


def _which(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Page {numbers[0]} is"
    shown = ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
    return f"Each of the pages {shown} is"
