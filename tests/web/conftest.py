"""One running server for the suites of bad questions and bad requests."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.making import casebook, write_corpus
from tests.web.running import QUESTION, SENTENCE, Held, Running, answer, running


@pytest.fixture(scope="package")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A casebook of the three case studies."""
    folder = tmp_path_factory.mktemp("book")
    write_corpus(folder / "corpus")
    found = casebook(folder)
    found.build()
    return Held(found)


@pytest.fixture(scope="package")
def server(held: Held) -> Iterator[Running]:
    """The app that serves it, without limits of pace."""
    with running(held) as found:
        yield found


@pytest.fixture
def visitor(server: Running) -> Iterator[httpx.Client]:
    """A client of the server."""
    with httpx.Client(base_url=server.url, timeout=30) as found:
        yield found


@pytest.fixture(scope="module")
def healthy(server: Running) -> Iterator[None]:
    """Whatever a suite did to the server, afterwards it answers."""
    yield
    with httpx.Client(base_url=server.url, timeout=30) as found:
        assert SENTENCE in answer(found, QUESTION, "afterwards")
