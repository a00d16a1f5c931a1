"""Signing in over HTTP: who gets in, what the cookie is, how often one may try."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.pipeline import Casebook
from assistant.web.access import ProxyUsers
from assistant.web.addresses import Pace
from assistant.web.limits import SIGN_INS
from assistant.web.passwords import Passwords, Role
from assistant.web.security import FORM_POLICY
from assistant.web.sign_in import SignedIn
from tests.making import PASSWORD, quick_hasher
from tests.web.visiting import app_of, opened, visit

EDITORS = "lantern gravel teapot"
PAGE = {"Accept": "text/html"}
OURS = {"/", "/sources", "/source/harbour.md", "/config", "/gradio_api/queue/data?session_hash=a",
        "/gradio_api/heartbeat/a", "/assets/index.js", "/theme.css"}  # fmt: skip
"""Addresses with something of the case studies or of the chat behind them."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Passwords:
    """Read at each use, so that one app serves all tests."""
    folder = tmp_path_factory.mktemp("private")
    return Passwords(folder / "passwords.json", quick_hasher())


@pytest.fixture
def passwords(stored: Passwords) -> Passwords:
    """A password for readers and one for editors."""
    stored._path.unlink(missing_ok=True)
    stored.set(Role.READING, PASSWORD)
    stored.set(Role.EDITING, EDITORS)
    return stored


@pytest.fixture(scope="module")
def open_app(open_book: Casebook, stored: Passwords) -> ASGIApp:
    """Without limits."""
    return app_of(opened(open_book), SignedIn(stored))


@pytest.fixture
def app(open_app: ASGIApp, passwords: Passwords) -> ASGIApp:
    """Without limits, with passwords set."""
    assert passwords.roles()
    return open_app


@pytest.fixture(scope="module")
def limited_app(open_book: Casebook, stored: Passwords) -> ASGIApp:
    return app_of(opened(open_book), SignedIn(stored), {Pace.SIGN_IN: SIGN_INS}, ("10.1.2.3",))


@pytest.fixture
def client(app: ASGIApp) -> Iterator[TestClient]:
    with visit(app) as found:
        yield found


def sign_in(client: TestClient, password: str = PASSWORD, onward: str = "/sources") -> str:
    """Sign in; returns where the browser is sent, "" if it was refused."""
    fields = {"password": password, "next": onward}
    found = client.post("/sign-in", data=fields)
    return found.headers.get("location", "") if found.status_code == 303 else ""


@pytest.mark.parametrize("path", sorted(OURS))
def test_nobody_reads_without_signing_in(client: TestClient, path: str) -> None:
    page = client.get(path, headers=PAGE)
    assert page.status_code == 303
    assert page.headers["location"].startswith("/sign-in?next=%2F")
    assert client.get(path).status_code == 401  # not a page for a person
    assert "Harbour" not in client.get(path).text


def test_a_question_needs_signing_in(client: TestClient) -> None:
    body = {"data": ["Why?", None], "fn_index": 0, "session_hash": "s"}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 401


def test_the_way_in_and_out(client: TestClient) -> None:
    asked = client.get("/source/harbour.md?p=x%20y", headers=PAGE).headers["location"]
    page = client.get(asked)
    assert page.headers["content-security-policy"] == FORM_POLICY
    onward = re.search(r'name="next" value="([^"]*)"', page.text)
    assert onward
    assert "/sign-out" not in page.text
    assert sign_in(client, PASSWORD, onward[1]) == "/source/harbour.md?p=x%20y"
    assert client.get("/source/harbour.md").status_code == 200
    for path in ("/sources", "/"):  # a page of ours, and Gradio's page in our frame
        assert '<a href="/sign-out">' in client.get(path).text
    assert "Your conversation in this browser" in client.get("/sign-out").text
    kept = client.cookies["casebook"]
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert "casebook" not in client.cookies
    client.cookies.set("casebook", kept)  # a copy is worth nothing
    assert client.get("/sources").status_code == 401


def test_a_wrong_password_is_told_and_its_words_are_not_repeated(client: TestClient) -> None:
    page = client.post("/sign-in", data={"password": "<b>CANARY</b> guess", "next": "/sources"})
    assert page.status_code == 403
    assert "That is not the password. Check it and try again." in page.text
    assert "<title>Problem: Sign in – Casebook</title>" in page.text
    assert "CANARY" not in page.text
    assert "set-cookie" not in page.headers


def test_the_cookie_says_nothing_and_scripts_and_other_sites_do_not_get_it(
    client: TestClient,
) -> None:
    sign_in(client)
    (cookie,) = client.post("/sign-in", data={"password": PASSWORD}).headers.get_list("set-cookie")
    name, *rules = (part.strip().lower() for part in cookie.split(";"))
    assert name.startswith("casebook=")
    assert set(rules) == {"httponly", "samesite=lax", "path=/"}  # until the browser closes
    assert PASSWORD not in cookie


