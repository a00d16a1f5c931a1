"""The tree drawn at the top of errors.py is the real tree."""

from __future__ import annotations

import re

from assistant import errors


def _drawn() -> dict[str, str]:
    """Each drawn class and the one it hangs from."""
    parents: dict[str, str] = {}
    stack: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([│├└─ ]*)([A-Z]\w+)\b", line)
        if found and (found[1] or found[2] == "CasebookError"):
            depth = len(found[1]) // 4
            stack[depth:] = [found[2]]
            parents[found[2]] = stack[depth - 1] if depth else "Exception"
    return parents


def test_the_drawn_tree_is_the_real_tree() -> None:
    real = {
        name: kind.__bases__[0].__name__
        for name, kind in vars(errors).items()
        if isinstance(kind, type)
    }
    assert _drawn() == real


def test_a_document_error_names_the_document_and_keeps_its_code() -> None:
    error = errors.DocumentError("sub/a.md", "empty", "has no text")
    assert (str(error), error.doc_id, error.code) == ("sub/a.md: has no text", "sub/a.md", "empty")
