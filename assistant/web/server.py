"""Start and stop the web app: options, the port, the terminal's few lines, exit codes."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import ssl
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import CasebookError, SettingError
from assistant.keeping import purge_record
from assistant.pipeline import Casebook
from assistant.private import keep_private
from assistant.settings import PROJECT, Settings
from assistant.web import admission, logs
from assistant.web.access import Access
from assistant.web.opening import Opening, State
from assistant.web.security import HostPolicy
from assistant.web.sign_in import SignedIn

MOST_CONNECTIONS = 800
"""Connections at once, below the usual 1,024 open files; each open page holds one or two."""
USAGE_ERROR = 2
"""Exit code for whatever a person can put right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the web app until it is stopped; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.load(
            host=options.host, port=options.port, corpus=options.corpus, index=options.index,
            user_header=options.user_header, proxies=_joined(options.proxy),
            editors=_joined(options.editor),
        )  # fmt: skip
        hosts = HostPolicy.of(settings.host, options.name)
        access = admission.choose(settings, hosts)
        lock = _tls(options.certificate, options.key)
        with _listen(settings.host, settings.port) as listener:
            return _serve(settings, listener, hosts, access, lock)
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
    network = parser.add_argument_group(
        "on a network",
        "Another address than 127.0.0.1, or another name, needs a password (python -m assistant "
        "password) or a proxy that signs people in.",
    )
    network.add_argument(
        "--user-header", metavar="NAME", help="header in which the proxy says who somebody is"
    )
    network.add_argument(
        "--proxy", action="append", metavar="ADDRESS",
        help="address of a proxy that is believed; may be repeated",
    )  # fmt: skip
    network.add_argument(
        "--editor", action="append", metavar="USER",
        help="who may edit, by the name that the proxy gives; may be repeated",
    )  # fmt: skip
    network.add_argument("--certificate", type=Path, metavar="FILE", help="certificate for https")
    network.add_argument("--key", type=Path, metavar="FILE", help="private key of the certificate")
    return parser


def _joined(names: list[str] | None) -> str | None:
    return None if names is None else ",".join(names)


def _tls(certificate: Path | None, key: Path | None) -> dict[str, str]:
    """Options of uvicorn for https, none without a certificate. Raises SettingError."""
    if certificate is None and key is None:
        return {}
    try:
        if certificate is None or key is None:
            raise ValueError("only one of them is given")
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise SettingError(
            f"--certificate {certificate} and --key {key} cannot be used ({error}): expected a "
            "certificate and its private key, both in PEM files. Name both."
        ) from error
    return {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}


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


def _serve(
    settings: Settings,
    listener: socket.socket,
    hosts: HostPolicy,
    access: Access,
    tls: dict[str, str],
) -> int:
    keep_private()
    logs.set_up()
    address = _address(settings.host, settings.port, "https" if tls else "http")
    print(f"Casebook is starting. Open {address} in your browser.", flush=True)  # noqa: T201
    if hosts.network and isinstance(access, SignedIn) and not tls and not settings.proxies:
        _warn_about_plain_http()
    if settings.record_of_use != "off":
        _tell_about_record(settings)
    with tempfile.TemporaryDirectory(prefix="casebook-", ignore_cleanup_errors=True) as private:
        os.environ["GRADIO_TEMP_DIR"] = private
        # Heavy imports, after the person has been told where to look.
        import uvicorn

        from assistant.web.blocks import EXAMPLES
        from assistant.web.limits import paces
        from assistant.web.record import Record
        from assistant.web.shell import Guards, create_app

        opening = Opening(
            lambda: Casebook.open(settings), lambda: _opened(opening, server, address)
        )
        guards = Guards(
            hosts,
            access,
            admission.listed(settings.proxies),
            paces(settings.questions_per_minute),
            Record(settings).answered,
            settings.record_of_use,
        )
        examples = EXAMPLES if settings.corpus.resolve() == (PROJECT / "corpus").resolve() else ()
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(opening, guards, examples),
                log_config=None,  # its messages go where ours go, without anybody's words
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_graceful_shutdown=2,
                **tls,  # type: ignore[arg-type]
            )
        )
        opening.start()
        # uvicorn hands a signal on when it is done: it must not end us before we have tidied up.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
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


def _address(host: str, port: int, scheme: str = "http") -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{scheme}://{shown}:{port}"


def _warn_about_plain_http() -> None:
    print(  # noqa: T201
        "Passwords and questions travel unencrypted: others on the network can read them. Give "
        "--certificate and --key, or put a proxy with https in front and name it with --proxy.",
        file=sys.stderr,
        flush=True,
    )


def _tell_about_record(settings: Settings) -> None:
    """What is recorded, and delete what is too old."""
    purge_record(settings)
    questions = ", and the question" if settings.record_of_use == "questions" else ""
    print(  # noqa: T201
        f"A record of use is kept in {settings.passwords.parent / 'use'} for "
        f"{settings.record_days} days: who was shown which documents, when{questions}. Tell the "
        "readers; unset CASEBOOK_RECORD_OF_USE to stop.",
        file=sys.stderr,
        flush=True,
    )


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    return USAGE_ERROR
