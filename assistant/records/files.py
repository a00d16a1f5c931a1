"""Small files that are whole or not there: written beside their place, then renamed into it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from assistant.errors import RecordError


def write(path: Path, fields: object) -> None:
    """Replace the JSON file `path`. Raises RecordError, leaving it as it was, if that fails."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        words = json.dumps(fields, ensure_ascii=False, indent=1)
        with fresh.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(words + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise RecordError(
            f"{path.name} could not be written ({error.strerror or error}): expected some space in "
            f"{path.parent}, and leave to write there. Make room and try again."
        ) from error


def read(path: Path) -> dict[str, Any] | None:
    """The object in the JSON file `path`; None if there is no file.

    Raises RecordError if it holds anything else.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(fields, dict):
            raise TypeError(f"{type(fields).__name__} instead of an object")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise RecordError(
            f"{path} cannot be read ({type(error).__name__}): expected a JSON file that Casebook "
            "wrote. Restore it from a backup, or move it away."
        ) from error
    return fields
