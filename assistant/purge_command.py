"""`python -m assistant purge`: delete what is past its time, and all builds but the served one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from assistant.errors import SettingError
from assistant.settings import Settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction


def add_parser(commands: _SubParsersAction[ArgumentParser], shared: ArgumentParser) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "purge", parents=[shared], help="delete old builds, undo copies, saved answers and records"
    )
    parser.add_argument(
        "--older-than", type=int, metavar="DAYS",
        help="delete what is older than this (default: each kind after its own time; 0: all)",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Purge, and say what went."""
    from assistant.keeping import purge

    days = options.older_than
    if days is not None and days < 0:
        raise SettingError(
            f"--older-than is {days}: expected 0 or more days. Use 0 to delete whatever can go."
        )
    gone = purge(settings, days)
    for path in gone:
        print(path)
    print(f"{len(gone)} files and folders were deleted. Backups are yours to delete.")
    held = len(list((settings.index / "generations").glob("*"))) - 1
    if held > 0:
        print(
            f"{held} earlier builds are still being read, and hold what was in the corpus then. "
            "Stop Casebook, or ask it a question, and purge again."
        )
    else:
        print("What was removed from the corpus before the last build is in none of what is left.")
    return 0
