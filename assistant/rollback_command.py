"""`python -m assistant rollback`: serve an earlier generation of the index again."""

from __future__ import annotations

import argparse

from assistant.indexing.generations import Generations
from assistant.settings import Settings


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser
) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "rollback", parents=[shared], help="serve an earlier generation of the index again"
    )
    parser.add_argument("generation", nargs="?", help="which (default: the one before)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Roll back; whoever serves the index takes it up at the next question."""
    from assistant.pipeline import Casebook

    generations = Generations(settings.index)
    name = generations.resolve(options.generation or generations.before(generations.current()))
    casebook = Casebook.open(settings)  # its model must be the one the generation was built with
    casebook.rollback(name)
    index = casebook.index()
    print(
        f"generation {index.generation} is served again, with {sum(1 for _ in index.documents())} "
        f"documents and {len(index)} passages. {casebook.hold}"
    )
    return 0
