"""Refuse every connection that leaves this machine, below anything a library could do in Python."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
"""Audit events and the position of the address in their arguments (docs.python.org, Audit events
table)."""


def close() -> None:
    """From now on and for good, reaching for another machine raises PermissionError."""
    sys.addaudithook(_refuse)


def close_in_children() -> None:
    """Every Python that is started from here on is closed too (see guard/sitecustomize.py)."""
    guard = str(Path(__file__).resolve().parent / "guard")
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    if guard not in others:
        os.environ["PYTHONPATH"] = os.pathsep.join([guard, *others])


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in WATCHED and not is_local(arguments[WATCHED[event]]):
        raise PermissionError(f"{event}{arguments!r}: a test may not leave this machine")


def is_local(address: object) -> bool:
    """Whether `address` is this machine: a loopback host, a path of a local socket, or nothing."""
    if isinstance(address, tuple):
        address = address[0]
    elif not isinstance(address, str):
        return True  # None binds to this machine; bytes and others are local sockets
    elif address.startswith("/"):
        return True
    if address in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(address)).is_loopback
    except ValueError:
        return False
