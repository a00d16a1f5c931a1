"""What differs between two generations, by hand-made examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import IndexDamaged, SettingError
from assistant.indexing.build import build
from assistant.indexing.difference import Kind, PassageChange, compare
from assistant.indexing.embedders import HashingEmbedder
from assistant.indexing.generations import Generations
from tests.making import HARBOUR, MOORLAND, VALLEY, document


def _built(root: Path, *editions: dict[str, str]) -> Generations:
    for files in editions:
        build([document(text, name) for name, text in files.items()], root, HashingEmbedder())
    return Generations(root)


def test_added_removed_changed_and_renamed(tmp_path: Path) -> None:
    edited = HARBOUR.replace("12 per cent", "15 per cent")
    generations = _built(
        tmp_path,
        {"harbour.md": HARBOUR, "moorland.md": MOORLAND, "valley.md": VALLEY},
        {"harbour.md": edited, "hills/valley.md": VALLEY, "dunes.txt": "Sand was moved by hand."},
    )
    found = compare(generations, "1", "2")
    assert (found.older, found.newer) == ("000001", "000002")
    assert (found.added, found.removed) == (("dunes.txt",), ("moorland.md",))
    assert (found.changed, found.renamed) == (("harbour.md",), (("valley.md", "hills/valley.md"),))
    assert found.passages == (
        PassageChange("dunes.txt", (), "", "Sand was moved by hand."),
        PassageChange(
            "harbour.md", ("Results",),
            "Admissions fell by 12 per cent in two years.",
            "Admissions fell by 15 per cent in two years.",
        ),
        PassageChange(
            "moorland.md", ("What happened",),
            "Nurses visited every school in Moorland. Parents asked for longer hours.", "",
        ),
        PassageChange(
            "moorland.md", ("Results",),
            "Vaccination rose to 94 per cent. Teachers reported calmer classrooms.", "",
        ),
    )  # fmt: skip
    kinds = [change.kind for change in found.passages]
    assert kinds == [Kind.ADDED, Kind.CHANGED, Kind.REMOVED, Kind.REMOVED]
    assert found.count("moorland.md", Kind.REMOVED) == 2


def test_the_other_way_round_is_the_opposite(tmp_path: Path) -> None:
    generations = _built(tmp_path, {"a.md": VALLEY}, {"a.md": VALLEY, "b.md": MOORLAND})
    forth, back = compare(generations, "1", "2"), compare(generations, "2", "1")
    assert (forth.added, back.removed) == (("b.md",), ("b.md",))
    assert [(p.before, p.after) for p in back.passages] == [
        (p.after, p.before) for p in forth.passages
    ]


def test_a_passage_that_was_rewritten_is_removed_and_added(tmp_path: Path) -> None:
    """Under the same heading, but with hardly a word in common."""
    generations = _built(
        tmp_path,
        {"a.md": "# A\n\nThe bus ran on electricity."},
        {"a.md": "# A\n\nNurses visited every school in town."},
    )
    kinds = [change.kind for change in compare(generations, "1", "2").passages]
    assert kinds == [Kind.REMOVED, Kind.ADDED]


def test_words_of_the_front_matter_change_the_document_alone(tmp_path: Path) -> None:
    other = HARBOUR.replace("themes: [pooled-budgets]", "themes: [pooled-budgets, trust]")
    generations = _built(tmp_path, {"a.md": HARBOUR}, {"a.md": other})
    found = compare(generations, "1", "2")
    assert (found.changed, found.passages) == (("a.md",), ())


def test_a_generation_and_itself(tmp_path: Path) -> None:
    found = compare(_built(tmp_path, {"a.md": VALLEY}), "1", "1")
    assert (found.added, found.removed, found.changed, found.passages) == ((), (), (), ())


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    generations = _built(tmp_path, {"a.md": VALLEY}, {"a.md": MOORLAND})
    with pytest.raises(SettingError, match="There is no generation '7'"):
        compare(generations, "1", "7")
    (generations.folder("000001") / "casebook.sqlite3").write_bytes(b"garbage")
    with pytest.raises(IndexDamaged, match="sqlite3 was altered"):
        compare(generations, "1", "2")
