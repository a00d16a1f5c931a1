"""Plain text: headings, lists, title and place that nobody marked."""

from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text as texts
from assistant.datatypes import BlockKind
from assistant.documents import plain_text
from tests.making import seen

CASES = [
    pytest.param(
        "Results\n\nIt went well. Costs fell.\n",
        [("heading", 2, "Results"), ("paragraph", 0, "It went well. Costs fell.")],
        id="heading over a paragraph",
    ),
    pytest.param(
        "It began in May.\nWhat we did\n- Met.\n- Talked.\n",
        [("paragraph", 0, "It began in May."), ("heading", 2, "What we did"),
         ("bullet", 1, "Met."), ("bullet", 1, "Talked.")],
        id="heading without blank lines",
    ),
    pytest.param(
        "Steps\n\n  1. Meet.\n  2) Talk.\n  (3) Act.\n",
        [("heading", 2, "Steps"), ("numbered", 1, "Meet."), ("numbered", 1, "Talk."),
         ("numbered", 1, "Act.")],
        id="numbered",
    ),
    pytest.param("• one\n– two\n* three\n", [("bullet", 1, "one"), ("bullet", 1, "two"),
                                             ("bullet", 1, "three")], id="other bullets"),
    pytest.param(
        "Patients could leave\nacute care and be lost.\nThey were.\n",
        [("paragraph", 0, "Patients could leave\nacute care and be lost."),
         ("paragraph", 0, "They were.")],
        id="a hard-wrapped sentence is one block",
    ),
    pytest.param(
        "- a long entry that\n  goes on here\n- next\n",
        [("bullet", 1, "a long entry that\n  goes on here"), ("bullet", 1, "next")],
        id="a hard-wrapped bullet",
    ),
    pytest.param(
        "We thank you all.\n\nAnn Lee\nDirector of Care\nHull City Council\nwww.example.org\n",
        [("paragraph", 0, "We thank you all."), ("paragraph", 0, "Ann Lee"),
         ("paragraph", 0, "Director of Care"), ("paragraph", 0, "Hull City Council"),
         ("paragraph", 0, "www.example.org")],
        id="a signature is no row of headings",
    ),
    pytest.param(
        "It went well.\n\nWant to hear more?\nContact: Ann Lee\n",
        [("paragraph", 0, "It went well."), ("heading", 2, "Want to hear more?"),
         ("paragraph", 0, "Contact: Ann Lee")],
        id="an invitation is a heading",
    ),
    pytest.param(
        "After two years of talks it was led by a joint board of the\n"
        "NHS and the council, which had pooled both of their budgets. In\n"
        "2018 the board closed.\n",
        [("paragraph", 0,
          "After two years of talks it was led by a joint board of the\n"
          "NHS and the council, which had pooled both of their budgets. In\n"
          "2018 the board closed.")],
        id="a wrapped line may begin with a capital or a digit",
    ),
    pytest.param(
        "- The pooled budget of the council paid for the nurses of the\n"
        "  NHS trust\n- In the second year of our partnership it also paid for the\n  Age UK\n",
        [("bullet", 1, "The pooled budget of the council paid for the nurses of the\n  NHS trust"),
         ("bullet", 1, "In the second year of our partnership it also paid for the\n  Age UK")],
        id="a wrapped bullet may go on with a capital",
    ),
    pytest.param(
        "What the council and the hospital learned in their first years\n" + "The board met. " * 6,
        [("heading", 2, "What the council and the hospital learned in their first years"),
         ("paragraph", 0, ("The board met. " * 6).strip())],
        id="a line far shorter than the next was not wrapped",
    ),
    pytest.param(
        "Ann Lee led the work of all the partners in the borough of\n\nHull for two years.\n",
        [("paragraph", 0, "Ann Lee led the work of all the partners in the borough of"),
         ("paragraph", 0, "Hull for two years.")],
        id="a blank line ends a paragraph",
    ),
    pytest.param(
        "What the council and its partners learned from two years of work\n" + "=" * 64 + "\n",
        [("heading", 2, "What the council and its partners learned from two years of work"),
         ("paragraph", 0, "=" * 64)],
        id="a rule goes on with nothing",
    ),
    pytest.param(
        "For more about the work of the two trusts and of the council see\n"
        "https://example.org/one-fund\n",
        [("paragraph", 0, "For more about the work of the two trusts and of the council see"),
         ("paragraph", 0, "https://example.org/one-fund")],
        id="an address stands alone",
    ),
    pytest.param(
        "It was " + "very " * 32 + "good\nThe board met.\n",
        [("paragraph", 0, "It was " + "very " * 32 + "good"), ("paragraph", 0, "The board met.")],
        id="a line wider than any margin is a paragraph without its full stop",
    ),
    pytest.param(
        "Did the nurses of the trust find the shared records of any use?\n"
        "Most of them did, and said so.\n",
        [("paragraph", 0, "Did the nurses of the trust find the shared records of any use?"),
         ("paragraph", 0, "Most of them did, and said so.")],
        id="a question that fills its line is no heading",
    ),
    pytest.param(
        "Did the nurses of the trust find the shared records of any use?\n"
        "Did the doctors of the hospital find them to be of any use?\nYes.\n",
        [("paragraph", 0, "Did the nurses of the trust find the shared records of any use?"),
         ("paragraph", 0, "Did the doctors of the hospital find them to be of any use?"),
         ("paragraph", 0, "Yes.")],
        id="nor are two of them",
    ),
    pytest.param("Short and last\n", [("paragraph", 0, "Short and last")], id="nothing follows"),
    pytest.param("---\nplace: Hull\n---\nWords here.\n", [("paragraph", 0, "Words here.")],
                 id="front matter is no text"),
    pytest.param("\n \n", [], id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_blocks(text: str, expected: list[tuple[str, int, str]]) -> None:
    _, _, blocks = plain_text.read(text, "a.txt")
    assert seen(text, blocks) == expected


MENTIONS = "Hull began to meet. We in Hull grew, and so did Hull itself. Out of Hull came more."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(MENTIONS, "Hull", id="the name that keeps coming back"),
        pytest.param(
            "Hull began. We in Hull met. All of Hull grew.", "", id="three times is too few"
        ),
        pytest.param("The Council met. " * 9, "", id="a word of the field is no place"),
        pytest.param(
            "Surrey Heartlands met. All of Surrey Heartlands grew. Surrey won, for Surrey tried.",
            "Surrey Heartlands",
            id="the longer form, if it is usual",
        ),
        pytest.param(MENTIONS + " Hull Fair came.", "Hull", id="not a longer form that is rare"),
    ],
)
def test_place(text: str, place: str) -> None:
    assert plain_text.find_place(text) == place


