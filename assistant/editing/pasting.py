"""A case study typed into the form becomes a Markdown file with front matter."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from assistant import text as texts
from assistant.errors import EditError

LONGEST_FIELD = 300
_NOT_YAML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Pasted:
    """What the form asks for. `themes` are separated by commas."""

    title: str
    text: str
    place: str = ""
    themes: str = ""
    source_url: str = ""


def markdown(pasted: Pasted) -> str:
    """The file's text. Raises EditError if a field is missing or too long."""
    fields = {
        "title": _one_line(pasted.title),
        "place": _one_line(pasted.place),
        "source_url": _one_line(pasted.source_url),
    }
    if not fields["title"]:
        raise EditError("The title is empty: expected a few words. Give the case study a title.")
    if not pasted.text.strip():
        raise EditError("The text is empty: expected the case study. Paste its text.")
    themes = tuple(filter(None, map(_slug, pasted.themes.split(","))))
    for name, value in (*fields.items(), ("themes", pasted.themes)):
        if len(value) > LONGEST_FIELD:
            raise EditError(
                f"The field “{name.replace('_', ' ')}” has {len(value):,} characters: expected at "
                f"most {LONGEST_FIELD}. Shorten it."
            )
    lines = [f"{name}: {_quoted(value)}" for name, value in fields.items() if value]
    if themes:
        lines.append(f"themes: [{', '.join(map(_quoted, themes))}]")
    head = "\n".join(lines)
    return f"---\n{head}\n---\n\n{pasted.text.strip()}\n"


def _one_line(value: str) -> str:
    """`value` on one line, without the characters that YAML does not take (1.2, section 5.1)."""
    return texts.collapse(_NOT_YAML.sub(" ", value))


def _quoted(value: str) -> str:
    """A JSON string, which is a YAML string, too (YAML 1.2, section 1.3)."""
    return json.dumps(value, ensure_ascii=False)


def _slug(theme: str) -> str:
    """A theme as the shipped case studies write it: "Care homes" is "care-homes"."""
    return "-".join(texts.words(theme))
