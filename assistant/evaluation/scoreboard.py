"""The scoreboard: sections of figures side by side, as JSON and as Markdown."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import SettingError
from assistant.evaluation.abstention import Point
from assistant.evaluation.bootstrap import Estimate
from assistant.evaluation.figures import MILLISECONDS
from assistant.evaluation.judging import Fate, Judged

EXCERPT = 200


@dataclass(frozen=True)
class Section:
    """One table: for each system its figures by name."""

    title: str
    systems: Mapping[str, Mapping[str, Estimate]]

    @property
    def names(self) -> list[str]:
        """All figures' names in the order of their first mention."""
        return list(dict.fromkeys(name for row in self.systems.values() for name in row))


@dataclass(frozen=True)
class Scoreboard:
    """Everything one evaluation found out.

    `about` names what was measured; `judged` holds the product's replies, `points` those that the
    pictures of abstention are drawn from; `notes` say what was left out and why.
    """

    title: str
    about: Mapping[str, str | int]
    sections: Sequence[Section]
    judged: Sequence[Judged] = ()
    points: Sequence[Point] = ()
    notes: Sequence[str] = field(default=())

    @classmethod
    def read(cls, folder: Path) -> Scoreboard:
        """What `write` left in `folder`, apart from the replies themselves. Raises SettingError."""
        path = folder / "scoreboard.json"
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                held["title"],
                held["about"],
                [_section(section) for section in held["sections"]],
                (),
                [Point(**point) for point in held["abstention"]],
                held["notes"],
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingError(
                f"{path} is no scoreboard of this version ({type(error).__name__}: {error}): "
                "expected one that evaluate has written. Measure again."
            ) from error

    def as_json(self) -> str:
        """One JSON object: about, sections, questions, points of abstention and notes."""
        return json.dumps(
            {
                "title": self.title,
                "about": dict(self.about),
                "sections": [
                    {
                        "title": section.title,
                        "systems": {
                            system: {name: asdict(value) for name, value in row.items()}
                            for system, row in section.systems.items()
                        },
                    }
                    for section in self.sections
                ],
                "questions": [_outcome(j) for j in self.judged],
                "abstention": [asdict(point) for point in self.points],
                "notes": list(self.notes),
            },
            ensure_ascii=False,
            indent=1,
        )

    def as_markdown(self) -> str:
        """Tables of all sections, then what went wrong, question by question."""
        lines = [f"# {self.title}", ""]
        lines += [f"- {name}: {value}" for name, value in self.about.items()]
        for section in self.sections:
            lines += ["", f"## {section.title}", "", *table(section)]
        lines += ["", *self.notes]
        if self.judged:
            lines += ["", "## What went wrong", "", *failures(self.judged)]
        return "\n".join(lines).rstrip() + "\n"

    def as_text(self) -> str:
        """The figures as columns for a terminal."""
        lines = [self.title]
        for section in self.sections:
            lines += ["", section.title]
            for name in section.names:
                cells = [shown(name, row.get(name)) for row in section.systems.values()]
                lines.append(f"{name:30} " + "  ".join(f"{cell:22}" for cell in cells).rstrip())
            if len(section.systems) > 1:
                heads = "  ".join(f"{name[:22]:22}" for name in section.systems)
                lines.insert(len(lines) - len(section.names), f"{'':30} {heads}".rstrip())
        return "\n".join([*lines, *self.notes])

    def write(self, folder: Path) -> None:
        """Write scoreboard.json and scoreboard.md into `folder`. Raises SettingError."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "scoreboard.json").write_text(self.as_json() + "\n", encoding="utf-8")
            (folder / "scoreboard.md").write_text(self.as_markdown(), encoding="utf-8")
        except OSError as error:
            raise SettingError(
                f"{folder} cannot be written ({error.strerror}): expected a folder that can be "
                "made. Choose another --output."
            ) from error


def _section(held: Mapping[str, Any]) -> Section:
    """A section as `as_json` writes it."""
    return Section(
        held["title"],
        {
            system: {name: Estimate(**value) for name, value in row.items()}
            for system, row in held["systems"].items()
        },
    )


def shown(name: str, value: Estimate | None, interval: bool = True) -> str:
    """A figure with its interval, "0.85 (0.76–0.92)"; a dash if there is none."""
    if value is None or math.isnan(value.value):
        return "–"
    digits = 0 if name == MILLISECONDS else 3
    middle = f"{value.value:.{digits}f}"
    if not interval or math.isnan(value.low):
        return middle
    return f"{middle} ({value.low:.{digits}f}–{value.high:.{digits}f})"


def table(section: Section) -> list[str]:
    """The section as a Markdown table, a row for each figure."""
    systems = list(section.systems)
    lines = [f"| | {' | '.join(systems)} |", f"|---|{'---:|' * len(systems)}"]
    lines += [
        f"| {name} | {' | '.join(shown(name, section.systems[s].get(name)) for s in systems)} |"
        for name in section.names
    ]
    return lines


def failures(judged: Sequence[Judged]) -> list[str]:
    """How many questions met each fate, and the wrong ones with what was shown instead."""
    lines = [f"- {fate}: {sum(j.fate is fate for j in judged)}" for fate in Fate]
    for fate in list(Fate)[1:]:
        for j in (j for j in judged if j.fate is fate):
            lines += ["", f"**{j.question.id}** ({fate}, confidence {j.reply.confidence:.2f}): "
                      f"{j.question.text}"]  # fmt: skip
            lines += _evidence(j)
    return lines


def _evidence(judged: Judged) -> list[str]:
    expected = [
        f"  - expected ({gold.document}, {_rank(rank)}): {gold.quote[:EXCERPT] or 'the document'}"
        for gold, rank in zip(judged.question.gold, judged.gold_ranks, strict=True)
    ]
    said = [f"  - shown ({c.doc_id}): {c.text[:EXCERPT]}" for c in judged.reply.citations[:3]]
    return [line.replace("\n", " ") for line in (*expected, *said)]


def _rank(rank: int | None) -> str:
    return f"passage {rank}" if rank else "not retrieved"


def _outcome(judged: Judged) -> dict[str, Any]:
    """What is kept of a question in the JSON form."""
    return {
        "id": judged.question.id,
        "kind": judged.question.kind,
        "question": judged.question.text,
        "asked": judged.reply.asked,
        "fate": judged.fate.value,
        "confidence": judged.reply.confidence,
        "abstained": judged.reply.abstained,
        "citations": [
            {"doc_id": cited.doc_id, "quote": cited.text, "supports": good}
            for cited, good in zip(judged.reply.citations, judged.citations, strict=True)
        ],
        "gold": [
            {"doc": gold.document, "quote": gold.quote, "rank": rank, "cited": cited}
            for gold, rank, cited in zip(
                judged.question.gold, judged.gold_ranks, judged.gold_cited, strict=True
            )
        ],
        "milliseconds": round(judged.reply.milliseconds, 1),
    }
