"""Pure text functions: decoding, words, fingerprints, sentences."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text as texts
from assistant.datatypes import Span


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"plain", "plain", id="ascii"),
        pytest.param("café".encode(), "café", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfcaf\xc3\xa9", "café", id="utf-8 with a byte order mark"),
        pytest.param("café".encode("utf-16"), "café", id="utf-16, the machine's order"),
        pytest.param(b"\xfe\xff\x00H\x00i", "Hi", id="utf-16, big end first"),
        pytest.param(b"\xff\xfeH\x00i\x00", "Hi", id="utf-16, little end first"),
        pytest.param(b"caf\xe9 \x93quoted\x94", "café “quoted”", id="windows-1252"),
        pytest.param(b"caf\xe9\x81", "café\ufffd", id="a hole of windows-1252"),
        pytest.param(b"a\r\nb\rc\nd", "a\nb\nc\nd", id="line ends"),
        pytest.param(b"a\x00b", "ab", id="NUL"),
        pytest.param("e\u0301 ﬁ".encode(), "e\u0301 ﬁ", id="no Unicode normalisation"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_decode(raw: bytes, expected: str) -> None:
    assert texts.decode(raw) == expected


@given(st.binary())
def test_any_bytes_decode_to_text_that_can_be_stored(raw: bytes) -> None:
    text = texts.decode(raw)
    assert "\r" not in text and "\x00" not in text
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00\ufeff")))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert texts.decode(text.encode("utf-8")) == text


def test_words_fold_case_and_width_and_keep_apostrophes() -> None:
    assert texts.words("It’s the ＧＰ’s STRASSE-Straße, no. 10!") == [
        "it’s", "the", "gp’s", "strasse", "strasse", "no", "10",
    ]  # fmt: skip
    assert texts.count_words("It’s the GP’s, no. 10 – …") == 5
    assert texts.words(" … – !") == []


def test_collapse() -> None:
    assert texts.collapse("\n a\t\tb \u00a0 c\n") == "a b c"


def test_fingerprint_is_blake2b_of_the_words_and_ignores_line_breaks() -> None:
    expected = hashlib.blake2b(b"Trust takes time.", digest_size=8).hexdigest()
    assert texts.fingerprint("Trust takes time.") == expected
    assert texts.fingerprint(" Trust\n  takes time. ") == expected
    assert texts.fingerprint("Trust takes Time.") != expected


def test_hash63_tells_parts_apart_and_fits_a_signed_column() -> None:
    assert texts.hash63("ab", "c") != texts.hash63("a", "bc")
    assert texts.hash63("ab", "c") == texts.hash63("ab", "c")


@given(st.lists(st.text()))
def test_hash63_range(parts: list[str]) -> None:
    assert 0 <= texts.hash63(*parts) < 2**63


def test_trim() -> None:
    assert texts.trim("  ab \n", 0, 6) == Span(2, 4)
    assert texts.trim(" \n\t", 0, 3) is None
    assert texts.trim("abc", 2, 2) is None


SENTENCES = [
    pytest.param("One came. Two left.", ["One came.", "Two left."], id="two"),
    pytest.param("Dr. Smith met Mrs. Jones.", ["Dr. Smith met Mrs. Jones."], id="titles"),
    pytest.param("Some, e.g. nurses, stayed.", ["Some, e.g. nurses, stayed."], id="e.g."),
    pytest.param("It moved to No. 10 in May.", ["It moved to No. 10 in May."], id="No. 10"),
    pytest.param("The ward at St. Ann's shut.", ["The ward at St. Ann's shut."], id="St."),
    pytest.param("Costs rose 1.5 per cent.", ["Costs rose 1.5 per cent."], id="decimal"),
    pytest.param("Why? Nobody knew!", ["Why?", "Nobody knew!"], id="question and call"),
    pytest.param("One\nsentence,\nthree lines.", ["One\nsentence,\nthree lines."], id="wrapped"),
    pytest.param("No full stop", ["No full stop"], id="no full stop"),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    found = texts.sentences(text, Span(0, len(text)))
    assert [span.of(text) for span in found] == expected


def test_sentences_stay_inside_their_span() -> None:
    text = "Before. One came. Two left. After."
    within = Span(8, 27)
    assert [span.of(text) for span in texts.sentences(text, within)] == ["One came.", "Two left."]


PROSE = st.text(
    st.sampled_from("abcXYZ 019.!?…\"'()“”’\n\t-–•\u00a0\u200b\u3000é🙂") | st.characters(),
    max_size=200,
)


@given(PROSE, st.data())
def test_sentences_cover_every_character_once(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    if start == len(text):
        return
    within = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = texts.sentences(text, within)
    assert found == sorted(found)
    covered = [position for span in found for position in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    left = set(range(within.start, within.end)) - set(covered)
    assert all(text[position].isspace() for position in left)
    assert set(covered) <= set(range(within.start, within.end))
