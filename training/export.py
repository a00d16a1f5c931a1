"""Write a trained network as the product reads it: what was learnt, and settings."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from safetensors.torch import save

from assistant.answering.differences import packed
from assistant.answering.joint_model import FORMAT, load_base
from assistant.indexing.embedders import default_model_folder

if TYPE_CHECKING:
    from pathlib import Path

    from training.network import EvidenceNetwork


def export(network: EvidenceNetwork, folder: Path) -> str:
    """Write `model.safetensors` and `config.json` to `folder`; the weights' SHA-256 comes back."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = {name: value.detach() for name, value in network.trained()}
    start = load_base(default_model_folder()).state_dict()
    content = save(packed(trained, {f"encoder.{name}": start[name] for name in start}))
    digest = hashlib.sha256(content).hexdigest()
    base = default_model_folder() / "model.safetensors"
    config = {
        "format": FORMAT,
        "base": "sentence-transformers/all-MiniLM-L6-v2",
        "base_sha256": hashlib.sha256(base.read_bytes()).hexdigest(),
        "sha256": digest,
        "parameters": sum(value.numel() for value in trained.values()),
    }
    (folder / "model.safetensors").write_bytes(content)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return digest
