"""Fixtures for all tests. Session-scoped ones are read-only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.indexing.embedders import SentenceTransformerEmbedder
from assistant.pipeline import Casebook
from assistant.settings import PROJECT
from tests import network
from tests.making import casebook, write_corpus

network.close()
network.close_in_children()
# Whoever tests may have passwords of their own, and they are none of the tests' business.
os.environ["CASEBOOK_PASSWORDS"] = str(PROJECT / "private" / "none.json")

# The same examples every time, and no deadline on a busy machine.
settings.register_profile("steady", deadline=None, derandomize=True)
# pytest --hypothesis-profile=explore looks for new ones.
settings.register_profile("explore", deadline=None, max_examples=3000)
settings.load_profile("steady")

SEEDS = PROJECT.parent / "shared" / "seeds"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three short case studies in a folder of their own."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def book(corpus: Path) -> Casebook:
    """A casebook of the three case studies, built with HashingEmbedder."""
    found = casebook(corpus.parent)
    found.build()
    return found


@pytest.fixture(scope="session")
def real_embedder() -> SentenceTransformerEmbedder:
    """The model that the product uses (loading takes seconds)."""
    return SentenceTransformerEmbedder.load()


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The two documents the project started from; they are not part of the repository."""
    if not SEEDS.is_dir():
        pytest.skip(
            "needs ../shared/seeds, two documents beside the project; not part of the repository"
        )
    return SEEDS
