"""`python build_index.py`: the corpus folder becomes the served index, with a progress bar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import CasebookError, IndexLocked
from assistant.private import keep_private
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.documents import CorpusReading
    from assistant.indexing.summary import BuildSummary
    from assistant.pipeline import Casebook

SOME_UNREADABLE, BAD_INPUT, LOCKED = 1, 2, 3
EXIT_CODES = """
exit codes: 0 the index is in step with the folder; 1 it is, but some files could not be read;
2 nothing was built; 3 nothing was built because another build is running
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or watch and build; returns one of the exit codes."""
    options = _parser().parse_args(arguments)
    keep_private()
    try:
        settings = Settings.load(corpus=options.corpus, index=options.index)
        return _watch(settings) if options.watch else _build(settings, options)
    except CasebookError as error:
        print(error, file=sys.stderr)
        return LOCKED if isinstance(error, IndexLocked) else BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Build the index from a folder of case studies, or bring it up to date.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("--corpus", type=Path, help="folder of the case studies (default: corpus/)")
    parser.add_argument("--index", type=Path, help="folder of the index (default: index/)")
    parser.add_argument(
        "--watch", action="store_true", help="go on, and build again whenever the folder changes"
    )
    parser.add_argument(
        "--wait", type=float, default=0.0, metavar="SECONDS",
        help="wait this long for another build to end (default: do not wait)",
    )  # fmt: skip
    parser.add_argument(
        "--allow-empty", action="store_true",
        help="empty the index if the folder holds no case studies; otherwise that is refused",
    )  # fmt: skip
    return parser


def _build(settings: Settings, options: argparse.Namespace) -> int:
    from assistant.gathering import check_corpus
    from assistant.progress import terminal_bar

    check_corpus(settings, options.allow_empty)  # before any model is loaded
    casebook = _open(settings)
    with terminal_bar("Reading the case studies") as advance:
        summary, reading = casebook.build(
            advance, wait=options.wait, allow_empty=options.allow_empty
        )
    _report(summary, reading)
    return SOME_UNREADABLE if reading.failures else 0


def _watch(settings: Settings) -> int:
    from assistant.watching import Watching

    watching = Watching(_open(settings), lambda sentence: print(sentence, flush=True), _report)
    try:
        watching.run()
    except KeyboardInterrupt:
        print("No longer watching.")
    return 0


def _open(settings: Settings) -> Casebook:
    from assistant.pipeline import Casebook

    return Casebook.open(settings)


def _report(summary: BuildSummary, reading: CorpusReading) -> None:
    """What was built on stdout; what a person should look at on stderr."""
    from assistant.documents import quarantine

    print(summary, flush=True)
    for line in quarantine.lines(quarantine.report(reading)):
        print(line, file=sys.stderr, flush=True)
    _list("document", "keeping the earlier text, because of that", list(summary.kept))
    _list("document", "repeating another", list(map(str, summary.duplicates)))


def _list(noun: str, rest: str, entries: Sequence[str]) -> None:
    if entries:
        plural = "" if len(entries) == 1 else "s"
        lines = [f"{len(entries)} {noun}{plural} {rest}:", *(f"  - {entry}" for entry in entries)]
        print("\n".join(lines), file=sys.stderr, flush=True)
