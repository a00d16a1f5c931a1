"""The document on the page: its structure, and the quotation marked in exactly its words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Document, Span
from assistant.web.document_html import render
from assistant.web.rendering import visible
from tests.making import document

_TAG = re.compile(r"<[^>]*>")
_MARKED = re.compile(r"<mark[^>]*>(.*?)</mark>", re.DOTALL)
CASE = """\
# A title

First words of the paragraph,
on two lines.

#### Deep heading

- one
- two
  - inner one
  - inner two

  more of two
- three

3. third
4. fourth

> Quoted words.

| Year | Saved |
|------|-------|
| 2019 | £1m |

```
code <b>
```

## Last heading

The end.
"""


def test_structure() -> None:
    assert str(render(document(CASE)).html) == (
        "<p>First words of the paragraph,\non two lines.</p>"
        "<h2>Deep heading</h2>"
        "<ul><li>one</li><li>two<ul><li>inner one</li><li>inner two</li></ul>"
        "<p>more of two</p></li><li>three</li></ul>"
        '<ol start="3"><li>third</li><li>fourth</li></ol>'
        "<blockquote><p>Quoted words.</p></blockquote>"
        '<div class="cb-table"><table><tr><th> Year </th><th> Saved </th></tr>'
        "<tr><td> 2019 </td><td> £1m </td></tr></table></div>"
        "<pre><code>```\ncode &lt;b&gt;\n```</code></pre>"
        "<h2>Last heading</h2><p>The end.</p>"
    )


def test_headings_leave_no_gap() -> None:
    case = document("# T\n\n## A\n\n#### B\n\n### C\n\n###### D\n\n## E\n\nWords.")
    assert re.findall(r"<h(\d)>(\w)", str(render(case).html)) == [
        ("2", "A"), ("3", "B"), ("3", "C"), ("4", "D"), ("2", "E"),
    ]  # fmt: skip


def test_a_quotation_within_a_paragraph_is_marked_once() -> None:
    case = document("# T\n\nBefore. The quoted words. After.")
    assert str(render(case, _span(case, "The quoted words.")).html) == (
        '<p>Before. <mark id="quote" tabindex="-1" autofocus>The quoted words.</mark> After.</p>'
    )


def test_a_quotation_across_blocks_is_marked_piece_by_piece_with_one_id() -> None:
    case = document("# T\n\nA paragraph ends.\n\n- first entry\n- second entry\n\nMore.")
    span = Span(case.text.index("ends."), case.text.index("second") + len("second"))
    assert str(render(case, span).html) == (
        '<p>A paragraph <mark id="quote" tabindex="-1" autofocus>ends.</mark></p>'
        "<ul><li><mark>first entry</mark></li><li><mark>second</mark> entry</li></ul><p>More.</p>"
    )


def test_nothing_is_marked_without_a_quotation() -> None:
    found = render(document(CASE))
    assert not found.marked
    assert "<mark" not in found.html


@pytest.mark.parametrize(
    "words",
    ["<script>x</script>", "<img src=x onerror=y>", '"><svg onload=x>', "[a](javascript:x)"],
)
def test_words_never_become_markup(words: str) -> None:
    case = document(f"# T {words}\n\n## {words}\n\nSee {words} here.\n\n- {words}\n")
    found = str(render(case, _span(case, f"See {words} here.")).html)
    tags = set(re.findall(r"</?(\w+)", found))
    assert tags <= {"h2", "p", "mark", "ul", "li"}
    assert unescape(_TAG.sub("", found)).count(words) >= 3


_LINES = st.lists(
    st.sampled_from(
        ["# One", "## Two", "- entry <b>", "  - inner", "1. first", "Words & more.", "", "> said",
         "| a | b |", "|---|---|", "| c | d |", "```", "    code", "\u202eturned"]
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@given(_LINES, st.data())
def test_marked_words_are_the_quoted_words(lines: list[str], data: st.DataObject) -> None:
    case = document("\n".join(["Start.", "", *lines]))
    start = data.draw(st.integers(0, len(case.text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(case.text))))
    found = render(case, span)
    marked = "".join(unescape(piece) for piece in _MARKED.findall(str(found.html)))
    expected = "".join(
        visible(case.text[max(block.start, span.start) : min(block.end, span.end)])
        for block in _shown(case)
        if max(block.start, span.start) < min(block.end, span.end)
    )
    assert _letters(marked) == _letters(expected)
    assert found.marked == bool(_MARKED.search(str(found.html)))
    assert str(found.html).count('id="quote"') == int(found.marked)


@given(_LINES)
def test_every_element_is_closed(lines: list[str]) -> None:
    found = str(render(document("\n".join(["Start.", "", *lines]))).html)
    opened: list[str] = []
    for closing, tag in re.findall(r"<(/?)(\w+)[^>]*>", found):
        if closing:
            assert opened.pop() == tag
        else:
            opened.append(tag)
    assert not opened


def _shown(case: Document) -> list[Span]:
    return [block.span for block in case.blocks]


def _letters(words: str) -> str:
    """Without the white space and the bars between cells, which are not marked."""
    return re.sub(r"[\s|]", "", words)


def _span(case: Document, words: str) -> Span:
    start = case.text.index(words)
    return Span(start, start + len(words))
