"""Every bad file of tables B, C and D, and the bad contents of table A, made when they are needed.

    python -m tests.hostile.files FOLDER      writes them all, for a look with other tools

Each case says what must come of it: the code it is quarantined with, or words that the text of the
document holds and words that it must not hold; how long it may take; how much memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.hostile import building as make
from tests.hostile.case import GOOD, READ, Case, fixed
from tests.hostile.office_files import table_c
from tests.hostile.page_files import table_d
from tests.hostile.pdf_files import table_b


def _table_a() -> list[Case]:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    mismatch = ("type_mismatch",)
    empty = [
        Case(f"B01-{ending}", f"empty.{ending}", fixed(b""), ("empty",))
        for ending in ("pdf", "docx", "md", "html", "txt", "odt", "pptx", "rtf", "epub")
    ]
    return [
        *empty,
        Case("B02-html-as-pdf", "notes.pdf", fixed(make.html("<p>Hello</p>")), mismatch),
        Case("B02-exe-as-docx", "x.docx", fixed(b"MZ\x90\x00" + bytes(500)), mismatch),
        Case("B02-png-as-txt", "a.txt", fixed(png), mismatch),
        Case("B02-pdf-as-md", "a.md", fixed(b"%PDF-1.7\nabc"), mismatch),
        Case("B02-pdf-as-html", "a.html", fixed(b"%PDF-1.7\n<x>"), mismatch),
        Case("B02-zip-as-docx", "a.docx", lambda: make.container({"a.txt": b"x"}), mismatch),
        Case("B02-docx-as-odt", "a.odt", lambda: make.docx(make.paragraph(GOOD)), mismatch),
        Case("B02-docx-as-epub", "a.epub", lambda: make.docx(make.paragraph(GOOD)), mismatch),
        Case("B02-text-as-rtf", "a.rtf", fixed(b"Hello"), mismatch),
        Case(
            "B07-zip-slip-name", "a.docx",
            lambda: make.docx(make.paragraph(GOOD), {"../../etc/cron.d/x.md": b"evil"}),
            (READ,), holds=GOOD, lacks=("evil",),
        ),
    ]  # fmt: skip


CASES = [*_table_a(), *table_b(), *table_c(), *table_d()]


def main(folder: Path) -> None:
    """Write every case below `folder`."""
    for case in CASES:
        place = folder / case.id
        place.mkdir(parents=True, exist_ok=True)
        (place / case.name).write_bytes(case.content())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
