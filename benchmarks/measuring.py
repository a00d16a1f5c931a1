"""Measure every set once and keep the scoreboards in a folder, so that the page can be rewritten.

Indexes and scoreboards stay in the folder: an index is only brought up to date, and a scoreboard is
measured again when it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.evaluation.bootstrap import Estimate
from assistant.evaluation.command import Request, evaluate, write
from assistant.evaluation.scoreboard import Scoreboard, Section
from assistant.settings import PROJECT, Settings

HELD_OUT = "held-out"
OFF_SUBJECT = "off-subject"
SHIPPED = (HELD_OUT, OFF_SUBJECT)
QUESTIONS = (*SHIPPED, "questions-dev", "exhaustive-dev")
COLLECTIONS = ("clapnq_dev", "mtrag_conv", "scifact", "chunking_evaluation")
PRODUCT = "Casebook"

Row = Mapping[str, Estimate]


def measure(
    name: str, shared: Path, work: Path, with_baselines: bool, keep_baselines: bool
) -> Scoreboard:
    """Measure one set and write its scoreboard; `keep_baselines` copies theirs from the last."""
    work.mkdir(parents=True, exist_ok=True)
    (work / ".gitignore").write_text("*\n", encoding="utf-8")  # what is kept here is no source
    board = evaluate(
        _request(name, shared, work, with_baselines), Settings.load(index=_at(name, work))
    )
    folder = work / name
    if keep_baselines and (folder / "scoreboard.json").exists():
        board = with_others(board, Scoreboard.read(folder))
    write(board, folder)
    return board


def with_others(board: Scoreboard, earlier: Scoreboard) -> Scoreboard:
    """`board` with the systems of `earlier` that it has no figures of itself."""
    before = {section.title: section.systems for section in earlier.sections}
    sections = [
        Section(section.title, {**section.systems, **_new(section, before.get(section.title, {}))})
        for section in board.sections
    ]
    return replace(board, sections=sections, notes=earlier.notes)


def _new(section: Section, earlier: Mapping[str, Row]) -> dict[str, Row]:
    return {name: row for name, row in earlier.items() if name not in section.systems}


def boards(names: Sequence[str], work: Path) -> dict[str, Scoreboard]:
    """The scoreboards that have been measured, by name."""
    return {
        name: Scoreboard.read(work / name)
        for name in names
        if (work / name / "scoreboard.json").exists()
    }


def questions_file(name: str, shared: Path) -> Path:
    """The file of a set: some questions come with the project, the others do not."""
    folder = PROJECT / "benchmarks" / "questions" if name in SHIPPED else shared / "eval"
    return folder / f"{name}.jsonl"


def _at(name: str, work: Path) -> Path:
    return work / "indexes" / ("corpus" if name in QUESTIONS else name)


def _request(name: str, shared: Path, work: Path, with_baselines: bool) -> Request:
    if name in QUESTIONS:
        return Request(
            questions=questions_file(name, shared),
            corpus=PROJECT / "corpus",
            index=_at(name, work),
            with_baselines=with_baselines,
        )
    return Request(
        collection=shared / "eval" / name, index=_at(name, work), with_baselines=with_baselines
    )
