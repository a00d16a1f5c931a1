"""Pages for adding and replacing: what was sent waits as a draft until an editor has seen it.

The draft's page shows how each file was read and cut into passages; only then is it taken.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant import text as texts
from assistant.documents.corpus import READERS
from assistant.editing.drafts import Draft, Entry
from assistant.editing.names import free_name, name_for
from assistant.editing.pasting import Pasted, markdown
from assistant.errors import CasebookError, EditError, FormError
from assistant.pipeline import Casebook
from assistant.web import forms, links, pages
from assistant.web.editors import Editors, title_of
from assistant.web.forms import Fields

SHOWN_PASSAGES = 60
"""Passages shown of each file of a draft."""
PASTED = ("title", "place", "themes", "source_url", "text")


class Drafting:
    """What each address answers."""

    def __init__(self, casebook: Callable[[], Casebook], editors: Editors) -> None:
        self._casebook, self._editors = casebook, editors

    # --- Adding ----------------------------------------------------------------------------------

    def new(self, request: Request, again: str = "") -> HTMLResponse:
        typed = self._editors().drafts.get(again).form if again else {}
        return _new_page(request, typed)

    async def send_new(self, request: Request) -> Response:
        fields = await forms.read(request)
        typed = {name: fields[name] for name in PASTED}
        try:
            _check_fresh(fields)
            draft = await run_in_threadpool(self._made, fields, typed)
        except (EditError, FormError) as error:
            return _new_page(request, typed, str(error), upload=fields["how"] == "upload")
        return RedirectResponse(f"/edit/draft/{draft.id}", 303)

    def _made(self, fields: Fields, typed: dict[str, str]) -> Draft:
        editor = self._editors()
        if fields["how"] == "upload":
            contents = [(editor.uploaded(upload.name), upload.raw) for upload in fields.uploads]
            return editor.drafts.make(contents)
        text = markdown(Pasted(**typed))
        name = free_name(name_for(typed["title"]), editor.names())
        return editor.drafts.make([(Entry(name), text.encode("utf-8", "replace"))], typed)

    # --- The draft -------------------------------------------------------------------------------

    def draft(self, request: Request, draft_id: str) -> HTMLResponse:
        return self._draft_page(request, self._editors().drafts.get(draft_id))

    async def take_draft(self, request: Request, draft_id: str) -> Response:
        fields = await forms.read_fresh(request)
        editor = self._editors()
        draft = editor.drafts.get(draft_id)
        if fields["act"] == "discard":
            editor.drafts.drop(draft_id)
            return RedirectResponse("/sources", 303)
        try:
            await run_in_threadpool(
                editor.apply, draft, _numbers(draft, fields, "keep"),
                _numbers(draft, fields, "beside"),
            )  # fmt: skip
        except CasebookError as error:
            return await run_in_threadpool(self._draft_page, request, draft, str(error))
        return RedirectResponse("/edit/progress", 303)

    def _draft_page(self, request: Request, draft: Draft, problem: str = "") -> HTMLResponse:
        drafts = self._editors().drafts
        previews = [drafts.preview(draft, number) for number in range(len(draft.entries))]
        return pages.form(
            "draft.html",
            400 if problem else 200,
            draft=draft,
            files=list(zip(draft.entries, previews, strict=True)),
            readable=any(preview.document for preview in previews),
            shown=SHOWN_PASSAGES,
            problem=problem,
            back=_back(draft),
            token=forms.token(request),
        )

    # --- Replacing -------------------------------------------------------------------------------

    def replace(
        self, request: Request, doc_id: str, suggestion: str = "", again: str = ""
    ) -> HTMLResponse:
        if not again:
            return self._replace_page(request, doc_id, suggestion)
        drafts = self._editors().drafts
        draft = drafts.get(again)
        typed = texts.decode(drafts.path(draft, 0).read_bytes())
        return self._replace_page(request, doc_id, draft.suggestion, typed, draft.entries[0].seen)

    async def send_replacement(self, request: Request, doc_id: str) -> Response:
        fields = await forms.read(request)
        try:
            _check_fresh(fields)
            draft = await run_in_threadpool(self._replacement, doc_id, fields)
        except (EditError, FormError) as error:
            return await run_in_threadpool(
                self._replace_page, request, doc_id, fields["suggestion"], fields["text"],
                fields["seen"], str(error),
            )  # fmt: skip
        return RedirectResponse(f"/edit/draft/{draft.id}", 303)

    def _replacement(self, doc_id: str, fields: Fields) -> Draft:
        editor = self._editors()
        if fields["how"] == "upload":
            contents = [
                (editor.uploaded(upload.name, doc_id), upload.raw) for upload in fields.uploads[:1]
            ]
            return editor.drafts.make(contents, suggestion=fields["suggestion"])
        if not fields["text"].strip():
            raise EditError(
                "The text is empty: expected the case study. To take it away, remove it instead."
            )
        entry = Entry(PurePosixPath(doc_id).name, doc_id, fields["seen"])
        raw = fields["text"].encode("utf-8", "replace")
        return editor.drafts.make([(entry, raw)], suggestion=fields["suggestion"])

    def _replace_page(
        self,
        request: Request,
        doc_id: str,
        suggestion: str,
        typed: str = "",
        seen: str = "",
        problem: str = "",
    ) -> HTMLResponse:
        editor = self._editors()
        there = editor.text(doc_id)
        return pages.form(
            "replace.html",
            400 if problem else 200,
            doc_id=doc_id,
            title=title_of(self._casebook(), doc_id),
            text=typed or (there[0] if there else None),
            seen=seen or (there[1] if there else ""),
            suggestion=editor.suggestions.get(suggestion) if suggestion else None,
            accept=",".join(READERS),
            problem=problem,
            token=forms.token(request),
        )


def _new_page(
    request: Request, typed: dict[str, str], problem: str = "", upload: bool = False
) -> HTMLResponse:
    return pages.form(
        "new.html",
        400 if problem else 200,
        typed={name: typed.get(name, "") for name in PASTED},
        problem=problem,
        upload=upload,
        accept=",".join(READERS),
        endings=", ".join(READERS),
        most=forms.MAX_FILES,
        token=forms.token(request),
    )


def _check_fresh(fields: Fields) -> None:
    """Raises FormError; the page is then shown again with what was typed, and can be sent."""
    if not fields.fresh:
        raise FormError(
            "The page was opened before Casebook was started again, or before you signed in: "
            "nothing was kept of it. What you typed is still here; send it once more."
        )


def _numbers(draft: Draft, fields: Fields, name: str) -> set[int]:
    """The entries ticked under `name`; numbers that are none of the draft are passed over."""
    known = {str(number): number for number in range(len(draft.entries))}
    return {known[value] for value in fields.all(name) if value in known}


def _back(draft: Draft) -> str:
    """Where a draft can be corrected."""
    if draft.form:
        return f"/edit/new?again={draft.id}"
    corrected = next((entry.replaces for entry in draft.entries if entry.seen), "")
    return (
        f"{links.to_editing(corrected, 'replace')}?again={draft.id}" if corrected else "/edit/new"
    )
