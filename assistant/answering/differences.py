"""Trained weights as small differences from the base model's, eight bits each.

Training moves a matrix by 2 to 5 % of its size, so what it learnt fits into whole numbers from -127
to 127 with one scale for each row: half the bytes of bfloat16, and a seventh of its rounding error.
(Symmetric quantisation by row, as for weights in Jacob et al. 2018, here of what was learnt and not
of the weights, whose rounding error would be 35 times as large.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

LARGEST: Final = 127
SCALE: Final = ".scale"
"""Ends the name of the scales, of shape (rows, 1), that belong to the differences of a matrix."""


def packed(trained: Mapping[str, Tensor], base: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Matrices of `trained` as int8 differences from those of `base`, the rest in bfloat16."""
    import torch

    stored: dict[str, Tensor] = {}
    for name, weights in trained.items():
        if weights.dim() < 2 or name not in base:
            stored[name] = weights.to(torch.bfloat16).contiguous()
            continue
        learnt = weights.float() - base[name].float()
        scale = learnt.abs().amax(-1, keepdim=True) / LARGEST
        stored[name] = (learnt / scale.clamp(min=1e-12)).round().to(torch.int8).contiguous()
        stored[name + SCALE] = scale
    return stored


def unpacked(stored: Mapping[str, Tensor], base: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `packed` was given, in float32 and nearly: off by at most half a scale."""
    return {
        name: base[name].float() + tensor.float() * stored[name + SCALE]
        if name + SCALE in stored
        else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(SCALE)
    }
