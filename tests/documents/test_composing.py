"""Composing a text: every block is where it says it is, whatever its words are."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import BlockKind
from assistant.documents import html
from assistant.documents.composing import Composer, clean, records
from assistant.documents.pdf_words import Vocabulary
from assistant.documents.reading import RawFile, from_wire, to_wire
from assistant.errors import DocumentError
from assistant.settings import Limits

FILE = RawFile("a.html", b"")
KINDS = [kind for kind in BlockKind if kind is not BlockKind.CODE]


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.text(max_size=40)), max_size=20))
def test_every_block_is_the_slice_that_it_claims(parts: list[tuple[BlockKind, str]]) -> None:
    composer = Composer(FILE)
    for kind, words in parts:
        composer.add(kind, words, 1, "- " if kind is BlockKind.BULLET else "")
    reading = composer.reading()
    expected = [(kind, clean(words)) for kind, words in parts if clean(words)]
    assert [(b.kind, b.span.of(reading.text)) for b in reading.blocks] == expected
    assert all(b.outer.contains(b.span) for b in reading.blocks)
    assert from_wire(json.loads(json.dumps(to_wire(reading)))) == reading
    reading.text.encode("utf-8")


@given(st.text(max_size=400))
def test_any_page_is_read_or_refused(body: str) -> None:
    file = RawFile(
        "a.html", f"<html><body><p>Words.</p>{body}</body></html>".encode("utf-8", "replace")
    )
    try:
        reading = html.read(file)
    except DocumentError as failure:
        assert failure.code in ("too_deep", "empty", "type_mismatch")
    else:
        assert all(b.span.of(reading.text).strip() for b in reading.blocks)


@pytest.mark.parametrize(
    ("rows", "header", "expected"),
    [
        ([["Measure", "After"], ["Beds", "12"]], True, ["Measure: Beds; After: 12"]),
        ([["Measure:", "After"], ["Beds", ""]], True, ["Measure: Beds"]),
        ([["Beds", "12"], ["Nurses", "3"]], False, ["Beds; 12", "Nurses; 3"]),
        ([["Measure", "After"]], True, ["Measure; After"]),
        ([["Beds"], ["Nurses"]], True, ["Beds", "Nurses"]),
        ([["A", "B"], ["1", "2", "3"]], True, ["A: 1; B: 2; 3"]),
        ([["", ""], []], True, []),
    ],
)
def test_a_row_reads_by_itself(rows: list[list[str]], header: bool, expected: list[str]) -> None:
    assert records(rows, header) == expected


def test_a_text_that_grows_too_long() -> None:
    composer = Composer(RawFile("a.html", b"", Limits(max_characters=10)))
    with pytest.raises(DocumentError, match="holds more than 10 characters"):
        composer.add(BlockKind.PARAGRAPH, "eleven letters")


LINES = [
    (["the neigh\x02", "bourhood"], "neighbourhood", "the neighbourhood"),
    (["an asset\x02", "based way"], "", "an asset-based way"),
    (["an asset-", "based way"], "", "an asset-based way"),
    (["the co-", "operative"], "co-operative", "the co-operative"),
    (["North-", "West"], "", "North-West"),
    (["trans\u00ad", "formed"], "", "transformed"),
    (["from 2011-", "2019"], "", "from 2011-2019"),
    (["from 2011\x02", "2019"], "", "from 2011-2019"),
    (["one", "two"], "", "one two"),
    (["the end\x02"], "", "the end"),
]


@pytest.mark.parametrize(("lines", "elsewhere", "expected"), LINES)
def test_words_are_mended(lines: list[str], elsewhere: str, expected: str) -> None:
    assert Vocabulary([elsewhere]).joined(lines) == expected


@given(st.lists(st.text(alphabet="ab -\x02\u00ad1.", max_size=12), max_size=6))
def test_mending_loses_no_letter(lines: list[str]) -> None:
    kept = re.sub(r"[^ab1.]", "", "".join(lines))
    assert re.sub(r"[^ab1.]", "", Vocabulary([]).joined(lines)) == kept
