"""HTML: trafilatura finds the main text of a saved page, this module keeps its structure.

What a reader of the page does not see is taken out first and counted.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

from assistant import text as texts
from assistant.datatypes import Metadata
from assistant.documents.composing import Composer, clean
from assistant.documents.reading import RawFile, Reading
from assistant.documents.tree_blocks import compose
from assistant.errors import DocumentError

MAX_DEPTH = 512
MAX_ATTRIBUTES = 256
MAX_TAG = 1_000_000
"""Characters of one tag; what pages saved in one file embed (data:) is not counted."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DATA = re.compile(r"""=\s*(["'])data:[^"'<>]*\1""", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
# Elements that are never closed, or that the next of their kind closes: they do not nest.
_FLAT = frozenset(
    """area base br col embed hr img input link meta param source track wbr p li dt dd tr td th
    thead tbody tfoot option optgroup rp rt colgroup path""".split()
)
_UNREAD = ("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math",
           "textarea", "select", "button", "input", "dialog")  # fmt: skip
_STRUCK = ("del", "s", "strike")
_CHROME = ("nav", "form", "footer", "aside")
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar".split()
)
_INVISIBLE = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:[;\"a-z]|$)|opacity:0(?:;|$)"
)
_BACK = re.compile(r"[\s\u21a9\ufe0e\u2191^]*")
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


def read(file: RawFile) -> Reading:
    """A saved page. Raises DocumentError if it is no HTML, or built to exhaust a reader."""
    page = decode(file.content)
    if file.content.startswith((b"%PDF-", b"PK\x03\x04", b"MZ", b"\x89PNG")) or "<" not in page:
        raise DocumentError(
            file.doc_id, "type_mismatch", "is not a web page although its name says so"
        )
    tree = parse(file, page)
    title, metadata = _properties(tree)
    hidden = tidy(tree)
    composer = Composer(file)
    compose(composer, _main(tree))
    return composer.reading(title, metadata, hidden_note(hidden))


def hidden_note(count: int, what: str = "hidden part") -> tuple[str, ...]:
    """The note that so many parts a reader cannot see were left out; none for 0."""
    if not count:
        return ()
    verb, plural = ("was", "") if count == 1 else ("were", "s")
    return (f"{count} {what}{plural} {verb} left out.",)


def decode(raw: bytes) -> str:
    """`raw` by its byte order mark, else its declaration, else UTF-8, else Windows-1252.

    A declaration of UTF-7 or UTF-16 that could itself be read is a lie and not believed.
    """
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        declared = _CHARSET.search(raw[:4096])
        name = declared[1].decode("ascii").lower() if declared else ""
        if name and not name.startswith(("utf-7", "utf7", "utf-16", "utf-32", "utf-8", "utf8")):
            try:
                return raw.decode(name).replace("\x00", "")
            except (LookupError, UnicodeDecodeError, ValueError):
                pass
    return texts.decode(raw)


def parse(file: RawFile, page: str) -> etree._Element:
    """`page` as a tree. Raises DocumentError before a parser meets what would choke it."""
    _scan(file, page)
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        tree = lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise DocumentError(file.doc_id, "empty", "holds no text; save the page again") from error
    return tree


def _scan(file: RawFile, page: str) -> None:
    """One pass over the tags: how deep they nest, how long and crowded they are."""
    page = _DATA.sub("=''", page)
    depth = position = 0
    while found := _TAG.search(page, position):
        position = page.find(">", found.end())
        position = len(page) if position < 0 else position + 1
        if position - found.end() > MAX_TAG:
            raise _monster(file, f"one tag of it is longer than {MAX_TAG:,} characters")
        if page.count("=", found.end(), position) > MAX_ATTRIBUTES and (
            len(page[found.end() : position].split()) > MAX_ATTRIBUTES
        ):
            raise _monster(file, f"one tag of it has more than {MAX_ATTRIBUTES} attributes")
        if found[2].lower() in _FLAT:
            continue
        closed = page[position - 2 : position] == "/>"
        depth = max(0, depth - 1) if found[1] else depth + (not closed)
        if depth > MAX_DEPTH:
            raise _monster(file, f"it is nested deeper than {MAX_DEPTH} elements")


def _monster(file: RawFile, what: str) -> DocumentError:
    return DocumentError(
        file.doc_id, "too_deep", f"is no page that a person wrote ({what}); save it as plain text"
    )


def _properties(tree: etree._Element) -> tuple[str, Metadata]:
    """Title, author, date and language that the page states about itself."""

    def stated(*names: str) -> str:
        for name in names:
            found = tree.xpath("//meta[@name=$n or @property=$n]/@content", n=name)
            if found and clean(str(found[0])):
                return clean(str(found[0]))[:300]
        return ""

    heading = [clean(h.text_content()) for h in tree.iter("h1")]
    named = clean(tree.findtext(".//title") or "")
    title = heading[0] if len(heading) == 1 else stated("og:title") or named
    return title, Metadata(
        author=stated("author", "article:author", "dc.creator", "DC.creator"),
        published=stated("article:published_time", "dc.date", "DC.date", "date")[:10],
        publisher=stated("og:site_name", "dc.publisher", "DC.publisher"),
        language=clean(tree.get("lang") or tree.get("xml:lang") or "")[:35],
        source_url=_canonical(tree),
    )


def _canonical(tree: etree._Element) -> str:
    found = tree.xpath("//link[@rel='canonical']/@href")
    return clean(str(found[0]))[:2000] if found else ""


def tidy(tree: etree._Element) -> int:
    """Take out what is not read, not seen or struck out; returns how many parts with words."""
    for element in list(tree.iter(*_UNREAD, *_CHROME)):
        _drop(element)
    hidden = 0
    unseen = [found for found in tree.iter() if found.tag in _STRUCK or _is_hidden(found)]
    for element in unseen:
        hidden += bool(clean(element.text_content()))
        _drop(element)
    for element in [found for found in tree.iter() if found.get("role") in _ROLES]:
        _drop(element)
    keep_superscripts(tree)
    return hidden


def keep_superscripts(tree: etree._Element) -> None:
    """A raised number stays apart from the word before it: "[1]" for a note, "²" for a square."""
    for element in list(tree.iter("a")):
        words = element.text_content()
        if words and _BACK.fullmatch(words):
            _drop(element)  # the arrow back from a footnote
        elif (
            _refers_to_note(element) and element.find(".//sup") is None and not _is_raised(element)
        ):
            element.text = f"[{words.strip('[]')}]"
            element[:] = []
    for element in list(tree.iter("sup")):
        words = clean(element.text_content())
        is_note = element.find(".//a") is not None or element.getparent().tag == "a"
        for child in list(element):
            element.remove(child)
        is_marked = words.startswith("[")
        element.text = (
            (words if is_marked else f"[{words}]") if is_note and words
            else words.translate(_SUPERSCRIPT)
        )  # fmt: skip


def _refers_to_note(link: etree._Element) -> bool:
    role = f"{link.get('role') or ''} {link.get('epub:type') or ''} {link.get('type') or ''}"
    return "noteref" in role


def _is_raised(link: etree._Element) -> bool:
    return next(link.iterancestors("sup"), None) is not None


def _is_hidden(element: etree._Element) -> bool:
    if element.tag in ("html", "body"):
        return False
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or bool(_INVISIBLE.search(style))
    )


def _drop(element: etree._Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _main(tree: etree._Element) -> etree._Element:
    """The main text as trafilatura sees it; the whole page where it sees too little."""
    from trafilatura import bare_extraction

    whole = tree.find("body")
    whole = tree if whole is None else whole
    landmarks = tree.xpath("//main | //*[@role='main']")
    least = len(clean(landmarks[0].text_content())) if len(landmarks) == 1 else MIN_MAIN
    found = bare_extraction(
        etree.fromstring(etree.tostring(tree), lxml_html.HTMLParser(encoding="utf-8")),
        include_comments=False, include_links=False, include_images=False, include_tables=True,
        with_metadata=False, deduplicate=False,
    )  # fmt: skip
    body = getattr(found, "body", None)
    if body is None or 2 * len(clean("".join(body.itertext()))) < least:
        return landmarks[0] if len(landmarks) == 1 else whole
    return body


MIN_MAIN = 200
"""Characters; a page from which less is extracted is read whole."""
