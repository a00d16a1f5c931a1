"""Questions that lie beside the project, and the shipped corpus with the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.bench import Bench
from assistant.indexing.embedders import SentenceTransformerEmbedder
from assistant.settings import PROJECT, Settings

SHARED = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """A folder of questions with known evidence, and of the scorer they came with."""
    if not (SHARED / "eval").is_dir():
        pytest.skip(
            "needs ../shared/eval, a folder of questions with known evidence beside the project; "
            "not part of the repository"
        )
    return SHARED


@pytest.fixture(scope="session")
def real_bench(
    real_embedder: SentenceTransformerEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    """The shipped case studies, indexed and answered as they are in use."""
    settings = Settings(
        corpus=PROJECT / "corpus", index=tmp_path_factory.mktemp("quality") / "index"
    )
    bench = Bench.open(settings, real_embedder)
    bench.casebook.build()
    return bench
