"""Write docs/quality.md and its pictures from measurements made here and now.

    python -m benchmarks.quality --shared ../shared

`--shared` is the folder with `eval/` (questions with known evidence, judged collections). The first
run indexes the collections and takes a while; indexes and scoreboards are kept in `--work`, so that
`--only questions-dev` measures one set again, and `--page` only writes the page.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import assistant  # noqa: F401  # before any library that calls home
from assistant.errors import CasebookError
from assistant.evaluation.pictures import draw_reliability, draw_risk_coverage
from assistant.evaluation.scoreboard import Scoreboard
from assistant.settings import PROJECT
from benchmarks.measuring import COLLECTIONS, QUESTIONS, boards, measure
from benchmarks.page import DEV, page

SETS = (*QUESTIONS, *COLLECTIONS)
DOCS = PROJECT / "docs"
TOLERANCES = PROJECT / "benchmarks" / "tolerances.json"
ABSTENTION = {
    DEV: "questions on the case studies",
    "clapnq_dev": "clapnq_dev",
    "mtrag_conv": "mtrag_conv",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, then write the page from all there is."""
    options = _parser().parse_args(arguments)
    try:
        for name in () if options.page else options.only or SETS:
            print(f"measuring {name}", flush=True)
            board = measure(
                name, options.shared, options.work,
                with_baselines=not (options.keep_baselines or options.product),
                keep_baselines=options.keep_baselines,
            )  # fmt: skip
            print(board.as_text(), flush=True)
        found = boards(SETS, options.work)
        _pictures(found)
        (DOCS / "quality.md").write_text(page(found), encoding="utf-8")
        if options.record:
            record(found[DEV], TOLERANCES)
    except CasebookError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"wrote {DOCS / 'quality.md'}")
    return 0


def record(board: Scoreboard, path: Path) -> None:
    """Take the figures of `board` as those that tests hold on to; tolerances stay as they are."""
    held = json.loads(path.read_text(encoding="utf-8"))
    found = next(iter(board.sections[0].systems.values()))
    for name, entry in held["figures"].items():
        entry["value"] = round(found[name].value, 4)
    path.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def _pictures(found: dict[str, Scoreboard]) -> None:
    sets = {label: found[name].points for name, label in ABSTENTION.items() if name in found}
    draw_reliability(sets, DOCS / "images" / "quality-reliability.png")
    draw_risk_coverage(sets, DOCS / "images" / "quality-risk-coverage.png")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description="Write docs/quality.md."
    )
    parser.add_argument("--shared", type=Path, required=True, help="folder with eval/ in it")
    parser.add_argument(
        "--work", type=Path, default=PROJECT / "benchmarks" / "work",
        help="where indexes and scoreboards are kept (default: benchmarks/work)",
    )  # fmt: skip
    parser.add_argument("--only", nargs="+", choices=SETS, help="measure these sets again")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page")
    parser.add_argument("--product", action="store_true", help="without the baselines")
    parser.add_argument(
        "--keep-baselines", action="store_true", help="the baselines' figures of the last time"
    )
    parser.add_argument(
        "--record", action="store_true", help="also set the figures that tests/evaluation guards"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
