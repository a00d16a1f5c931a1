"""Start and stop the web app: options, the port, the terminal's few lines, exit codes."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import CasebookError, SettingError
from assistant.pipeline import Casebook
from assistant.settings import PROJECT, Settings
from assistant.web.opening import Opening, State
from assistant.web.security import HostPolicy

USAGE_ERROR = 2
"""Exit code for whatever a person can put right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the web app until it is stopped; returns the exit code."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.load(
            host=options.host, port=options.port, corpus=options.corpus, index=options.index
        )
        with _listen(settings.host, settings.port) as listener:
            return _serve(settings, listener, options.name)
    except CasebookError as error:
        return _refuse(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py", description="Casebook: ask a folder of case studies in your browser."
    )
    parser.add_argument(
        "--host", help="address to listen on (default 127.0.0.1: this computer only)"
    )
    parser.add_argument("--port", type=int, help="port to listen on (default 7860)")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="folder of case studies")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument(
        "--name", action="append", default=[], metavar="HOSTNAME",
        help="another name this server is reached by, such as a proxy's; may be repeated",
    )  # fmt: skip
    return parser


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to `host` and `port`. Raises SettingError with the cure if that fails."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # Windows, where reuse means sharing
    listener.setsockopt(socket.SOL_SOCKET, exclusive or socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError, UnicodeError) as error:
        listener.close()
        raise SettingError(
            f"Cannot listen on {host}, port {port} ({error}): expected an address of this computer "
            "and a free port. Stop the other program, or choose another port: "
            f"python app.py --port {port + 1}"
        ) from error
    return listener


def _serve(settings: Settings, listener: socket.socket, names: Sequence[str]) -> int:
    address = _address(settings.host, settings.port)
    print(f"Casebook is starting. Open {address} in your browser.", flush=True)  # noqa: T201
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix="casebook-", ignore_cleanup_errors=True) as private:
        os.environ["GRADIO_TEMP_DIR"] = private
        # Heavy imports, after the person has been told where to look.
        import uvicorn

        from assistant.web.blocks import EXAMPLES
        from assistant.web.shell import create_app

        opening = Opening(
            lambda: Casebook.open(settings), lambda: _opened(opening, server, address)
        )
        hosts = HostPolicy.of(settings.host, names)
        if hosts.network:
            _warn_about_network(settings.host)
        examples = EXAMPLES if settings.corpus.resolve() == (PROJECT / "corpus").resolve() else ()
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(opening, hosts, examples),
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=2,
            )
        )
        opening.start()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            opening.stop()
    if opening.progress.state is State.FAILED and opening.failure:
        return _refuse(opening.failure)
    return 0


def _opened(opening: Opening, server: object, address: str) -> None:
    """Called in the opening thread: tell the person, or stop a server that has nothing to serve."""
    if opening.progress.state is State.READY:
        print(f"Casebook is ready at {address} (Ctrl+C stops it).", flush=True)  # noqa: T201
    else:
        server.should_exit = True  # type: ignore[attr-defined]


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def _warn_about_network(host: str) -> None:
    print(  # noqa: T201
        f"Listening on {host}: everybody who reaches this computer can read every case study. "
        "Casebook has no login; put a proxy with one (and TLS) in front, or leave --host out.",
        file=sys.stderr,
        flush=True,
    )


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    return USAGE_ERROR
