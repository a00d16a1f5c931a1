"""Links that survive: from quoted words to a name, and back after the document was edited."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.fingerprints import locate, quote_fingerprint, trace
from assistant.datatypes import Document, Passage, Span
from assistant.documents import read_corpus
from assistant.indexing.passages import SplitterSettings, split
from assistant.settings import PROJECT
from assistant.text import fingerprint
from tests.making import HARBOUR, document, passages

CASE = document(HARBOUR, "sub/harbour.md")
PASSAGE = split(CASE)[0]


def _spans(found: tuple[Passage, ...]) -> list[Span]:
    """All that a link may mean: passages, sentences and neighbours."""
    spans = [passage.span for passage in found]
    for passage in found:
        spans += passage.sentences
        spans += [Span(one.start, two.end) for one, two in pairwise(passage.sentences)]
    return spans


def _check_round_trip(case: Document) -> None:
    found = split(case)
    names: dict[str, Span] = {}
    for span in set(_spans(found)):
        name = quote_fingerprint(case, span)
        assert locate(case, found, name) == span
        assert names.setdefault(name, span) == span, "one name for two places"


def test_every_link_of_the_shipped_corpus_leads_back_to_its_words() -> None:
    for case in read_corpus(PROJECT / "corpus").documents:
        _check_round_trip(case)


WORDS = st.lists(
    st.sampled_from(["Aye.", "Aye", "No aye.", "Trust.", "# Aye", "-  Aye.", "\n", "\n\n"])
)


@given(WORDS, st.sampled_from(["\n", "\n\n", " "]), st.sampled_from(["a.md", "a.txt"]))
def test_every_link_of_a_document_that_repeats_itself_leads_back(
    words: list[str], gap: str, doc_id: str
) -> None:
    """Sentences here stand inside longer ones, in headings, and over line ends."""
    _check_round_trip(document(gap.join(words), doc_id))


def test_repeated_sentences_are_told_apart() -> None:
    text = "# T\n\n## A\n\nIt worked. Costs fell.\n\n## B\n\nIt worked. Staff stayed.\n"
    case = document(text)
    first, second = split(case)
    names = [quote_fingerprint(case, passage.sentences[0]) for passage in (first, second)]
    key = fingerprint("It worked.")
    assert names[0].startswith(f"{key}-1.2.")
    assert names[1].startswith(f"{key}-2.2.")
    assert locate(case, [first, second], names[0]) == first.sentences[0]
    assert locate(case, [first, second], names[1]) == second.sentences[0]


REPEATED = """# T

## A

We tried. It worked. Costs fell.

## B

They tried. It worked. Staff stayed.
"""


def _second() -> str:
    case = document(REPEATED)
    return quote_fingerprint(case, split(case)[1].sentences[1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("We tried. It worked. Costs fell.", "We did not.", id="the first is gone"),
        pytest.param("## A", "## N\n\nWow. It worked. Yes.\n\n## A", id="one more before"),
        pytest.param("They tried.", "They all tried hard.", id="other words before"),
        pytest.param("## B", "## C", id="another heading"),
    ],
)
def test_one_of_several_is_known_by_its_surroundings(old: str, new: str) -> None:
    text = REPEATED.replace(old, new)
    found = locate(document(text), split(document(text)), _second())
    assert found is not None
    assert text[found.end :].startswith(" Staff stayed.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("They tried. It worked. Staff stayed.", "They did not.", id="it is gone"),
        pytest.param("They tried. It worked. Staff", "They did. It worked. Nurses", id="both near"),
        pytest.param("They tried.", "They tried. It worked. Staff stayed. They tried.", id="twice"),
    ],
)
def test_nothing_is_marked_when_it_is_unclear_which_is_meant(old: str, new: str) -> None:
    case = document(REPEATED.replace(old, new))
    found = trace(case, split(case), _second())
    assert found.meant is None
    assert {span.of(case.text) for span in found.places} == {"It worked."}


def test_words_that_stood_alone_and_were_repeated_since_are_unclear() -> None:
    link = quote_fingerprint(CASE, PASSAGE.sentences[1])
    case = document(HARBOUR + "\nMistrust over funding faded slowly.\n", "sub/harbour.md")
    found = trace(case, split(case), link)
    assert found.meant is None
    assert len(found.places) == 2
    again = quote_fingerprint(case, found.places[1])
    assert locate(case, split(case), again) == found.places[1]


def test_a_run_of_sentences_is_found_however_passages_are_cut() -> None:
    text = "# T\n\n" + " ".join(f"Sentence number {n} is here." for n in range(40)) + "\n"
    case = document(text)
    short, long = (split(case, SplitterSettings(target=t)) for t in (20, 90))
    for passage in (*short, *long):
        link = fingerprint(passage.text)
        assert locate(case, short, link) == locate(case, long, link) == passage.span


def test_words_that_front_matter_or_a_heading_says_first_are_no_obstacle() -> None:
    text = "---\nperiod: It worked.\n---\n\n# It worked.\n\nOh, It worked.\n\n- It worked.\n"
    case = document(text)
    found = split(case)
    span = found[-1].sentences[-1]
    assert span.start == text.rindex("It worked.")
    assert locate(case, found, quote_fingerprint(case, span)) == span


def test_a_link_survives_edits_of_other_paragraphs_and_new_line_breaks() -> None:
    span = PASSAGE.sentences[1]
    link = quote_fingerprint(CASE, span)
    edited = (
        HARBOUR.replace("Every pound", "All money")
        .replace("## What", "A new first paragraph.\n\n## What")
        .replace("Mistrust over funding faded", "Mistrust\nover funding   faded")
    )
    case = document(edited, "sub/harbour.md")
    found = locate(case, split(case), link)
    assert found is not None
    assert found.of(edited) == "Mistrust\nover funding   faded slowly."


def test_a_link_to_words_that_are_gone_is_none() -> None:
    link = quote_fingerprint(CASE, PASSAGE.sentences[1])
    case = document(HARBOUR.replace("faded slowly", "went away"), "sub/harbour.md")
    assert locate(case, split(case), link) is None


@pytest.mark.parametrize(
    "suffix",
    [
        "-0",
        "-2",
        "-1.2",
        "-1.2.0123",
        "-01.2.0123456789ab",
        "-1.2.0123456789AB",
        "-²",
        "-",
        " ",
        "-1.2.0123456789ab\n",
        "\0",
    ],
)
def test_an_ending_that_is_none_leads_nowhere(suffix: str) -> None:
    link = quote_fingerprint(CASE, PASSAGE.sentences[1])
    assert locate(CASE, [PASSAGE], link + suffix) is None


@given(st.text())
def test_any_other_text_leads_nowhere(link: str) -> None:
    assert locate(CASE, [PASSAGE], link) is None


def test_no_passages_no_words() -> None:
    assert locate(CASE, passages("x"), fingerprint("Every pound was published each month.")) is None
