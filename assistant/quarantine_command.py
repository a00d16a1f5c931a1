"""`python -m assistant quarantine`: which files of the corpus are not searched, and what to do."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.documents.quarantine import QuarantineReport

SOME = 1


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Register the sub-command (`commands` is what `add_subparsers` returned)."""
    parser = commands.add_parser(
        "quarantine", parents=[shared], help="list the files that could not be read, and why"
    )
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the report of the last build; exit code 1 if a file is in quarantine."""
    from assistant.documents import quarantine

    found = quarantine.load(settings.index)
    if options.json:
        print(json.dumps(asdict(found) | {"codes": found.codes}))
    else:
        print("\n".join(_told(found)))
    return SOME if found.files else 0


def _told(found: QuarantineReport) -> list[str]:
    from assistant.documents import quarantine

    if not found.when:
        return ["Nothing has been read yet. Build the index first: python build_index.py"]
    day, time = found.when[:10], found.when[11:16]
    head = f"Read on {day} at {time} UTC: {found.read:,} documents are searched."
    if not found.files:
        head += " No file is in quarantine."
    rest = quarantine.lines(found, codes=True)
    if found.files:
        rest += ["Correct these files or take them out of the folder, then build again."]
    return [head, *rest]
