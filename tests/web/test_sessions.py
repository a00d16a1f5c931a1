"""Sessions: signed, limited in time, ended by signing out and by a new password."""

from __future__ import annotations

import time

import pytest
from itsdangerous import URLSafeTimedSerializer

from assistant.web.passwords import Role
from assistant.web.sessions import Sessions

SECRET = "of these tests"  # noqa: S105


@pytest.fixture
def marks() -> dict[Role, str]:
    return {Role.READING: "r1", Role.EDITING: "e1"}


@pytest.fixture
def held(marks: dict[Role, str]) -> Sessions:
    return Sessions(lambda role: marks.get(role, ""), SECRET)


def test_a_session_is_what_was_given(held: Sessions) -> None:
    found = held.read(held.begin(Role.EDITING))
    assert found is not None
    assert found.role is Role.EDITING
    other = held.read(held.begin(Role.EDITING))
    assert other is not None
    assert other.identity != found.identity


def test_a_changed_token_is_none(held: Sessions) -> None:
    token = held.begin(Role.READING)
    for place in range(len(token)):
        for letter in "Ab":
            changed = token[:place] + letter + token[place + 1 :]
            found = held.read(changed)
            # The last letter of a base64 signature has two bits that mean nothing.
            assert found is None or changed == token or place == len(token) - 1


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "\x00", "é", "x" * 10_000])
def test_nonsense_is_none(held: Sessions, token: str) -> None:
    assert held.read(token) is None


def test_a_token_of_another_server_or_purpose_is_none(held: Sessions) -> None:
    assert held.read(Sessions(lambda role: "r1").begin(Role.READING)) is None
    other = URLSafeTimedSerializer(SECRET, "another purpose")
    assert held.read(str(other.dumps(["ab", "reading", "r1"]))) is None


def test_a_new_password_ends_its_sessions_only(held: Sessions, marks: dict[Role, str]) -> None:
    reading, editing = held.begin(Role.READING), held.begin(Role.EDITING)
    marks[Role.READING] = "r2"
    assert held.read(reading) is None
    assert held.read(editing) is not None
    del marks[Role.EDITING]
    assert held.read(editing) is None


def test_signing_out_ends_every_copy_of_the_token(held: Sessions) -> None:
    token, other = held.begin(Role.READING), held.begin(Role.READING)
    held.end(token)
    held.end("nonsense")
    assert held.read(token) is None
    assert held.read(other) is not None


def test_a_session_ends_after_half_a_day(held: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    token = held.begin(Role.READING)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 12 * 3600 - 60)
    assert held.read(token) is not None
    monkeypatch.setattr("time.time", lambda: now + 12 * 3600 + 60)
    assert held.read(token) is None
