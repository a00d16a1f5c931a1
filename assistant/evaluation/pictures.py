"""Draw the figures of abstention. The only module that loads matplotlib.

Colours are those of Okabe and Ito, which readers with any colour vision tell apart; every line also
has a mark and a dash of its own, so that a grey print can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingError
from assistant.evaluation.abstention import Point, as_used, reliability, risk_coverage

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLES = (
    ("#0072B2", "o", "-"),
    ("#D55E00", "s", "--"),
    ("#000000", "^", ":"),
    ("#CC79A7", "D", "-."),
)
PANEL = (4.2, 4.6)
"""Inches of one panel, width and height."""
DPI = 150


def draw_reliability(sets: Mapping[str, Sequence[Point]], path: Path) -> None:
    """Confidence against how many questions the corpus really answers, with 95 % intervals."""
    with _picture(path, len(sets)) as panels:
        for axes, (name, points), style in zip(panels, sets.items(), STYLES, strict=False):
            _reliability(axes, points, style)
            axes.set_title(f"{name} ({len(points)} questions)")
            axes.set_xlabel("confidence")
        panels[0].set_ylabel("share of questions that the documents answer")


def draw_risk_coverage(sets: Mapping[str, Sequence[Point]], path: Path) -> None:
    """What share of answers is wrong if only the surest questions are answered.

    A mark shows where the refusals that were made put it.
    """
    with _picture(path, 1, width=1.6) as (axes,):
        for (name, points), (colour, mark, dash) in zip(sets.items(), STYLES, strict=False):
            curve = risk_coverage(points)
            axes.plot(
                [coverage for coverage, _ in curve],
                [risk for _, risk in curve],
                color=colour, linestyle=dash, linewidth=1.5,
                label=f"{name} ({len(points)} questions)",
            )  # fmt: skip
            used = as_used(points)
            if used:
                axes.plot(
                    *used, color=colour, marker=mark, markersize=9, linestyle="none",
                    markeredgecolor="white",
                )  # fmt: skip
        axes.set_xlabel("share of questions answered, the surest first")
        axes.set_ylabel("share of the answers that are wrong")
        axes.set_xlim(0, 1.02)
        axes.set_ylim(bottom=0)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False)


def _reliability(axes: Axes, points: Sequence[Point], style: tuple[str, str, str]) -> None:
    colour, mark, dash = style
    bins = reliability(points)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, label="as sure as right")
    axes.errorbar(
        [b.confidence for b in bins],
        [b.answerable for b in bins],
        yerr=[
            [max(0.0, b.answerable - b.low) for b in bins],
            [max(0.0, b.high - b.answerable) for b in bins],
        ],
        color=colour, marker=mark, linestyle=dash, capsize=3, linewidth=1.5, label="measured",
    )  # fmt: skip
    for b in bins:
        axes.annotate(
            str(b.questions), (b.confidence, -0.06), ha="center", fontsize="small", color="0.3"
        )
    axes.set_xlim(0, 1.02)
    axes.set_ylim(-0.08, 1.02)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, frameon=False)


@contextmanager
def _picture(path: Path, panels: int, width: float = 1.0) -> Iterator[list[Axes]]:
    """Panels to draw on; the picture is written to `path` at the end. Raises SettingError."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SettingError(
            "The package matplotlib is not installed: expected it for the pictures. "
            "Install it: pip install -r requirements-dev.txt"
        ) from error
    figure = Figure(figsize=(panels * width * PANEL[0], PANEL[1]), layout="constrained")
    FigureCanvasAgg(figure)
    drawn = [figure.add_subplot(1, panels, number + 1) for number in range(panels)]
    yield drawn
    for axes in drawn:
        axes.grid(visible=True, color="0.9")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without a date and a version, the same figures give the same file.
    figure.savefig(path, dpi=DPI, metadata={"Software": None})
