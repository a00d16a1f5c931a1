"""A canary question and a canary key: nowhere but on the reader's own page (PR-1, 6 to 10, B106).

The real program, in a home, a temporary folder and a working folder of its own, with a key and a
proxy in its environment, is asked, misused and stopped; then every byte it left is searched.
"""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from assistant.settings import PROJECT
from tests.e2e.conftest import Server, Watch, serving
from tests.e2e.talking import ask
from tests.making import write_corpus
from tests.web.running import JOIN, LISTEN

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WORD = "CANARYASK"
NUMBER = "943 476 5919"
QUESTION = f"NHS {NUMBER} {WORD}: how did Harbour handle mistrust over funding?"
KEY = "sk-TESTCANARYKEY"
SWITCHED = {"GRADIO_ANALYTICS_ENABLED": "True", "GRADIO_SHARE": "True", "HF_HUB_OFFLINE": "0",
            "OPENAI_API_KEY": KEY, "HF_TOKEN": f"hf_{KEY}"}  # fmt: skip
"""What a shell may hold: requests for telemetry, and keys that are none of our business."""


class Trap(http.server.BaseHTTPRequestHandler):
    """A proxy that notes whoever comes."""

    visits: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.visits.append(self.path)
        self.send_error(502)

    do_CONNECT = do_POST = do_GET

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def trap() -> Iterator[str]:
    """The address of a proxy in which nobody should be caught."""
    Trap.visits.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


BROKEN = (
    {"data": [QUESTION], "fn_index": 0, "session_hash": "misuse"},
    {"data": [{"text": QUESTION}, None], "fn_index": 0, "session_hash": "misuse"},
    {"data": [QUESTION, None], "fn_index": 99, "session_hash": "misuse"},
    {"data": [QUESTION * 40, None], "fn_index": 0, "session_hash": "misuse"},
    {"data": [QUESTION + "\ud800", None], "fn_index": 0, "session_hash": "misuse"},
    {"data": QUESTION, "session_hash": WORD},
)
PATHS = (
    "/config", "/health", "/", "/sources", "/privacy", "/nowhere", "/docs", "/gradio_api/info",
    "/gradio_api/file=/proc/self/environ",
)  # fmt: skip


def misuse(url: str) -> list[str]:
    """What is answered to broken and hostile requests that carry the canary."""
    with httpx.Client(base_url=url, timeout=60) as client:
        bodies = [json.dumps(body).encode() for body in BROKEN] + [b"{" + QUESTION.encode()]
        kind = {"Content-Type": "application/json"}
        said = [client.post(JOIN, content=body, headers=kind).text for body in bodies]
        said += [client.post(JOIN, content=bodies[0]).text]
        said += [client.get(path, headers={"X-Forwarded-Host": WORD}).text for path in PATHS]
        said.append(client.get(f"/{WORD}?q={WORD}", headers={"Host": f"{WORD}.example"}).text)
        said.append(client.request("DELETE", f"/{WORD}").text)
    for session in ("misuse", f"unknown{WORD}"):  # Gradio drops the line after an unknown one
        found = httpx.get(f"{url}{LISTEN}", params={"session_hash": session}, timeout=60)
        assert found.status_code == 200
    return said


STORED = """async () => {
  const found = [{...localStorage}, {...sessionStorage}, document.cookie, name, history.state];
  for (const base of await indexedDB.databases()) found.push(base.name);
  for (const key of await caches.keys()) found.push(key);
  found.push((await navigator.serviceWorker.getRegistrations()).length);
  return JSON.stringify(found);
}"""


def test_the_canary_is_nowhere(tmp_path: Path, browser: Browser) -> None:
    """B106, B109: neither the question nor the key; and nobody is caught in the proxy."""
    folders = {name: tmp_path / name for name in ("home", "tmp", "work", "index", "private")}
    for folder in folders.values():
        folder.mkdir()
    write_corpus(tmp_path / "corpus")
    watch = Watch()
    with trap() as proxy:
        environ = SWITCHED | dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy"), proxy)
        environ |= {"HOME": str(folders["home"]), "TMPDIR": str(folders["tmp"]),
                    "NO_PROXY": "127.0.0.1",
                    "CASEBOOK_PASSWORDS": str(folders["private"] / "passwords.json"),
                    "OPENAI_BASE_URL": f"{proxy}/v1"}  # fmt: skip
        options = ("--corpus", str(tmp_path / "corpus"), "--index", str(folders["index"]))
        with serving(folders["work"], *options, environ=environ) as server:
            server.wait()
            context = browser.new_context(base_url=server.url)
            watch.over(context)
            page = context.new_page()
            page.goto("/")
            assert "Mistrust over funding faded slowly" in ask(page, QUESTION).inner_text()
            assert f"{NUMBER}" in page.inner_text("main")  # it was asked
            stored = page.evaluate(STORED)
            assert WORD not in stored and NUMBER not in stored, stored
            assert context.cookies() == []
            page.get_by_role("button", name="New conversation").click()
            page.wait_for_function("() => !document.querySelector('.cb-turn')")
            assert WORD not in page.content()
            context.close()
            said = misuse(server.url)
            _check_open_files(server)
        assert Trap.visits == []
    assert watch.hosts == {server.url}
    # The shell's secrets are in no answer; the question is in no refusal.
    assert not [words for words in said if KEY in words]
    assert not [words for words in said if WORD in words]
    _check_left(tmp_path, server)


