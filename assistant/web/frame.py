"""Gradio's page gets our frame: title, style, skip link, header, footer; its advertising goes."""

from __future__ import annotations

import re

_PREVIEWS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_MANIFEST = re.compile(rb'<link rel="manifest"[^>]*>\s*')
_HEAD_END, _BODY_END = b"</head>", b"</body>"
_BODY = re.compile(rb"<body[^>]*>")


class Frame:
    """Puts three pieces of our own HTML into Gradio's page."""

    def __init__(self, head: str, before: str, after: str) -> None:
        self._head, self._before, self._after = (part.encode() for part in (head, before, after))

    def __call__(self, page: bytes) -> bytes:
        """`page` with the frame around its content."""
        page = _MANIFEST.sub(b"", _PREVIEWS.sub(b"", page))
        page = page.replace(_HEAD_END, self._head + _HEAD_END, 1)
        opening = _BODY.search(page)
        if opening:
            page = page[: opening.end()] + self._before + page[opening.end() :]
        end = page.rfind(_BODY_END)
        return page if end < 0 else page[:end] + self._after + page[end:]
