"""Table C: bad Word files and other containers."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.hostile import building as make
from tests.hostile.case import EVIL, GOOD, READ, Case, fixed


def _laughs(external: str = "") -> str:
    if external:
        return f"<!DOCTYPE w:document [{external}]>"
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
    )
    return f"<!DOCTYPE w:document [{entities}]>"


def _lying(declared: int) -> bytes:
    """A container whose directory declares another size than its member unpacks to."""
    raw = bytearray(make.docx(make.paragraph("A" * 2_000_000)))
    end = raw.rindex(b"PK\x05\x06")
    position = raw.index(b"PK\x01\x02")
    while raw[position : position + 4] == b"PK\x01\x02":
        name, extra, note = struct.unpack_from("<HHH", raw, position + 28)
        if raw[position + 46 : position + 46 + name] == b"word/document.xml":
            struct.pack_into("<I", raw, position + 24, declared)
        position += 46 + name + extra + note
    assert position == end
    return bytes(raw)


def _overlapping() -> bytes:
    """Many directory entries that share one member (as 42.zip's successors do)."""
    raw = make.docx(make.paragraph(GOOD) * 2_000)
    start = raw.index(b"PK\x01\x02")
    end = raw.rindex(b"PK\x05\x06")
    directory = raw[start:end]
    copies = 300
    count = struct.unpack_from("<H", raw, end + 10)[0] * copies
    tail = struct.pack(
        "<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory) * copies, start, 0
    )
    return raw[:start] + directory * copies + tail


def _link_member() -> bytes:
    out = io.BytesIO(make.docx(make.paragraph(GOOD)))
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("word/link.xml")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("/etc/evil.txt", "evil")
    return out.getvalue()


def _ole(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le") + b"\x00\x00" for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + names + bytes(600)


EXTERNAL = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/\
2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/\
2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/evil.dotm" TargetMode="External"/>\
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/\
image" Target="http://127.0.0.1:9/x.png" TargetMode="External"/></Relationships>"""


def _policy() -> bytes:
    """Everything of B40 in one document."""
    body = (
        make.paragraph(GOOD)
        + '<w:p><w:del w:id="1" w:author="x"><w:r><w:delText>DELETEDWORD</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="x"><w:r><w:t>INSERTEDWORD</w:t></w:r></w:ins>'
        '<w:moveFrom w:id="3"><w:r><w:t>MOVEDWORD</w:t></w:r></w:moveFrom></w:p>'
        + make.paragraph("VANISHEDWORD", "<w:vanish/>")
        + make.paragraph("SHOWNWORD", '<w:vanish w:val="0"/>')
        + "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
        f"<w:txbxContent>{make.paragraph('BOXWORD')}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</w:r></w:p><w:tbl>"
        + "".join(
            f"<w:tr><w:tc>{make.paragraph(a)}</w:tc><w:tc>{make.paragraph(b)}</w:tc></w:tr>"
            for a, b in (("Measure", "Value"), ("Beds", "12"))
        )
        + "</w:tbl>"
    )
    comments = f'<w:comments {make.WORD}><w:comment w:id="0">{make.paragraph("COMMENTWORD")}'
    return make.docx(body, {"word/comments.xml": f"{comments}</w:comment></w:comments>".encode()})


def table_c() -> list[Case]:
    bomb = ("decompression_limit",)
    good = make.paragraph(GOOD)
    return [
        Case("B30-300-MB-text", "a.docx", lambda: make.docx(make.paragraph("A" * 300_000_000)), bomb, seconds=2, megabytes=200),
        Case("B31-600k-paragraphs", "a.docx", lambda: make.docx(make.paragraph("x") * 600_000), bomb, seconds=2, megabytes=200),
        Case("B32-lying-size", "a.docx", lambda: _lying(1_000), ("malformed",)),
        Case("B32-lying-huge", "a.docx", lambda: _lying(4_000_000_000), bomb),
        Case("B32-overlapping", "a.docx", _overlapping, ("decompression_limit",)),
        Case("B32-100k-entries", "a.docx", lambda: make.container({f"word/{n}.xml": b"" for n in range(60_000)}), bomb),
        Case("B32-nested-zip", "a.docx", lambda: make.docx(good, {"word/more.zip": make.container({"a": bytes(10_000_000)})}), (READ,), holds=GOOD),
        Case("B33-billion-laughs", "a.docx", lambda: make.docx(make.paragraph("&l9;"), prolog=_laughs()), ("xml_limit",)),
        Case("B33-quadratic", "a.docx", lambda: make.docx(make.paragraph("&a;" * 50_000), prolog=f'<!DOCTYPE x [<!ENTITY a "{"A" * 50_000}">]>'), ("xml_limit",)),
        Case("B34-file-entity", "a.docx", lambda: make.docx(make.paragraph("&x;"), prolog=_laughs('<!ENTITY x SYSTEM "file:///etc/passwd">')), ("xml_limit",), lacks=(EVIL,)),
        Case("B34-http-entity", "a.docx", lambda: make.docx(make.paragraph("&x;"), prolog=_laughs('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">')), ("xml_limit",)),
        Case("B34-parameter-entity", "a.docx", lambda: make.docx(good, prolog=_laughs('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;')), ("xml_limit",)),
        Case("B34-xinclude", "a.docx", lambda: make.docx(good + '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'), (READ,), holds=GOOD, lacks=(EVIL,)),
        Case("B35-doctype", "a.docx", lambda: make.docx(good, prolog="<!DOCTYPE x>"), ("xml_limit",)),
        Case("B35-doctype-odt", "a.odt", lambda: make.container({"content.xml": b"<!DOCTYPE x><x/>"}), ("xml_limit",)),
        Case("B35-doctype-epub", "a.epub", lambda: make.container({"META-INF/container.xml": b"<!DOCTYPE x><x/>"}), ("xml_limit",)),
        Case("B36-deep-xml", "a.docx", lambda: make.docx("<w:p>" * 20_000 + "</w:p>" * 20_000), ("too_deep",)),
        Case("B36-deep-odt", "a.odt", lambda: make.container({"content.xml": b"<a>" * 20_000 + b"</a>" * 20_000}), ("too_deep",)),
        Case("B37-odd-members", "a.docx", _link_member, (READ,), holds=GOOD, lacks=(EVIL, "evil")),
        Case("B38-external", "a.docx", lambda: make.docx(good, {"word/_rels/settings.xml.rels": EXTERNAL}), (READ,), holds=GOOD, notes="2 links to something outside"),
        Case("B39-macros", "a.docx", lambda: make.docx(good, {"word/vbaProject.bin": b"Sub AutoOpen"}), (READ,), holds=GOOD, lacks=("AutoOpen",), notes="macro"),
        Case("B40-policy", "a.docx", _policy, (READ,), holds="INSERTEDWORD", lacks=("DELETEDWORD", "MOVEDWORD", "VANISHEDWORD", "COMMENTWORD"), notes="2 tracked deletions were left out"),
        Case("B40-shown", "a.docx", _policy, (READ,), holds="SHOWNWORD", notes="1 hidden piece of text was left out"),
        Case("B40-text-box", "a.docx", _policy, (READ,), holds="BOXWORD", notes="1 comment was left out"),
        Case("B40-table", "a.docx", _policy, (READ,), holds="Measure: Beds; Value: 12"),
        Case("B41-doc", "a.docx", lambda: _ole("WordDocument"), ("unsupported",)),
        Case("B41-password", "a.docx", lambda: _ole("EncryptedPackage"), ("encrypted",)),
        Case("B41-rtf-as-docx", "a.docx", fixed(b"{\\rtf1 Hello}"), ("type_mismatch",)),
        Case("B41-zip-password", "a.docx", lambda: make.docx(good).replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"), ("encrypted",)),
        Case("B41-broken-zip", "a.pptx", lambda: make.docx(good)[:-40], ("malformed",)),
    ]  # fmt: skip
