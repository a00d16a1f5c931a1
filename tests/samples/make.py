"""Make the sample files of every format from one of our own case studies.

    python tests/samples/make.py

The tools that write them are not those that read them: pandoc, LibreOffice, Chromium's print-to-PDF
and poppler (Debian: pandoc libreoffice-writer libreoffice-impress chromium poppler-utils). The
results are committed, so only who changes a sample needs the tools.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASE = HERE.parent.parent / "corpus" / "wigan-deal.md"
MORE = """
## Figures at a glance

| Measure | Before | After |
|---------|--------|-------|
| Adults who smoke | 30% | 16.1% |
| Health champions | none | 1,350 |

Admissions related to alcohol fell faster than in the region.[^1]

[^1]: The North West of England fell by 4% in the same years.
"""
"""A table and a footnote, as the case study has none; the figures are its own."""

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title} | Integrated Care Library</title>
<meta name="author" content="Care Library Team">
<meta property="article:published_time" content="2019-06-26T09:00:00Z">
<style>.cookie {{ position: fixed }}</style><script>window.track = "SCRIPTWORD";</script></head>
<body>
<div class="cookie-banner" role="dialog"><p>We use cookies to make this COOKIEWORD site work.</p>
<button>Accept all</button><a href="/cookies">Cookie settings</a></div>
<header><a href="/">Integrated Care Library</a><form action="/search"><label>Search this site
<input name="q"></label><button>Search</button></form>
<nav><ul><li><a href="/">Home</a></li><li><a href="/topics">NAVIGATIONWORD topics</a></li>
<li><a href="/about">About us</a></li><li><a href="/contact">Contact</a></li></ul></nav></header>
<ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/cases">Case studies</a></li></ol>
{main}
<aside><h2>Related pages</h2><ul><li><a href="/a">ASIDEWORD one</a></li>
<li><a href="/b">Another</a></li></ul></aside>
<form action="/newsletter"><h2>Sign up to our NEWSLETTERWORD</h2><p>Get our news by e-mail.</p>
<input type="email"><button>Sign up</button></form>
<p style="display:none">HIDDENWORD for search engines.</p>
<footer><p>Copyright FOOTERWORD. All rights reserved.</p><a href="/privacy">Privacy</a></footer>
</body></html>
"""
COLUMNS = """
@page {{ size: A4; margin: 2cm }}
body {{ font: 10pt/1.4 "Liberation Serif"; text-align: justify; hyphens: manual;
        font-variant-ligatures: common-ligatures }}
main {{ columns: 2; column-gap: 1cm }} h1 {{ column-span: all }}
"""
PLAIN = '@page {{ size: A4; margin: 2cm }} body {{ font: 11pt/1.4 "DejaVu Serif" }} \
table {{ border-collapse: collapse }} td, th {{ border: 1px solid; padding: 4px }}'
HEBREW = """<!DOCTYPE html><html lang="he" dir="rtl"><meta charset="utf-8"><title>קרן משותפת</title>
<style>body { font: 14pt "DejaVu Sans" }</style>
<h1>קרן משותפת</h1>
<p>המועצה ובית החולים שמו את כספם בקרן אחת. חוסר האמון סביב המימון דעך לאט.</p>
<p>הקרן פרסמה 12 דוחות בשנת 2019 והאשפוזים ירדו.</p></html>"""


def run(*command: str | Path) -> None:
    """Run a tool; its failure ends the script."""
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def office(source: Path, ending: str, folder: Path) -> Path:
    """`source` as LibreOffice saves it in another format."""
    run("soffice", "--headless", "--convert-to", ending, "--outdir", folder, source)
    return folder / f"{source.stem}.{ending.partition(':')[0]}"


def printed(html: str, target: Path, folder: Path) -> None:
    """`html` as Chromium prints it."""
    page = folder / f"{target.stem}.html"
    page.write_text(html, encoding="utf-8")
    run(
        "chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}", page.as_uri(),
    )  # fmt: skip


def scanned(source: Path, target: Path, folder: Path) -> None:
    """The first page of a PDF as a picture in a PDF, as a scanner makes it."""
    run("pdftoppm", "-r", "130", "-f", "1", "-l", "1", "-gray", "-jpeg", source, folder / "scan")
    picture = next(folder.glob("scan*.jpg"))
    from PIL import Image

    with Image.open(picture) as image:
        image.save(target, "PDF", resolution=130.0, quality=40)


def main() -> None:
    """Write all samples beside this script."""
    text = CASE.read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    title = front.split('title: "', 1)[1].split('"', 1)[0]
    cut = body.index("## Want to hear more?")
    source = HERE / "wigan.md"
    source.write_text(f"---\n{front}---\n{body[:cut]}{MORE.lstrip()}", encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = folder / "wigan.md"
        # The page's own heading becomes the title, as an author of an office file would have it.
        bare.write_text(
            f'---\ntitle: "{title}"\nauthor: Care Library Team\nlang: en-GB\n---\n'
            + source.read_text(encoding="utf-8").split("---\n", 2)[2].split("\n", 2)[2],
            encoding="utf-8",
        )
        for ending in ("docx", "odt", "epub", "pptx"):
            extra = ["--slide-level=2"] if ending == "pptx" else []
            run("pandoc", bare, "-o", HERE / f"wigan.{ending}", *extra)
        shutil.copy(office(HERE / "wigan.docx", "rtf", folder), HERE / "wigan.rtf")
        office_docx = office(HERE / "wigan.odt", "docx:MS Word 2007 XML", folder)
        shutil.copy(office_docx, HERE / "wigan-libreoffice.docx")
        shutil.copy(office(HERE / "wigan.docx", "pdf", folder), HERE / "wigan-libreoffice.pdf")
        run("pandoc", source, "-t", "html5", "-o", folder / "body.html")
        words = (folder / "body.html").read_text(encoding="utf-8")
        page = PAGE.format(title=title, main=f"<main><article>{words}</article></main>")
        (HERE / "wigan.html").write_text(page, encoding="utf-8")
        # Chromium has no dictionary to hyphenate with: it is told where long words may break.
        broken = re.sub(r"(?<![<&/\w])([a-z]{5})([a-z]{4,})(?![^<]*>)", "\\1&shy;\\2", words)
        printed_pages = ((PLAIN, words, "chromium"), (COLUMNS, broken, "columns"))
        for style, main_text, name_of_it in printed_pages:
            target = HERE / f"wigan-{name_of_it}.pdf"
            head = f'<html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
            html = f"<!DOCTYPE html>{head}<style>{style.format()}</style><main>{main_text}</main>"
            printed(html, target, folder)
        printed(HEBREW, HERE / "hebrew.pdf", folder)
        scanned(HERE / "wigan-libreoffice.pdf", HERE / "wigan-scan.pdf", folder)


if __name__ == "__main__":
    main()