@pytest.mark.parametrize(
    ("text", "title", "place"),
    [
        pytest.param(f"One fund\n\n{MENTIONS}", "One fund", "Hull", id="a heading on top"),
        pytest.param(MENTIONS, "Hull", "Hull", id="else the place"),
        pytest.param("It rained.", "my case", "", id="else the file's name"),
        pytest.param(f"---\ntitle: T\nplace: P\n---\n{MENTIONS}", "T", "P", id="front matter wins"),
    ],
)
def test_title(text: str, title: str, place: str) -> None:
    found, metadata, _ = plain_text.read(text, "folder/my case.txt")
    assert (found, metadata.place) == (title, place)


@pytest.mark.parametrize("line", ["a line of lower case words", "NHS " * 16 + "and so on"])
def test_a_paragraph_of_many_lines_takes_no_longer_a_line(line: str) -> None:
    """A megabyte of open, hard-wrapped lines was once read in minutes."""
    start = time.process_time()
    (block,) = plain_text.blocks(f"{line}\n" * 40_000)
    assert block.span.end == 40_000 * (len(line) + 1) - 1
    assert time.process_time() - start < 10


SENTENCES = (
    "It was led by a joint board of the NHS and the council, and it met on Tuesdays.",
    "In 2018 the board of Surrey Heartlands pooled £4 million (a tenth of its budget).",
    "Admissions fell by 12 per cent in 2 years, while Age UK and Mind grew.",
    "Did the nurses of Guildford and Waverley find the shared records useful?",
    "“We trust each other now,” said Ann Lee of the Royal Surrey County Hospital.",
    "The transformation of Community Rehabilitation took 3 years.",
    "Costs fell.",
)


@given(st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=12), st.integers(60, 100))
def test_a_paragraph_has_the_same_sentences_at_any_width(chosen: list[str], width: int) -> None:
    text = textwrap.fill(" ".join(chosen), width)
    found = [
        texts.collapse(sentence.of(text))
        for block in plain_text.blocks(text)
        for sentence in texts.sentences(text, block.span)
        if block.kind is BlockKind.PARAGRAPH
    ]
    assert found == chosen


LINES = st.sampled_from(
    ["Results", "What next?", "- a", "1. b", "lower goes on", "It ended.", "", "  ", "Ann Lee", "é",
     "www.x.org", "– dash", "10", "A: b"]
)  # fmt: skip


@given(
    st.lists(LINES | st.text(st.characters(exclude_characters="\r\x00"), max_size=8), max_size=15)
)
def test_blocks_are_in_order_and_leave_out_nothing_but_space(lines: list[str]) -> None:
    text = "\n".join(lines)
    position = 0
    left = ""
    for block in plain_text.blocks(text):
        assert position <= block.outer.start <= block.span.start < block.span.end <= block.outer.end
        left += text[position : block.outer.start]
        position = block.outer.end
    left += text[position:]
    assert not left.strip()
