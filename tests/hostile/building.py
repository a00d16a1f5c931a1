"""Build files byte by byte: PDF objects, office containers, pages. No reader is used for it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of `objects` by number, with its cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % places.get(number, 0))
    out.write(b"trailer << /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def flate(content: bytes, times: int = 1) -> bytes:
    """A stream compressed `times` times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter [%s]" % (b"/FlateDecode " * times))


def one_page(
    content: bytes, more: Mapping[int, bytes] | None = None, page: bytes = b"",
    catalog: bytes = b"", trailer: bytes = b"/Root 1 0 R",
) -> bytes:  # fmt: skip
    """A PDF of one page whose content stream object is `content` (object 4; 5 is the font)."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> %s >>" % page,
            4: content,
            5: FONT,
        }
        | dict(more or {}),
        trailer,
    )


def words(text: str, before: str = "", y: int = 700, size: int = 12) -> bytes:
    """Content that sets `text`."""
    return f"BT /F1 {size} Tf {before} 72 {y} Td ({text}) Tj ET\n".encode("latin-1")


def container(members: Mapping[str, bytes], stored: Sequence[str] = ()) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/\
content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override \
PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.\
wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/\
2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/\
2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""


def docx(body: str, more: Mapping[str, bytes] | None = None, prolog: str = "") -> bytes:
    """A Word document whose body holds `body` (WordprocessingML)."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document {WORD} xmlns:r="http://schemas.'
        f'openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}</w:body></w:document>'
    )
    members = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": document.encode(),
    }
    return container(members | dict(more or {}))


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    looks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:p><w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def html(body: str, head: str = "") -> bytes:
    """A page."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()
