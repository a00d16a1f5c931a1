"""`python -m assistant diff A B`: documents and passages that differ between two generations."""

from __future__ import annotations

import argparse

from assistant import text as texts
from assistant.datatypes import HEADING_SEPARATOR
from assistant.indexing.difference import Difference, Kind, PassageChange, compare
from assistant.indexing.generations import Generations
from assistant.settings import Settings

SHOWN = 160
SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser
) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "diff", parents=[shared], help="what differs between two generations of the index"
    )
    parser.add_argument("older", nargs="?", help="a generation (default: the one before)")
    parser.add_argument("newer", nargs="?", help="another (default: the one being served)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print what was added, removed, changed and renamed."""
    generations = Generations(settings.index)
    newer = generations.resolve(options.newer or generations.current())
    older = options.older or generations.before(newer)
    for line in lines(compare(generations, older, newer)):
        print(line)
    return 0


def lines(difference: Difference) -> list[str]:
    """The difference in words: first the documents, then the passages."""
    documents = [
        *(f"  + {doc_id}{_passages(difference, doc_id)}" for doc_id in difference.added),
        *(f"  - {doc_id}{_passages(difference, doc_id)}" for doc_id in difference.removed),
        *(f"  ~ {doc_id}{_passages(difference, doc_id)}" for doc_id in difference.changed),
        *(f"  > {old} is now {new}" for old, new in difference.renamed),
    ]
    found = [line for change in difference.passages for line in _passage(change)]
    return [
        f"from generation {difference.older} to {difference.newer}",
        *(["documents:", *documents] if documents else ["the documents are the same"]),
        *(["passages:", *found] if found else []),
    ]


def _passages(difference: Difference, doc_id: str) -> str:
    counts = {kind: difference.count(doc_id, kind) for kind in Kind}
    words = ", ".join(f"{count} {kind.value}" for kind, count in counts.items() if count)
    return f" (passages: {words})" if words else " (its details only)"


def _passage(change: PassageChange) -> list[str]:
    where = HEADING_SEPARATOR.join((change.doc_id, *change.heading))
    if change.kind is not Kind.CHANGED:
        return [f"  {SIGNS[change.kind]} {where}: {_excerpt(change.before or change.after)}"]
    before, after = _around_the_change(change.before, change.after)
    return [f"  ~ {where}", f"      was: {before}", f"      now: {after}"]


def _around_the_change(before: str, after: str) -> tuple[str, str]:
    """Excerpts that begin shortly before the first word that differs."""
    old, new = texts.collapse(before).split(" "), texts.collapse(after).split(" ")
    same = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    start = max(0, same - 5)
    lead = "… " if start else ""
    return lead + _excerpt(" ".join(old[start:])), lead + _excerpt(" ".join(new[start:]))


def _excerpt(words: str) -> str:
    words = texts.collapse(words)
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rsplit(' ', 1)[0]} …"
