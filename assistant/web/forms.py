"""Forms that change something: a token that only our own pages know, and fields read with limits.

The door already refuses what another site sends. The token is the second lock: it is made from a
secret of this process and from who asks, so neither another site nor another visitor can know it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.errors import FormError
from assistant.web.access import visitor

TOKEN = "form_token"  # noqa: S105  the name of a field
MAX_FILES = 50
MAX_FIELDS = 40
MAX_FIELD_BYTES = 4_000_000
"""Of one field that is no file: a pasted case study."""
_SECRET = secrets.token_bytes(32)


def token(request: Request) -> str:
    """What a form of ours carries for this visitor; good until the app is restarted."""
    asker = visitor(request).key.encode("utf-8", "replace")
    return hmac.new(_SECRET, asker, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, under the name it had there."""

    name: str
    raw: bytes


@dataclass(frozen=True)
class Fields:
    """What a form sent. `fresh` says whether it came from a page made for this visitor."""

    fresh: bool
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()

    def __getitem__(self, name: str) -> str:
        """The field's last value, "" if it was not sent; line ends are line feeds."""
        values = self.words.get(name, ())
        return values[-1] if values else ""

    def all(self, name: str) -> Sequence[str]:
        """Every value of a field that may be sent several times."""
        return self.words.get(name, ())


async def read(request: Request) -> Fields:
    """The fields of a form; FormError says what is wrong with one that cannot be read."""
    try:
        async with request.form(
            max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        ) as form:
            uploads = [upload async for upload in _uploads(form)]
            return Fields(_is_fresh(request, form.get(TOKEN)), _words(form), tuple(uploads))
    except HTTPException as error:
        raise FormError(
            f"The form cannot be read ({error.detail}): expected at most {MAX_FILES} files, and at "
            f"most {MAX_FIELD_BYTES:,} bytes of text. Send less at a time."
        ) from error


async def read_fresh(request: Request) -> Fields:
    """The fields of a form of ours; FormError if its page was made before a restart."""
    fields = await read(request)
    if not fields.fresh:
        raise FormError(
            "This form is out of date: expected one from a page opened since Casebook was started "
            "and since you signed in. Go back, load the page again and send it once more."
        )
    return fields


def _words(form: FormData) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            words = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
            found[name] = (*found.get(name, ()), words)
    return found


async def _uploads(form: FormData) -> AsyncIterator[Upload]:
    """The files that were chosen: a box left empty sends one without a name."""
    for _, value in form.multi_items():
        if isinstance(value, UploadFile) and value.filename:
            yield Upload(value.filename, await value.read())


def _is_fresh(request: Request, sent: object) -> bool:
    """Whether the token that was `sent` is the one that this visitor's pages carry."""
    if not isinstance(sent, str):
        return False
    return hmac.compare_digest(sent.encode("utf-8", "replace"), token(request).encode())
