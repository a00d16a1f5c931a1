"""Words become markup and nothing else does: the only place where the web app escapes text.

Text from documents and questions is data. Two escapes share one rule for what must be made
visible: `escape` for the chat, whose frame reads Markdown *and* HTML, and Jinja2's own for the
server's pages.
"""

from __future__ import annotations

import re
import unicodedata

_TAG_CHARACTERS = re.compile("[\U000e0000-\U000e007f]+")
# Harmless invisible characters that scripts and emoji need: joiners, soft hyphen, word joiner.
_KEPT_FORMATS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_KEPT_CONTROLS = frozenset("\n\t")
_PLAIN = re.compile(r"[^A-Za-z0-9 \u00a0-\U0010ffff]|[^\S ]|^ | $|(?<= ) ")


def visible(text: str) -> str:
    """`text` with everything that could deceive the eye written out.

    Controls and direction overrides become their code point ("[U+202E]"); runs of tag characters,
    which no font draws, are counted; lone surrogates and noncharacters cannot leave the server.
    """
    text = _TAG_CHARACTERS.sub(lambda run: f"[{len(run[0])} hidden characters]", text)
    return "".join(f"[U+{ord(c):04X}]" if _deceives(c) else c for c in text)


def _deceives(character: str) -> bool:
    if character.isascii():
        return (character < " " or character == "\x7f") and character not in _KEPT_CONTROLS
    category = unicodedata.category(character)
    if category == "Cf":
        return character not in _KEPT_FORMATS
    return category in ("Cc", "Cs") or (ord(character) & 0xFFFE) == 0xFFFE


def escape(text: str) -> str:
    """`text` for the chat: letters, digits and single spaces stay, all else is a numeric reference.

    A numeric reference is text in Markdown and in HTML alike: it can open no tag, link, list,
    table, formula or code block, and no bare address is made a link.
    """
    return _PLAIN.sub(lambda found: f"&#{ord(found[0])};", visible(text))


def isolated(text: str) -> str:
    """`escape(text)` kept from turning the direction of the words around it."""
    return f"<bdi>{escape(text)}</bdi>"


def theme_name(slug: str) -> str:
    """A theme's slug in words: "care-homes" is "Care homes"."""
    return slug.replace("-", " ").strip().capitalize()


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 quotation", "2 quotations"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def excerpt(text: str, length: int = 320) -> str:
    """The beginning of `text` on one line, cut between words, with an ellipsis when cut."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    return flat[:length].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
