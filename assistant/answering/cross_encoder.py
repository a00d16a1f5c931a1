"""Any cross-encoder as the evidence model: a folder with a sequence-classification network.

It judges a text as a whole, so each sentence costs a pass of its own, with its label for context.
The shipped joint model does the same in one pass; this is for those who have a better judge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.answering.evidence_model import EvidenceInput, PassageEvidence, read_config
from assistant.errors import ModelError
from assistant.indexing.embedders import file_sha256, has_fast_bfloat16

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

BATCH: Final = 16
"""Pairs in one pass, of like length."""
LONGEST: Final = 512
"""Tokens of a pair; the end of a longer text is cut."""
KIND: Final = "ForSequenceClassification"


class CrossEncoder:
    """(question, text) to a logit, by a network with one output, or with two: no and yes."""

    def __init__(
        self, network: Module, tokenizer: PreTrainedTokenizerBase, fingerprint: str
    ) -> None:
        """Assemble a loaded model; use `load`."""
        self._network, self._tokenizer, self.fingerprint = network, tokenizer, fingerprint

    @classmethod
    def load(cls, folder: Path) -> CrossEncoder:
        """Load from `folder` (config.json, model.safetensors, tokenizer.json); no code of its own.

        Raises ModelError if something is missing or it is another kind of network.
        """
        config = read_config(folder)
        kinds = [str(name) for name in config.get("architectures") or ()]
        if not any(name.endswith(KIND) for name in kinds) or config.get("auto_map"):
            raise ModelError(
                f"The model in {folder} is {', '.join(kinds) or 'of no known kind'}: expected a "
                f"cross-encoder (…{KIND}) without code of its own, or Casebook's own weights. "
                "Correct CASEBOOK_EVIDENCE_MODEL, or unset it for the model that ships."
            )
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            network = AutoModelForSequenceClassification.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            digest = file_sha256(folder / "model.safetensors")
        except (
            OSError,
            LookupError,
            TypeError,
            ValueError,
            RuntimeError,
            SafetensorError,
        ) as error:
            raise ModelError(
                f"The model in {folder} cannot be loaded ({type(error).__name__}: {error}): "
                "expected config.json, model.safetensors and tokenizer.json. Copy the model again."
            ) from error
        if network.config.num_labels not in (1, 2) or not hasattr(network, "classifier"):
            raise ModelError(
                f"The model in {folder} has {network.config.num_labels} outputs: expected one "
                "(a score) or two (no, yes), of a classifier. Use another cross-encoder."
            )
        if has_fast_bfloat16():
            network = network.to(torch.bfloat16)
            # Its eight bits are enough inside, but too coarse for the score itself.
            network.classifier.float().register_forward_pre_hook(_in_float32)
        network.eval()
        return cls(network, tokenizer, f"{folder.name}@{digest[:16]}")

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """Logits for each passage and its sentences: all texts of the question in a few passes."""
        texts: list[str] = []
        for passage in passages:
            lead = f"{passage.label}. " if passage.label else ""
            texts += [lead + " ".join(passage.sentences), *(lead + s for s in passage.sentences)]
        logits = iter(self._logits(question, texts))
        found = []
        for passage in passages:
            whole = next(logits)
            own = tuple(next(logits) for _ in passage.sentences)
            found.append(PassageEvidence(whole if own else -math.inf, own))
        return found

    def _logits(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit for each text. Short texts first: little is spent on padding."""
        import torch

        logits = [0.0] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            inputs = self._tokenizer(
                [question] * len(batch), [texts[i] for i in batch],
                padding=True, truncation="only_second", max_length=LONGEST, return_tensors="pt",
            )  # fmt: skip
            with torch.inference_mode():
                output = self._network(**inputs).logits.float()
            values = output[:, 0] if output.shape[1] == 1 else output[:, 1] - output[:, 0]
            for number, value in zip(batch, values.tolist(), strict=True):
                logits[number] = value
        return logits


def _in_float32(_: Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(value.float() for value in inputs)
