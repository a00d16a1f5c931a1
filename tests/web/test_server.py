"""Starting: options, a port in use, who is let in, what is said to the person."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.web import server
from assistant.web.passwords import Passwords, Role
from tests.making import PASSWORD, quick_hasher


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a password for reading."""
    path = tmp_path / "private" / "passwords.json"
    Passwords(path, quick_hasher()).set(Role.READING, PASSWORD)
    monkeypatch.setenv("CASEBOOK_PASSWORDS", str(path))
    return path


def test_a_port_in_use_is_a_sentence_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert server.main(["--port", str(port)]) == 2
    said = capsys.readouterr()
    assert f"Cannot listen on 127.0.0.1, port {port}" in said.err
    assert f"python app.py --port {port + 1}" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "port is 70000: expected 1 to 65535"),
        (["--host", "203.0.113.7"], "Cannot listen on 203.0.113.7"),
        (["--host", "no.such.host.invalid"], "Cannot listen on no.such.host.invalid"),
        (["--editor", "ann"], "no header that says who somebody is: expected --user-header"),
        (["--user-header", "X-User"], "no proxy is named: expected the address of the only"),
        (["--user-header", "X-User", "--proxy", "gate"], "The proxy 'gate' is no address"),
        (["--proxy", "gate"], "The proxy 'gate' is no address"),
        (["--certificate", "none.pem"], "expected a certificate and its private key"),
        (["--certificate", "none.pem", "--key", "none.key"], "No such file or directory"),
    ],
)
@pytest.mark.usefixtures("secret")
def test_impossible_options(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert server.main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_passwords_that_others_can_read_are_not_used(
    secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret.chmod(0o644)
    assert server.main([]) == 2
    assert f"(mode 0644): expected 0600. Run: chmod 600 {secret}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://127.0.0.1:7860"),  # noqa: S104
        ("::", "http://[::1]:7860"),
        ("::1", "http://[::1]:7860"),
        ("localhost", "http://localhost:7860"),
    ],
)
def test_the_address_to_open(host: str, address: str) -> None:
    assert server._address(host, 7860) == address
