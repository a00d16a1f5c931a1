"""Recognise the words of a scanned page with Tesseract, a program of its own.

The picture goes in and the words come out through pipes: no file is written, and no package is
needed beside the program (pytesseract and ocrmypdf write temporary files, which a reader may not).
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from assistant.datatypes import Block, BlockKind
from assistant.documents import plain_text
from assistant.documents.pdf_layout import Piece
from assistant.documents.reading import RawFile

if TYPE_CHECKING:
    import pypdfium2

DOTS_PER_INCH = 300
MAX_PIXELS = 40_000_000
"""A page that would be larger is recognised at a lower resolution."""


def words(file: RawFile, page: pypdfium2.PdfPage, number: int) -> list[Piece]:
    """The blocks that Tesseract finds on page `number`; none if it fails at it."""
    width, height = page.get_size()
    scale = DOTS_PER_INCH / 72
    scale = min(scale, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bytes(bitmap.buffer)
    picture = b"".join(
        rows[start : start + bitmap.width]
        for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
    )
    header = f"P5 {bitmap.width} {bitmap.height} 255\n".encode("ascii")
    bitmap.close()
    done = subprocess.run(  # noqa: S603 - the program that the person has installed
        [file.tesseract, "stdin", "stdout", "--dpi", str(round(scale * 72))],
        input=header + picture, capture_output=True, check=False, timeout=file.limits.ocr_seconds,
    )  # fmt: skip
    text = done.stdout.decode("utf-8", "replace").replace("\x0c", "\n")
    return [
        Piece(
            block.kind, number, block.span.of(text).split("\n"), block.level, _number(text, block)
        )
        for block in plain_text.blocks(text)
    ]


def _number(text: str, block: Block) -> int:
    """The number before an entry of a list; 0 if it has none."""
    mark = "".join(filter(str.isdigit, text[block.outer.start : block.span.start]))
    return int(mark[:3]) if mark and block.kind is BlockKind.NUMBERED else 0