def _check_left(root: Path, server: Server) -> None:
    """Every file that is left, and the log, by content and name; and who may read it."""
    said = server.said()
    assert "Casebook is ready" in said
    assert "Traceback" not in said
    ours = [p for p in root.rglob("*") if p.is_file() and (root / "corpus") not in p.parents]
    assert any(path.name == "CURRENT" for path in ours)
    for path in ours:
        raw = path.read_bytes()
        for canary in (WORD, NUMBER, NUMBER.replace(" ", ""), KEY):
            assert canary.encode() not in raw, f"{canary} in {path}"
            assert canary not in path.name
    for path in (root / "index").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, f"{path} has mode {mode:04o}"  # PR-13
    # What was temporary is gone; torch leaves an empty folder.
    assert [p for p in (root / "tmp").rglob("*") if p.is_file()] == []
    assert list((root / "tmp").glob("casebook-*")) == []
    # Libraries may make caches of their own in the home; none of ours, and none with words.
    caches = {p.relative_to(root / "home").parts[0] for p in (root / "home").rglob("*")}
    assert caches <= {".cache", ".config"}


def _check_open_files(server: Server) -> None:
    """While it runs, no file it holds open for writing has the canary (Linux)."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    if not folder.is_dir():
        return
    for link in folder.iterdir():
        target = Path(os.path.realpath(link))
        if target.is_file() and target.suffix in (".log", ".json", ".jsonl", ".txt", ".tmp"):
            assert WORD not in target.read_text(encoding="utf-8", errors="replace")


CONNECT = re.compile(r"connect\(\d+, (\{.*?\}), \d+\)")
LOCAL = ("sa_family=AF_UNIX", 'inet_addr("127.', "::1", "sa_family=AF_UNSPEC", "AF_NETLINK")


def test_no_connection_below_python_either(tmp_path: Path) -> None:
    """PR-1 for native code, which the guard in Python does not see: build, ask, export, serve."""
    strace = shutil.which("strace")
    if strace is None:
        reason = "needs strace, to see what native code connects to"
        if os.environ.get("CASEBOOK_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    write_corpus(tmp_path / "corpus")
    trace = tmp_path / "trace"
    traced = [strace, "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", str(trace)]
    index = ("--index", str(tmp_path / "index"))
    environ = {**os.environ, **SWITCHED}
    environ.pop("PYTHONPATH", None)  # without the guard: let it try
    for command in (
        ("build_index.py", "--corpus", str(tmp_path / "corpus"), *index),
        ("-m", "assistant", "ask", QUESTION, "--json", *index),
        ("-m", "assistant", "verify", *index),
    ):
        done = subprocess.run(
            [*traced, "-A", sys.executable, *command], cwd=PROJECT, env=environ,
            capture_output=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    options = ("--corpus", str(tmp_path / "corpus"), *index)
    with serving(tmp_path, *options, environ=SWITCHED, before=[*traced, "-A", "-D"]) as server:
        server.wait()
        misuse(server.url)
    reached = CONNECT.findall(trace.read_text(encoding="utf-8", errors="replace"))
    away = [address for address in reached if not any(local in address for local in LOCAL)]
    assert away == []
    _check_strace_sees(traced, trace)


def _check_strace_sees(traced: list[str], trace: Path) -> None:
    """The trace would have shown a connection: one is made, to this computer's own address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        code = f"import socket; socket.create_connection({address!r}).close()"
        subprocess.run([*traced, sys.executable, "-c", code], check=True, timeout=60)
    assert f"htons({address[1]})" in trace.read_text(encoding="utf-8", errors="replace")
