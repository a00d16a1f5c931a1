"""What a build did, in the words it is told."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.indexing.duplicates import Duplicate


@dataclass(frozen=True)
class BuildSummary:
    """What a build did. `embedded` counts texts the model had to read."""

    generation: str
    documents: int
    passages: int
    embedded: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    published: bool
    kept: tuple[str, ...] = ()
    """Documents whose files could not be read, and whose earlier text is served."""
    duplicates: tuple[Duplicate, ...] = ()
    """Documents that say what another says already."""

    def __str__(self) -> str:
        counts = f"{self.documents} documents, {self.passages} passages"
        if not self.published:
            return f"generation {self.generation} is up to date: {counts}"
        changes = ", ".join(
            f"{len(names)} {word}"
            for names, word in (
                (self.added, "added"),
                (self.changed, "changed"),
                (self.removed, "removed"),
            )
            if names
        )
        return (
            f"generation {self.generation}: {counts} ({changes or 'settings changed'}; "
            f"{self.embedded} texts embedded)"
        )
