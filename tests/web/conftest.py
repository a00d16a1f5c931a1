"""A built casebook for each module, and one running server for the suites of bad requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.pipeline import Casebook
from tests.making import casebook, write_corpus
from tests.web.running import QUESTION, SENTENCE, Held, Running, answer, running


@pytest.fixture(scope="module")
def open_book(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    """A casebook of the three case studies, shared by the tests of a module."""
    return _built(tmp_path_factory.mktemp("book"))


def _built(folder: Path) -> Casebook:
    write_corpus(folder / "corpus")
    found = casebook(folder)
    found.build()
    return found


@pytest.fixture(scope="package")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A casebook of the three case studies."""
    return Held(_built(tmp_path_factory.mktemp("book")))


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