def test_over_https_the_cookie_stays_on_https(app: ASGIApp) -> None:
    with visit(app, base="https://127.0.0.1:7860") as client:
        (cookie,) = client.post("/sign-in", data={"password": PASSWORD}).headers.get_list(
            "set-cookie"
        )
        assert cookie.startswith("__Host-casebook=")
        assert "; Secure" in cookie
        assert client.get("/sources").status_code == 200


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "",
     "/sign-out", "/gradio_api/queue/data", "/nowhere", "\r\nSet-Cookie: a=b", "/%2f%2fevil", "é"],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(client: TestClient, onward: str) -> None:
    assert sign_in(client, PASSWORD, onward) == "/"


@pytest.mark.parametrize(
    "body", [b"", b"password", b"\xff\xfe", b"&".join([b"a=b"] * 50), b"password=%ff%00"]
)
def test_a_broken_form_is_a_wrong_password(client: TestClient, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=body, headers=kind).status_code == 403


def test_other_sites_cannot_sign_anybody_in(client: TestClient) -> None:
    headers = {"Origin": "https://evil.example"}
    assert client.post("/sign-in", data={"password": PASSWORD}, headers=headers).status_code == 403
    assert "casebook" not in client.cookies


@pytest.mark.usefixtures("passwords")
def test_attempts_are_limited_by_address_right_or_wrong(limited_app: ASGIApp) -> None:
    with visit(limited_app, "203.0.113.5") as guesser:
        for _ in range(10):
            assert guesser.post("/sign-in", data={"password": "guess"}).status_code == 403
        found = guesser.post("/sign-in", data={"password": PASSWORD})
        assert found.status_code == 429
        assert 1 <= int(found.headers["retry-after"]) <= 60
        assert "That is too many attempts to sign in. Try again in" in found.text
        assert guesser.get("/sign-in").status_code == 200
    with visit(limited_app, "203.0.113.6") as other:
        assert sign_in(other)


@pytest.mark.usefixtures("passwords")
def test_an_ipv6_network_is_one_client(limited_app: ASGIApp) -> None:
    for host in range(10):
        with visit(limited_app, f"2001:db8:1:2::{host:x}") as guesser:
            guesser.post("/sign-in", data={"password": "guess"})
    with visit(limited_app, "2001:db8:1:2::ffff") as guesser:
        assert guesser.post("/sign-in", data={"password": PASSWORD}).status_code == 429
    with visit(limited_app, "2001:db8:1:3::1") as other:
        assert sign_in(other)


def test_a_new_password_signs_out(client: TestClient, passwords: Passwords) -> None:
    sign_in(client)
    passwords.set(Role.READING, PASSWORD)
    assert client.get("/sources").status_code == 401


def test_a_broken_file_of_passwords_lets_nobody_in(
    client: TestClient, passwords: Passwords, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client)
    passwords._path.write_text("{", encoding="utf-8")
    assert client.get("/sources").status_code == 401
    page = client.post("/sign-in", data={"password": PASSWORD})
    assert page.status_code == 503
    assert "Signing in does not work just now." in page.text
    assert str(passwords._path) not in page.text
    assert f"The passwords in {passwords._path} cannot be read" in caplog.text


def test_what_anybody_may_see(client: TestClient) -> None:
    for path in ("/health", "/privacy", "/accessibility", "/look/casebook.css", "/robots.txt"):
        assert client.get(path).status_code == 200, path
    assert client.get("/health").json() == {"status": "ready"}


def test_a_proxy_signs_people_in(open_book: Casebook) -> None:
    access = ProxyUsers("X-User", ["10.1.0.0/16"], ["ann"])
    app = app_of(opened(open_book), access, proxies=("10.1.0.0/16",), names=("casebook.example",))
    base = "http://casebook.example"
    with visit(app, "10.1.2.3", base) as proxy:
        assert proxy.get("/sources", headers={"X-User": "bob"}).status_code == 200
        assert proxy.get("/sources").status_code == 403
        assert proxy.get("/sources", headers={"X-User": " "}).status_code == 403
        assert (
            proxy.get("/sources", headers=[("X-User", "ann"), ("X-User", "bob")]).status_code == 403
        )
        assert "/sign-in" not in proxy.get("/sources", headers={"X-User": "bob"}).text
        assert proxy.get("/sign-in", headers={"X-User": "bob"}).status_code == 404
        # The client's address, as the proxy gives it, does not count as the proxy's.
        forwarded = {"X-User": "bob", "X-Forwarded-For": "203.0.113.9"}
        assert proxy.get("/sources", headers=forwarded).status_code == 200
    with visit(app, "203.0.113.9", base) as other:
        found = other.get("/sources", headers={"X-User": "ann", "X-Forwarded-For": "10.1.2.3"})
        assert found.status_code == 403
        assert "Open Casebook by its usual address" in found.text


@pytest.mark.usefixtures("passwords")
def test_behind_a_proxy_limits_count_clients_not_the_proxy(limited_app: ASGIApp) -> None:
    with visit(limited_app, "10.1.2.3") as proxy:
        for client in ("203.0.113.1", "203.0.113.2"):
            # What a client claims itself stands first; the proxy adds the last.
            header = {"X-Forwarded-For": f"198.51.100.7, {client}"}
            for expected in (*[403] * 10, 429):
                found = proxy.post("/sign-in", data={"password": "guess"}, headers=header)
                assert found.status_code == expected
