"""`python -m assistant generations`: what is kept of the index, and what is served."""

from __future__ import annotations

import argparse
from datetime import datetime

from assistant.indexing.generations import GenerationInfo, Generations
from assistant.indexing.manifest import Changes
from assistant.settings import Settings


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser
) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "generations", parents=[shared], help="list the generations of the index that are kept"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the list, newest first; the exit code is 1 if one of them cannot be read."""
    del options
    generations = Generations(settings.index)
    listed = generations.list()
    if not listed:
        print(f"There is no index in {settings.index}. Build one with python build_index.py.")
        return 0
    print(f"  {'name':<10} {'built (UTC)':<17} {'documents':>9} {'passages':>8}  what changed")
    for info in listed:
        print(_line(info))
    if generations.held():
        print(
            f"{generations.held()} is held: it was rolled back to. python build_index.py brings "
            "the index back in step with the case studies."
        )
    return 1 if any(info.fault for info in listed) else 0


def _line(info: GenerationInfo) -> str:
    mark = "*" if info.current else " "
    if info.fault:
        return f"{mark} {info.name:<10} damaged: {info.fault}"
    served = " (served)" if info.current else ""
    return (
        f"{mark} {info.name:<10} {when(info.created):<17} {info.documents:>9} {info.passages:>8}  "
        f"{what_changed(info.changes)}{served}"
    )


def when(created: str) -> str:
    """A generation's time without seconds and zone."""
    return f"{datetime.fromisoformat(created):%Y-%m-%d %H:%M}"


def what_changed(changes: Changes | None) -> str:
    """Such as: 2 added, 1 changed since 000004."""
    if changes is None:
        return "not recorded"
    counts = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
    words = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    if not changes.since:
        return f"{words or 'nothing'} (the first)"
    return f"{words or 'settings'} since {changes.since}"
