"""Weights as differences: what comes back is what went in, but for half a step of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.differences import LARGEST, SCALE, packed, unpacked
from assistant.answering.reasoning import MODEL

if TYPE_CHECKING:
    from torch import Tensor

MEGABYTE = 10**6


def matrix(seed: int, rows: int, columns: int, size: float) -> Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed)) * size


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    moved=st.sampled_from((0.0, 1e-6, 0.05, 3.0)),
)
def test_a_matrix_comes_back_within_half_a_step(
    seed: int, rows: int, columns: int, moved: float
) -> None:
    base = {"layer": matrix(seed, rows, columns, 1.0)}
    trained = {"layer": base["layer"] + matrix(seed + 1, rows, columns, moved)}
    step = (trained["layer"] - base["layer"]).abs().amax(-1, keepdim=True) / LARGEST
    back = unpacked(packed(trained, base), base)["layer"]
    assert bool(((back - trained["layer"]).abs() <= step / 2 + 1e-6).all())


def test_what_the_base_lacks_is_kept_as_it_is() -> None:
    trained = {"head": matrix(0, 3, 4, 1.0).bfloat16().float(), "bias": torch.tensor([0.5])}
    stored = packed(trained, {"bias": torch.tensor([9.0])})
    assert set(stored) == {"head", "bias"}
    back = unpacked(stored, {})
    assert all(torch.equal(back[name], value) for name, value in trained.items())


def test_a_matrix_takes_one_byte_a_weight_and_its_scales() -> None:
    base = {"layer": matrix(0, 64, 64, 1.0)}
    stored = packed({"layer": matrix(1, 64, 64, 1.0)}, base)
    assert stored["layer"].dtype is torch.int8
    assert stored["layer" + SCALE].shape == (64, 1)


def test_the_weights_that_ship_are_under_15_megabytes() -> None:
    assert (MODEL / "model.safetensors").stat().st_size < 15 * MEGABYTE


def test_scales_without_their_base_are_an_error() -> None:
    stored = packed({"layer": torch.ones(2, 2)}, {"layer": torch.zeros(2, 2)})
    with pytest.raises(KeyError, match="layer"):
        unpacked(stored, {})
