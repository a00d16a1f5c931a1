"""How people are let in, decided once at start-up: nobody but this computer without being asked."""

from __future__ import annotations

from assistant.errors import SettingError
from assistant.settings import Settings
from assistant.web.access import Access, ProxyUsers, ThisComputer, network
from assistant.web.passwords import Passwords
from assistant.web.security import HostPolicy
from assistant.web.sign_in import SignedIn


def choose(settings: Settings, hosts: HostPolicy) -> Access:
    """The access that `settings` ask for. Raises SettingError if they leave the door open.

    A server that other computers reach, by an address or through a proxy by a name, needs a
    password or a proxy that signs people in; on this computer alone, a password counts if there is
    one.
    """
    passwords = Passwords(settings.passwords)
    proxies = listed(settings.proxies)
    for proxy in proxies:
        network(proxy)
    if settings.user_header:
        return ProxyUsers(settings.user_header, proxies, listed(settings.editors))
    if settings.editors:
        raise SettingError(
            "Editors are named, and no header that says who somebody is: expected --user-header "
            "with the proxy that sends it. Without such a proxy, make passwords instead: "
            "python -m assistant password --for editing"
        )
    if passwords.roles():
        return SignedIn(passwords)
    if hosts.network or hosts.named:
        raise SettingError(
            f"{_reached(settings, hosts)}, so everybody there could read every case study: "
            "expected a password, or a proxy that signs people in. Make a password with "
            "python -m assistant password, or name the proxy's header with --user-header "
            "and its address with --proxy."
        )
    return ThisComputer()


def listed(names: str) -> tuple[str, ...]:
    """The names in a setting, which separates them by commas."""
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _reached(settings: Settings, hosts: HostPolicy) -> str:
    if hosts.network:
        return f"Casebook would listen on {settings.host}, which other computers reach"
    return "Casebook would answer to another name, by which other computers reach it"
