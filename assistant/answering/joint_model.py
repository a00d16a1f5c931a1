"""The evidence model that ships: judge a passage and each of its sentences in one pass.

A small cross-encoder reads `[CLS] question [SEP] label sentence sentence ... [SEP]` once and gives
one logit for each sentence (from the mean of its own token states, the CLS state, and its likeness
to the mean of the question's), so a sentence is always judged in its context, and one for the
passage (from the CLS state and the sentences' logits). What was not trained (the embeddings) is
that of all-MiniLM-L6-v2, read from its package; what the layers learnt (`differences`) and the
heads are stored here (`training/`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.answering.differences import SCALE, unpacked
from assistant.answering.evidence_model import EvidenceInput, PassageEvidence, read_config
from assistant.answering.pair_encoding import NOTHING, QUESTION, Encoded, PairEncoder
from assistant.errors import ModelError
from assistant.indexing.embedders import default_model_folder, file_sha256, has_fast_bfloat16

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

FORMAT: Final = 3
WORKERS: Final = 2
"""Threads that each run whole passes on one core. Measured faster than two threads inside every
multiplication, and much faster where other programs are busy, since nobody waits for a neighbour
at every step; and a score cannot depend on how a multiplication was shared out."""
HEAD_NAMES: Final = ("passage", "sentence")
STRIDE: Final = 16
"""Inputs are padded to a multiple of this many tokens: attention over other lengths does not fit
the registers. A step of training takes 1.02 s instead of 1.26 s."""


def evidence_logits(
    encoder: Module, heads: Mapping[str, Tensor], rows: Sequence[Encoded]
) -> tuple[Tensor, Tensor]:
    """Run the network on `rows`, padded to a common length (shared with training).

    Returns float32 passage logits of shape (rows,) and sentence logits of shape
    (rows, most sentences); a place with no sentence holds minus infinity.
    """
    import torch
    from torch.nn import functional

    length = -(-max(len(row.ids) for row in rows) // STRIDE) * STRIDE

    def padded(values: Sequence[int], fill: int) -> list[int]:
        return [*values, *([fill] * (length - len(values)))]

    ids = torch.tensor([padded(row.ids, 0) for row in rows])
    segments = torch.tensor([padded(row.segments, 0) for row in rows])
    owners = torch.tensor([padded(row.owners, NOTHING) for row in rows])
    mask = torch.tensor([padded([1] * len(row.ids), 0) for row in rows])
    states = encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
    cls = states[:, 0]
    most = max(int(owners.max()) + 1, 1)
    member = owners[:, None, :] == torch.arange(most)[None, :, None]
    means = _means(member, states)
    asked = _means((owners == QUESTION)[:, None, :], states)
    likeness = functional.normalize(means, dim=-1) * functional.normalize(asked, dim=-1)
    beside = cls.float()[:, None, :].expand(-1, most, -1)
    seen = torch.cat([means, beside, likeness * likeness.shape[-1]], dim=-1)
    scores = _head(heads, "sentence", seen) + heads["cosine"] * likeness.sum(-1)
    sentences = scores.masked_fill(~member.any(-1), -math.inf)
    best = torch.logsumexp(sentences, -1)
    return _head(heads, "passage", cls) + heads["pooled"] * best, sentences


def _means(member: Tensor, states: Tensor) -> Tensor:
    """Mean state, in float32, of the tokens of each member: (rows, members, width)."""
    weights = member.float() / member.sum(-1, keepdim=True).clamp(min=1)
    return weights @ states.float()


def _head(heads: Mapping[str, Tensor], name: str, states: Tensor) -> Tensor:
    """Two-layer perceptron in float32: (..., width) to (...)."""
    import torch
    from torch.nn import functional

    with torch.autocast("cpu", enabled=False):
        inner = functional.linear(
            states.float(), heads[f"{name}_inner_weight"], heads[f"{name}_inner_bias"]
        )
        outer = functional.linear(
            functional.gelu(inner), heads[f"{name}_outer_weight"], heads[f"{name}_outer_bias"]
        )
    return outer.squeeze(-1)


class JointModel:
    """Questions and passages in, logits out: an `EvidenceModel`.

    The same input gives the same bytes on the same machine, whatever other candidates are scored
    with it: weights are fixed, dropout is off, and every input has a pass of its own on one core.
    On a processor that needs no batches to be busy this is also the fastest (training/README.md).
    Another processor may differ in the last digits.
    """

    def __init__(
        self,
        encoder: Module,
        heads: Mapping[str, Tensor],
        pairs: PairEncoder,
        config: Mapping[str, object],
    ) -> None:
        """Assemble a loaded model; use `load`."""
        self._encoder = encoder
        self._heads = heads
        self._pairs = pairs
        self._workers = ThreadPoolExecutor(WORKERS, "evidence", initializer=_use_one_core)
        self.fingerprint = str(config["sha256"])[:16]

    @classmethod
    def load(cls, folder: Path) -> JointModel:
        """Load from `folder` (model.safetensors, config.json) and the base model's package.

        Raises ModelError if something is missing, altered, or made for other versions.
        """
        import torch
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        config = _checked_config(folder)
        base, weights = default_model_folder(), folder / "model.safetensors"
        _check(base / "model.safetensors", str(config["base_sha256"]))
        _check(weights, str(config["sha256"]))
        encoder = load_base(base)
        stored = load_file(weights)
        own = encoder.state_dict()
        layers = _under("encoder.", stored)
        heads = unpacked(_under("heads.", stored), {})
        unknown = [name for name in layers if name.removesuffix(SCALE) not in own]
        if unknown:
            raise ModelError(
                f"{weights} holds the unknown tensor {unknown[0]!r}; "
                "expected layers of all-MiniLM-L6-v2. Restore the file that came with the program."
            )
        encoder.load_state_dict(unpacked(layers, own), strict=False)
        if has_fast_bfloat16():
            encoder = encoder.to(torch.bfloat16)
        encoder.eval()
        tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(encoder, heads, PairEncoder(tokenizer), config)

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """Logits for each passage, in the order given.

        A passage without sentences scores minus infinity. A passage too long for one input is read
        in windows and takes the best window's score.
        """
        scores = [-math.inf] * len(passages)
        sentences = [[-math.inf] * len(passage.sentences) for passage in passages]
        windows = [
            (number, window)
            for number, passage in enumerate(passages)
            if passage.sentences
            for window in self._pairs.encode(question, passage)
        ]
        found = self._workers.map(self._forward, (window for _, window in windows))
        for (number, window), (whole, parts) in zip(windows, found, strict=True):
            scores[number] = max(scores[number], whole)
            for index in {owner for owner in window.owners if owner >= 0}:
                sentences[number][index] = parts[index]
        return [
            PassageEvidence(score, tuple(own)) for score, own in zip(scores, sentences, strict=True)
        ]

    def _forward(self, window: Encoded) -> tuple[float, list[float]]:
        """Passage logit and sentence logits of one input."""
        import torch

        with torch.inference_mode():
            whole, parts = evidence_logits(self._encoder, self._heads, [window])
        return float(whole[0]), parts[0].tolist()


def _use_one_core() -> None:
    """Keep PyTorch in this thread to one core; threads that have used it already are untouched."""
    import torch

    torch.set_num_threads(1)


def load_base(folder: Path) -> Module:
    """The base model's encoder in float32, without dropout; plain attention is fastest here."""
    from transformers import BertModel
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    encoder: Module = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        attn_implementation="eager",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        local_files_only=True,
    )
    return encoder


def _checked_config(folder: Path) -> dict[str, object]:
    """`config.json`, if it is of this version's format."""
    config = read_config(folder)
    found = config.get("format")
    if found != FORMAT:
        raise ModelError(
            f"{folder / 'config.json'} has the format {found!r}; "
            f"expected {FORMAT}. Use the weights that belong to this version of the program."
        )
    return config


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names start with `prefix`, without it."""
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def _check(path: Path, sha256: str) -> None:
    """Raises ModelError unless the file is there with the bytes expected."""
    try:
        found = file_sha256(path)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error}); expected the model's weights. "
            "Restore the file, or install the packages again."
        ) from error
    if found != sha256:
        raise ModelError(
            f"{path} has the SHA-256 {found[:16]}...; expected {sha256[:16]}.... "
            "The file was altered or belongs to another version: restore it."
        )
