"""The network while it is trained: the product's forward pass with weights that learn."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer
from torch import nn

from assistant.answering.evidence_model import EvidenceInput, PassageEvidence
from assistant.answering.joint_model import HEAD_NAMES, evidence_logits, load_base
from assistant.answering.pair_encoding import Encoded, PairEncoder
from assistant.indexing.embedders import default_model_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor

WIDTH = 384
HEAD_WIDTH = 192
START_COSINE = 8.0
"""First weight of the cosine of sentence and question: MiniLM's mean states are made for it, so
sentence choice starts from likeness and learns what likeness misses."""
CHUNK = 12
"""Inputs in one forward pass; larger ones lose time to page faults."""


class EvidenceNetwork(nn.Module):
    """MiniLM with its embeddings and first `frozen` layers fixed, and two heads."""

    def __init__(self, frozen: int = 0, *, pooled: bool = True) -> None:
        """Start from all-MiniLM-L6-v2 with fresh heads; seed torch before.

        A passage's logit starts from its sentences' with `pooled`; otherwise it is the CLS state's.
        """
        super().__init__()
        self.encoder = load_base(default_model_folder())
        fixed = ("embeddings.", *(f"encoder.layer.{layer}." for layer in range(frozen)))
        for name, parameter in self.encoder.named_parameters():
            parameter.requires_grad = not name.startswith(fixed)
        self.heads = nn.ParameterDict()
        for name, width in zip(HEAD_NAMES, (WIDTH, 3 * WIDTH), strict=True):
            for part, inputs, outputs in (("inner", width, HEAD_WIDTH), ("outer", HEAD_WIDTH, 1)):
                linear = nn.Linear(inputs, outputs)
                self.heads[f"{name}_{part}_weight"] = linear.weight
                self.heads[f"{name}_{part}_bias"] = linear.bias

        self.heads["cosine"] = nn.Parameter(torch.tensor([START_COSINE]))
        self.heads["pooled"] = nn.Parameter(torch.tensor([float(pooled)]), requires_grad=pooled)

    def forward(self, rows: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
        """Passage logits (rows,) and sentence logits (rows, most sentences), -inf where none.

        Rows of like length are run together, so that little is spent on padding.
        """
        order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
        most = max((max(row.owners) for row in rows), default=0) + 1
        whole: list[Tensor] = []
        parts: list[Tensor] = []
        for start in range(0, len(order), CHUNK):
            chunk = [rows[i] for i in order[start : start + CHUNK]]
            passage, sentence = evidence_logits(self.encoder, dict(self.heads), chunk)
            whole.append(passage)
            missing = most - sentence.shape[1]
            parts.append(nn.functional.pad(sentence, (0, missing), value=-torch.inf))
        back = torch.tensor(order).argsort()
        return torch.cat(whole)[back], torch.cat(parts)[back]

    def trained(self) -> Iterable[tuple[str, Tensor]]:
        """Name and value of every parameter that learns."""
        return ((n, p) for n, p in self.named_parameters() if p.requires_grad)

    def in_bfloat16(self) -> EvidenceNetwork:
        """A copy that computes as the product does, with the encoder in bfloat16."""
        twin = copy.deepcopy(self)
        twin.encoder.to(torch.bfloat16)
        return twin

    def follow(self, other: EvidenceNetwork) -> None:
        """Take over the trained values of `other`."""
        with torch.no_grad():
            for (_, own), (_, theirs) in zip(self.trained(), other.trained(), strict=True):
                own.copy_(theirs)


class NetworkScorer:
    """Scores with a network in training as the product scores with the finished one."""

    def __init__(self, network: EvidenceNetwork) -> None:
        """Use `network` as it is now."""
        self._network = network.in_bfloat16()
        self._encoder = CachedEncoder()

    def score(self, question: str, passages: Sequence[EvidenceInput]) -> list[PassageEvidence]:
        """Logits for each passage and its sentences; a passage must have a sentence."""
        owned = [
            (number, window)
            for number, passage in enumerate(passages)
            for window in self._encoder.encode(question, passage.label, passage.sentences)
        ]
        with torch.inference_mode():
            whole, parts = self._network([window for _, window in owned])
        scores = [-math.inf] * len(passages)
        sentences = [[-math.inf] * len(passage.sentences) for passage in passages]
        for (number, window), score, row in zip(owned, whole.tolist(), parts.tolist(), strict=True):
            scores[number] = max(scores[number], score)
            for index in {owner for owner in window.owners if owner >= 0}:
                sentences[number][index] = row[index]
        return [PassageEvidence(s, tuple(own)) for s, own in zip(scores, sentences, strict=True)]


class CachedEncoder:
    """PairEncoder that remembers word pieces: the same sentences come back thousands of times."""

    def __init__(self) -> None:
        """Use the base model's tokenizer."""
        tokenizer = Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._pairs = PairEncoder(tokenizer)
        self._known: dict[str, list[int]] = {}

    def encode(self, question: str, label: str, sentences: tuple[str, ...]) -> list[Encoded]:
        """Windows of a passage, as in the product."""
        wanted = (question, label, *sentences)
        missing = [text for text in wanted if text not in self._known]
        self._known.update(zip(missing, self._pairs.pieces(missing), strict=True))
        first, second, *others = (self._known[text] for text in wanted)
        return self._pairs.assemble(first, second, others)
