"""Who edits, and the one editor of the casebook."""

from __future__ import annotations

import threading
from collections.abc import Callable

from fastapi import HTTPException, Request

from assistant.editing.editor import Editor
from assistant.pipeline import Casebook
from assistant.web.access import may_edit


class Editors:
    """The one editor of a casebook, made when it is first needed."""

    def __init__(self, casebook: Callable[[], Casebook]) -> None:
        self._casebook, self._lock = casebook, threading.Lock()
        self._editor: Editor | None = None

    def __call__(self) -> Editor:
        """The editor. Raises IndexMissing while the case studies are being opened."""
        with self._lock:
            if self._editor is None:
                self._editor = Editor(self._casebook())
            return self._editor

    def stop(self) -> None:
        """Cancel what is running: the app ends."""
        if self._editor is not None:
            self._editor.worker.stop()


def editors_only(request: Request) -> None:
    """Raises HTTPException 403 for anybody else."""
    if not may_edit(request):
        raise HTTPException(403)


def title_of(casebook: Casebook, doc_id: str) -> str:
    """The title of a case study, its doc_id if it is not in the index."""
    document = casebook.index().document(doc_id)
    return document.title if document else doc_id
