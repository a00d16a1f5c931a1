from __future__ import annotations

import pytest

from assistant.evaluation.questions import Gold
from assistant.evaluation.replies import Quoted
from assistant.evaluation.support import overlap, same_document, supports


@pytest.mark.parametrize(
    ("one", "two", "share"),
    [
        ("one fund for all", "One fund, for all!", 1.0),
        ("a b c d e f", "a b c x y z", 0.5),  # one run of three of six words
        ("a b x c d", "a b y c d", 0.0),  # runs of two are chance
        ("a b c", "x y a b c z q", 1.0),  # the shorter one lies in the longer
        ("", "a b c", 0.0),
    ],
)
def test_overlap_counts_runs_of_three_words(one: str, two: str, share: float) -> None:
    assert overlap(one, two) == share


def test_documents_are_named_in_full_or_by_file() -> None:
    assert same_document("sub/valley.md", "valley")
    assert same_document("sub/valley.md", "sub/valley.md")
    assert same_document("820769473_15895-16818", "820769473_15895-16818")
    assert not same_document("sub/valley.md", "sub")


def test_support_needs_the_same_document_and_words() -> None:
    cited = Quoted("harbour.md", "They put their money into one fund in May.", 0, 42)
    assert supports(cited, Gold("harbour", "Money into one fund."))
    assert not supports(cited, Gold("valley", "Money into one fund."))
    assert not supports(cited, Gold("harbour", "Nurses visited every school."))
    assert supports(cited, Gold("harbour", ""))  # only the document is known
