"""Passwords for reading and for editing: argon2 hashes in a file that only its owner may read."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import tempfile
import threading
from enum import StrEnum
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.errors import SettingError

SHORTEST, LONGEST = 12, 200
CURE = "Make a password: python -m assistant password"


class Role(StrEnum):
    """What a password lets its holder do; who edits also reads."""

    READING = "reading"
    EDITING = "editing"


class Passwords:
    """The file of hashes, one a role. It is read at each use: a new password counts at once.

    `hasher` is argon2id with the library's defaults (RFC 9106, low memory: 64 MiB, 3 passes).
    """

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._path, self._hasher = path, hasher or PasswordHasher()
        self._nobodys = self._hasher.hash(secrets.token_hex())
        self._one_at_a_time = threading.Lock()

    def roles(self) -> frozenset[Role]:
        """Which roles have a password. Raises SettingError if the file cannot be trusted."""
        return frozenset(self._read())

    def set(self, role: Role, password: str) -> None:
        """Store the hash of `password`. Raises SettingError if it is too short or too long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise SettingError(
                f"The password has {len(password)} characters: expected {SHORTEST} to {LONGEST}. "
                "Choose, for example, three or four words that do not belong together."
            )
        self._write(self._read() | {role: self._hasher.hash(password)})

    def remove(self, role: Role) -> None:
        """Forget the password of `role`; who signed in with it is signed out."""
        self._write({kept: found for kept, found in self._read().items() if kept is not role})

    def check(self, password: str) -> Role | None:
        """The role that `password` opens.

        Always as many verifications as there are roles, whatever is set and whichever matches, so
        that the time taken tells nothing; one check at a time, as each takes 64 MiB.
        """
        stored = self._read()
        with self._one_at_a_time:
            opened = [
                role
                for role in (Role.EDITING, Role.READING)
                if self._matches(stored.get(role, self._nobodys), password[: LONGEST + 1])
                and role in stored
            ]
        return opened[0] if opened else None

    def mark(self, role: Role) -> str:
        """What changes whenever the password does: sessions carry it. "" if there is none."""
        stored = self._read().get(role)
        return hashlib.sha256(stored.encode()).hexdigest()[:16] if stored else ""

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def _read(self) -> dict[Role, str]:
        try:
            with self._path.open(encoding="utf-8") as file:
                self._check_private(os.fstat(file.fileno()))
                return {Role(role): str(found) for role, found in json.load(file).items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            raise SettingError(
                f"The passwords in {self._path} cannot be read ({type(error).__name__}): expected "
                f"the file that Casebook wrote. Remove it. {CURE}"
            ) from error

    def _check_private(self, found: os.stat_result) -> None:
        if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
            raise SettingError(
                f"The passwords in {self._path} can be read by other users (mode "
                f"{stat.S_IMODE(found.st_mode):04o}): expected 0600. Run: chmod 600 {self._path}"
            )

    def _write(self, hashes: dict[Role, str]) -> None:
        folder = self._path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, prefix=".passwords-")  # mode 0600
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(hashes, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError as error:
            raise SettingError(
                f"{self._path} cannot be written ({error.strerror}): expected a folder of one's "
                "own. Name another in CASEBOOK_PASSWORDS."
            ) from error
