"""The options of `python -m assistant evaluate`, apart from what they need to run."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command's own options, beside --index."""
    parser.add_argument("questions", nargs="?", type=Path, help="questions with their evidence")
    parser.add_argument("--collection", type=Path, help="folder of judged queries in BEIR's form")
    parser.add_argument("--corpus", type=Path, help="index this folder first, for the questions")
    parser.add_argument("--output", type=Path, help="folder for scoreboard.json, .md and pictures")
    parser.add_argument("--wrong", action="store_true", help="also list what went wrong, and how")
    parser.add_argument("--baselines", action="store_true", help="simpler systems side by side")
