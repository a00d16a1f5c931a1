"""Starting: options, a port in use, what is said to the person."""

from __future__ import annotations

import socket

import pytest

from assistant.web import server


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
    ],
)
def test_impossible_addresses(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert server.main(arguments) == 2
    assert words in capsys.readouterr().err


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
