"""The YAML block at the top of a case study: where it ends, and what it says."""

from __future__ import annotations

import re
from typing import Any

import yaml

from assistant import text as texts
from assistant.datatypes import Metadata
from assistant.errors import DocumentError

FRONT_MATTER = re.compile(r"---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)
MAX_CHARACTERS = 20_000
LISTS = ("organisations", "themes", "other_sources")
WORDS = (
    "place", "region", "country", "period", "published", "publisher",
    "source_title", "source_url", "kind", "author", "language",
)  # fmt: skip


PLAIN_TAGS = {"str", "null", "map", "seq"}


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader without aliases (they can grow without bound), tags, dates and numbers."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (&name, *name) are not allowed in front matter")
        node = super().compose_node(parent, index)
        if node is not None and node.tag.rpartition(":")[2] not in PLAIN_TAGS:
            raise yaml.YAMLError(f"the tag {node.tag} is not allowed in front matter")
        return node


# "2015" and "2016-04-01" are words to be shown as written, not numbers to be formatted.
_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def split(text: str, doc_id: str) -> tuple[str, Metadata, int]:
    """(title, metadata, offset where the body begins) of `text`; no front matter gives ("", …, 0).

    Raises DocumentError if the block is there but cannot be understood.
    """
    found = FRONT_MATTER.match(text)
    if found is None:
        return "", Metadata(), 0
    fields = _fields(found[1] or "", doc_id, "its front matter")
    if fields is None:
        # A letter may open with a ruled line: what follows is text then, not metadata.
        return "", Metadata(), 0
    return _word(fields.get("title")), _metadata(fields), found.end()


def parse(block: str, doc_id: str, where: str) -> tuple[str, Metadata]:
    """(title, metadata) of a whole YAML text; `where` names it in errors ("its .meta.yaml").

    Raises DocumentError if it cannot be understood or is no list of names and values.
    """
    fields = _fields(block, doc_id, where)
    if fields is None:
        raise DocumentError(
            doc_id, "metadata", f"{where} is not a list of names and values (place: Wigan)"
        )
    return _word(fields.get("title")), _metadata(fields)


def _fields(block: str, doc_id: str, where: str) -> dict[str, Any] | None:
    """The names and values of a YAML mapping; None if it is something else."""
    code = "front_matter" if where == "its front matter" else "metadata"
    if len(block) > MAX_CHARACTERS:
        raise DocumentError(doc_id, code, f"{where} is longer than {MAX_CHARACTERS} characters")
    try:
        # The loader is a SafeLoader with less allowed, not more.
        fields = yaml.load(block, Loader=_PlainLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        reason = f"{where} is not valid YAML ({_first_line(error)}); correct or remove it"
        raise DocumentError(doc_id, code, reason) from error
    if fields is None:
        return {}
    return fields if isinstance(fields, dict) else None


def _metadata(fields: dict[str, Any]) -> Metadata:
    known: dict[str, Any] = {name: _word(fields.get(name)) for name in WORDS}
    known |= {name: _words(fields.get(name)) for name in LISTS}
    return Metadata(**known)


def _word(value: object) -> str:
    """`value` on one line; escaped surrogates and NUL characters are no text and are dropped."""
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
    return texts.collapse(value)


def _words(value: object) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(word for word in map(_word, entries) if word)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
