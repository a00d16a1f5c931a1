"""Passages: exact slices, whole sentences and bullets, under one heading, nothing left out."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Document, Passage
from assistant.indexing.passages import SplitterSettings, split
from tests.making import HARBOUR, document, passages


def _outline(text: str, target: int = 80) -> list[tuple[tuple[str, ...], str]]:
    return [(passage.heading, passage.text) for passage in passages(text, target=target)]


def test_a_case_study_by_hand() -> None:
    found = passages(HARBOUR)
    assert [(p.heading, p.sentence_texts) for p in found] == [
        (
            ("What happened",),
            (
                "The council and the hospital put their money into one fund.",
                "Mistrust over funding faded slowly.",
                "Every pound was published each month.",
                "A joint committee met on Tuesdays.",
            ),
        ),
        (("Results",), ("Admissions fell by 12 per cent in two years.",)),
    ]
    assert found[0].text.startswith("The council") and found[0].text.endswith("on Tuesdays.")
    assert "\n\n- Every pound was published each month.\n- A joint" in found[0].text
    assert found[0].label == "Harbour. Harbour: one fund. What happened"


def test_headings_nest_and_the_title_is_not_repeated() -> None:
    text = "# T\n\nA.\n\n## One\n\nB.\n\n### Two\n\nC.\n\n## Three\n\nD.\n"
    assert _outline(text) == [
        ((), "A."), (("One",), "B."), (("One", "Two"), "C."), (("Three",), "D."),
    ]  # fmt: skip


def test_a_heading_with_nothing_below_is_a_passage_itself() -> None:
    assert _outline("# T\n\n## One\n\n## Two\n\nB.\n\n## Three\n") == [
        ((), "One"), (("Two",), "B."), ((), "Three"),
    ]  # fmt: skip


def test_a_cut_falls_between_bullets_near_the_target() -> None:
    bullets = [f"- {' '.join([word] * 10)}" for word in ("one", "two", "three", "four")]
    text = "\n".join(bullets)
    assert [words for _, words in _outline(text, target=20)] == [
        f"{bullets[0]}\n{bullets[1]}", f"{bullets[2]}\n{bullets[3]}",
    ]  # fmt: skip


def test_a_bullet_stays_whole_unless_it_is_long() -> None:
    """Ten words a sentence, target 20: 30 words in one bullet cost (30 / 20 - 1)² = 0.25, a cut
    inside it 0.6."""
    sentence = f"{' '.join(['Word'] * 10)}."
    three = "- " + " ".join([sentence] * 3)
    assert [words for _, words in _outline(three, target=20)] == [three]
    six = passages("- " + " ".join([sentence] * 6), target=20)
    assert [len(passage.sentences) for passage in six] == [3, 3]


def test_tables_and_code_are_not_cut_into_sentences() -> None:
    (found,) = passages("| Dr. No. | B. C. |\n|---|---|\n| 1. | Two. Three. |\n\n```\na. B\n```\n")
    assert found.sentence_texts == ("| Dr. No. | B. C. |", "| 1. | Two. Three. |", "```\na. B\n```")


def test_abbreviations_do_not_end_a_sentence() -> None:
    (found,) = passages("Dr. Lee moved St. Ann's to No. 10, e.g. by bus. It worked.")
    assert found.sentence_texts == (
        "Dr. Lee moved St. Ann's to No. 10, e.g. by bus.", "It worked.",
    )  # fmt: skip


def test_ids_tell_repeated_words_apart_and_do_not_depend_on_other_sections() -> None:
    text = "# T\n\n## A\n\nSame words here.\n\n## B\n\nOther.\n\n## A\n\nSame words here.\n"
    first, _, again = passages(text)
    assert (first.text, first.heading) == (again.text, again.heading)
    assert first.passage_id != again.passage_id
    edited = passages(text.replace("Other.", "Quite another paragraph.\n\nAnd one more."))
    assert (edited[0].passage_id, edited[-1].passage_id) == (first.passage_id, again.passage_id)
    elsewhere = passages(text, doc_id="other.md")
    assert elsewhere[0].passage_id != first.passage_id


def test_an_id_changes_with_words_and_heading() -> None:
    ids = {
        passages(text)[0].passage_id
        for text in ("# T\n\n## A\n\nOne.", "# T\n\n## A\n\nTwo.", "# T\n\n## B\n\nOne.")
    }
    assert len(ids) == 3


def test_a_long_row_of_marks_is_cut_quickly() -> None:
    """Lines without any word once made one passage, in quadratic time."""
    start = time.process_time()
    found = passages("~~\n" * 5000, doc_id="a.txt")
    assert len(found) > 10
    assert time.process_time() - start < 20


# --- Properties over generated documents -------------------------------------------------------

SENTENCE = st.lists(
    st.sampled_from(
        ["Trust", "Dr.", "e.g.", "money", "No.", "10", "grew", "NHS", "1.5", "“we”", "🙂"]
    ),
    min_size=1,
    max_size=12,
).map(lambda words: " ".join(words) + ".")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=6).map(" ".join)
MARKED = st.builds(
    lambda mark, words: f"{mark}{words}",
    st.sampled_from(
        ["", "- ", "  - ", "1. ", "> ", "# ", "## ", "### ", "    ", "| ", "***\n", "•  "]
    ),
    PARAGRAPH,
)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=30)
TEXT = st.lists(MARKED | PLAIN, min_size=1, max_size=12).flatmap(
    lambda parts: st.sampled_from(["\n", "\n\n"]).map(lambda gap: gap.join(parts))
)
DOCUMENTS = st.builds(document, TEXT, st.sampled_from(["case.md", "case.txt"]))


def _check_slices(document: Document, found: tuple[Passage, ...]) -> None:
    end = 0
    for passage in found:
        assert passage.span.of(document.text) == passage.text
        assert passage.span.start >= end, "passages overlap"
        end = passage.span.end
        inside = passage.span.start
        for sentence, words in zip(passage.sentences, passage.sentence_texts, strict=True):
            assert sentence.of(document.text) == words
            assert words == words.strip() and sentence.start >= inside
            inside = sentence.end
        assert passage.sentences and inside <= passage.span.end


@given(DOCUMENTS, st.integers(5, 120))
def test_every_passage_and_sentence_is_an_exact_slice(document: Document, target: int) -> None:
    found = split(document, SplitterSettings(target=target))
    _check_slices(document, found)
    assert len({passage.passage_id for passage in found}) == len(found)


@given(DOCUMENTS, st.integers(5, 120))
def test_nothing_but_space_marks_and_headings_is_left_out(document: Document, target: int) -> None:
    found = split(document, SplitterSettings(target=target))
    covered = {
        position
        for passage in found
        for sentence in passage.sentences
        for position in range(sentence.start, sentence.end)
    }
    for block in document.blocks:
        held = set(range(block.span.start, block.span.end)) & covered
        if block.kind == "heading":
            # Only a heading with nothing below it is a passage.
            assert held in (set(), set(range(block.span.start, block.span.end)))
        else:
            left = set(range(block.span.start, block.span.end)) - held
            assert all(document.text[position].isspace() for position in left)


@given(DOCUMENTS, st.integers(5, 120))
def test_no_passage_crosses_a_heading(document: Document, target: int) -> None:
    headings = [block.outer for block in document.blocks if block.kind == "heading"]
    for passage in split(document, SplitterSettings(target=target)):
        for heading in headings:
            alone = heading.contains(passage.span)
            apart = passage.span.end <= heading.start or heading.end <= passage.span.start
            assert alone or apart
