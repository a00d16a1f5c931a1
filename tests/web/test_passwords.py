"""Passwords at rest and when they are checked."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from assistant.errors import SettingError
from assistant.web.passwords import Passwords, Role
from tests.making import PASSWORD, quick_hasher

OTHER = "lantern gravel teapot"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "private" / "passwords.json"


def test_what_is_stored_is_a_hash_that_only_its_owner_reads(path: Path) -> None:
    Passwords(path).set(Role.READING, PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    stored = path.read_text(encoding="utf-8")
    assert PASSWORD not in stored
    # argon2id as RFC 9106 recommends where memory is scarce: 64 MiB, 3 passes, 4 lanes
    assert json.loads(stored)["reading"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_reading_and_editing_have_passwords_of_their_own(path: Path) -> None:
    passwords = Passwords(path, quick_hasher())
    assert passwords.roles() == set()
    assert passwords.check(PASSWORD) is None
    passwords.set(Role.READING, PASSWORD)
    passwords.set(Role.EDITING, OTHER)
    assert passwords.roles() == {Role.READING, Role.EDITING}
    assert passwords.check(PASSWORD) is Role.READING
    assert passwords.check(OTHER) is Role.EDITING
    assert passwords.check(PASSWORD + "!") is None
    assert passwords.check("") is None
    passwords.remove(Role.EDITING)
    assert passwords.check(OTHER) is None
    assert passwords.check(PASSWORD) is Role.READING


class Counting(PasswordHasher):
    """Counts verifications: the work that an onlooker could time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self.verified += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("given", [PASSWORD, OTHER, "wrong", "", "x" * 3000])
@pytest.mark.parametrize("roles", [(), (Role.READING,), (Role.READING, Role.EDITING)])
def test_every_check_does_the_same_work(path: Path, given: str, roles: tuple[Role, ...]) -> None:
    hasher = Counting()
    passwords = Passwords(path, hasher)
    for role, password in zip(roles, (PASSWORD, OTHER), strict=False):
        passwords.set(role, password)
    passwords.check(given)
    assert hasher.verified == 2


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "has 5 characters: expected 12 to 200"), ("x" * 201, "has 201 characters")],
)
def test_a_password_has_a_length(path: Path, password: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        Passwords(path, quick_hasher()).set(Role.READING, password)
    assert not path.exists()


@pytest.mark.parametrize("words", ["", "not json", "[]", '{"king": "x"}', "\ufffe"])
def test_a_broken_file_lets_nobody_in(path: Path, words: str) -> None:
    path.parent.mkdir()
    path.write_text(words, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SettingError, match=r"cannot be read .*: expected the file that Casebook"):
        Passwords(path, quick_hasher()).check(PASSWORD)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_lets_nobody_in(path: Path, mode: int) -> None:
    passwords = Passwords(path, quick_hasher())
    passwords.set(Role.READING, PASSWORD)
    path.chmod(mode)
    with pytest.raises(SettingError, match=f"mode {mode:04o}.: expected 0600. Run: chmod 600"):
        passwords.check(PASSWORD)


def test_the_mark_changes_with_the_password(path: Path) -> None:
    passwords = Passwords(path, quick_hasher())
    assert passwords.mark(Role.READING) == ""
    passwords.set(Role.READING, PASSWORD)
    first = passwords.mark(Role.READING)
    passwords.set(Role.READING, PASSWORD)  # the same words, another salt
    assert len(first) == 16
    assert passwords.mark(Role.READING) != first
