"""`python -m assistant verify`: check every promise of an index."""

from __future__ import annotations

import argparse
import sys

from assistant.errors import IndexDamaged
from assistant.indexing.agreement import check_agreement, check_contents
from assistant.indexing.generations import Generations
from assistant.settings import Settings

FAULT = 1


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser
) -> None:
    """Register the command."""
    parser = commands.add_parser("verify", parents=[shared], help="check every promise of an index")
    parser.add_argument("generation", nargs="?", help="which (default: the one being served)")
    parser.add_argument(
        "--deep", action="store_true",
        help="also embed and stem everything again and compare, which takes as long as a build",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Say what agrees, or what does not; the exit code is then 1."""
    generations = Generations(settings.index)
    try:
        name = generations.resolve(options.generation or generations.current())
        generations.manifest(name)
        manifest = check_agreement(generations.folder(name))
        if options.deep:
            _deep(generations, name, settings)
    except IndexDamaged as fault:
        print(fault, file=sys.stderr)
        return FAULT
    print(
        f"generation {manifest.generation} is whole: {manifest.documents} documents, "
        f"{manifest.passages} passages and {manifest.sentences} sentences agree with their "
        f"vectors, words and {len(manifest.files)} files"
    )
    return 0


def _deep(generations: Generations, name: str, settings: Settings) -> None:
    from assistant.indexing.embedders import SentenceTransformerEmbedder
    from assistant.retrieval.embedded import check_model

    embedder = SentenceTransformerEmbedder.load(settings.embedding_model, settings.threads)
    check_model(generations.manifest(name), embedder, settings.index)
    check_contents(generations.folder(name), embedder)
