"""Front matter: what is read, what is left as text, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Metadata
from assistant.documents import front_matter
from assistant.errors import DocumentError

WHOLE = """\
---
title: "Harbour: one fund"
kind: summary
place: Harbour
region: North
country: England
organisations:
  - Council
  - Hospital trust
themes: [pooled-budgets, governance]
period: 2011-2016
published: 2016-04-01
source_title: One fund
source_url: https://example.org/?a=1#b
publisher: NHS
other_sources: https://example.org/2
unknown: left out
---
Body
"""


def test_every_field() -> None:
    title, metadata, body = front_matter.split(WHOLE, "a.md")
    assert title == "Harbour: one fund"
    assert WHOLE[body:] == "Body\n"
    assert metadata == Metadata(
        place="Harbour", region="North", country="England",
        organisations=("Council", "Hospital trust"), themes=("pooled-budgets", "governance"),
        period="2011-2016", published="2016-04-01", publisher="NHS", source_title="One fund",
        source_url="https://example.org/?a=1#b", other_sources=("https://example.org/2",),
        kind="summary",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2016-04-01", "2016-04-01"),
        ("2015", "2015"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("1:30", "1:30"),
        ("~", ""),
        ("null", ""),
        ("", ""),
        ("[a, b]", ""),
        ('" a \\n b "', "a b"),
        ('"a\\0b\\ud800c"', "abc"),
    ],
)
def test_a_field_of_words_stays_as_written(value: str, read: str) -> None:
    _, metadata, _ = front_matter.split(f"---\nplace: {value}\n---\n", "a.md")
    assert metadata.place == read


@pytest.mark.parametrize(
    ("text", "body"),
    [
        pytest.param("Words.\n", 0, id="none"),
        pytest.param("\n---\na: b\n---\n", 0, id="not on the first line"),
        pytest.param("---\nplace: Hull\n\nWords.\n", 0, id="never closed"),
        pytest.param("---\nDear all\n---\nWords.\n", 0, id="a ruled letter, no mapping"),
        pytest.param("---\n- a\n- b\n---\n", 0, id="a list, no mapping"),
        pytest.param("---\n---\nWords.\n\n---\n", 8, id="empty"),
        pytest.param("---\n# nothing\n---\n", 18, id="only a comment"),
        pytest.param("---  \nother: x\n---\t\nWords.", 20, id="space after the rules"),
        pytest.param("---\nother: x\n---", 16, id="nothing below"),
    ],
)
def test_where_the_body_begins(text: str, body: int) -> None:
    assert front_matter.split(text, "a.md") == ("", Metadata(), body)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        pytest.param("place: [Hull", "not valid YAML", id="unclosed list"),
        pytest.param("place: Hull: city", "not valid YAML", id="two colons"),
        pytest.param(BOMB, "aliases .* are not allowed", id="alias bomb"),
        pytest.param(
            "a: !!python/object/apply:os.system [ls]", "the tag .* is not allowed", id="object"
        ),
        pytest.param("a: !!timestamp soon", "the tag .* is not allowed", id="a date"),
        pytest.param("? [a, b]\n: c", "not valid YAML", id="a list as a name"),
        pytest.param("a: " + "[" * 5000, "not valid YAML", id="nested too deep"),
        pytest.param("a: " + "x" * 20_000, "longer than 20000 characters", id="too long"),
        pytest.param("a: b\n--- \nc: d", "", id="a rule with a space closes"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(block: str, reason: str) -> None:
    text = f"---\n{block}\n---\nWords.\n"
    if not reason:
        assert front_matter.split(text, "a.md")[2] == len("---\na: b\n--- \n")
        return
    with pytest.raises(DocumentError, match=rf"^a\.md: .*{reason}") as caught:
        front_matter.split(text, "a.md")
    assert caught.value.code == "front_matter"


YAML_TEXT = st.text(
    st.sampled_from("ab:-[]{}!&*?|>'\"%@`#, \n\t0123~\\ux") | st.characters(), max_size=60
)


@given(YAML_TEXT)
def test_any_block_is_read_or_refused(block: str) -> None:
    text = f"---\n{block}\n---\nBody"
    try:
        title, metadata, body = front_matter.split(text, "a.md")
    except DocumentError as refused:
        assert refused.code == "front_matter"
    else:
        assert 0 <= body <= len(text)
        f"{title}{metadata}".encode()
