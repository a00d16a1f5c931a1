"""Presentations (.pptx), through python-pptx: each slide is a page, its title a heading.

Hidden slides are left out and counted; speaker notes are kept below their slide.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.datatypes import BlockKind
from assistant.documents.archive import Archive
from assistant.documents.composing import Composer
from assistant.documents.docx import properties
from assistant.documents.html import hidden_note
from assistant.documents.reading import RawFile, Reading
from assistant.errors import DocumentError

if TYPE_CHECKING:
    from pptx.slide import Slide
    from pptx.text.text import TextFrame, _Paragraph, _Run

MAX_DEPTH = 20
"""Groups inside groups that are looked into."""


def read(file: RawFile) -> Reading:
    """A .pptx file. Raises DocumentError."""
    from pptx import Presentation

    archive = Archive(file, "ppt/presentation.xml", "a PowerPoint presentation")
    slides = Presentation(io.BytesIO(file.content)).slides
    if len(slides) > file.limits.max_pages:
        raise DocumentError(
            file.doc_id,
            "page_limit",
            f"has {len(slides):,} slides where {file.limits.max_pages:,} are allowed; split it",
        )
    composer = Composer(file)
    hidden = 0
    for number, slide in enumerate(slides, 1):
        if slide.element.get("show") in ("0", "false"):
            hidden += 1
        else:
            composer.page(number)
            _slide(composer, slide)
    title, metadata = properties(archive)
    return composer.reading(title, metadata, hidden_note(hidden, "hidden slide"))


def _slide(composer: Composer, slide: Slide) -> None:
    title = slide.shapes.title
    if title is not None:
        composer.heading(title.text_frame.text, 2)
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            composer.table([[cell.text for cell in row.cells] for row in shape.table.rows])
        elif shape.has_text_frame:
            _frame(composer, shape.text_frame)
    _notes(composer, slide)


def _notes(composer: Composer, slide: Slide) -> None:
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        words = slide.notes_slide.notes_text_frame.text
        if words.strip():
            composer.heading("Speaker notes", 3)
            for line in words.splitlines():
                composer.add(BlockKind.PARAGRAPH, line)


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:  # noqa: ANN401 - python-pptx has no type
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < MAX_DEPTH:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _frame(composer: Composer, frame: TextFrame) -> None:
    """A box of text: entries of a list if it has several paragraphs, else a paragraph."""
    paragraphs = [p for p in frame.paragraphs if p.text.strip()]
    for paragraph in paragraphs:
        if len(paragraphs) > 1:
            composer.entry(_words(paragraph), paragraph.level + 1)
        else:
            composer.add(BlockKind.PARAGRAPH, _words(paragraph))


def _words(paragraph: _Paragraph) -> str:
    """The words of a paragraph; raised figures are notes: "[1]"."""
    if not any(map(_is_raised_number, paragraph.runs)):
        return str(paragraph.text)
    return "".join(
        f"[{run.text.strip()}]" if _is_raised_number(run) else run.text for run in paragraph.runs
    )


def _is_raised_number(run: _Run) -> bool:
    looks = run._r.rPr
    height = "0" if looks is None else str(looks.get("baseline") or "0")
    return height.isdecimal() and int(height) > 0 and bool(run.text.strip().isdecimal())
