"""Kills, disks and damage: after each, one whole generation is loaded, verified and asked.

The experiments raise where a promise is broken; what is asserted here is that each fault was really
made to happen, and what became of it.
"""

from __future__ import annotations

import os

import pytest

from benchmarks.faults import damage, disks, incremental, kills, load

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs fork and kill -9"),
]


def test_kill_9_at_fifty_random_moments_of_a_rebuild() -> None:
    found = kills.at_random_moments(50)
    assert (found.builds, found.old + found.new) == (50, 50)
    assert found.killed >= 20 and found.old >= 20, "kills that came before a build was done"


def test_kill_9_at_every_step_of_publishing() -> None:
    found = kills.at_every_step()
    assert found.builds >= 50 and found.old + found.new == found.builds
    assert found.killed >= found.builds - 8, "all but a few steps of pruning that may not come"
    assert found.new >= 2, "killed when CURRENT had been replaced"


def test_kill_9_with_the_model_that_ships() -> None:
    found = kills.with_the_real_model(3)
    assert (found.builds, found.old + found.new) == (3, 3)
    assert found.killed >= 1


def test_files_that_can_grow_no_further() -> None:
    found = disks.size_limits()
    assert found.refused >= 8 and found.old == found.refused


def test_a_full_disk() -> None:
    found = disks.full_disk()
    if found is None:
        pytest.skip("this account may not mount a small disk")
    assert found.refused >= 3 and found.old == found.refused


def test_no_space_left_at_every_step() -> None:
    found = disks.failing_steps(disks.FULL)
    assert found.builds >= 30 and found.refused >= 15 and found.old >= 15


def test_a_disk_that_can_only_be_read() -> None:
    found = disks.read_only()
    if found is None:
        pytest.skip("nothing can be closed to this account")
    assert "cannot be written" in found.build_said and "--index" in found.build_said
    assert found.answered_from == "000001"


def test_every_file_of_a_generation_damaged_in_every_way() -> None:
    found = damage.every_file()
    assert found.files >= 10 and found.damages >= 10 * found.files
    assert found.named == found.passed_over == found.damages


def test_a_thousand_questions_while_twenty_rebuilds_publish() -> None:
    found = load.asking_while_rebuilding(1000, 20)
    assert found.questions >= 1000 and found.rebuilds == 20
    assert (found.faults, found.mixed) == ((), ())
    assert found.generations >= 10, "they were asked while the rebuilds went on"
    assert found.left == 3


def test_one_file_beside_a_thousand() -> None:
    cost = incremental.one_file_more()
    assert 0 < cost.one_more < 0.05 * cost.full
    assert cost.renamed == 0
