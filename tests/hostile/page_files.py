"""Table D: bad pages, Markdown and plain text."""

from __future__ import annotations

from tests.hostile import building as make
from tests.hostile.case import GOOD, READ, Case, fixed

UNSEEN_HTML = """<p>Admissions fell by a fifth.</p><script>SCRIPTWORD</script><style>STYLEWORD</style>
<template><p>TEMPLATEWORD</p></template><noscript>NOSCRIPTWORD</noscript><!-- REMARKWORD -->
<p hidden>HIDDENWORD</p><p style="display: none">DISPLAYWORD</p><p aria-hidden="true">ARIAWORD</p>
<del>STRUCKWORD</del>"""
MUTATION = """<p>Admissions fell by a fifth.</p><math><mtext><table><mglyph><style><!--</style>\
<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">"""
LOADING = """<base href=//127.0.0.1:9/><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">
<link rel=stylesheet href=http://127.0.0.1:9/a.css><style>@import 'http://127.0.0.1:9/b.css'</style>
<img src=http://127.0.0.1:9/x><iframe src=http://127.0.0.1:9/f></iframe><object data=//127.0.0.1:9/o>
</object><p>Admissions fell by a fifth.</p><img src="data:image/png;base64,AAAA">"""


def _said(declared: str, text: str, encoding: str) -> bytes:
    return (
        f'<html><head><meta charset="{declared}"></head><body><p>{text}</p></body></html>'.encode(
            encoding
        )
    )


def table_d() -> list[Case]:
    deep = ("too_deep",)
    unseen = tuple(
        f"{word}WORD"
        for word in "SCRIPT STYLE TEMPLATE NOSCRIPT REMARK HIDDEN DISPLAY ARIA STRUCK".split()
    )
    cases = [
        Case("B42-unseen", "a.html", lambda: make.html(UNSEEN_HTML), (READ,), holds=GOOD, lacks=unseen, notes="4 hidden parts were left out"),
        Case("B43-200k-divs", "a.html", lambda: b"<div>" * 200_000 + b"x" + b"</div>" * 200_000, deep, seconds=1),
        Case("B43-300k-attributes", "a.html", lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">x</p>", deep, seconds=1),
        Case("B43-bare-attributes", "a.html", lambda: b"<p " + b" ".join(b"a%d" % n for n in range(300_000)) + b">x</p>", deep, seconds=1),
        Case("B43-unclosed-b", "a.html", lambda: b"<b>" * 100_000 + b"x", deep, seconds=1),
        Case("B43-5-MB-attribute", "a.html", lambda: b'<p title="' + b"x" * 5_000_000 + b'">x</p>', deep, seconds=1),
        Case("B44-loading", "a.html", lambda: make.html(LOADING), (READ,), holds=GOOD),
        Case("B45-mutation", "a.html", lambda: make.html(MUTATION), (READ,), holds=GOOD, lacks=("onerror",)),
        Case("B46-utf-7", "a.html", lambda: _said("utf-7", "Caf\u00e9 +ADw-script+AD4-", "utf-8"), (READ,), holds="Caf\u00e9 +ADw-"),
        Case("B46-says-utf-16", "a.html", lambda: _said("utf-16", "Caf\u00e9", "utf-8"), (READ,), holds="Caf\u00e9"),
        Case("B46-cp1252", "a.html", lambda: _said("iso-8859-15", "\u20ac5m saved", "iso-8859-15"), (READ,), holds="\u20ac5m saved"),
        Case("B46-shift-jis", "a.html", lambda: _said("shift_jis", "\u75c5\u9662\u306e\u5165\u9662", "shift_jis"), (READ,), holds="\u75c5\u9662"),
        Case("B46-pound-in-text", "a.txt", lambda: "We saved \u00a35m.".encode("cp1252"), (READ,), holds="\u00a35m"),
        Case("B46-utf-16-text", "a.txt", lambda: "We saved \u00a35m.".encode("utf-16"), (READ,), holds="\u00a35m"),
        Case("B46-mark-in-the-middle", "a.txt", lambda: b"We saved \xff\xfe money.", (READ,), holds="money."),
        Case("B46-nul", "a.txt", lambda: b"x" * 5_000 + b" We \x00saved.", (READ,), holds="We saved."),
        Case("B47-50-MB-line", "a.txt", lambda: b"word " * 9_999_999, ("text_limit",)),
        Case("B47-5-MB-line", "a.txt", lambda: b"word " * 1_000_000, (READ,), holds="word", seconds=30),
        Case("B47-1M-lines", "a.txt", lambda: b"Line of text.\n" * 1_000_000, ("text_limit",), seconds=30, megabytes=1000),
        Case("B47-returns-only", "a.txt", lambda: b"First line.\rSecond line.\r", (READ,), holds="First line.\nSecond line."),
        Case("B47-1M-joiners", "a.txt", lambda: ("We saved." + "\u200d" * 1_000_000).encode(), (READ,), holds="We saved."),
        Case("B49-alias-bomb", "a.md", lambda: b"---\na: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\nWords.", ("front_matter",)),
        Case("B49-self-alias", "a.md", lambda: b"---\na: &a [*a]\n---\nWords.", ("front_matter",)),
        Case("B49-python-tag", "a.md", lambda: b"---\na: !!python/object/apply:os.system ['touch /tmp/owned']\n---\nx", ("front_matter",)),
        Case("B49-huge", "a.md", lambda: b"---\na: " + b"x" * 1_000_000 + b"\n---\nWords.", ("front_matter",)),
    ]  # fmt: skip
    storms = {
        "brackets": "[" * 50_000, "quotes": ">" * 50_000, "emphasis": "*a " * 50_000,
        "columns": "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + "\n", "backticks": "`" * 50_000,
        "lists": "".join("  " * n + "- a\n" for n in range(1_000)), "fence": "```\n" + "x\n" * 50_000,
        "links": "[a]: /x\n" * 10_000 + "[a]" * 50_000, "entities": "&amp" * 50_000,
    }  # fmt: skip
    return cases + [
        Case(
            f"B48-{name}",
            "a.md",
            fixed(storm.encode()),
            ("empty",) if name == "quotes" else (READ,),
            seconds=4,
        )
        for name, storm in storms.items()
    ]
