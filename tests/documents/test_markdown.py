"""Markdown: what each block is, and that its offsets slice to its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents import markdown
from tests.making import seen

CASES = [
    pytest.param("# One\n\n### Two ##\n", [("heading", 1, "One"), ("heading", 3, "Two")], id="atx"),
    pytest.param("#One\n", [("paragraph", 0, "#One")], id="a hash without a space is a word"),
    pytest.param("# \n\nA\n\n## ##\n", [("paragraph", 0, "A")], id="empty headings head nothing"),
    pytest.param(
        "One\n===\n\nTwo\nlines\n---\n", [("heading", 1, "One"), ("heading", 2, "Two\nlines")],
        id="setext",
    ),
    pytest.param("A\nb\n\nC\n", [("paragraph", 0, "A\nb"), ("paragraph", 0, "C")], id="wrapped"),
    pytest.param(
        "- a\n  - b\n    wrapped\n  * c\n- d\n",
        [("bullet", 1, "a"), ("bullet", 2, "b\n    wrapped"), ("bullet", 2, "c"),
         ("bullet", 1, "d")],
        id="nested bullets",
    ),
    pytest.param(
        "1. a\n2. b\n\n10) c\n", [("numbered", 1, "a"), ("numbered", 1, "b"), ("numbered", 1, "c")],
        id="numbered",
    ),
    pytest.param("- 1. a\n", [("numbered", 2, "a")], id="two marks on one line"),
    pytest.param(
        "- a\n\n  more\n", [("bullet", 1, "a"), ("paragraph", 1, "more")],
        id="second paragraph of an entry",
    ),
    pytest.param("-\n\nA\n", [("paragraph", 0, "A")], id="an empty bullet has no words"),
    pytest.param(
        "| a | b |\n|---|:-:|\n| 1 | 2 |\n",
        [("table-row", 0, "| a | b |"), ("table-row", 0, "| 1 | 2 |")],
        id="table",
    ),
    pytest.param("```py\nx = 1\n\ny\n```\n", [("code", 0, "```py\nx = 1\n\ny\n```")], id="fence"),
    pytest.param("A\n\n    x = 1\n", [("paragraph", 0, "A"), ("code", 0, "x = 1")], id="indented"),
    pytest.param("> a\n> b\n\nC\n", [("quotation", 0, "a\n> b"), ("paragraph", 0, "C")],
                 id="quotation"),
    pytest.param("> - a\n", [("bullet", 1, "a")], id="a bullet in a quotation"),
    pytest.param(
        "> # One\n> a\n\n- ## Two\n",
        [("heading", 1, "One"), ("quotation", 0, "a"), ("heading", 2, "Two")],
        id="headings inside other blocks",
    ),
    pytest.param("<p>a</p>\n\nB\n", [("paragraph", 0, "<p>a</p>"), ("paragraph", 0, "B")],
                 id="html"),
    pytest.param("A\n\n***\n\nB\n", [("paragraph", 0, "A"), ("paragraph", 0, "B")], id="a rule"),
    pytest.param(
        "A [1].\n\n[1]: https://example.org\n",
        [("paragraph", 0, "A [1]."), ("paragraph", 0, "[1]: https://example.org")],
        id="a link definition keeps its words",
    ),
    pytest.param("*a* **b** [c](d) &amp;\n", [("paragraph", 0, "*a* **b** [c](d) &amp;")],
                 id="inline marks are words"),
    pytest.param("  ä🙂  \n\n# é\n", [("paragraph", 0, "ä🙂"), ("heading", 1, "é")],
                 id="code points"),
    pytest.param("\n \n", [], id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_blocks(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert seen(text, markdown.blocks(text)) == expected


def test_outer_adds_the_marks_before_the_words() -> None:
    text = "## Two ##\n\n  - a\n\n> 3. b\n\nOne\n===\n"
    outers = [block.outer.of(text) for block in markdown.blocks(text)]
    assert outers == ["## Two ##", "- a", "> 3. b", "One\n==="]


def test_offsets_count_from_the_start_of_the_file() -> None:
    text = "---\ntitle: T\n---\n# One\n"
    (block,) = markdown.blocks(text, text.index("# One"))
    assert block.span.of(text) == "One"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: From above\n---\n# One\n", "From above"),
        ("Words.\n\n## The  first\n", "The first"),
        ("Words.\n", "my case"),
    ],
)
def test_title_is_the_front_matters_else_the_first_headings_else_the_files(
    text: str, title: str
) -> None:
    assert markdown.read(text, "folder/my case.md")[0] == title


LINES = st.sampled_from(
    ["# H", "## ", "- a", "  - b", "1. c", "> q", "word. More.", "", "    code", "```", "---",
     "===", "| a | b |", "|---|---|", "<div>", "[r]: u", "\té", "* * *", "- # x", "> > - y",
     "10) z", "\x0c"]
)  # fmt: skip


@given(
    st.lists(LINES | st.text(st.characters(exclude_characters="\r\x00"), max_size=8), max_size=15)
)
def test_blocks_are_in_order_and_leave_out_marks_only(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = markdown.blocks(text)
    position = 0
    left = ""
    for block in blocks:
        assert position <= block.outer.start <= block.span.start < block.span.end <= block.outer.end
        left += text[position : block.outer.start]
        position = block.outer.end
    left += text[position:]
    assert not any(character.isalpha() for character in left)
