"""A small real cross-encoder for tests: MiniLM's own layers, cut short, with a head to classify."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.indexing.embedders import default_model_folder


def write_cross_encoder(folder: Path, outputs: int, seed: int = 3) -> Path:
    """Save a cross-encoder of two layers with `outputs` outputs below `folder`."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    folder.mkdir(parents=True, exist_ok=True)
    base = default_model_folder()
    torch.manual_seed(seed)
    config = BertConfig.from_pretrained(
        base, num_hidden_layers=2, num_labels=outputs, initializer_range=0.2
    )
    network = BertForSequenceClassification.from_pretrained(base, config=config)
    torch.nn.init.normal_(network.classifier.weight, std=0.5)
    network.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        if (base / name).is_file():
            shutil.copy(base / name, folder / name)
    return folder
