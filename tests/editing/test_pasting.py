"""What is typed into the form comes out of the reader as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text as texts
from assistant.editing.pasting import Pasted, markdown
from assistant.errors import EditError
from tests.making import document

LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60)


def test_the_file_has_front_matter_and_the_text() -> None:
    typed = Pasted(
        "Harbour: “one” fund", "Mistrust faded.\n", "Harbour", "Care homes, pooled budgets,",
        "https://example.org/a",
    )  # fmt: skip
    assert markdown(typed) == (
        '---\ntitle: "Harbour: “one” fund"\nplace: "Harbour"\n'
        'source_url: "https://example.org/a"\nthemes: ["care-homes", "pooled-budgets"]\n'
        "---\n\nMistrust faded.\n"
    )


@given(LINE, LINE, LINE)
def test_any_words_come_back(title: str, place: str, url: str) -> None:
    """Quotes, colons, dashes, YAML's marks and line ends in a field change nothing else."""
    if not texts.collapse(title):
        return
    found = document(markdown(Pasted(title, "The text.", place, "", url)))
    assert found.title == texts.collapse(title)
    assert found.metadata.place == texts.collapse(place)
    assert found.metadata.source_url == texts.collapse(url)
    assert found.text.endswith("\n\nThe text.\n")


@pytest.mark.parametrize(
    "control", ["\x00", "\x07", "\x7f", "\x85", "\x9f", "\ufffe", "\ud800", "\r"]
)
def test_characters_that_yaml_does_not_take_become_spaces(control: str) -> None:
    assert document(markdown(Pasted(f"One{control}two", "Text."))).title == "One two"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (Pasted(" ", "Text."), "The title is empty"),
        (Pasted("T", " \n "), "The text is empty"),
        (Pasted("T" * 301, "Text."), "The field “title” has 301 characters: expected at most 300"),
        (Pasted("T", "Text.", source_url="x" * 301), "The field “source url” has 301"),
        (Pasted("T", "Text.", themes="x" * 301), "The field “themes” has 301"),
    ],
)
def test_what_is_missing_or_too_long(typed: Pasted, said: str) -> None:
    with pytest.raises(EditError, match=said):
        markdown(typed)
