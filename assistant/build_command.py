"""`python build_index.py`: the corpus folder becomes the served index, with a progress bar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import CasebookError
from assistant.private import keep_private
from assistant.settings import Settings

BAD_INPUT = 2
SOME_UNREADABLE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Build; exit code 0, 1 if some files could not be read, 2 if nothing was built."""
    parser = argparse.ArgumentParser(description="Build the index from a folder of case studies.")
    parser.add_argument("--corpus", type=Path, help="folder of the case studies (default: corpus/)")
    parser.add_argument("--index", type=Path, help="folder of the index (default: index/)")
    options = parser.parse_args(arguments)
    keep_private()
    try:
        settings = Settings.load(corpus=options.corpus, index=options.index)
        return _build(settings)
    except CasebookError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT


def _build(settings: Settings) -> int:
    from assistant.documents.corpus import NOT_CASES, check_folder
    from assistant.pipeline import Casebook
    from assistant.progress import terminal_bar

    check_folder(settings.corpus)  # before any model is loaded
    with terminal_bar("Reading the case studies") as advance:
        summary, reading = Casebook.open(settings).build(advance)
    print(summary)
    aside = [name for name in reading.ignored if Path(name).name.lower() not in NOT_CASES]
    if aside:
        print(f"{len(aside)} files of other formats were left aside:", file=sys.stderr)
        for name in aside:
            print(f"  - {name}", file=sys.stderr)
    if reading.failures:
        print(f"{len(reading.failures)} files could not be read:", file=sys.stderr)
        for failure in reading.failures:
            print(f"  - {failure}", file=sys.stderr)
        return SOME_UNREADABLE
    return 0
