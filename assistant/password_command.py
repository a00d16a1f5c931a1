"""`python -m assistant password`: make, change or remove the password for reading or editing."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from assistant.errors import SettingError
from assistant.settings import Settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction

    from assistant.web.passwords import Role


def add_parser(commands: _SubParsersAction[ArgumentParser], shared: ArgumentParser) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "password", parents=[shared], help="set a password for readers or for editors"
    )
    parser.add_argument(
        "--for", dest="role", choices=("reading", "editing"), default="reading",
        help="what it allows; who may edit may also read (default: reading)",
    )  # fmt: skip
    parser.add_argument("--remove", action="store_true", help="remove the password instead")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Ask for a password twice, or read a line that is piped in; store its hash."""
    from assistant.web.passwords import Passwords, Role

    passwords, role = Passwords(settings.passwords), Role(options.role)
    if options.remove:
        if role not in passwords.roles():
            raise SettingError(
                f"There is no password for {role} in {settings.passwords}: expected one to "
                "remove. Nothing was changed."
            )
        passwords.remove(role)
        print(f"The password for {role} is removed. {_now(passwords.roles())}")
        return 0
    passwords.set(role, _asked(role))
    print(
        f"The password for {role} is set; its hash is in {settings.passwords}. Who was signed in "
        f"for {role} is signed out. {_now(passwords.roles())}"
    )
    return 0


def _asked(role: Role) -> str:
    """The new password, never from the command line, where other users could see it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"New password for {role}: ")
    if getpass.getpass("The same again: ") != first:
        raise SettingError(
            "The two passwords differ: expected the same one twice. Run the command again."
        )
    return first


def _now(roles: frozenset[Role]) -> str:
    if not roles:
        return "Nobody signs in now, and Casebook serves this computer only."
    names = " and ".join(sorted(roles))
    return f"Passwords are set for: {names}. Everybody has to sign in, on this computer too."
