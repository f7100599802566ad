"""Levels of a plan: staggered by chunk, on a schedule that may be finer, never wrapping around."""

import pytest
import torch

from policies.streaming.noise_levels import NoiseLevels

SIZES = [(1, 1, 1), (1, 8, 100), (2, 8, 100), (4, 12, 100), (4, 100, 100), (3, 6, 7)]


@pytest.mark.parametrize(("chunks", "count", "trained"), SIZES)
def test_the_map_rises_and_its_last_level_is_all_noise(chunks: int, count: int, trained: int):
    levels = NoiseLevels(chunks, count, trained)
    timestep = levels.timestep
    assert len(timestep) == count and timestep[-1] == trained - 1 and timestep[0] >= 0
    assert (timestep.diff() > 0).all()


@pytest.mark.parametrize(("chunks", "count", "trained"), SIZES)
def test_after_a_call_every_chunk_waits_where_the_one_before_it_did(
    chunks: int, count: int, trained: int
):
    levels = NoiseLevels(chunks, count, trained)
    after = levels.staggered - levels.calls
    assert levels.calls * chunks == count
    assert after[0] == -1 and levels.staggered[-1] == count - 1
    assert torch.equal(after[1:], levels.staggered[:-1])


def test_clean_has_all_its_signal_and_the_last_level_none():
    levels = NoiseLevels(2, 8, 100)
    signal = levels.signal(torch.arange(-1, 8))
    assert signal[0] == 1.0 and signal[-1] < 1e-6
    assert (signal.diff() < 0).all()


def test_each_sample_learns_one_level_or_a_stage_of_a_call():
    levels = NoiseLevels(4, 12, 100)
    drawn = levels.draw(4000, 0.2, torch.Generator().manual_seed(0))
    even = (drawn == drawn[:, :1]).all(1)
    assert even.float().mean().item() == pytest.approx(0.2, abs=0.03)  # 4 sigma: 0.025
    assert set(drawn[even, 0].tolist()) == set(range(12))
    stages = {tuple(row) for row in drawn[~even].tolist()}
    assert stages == {(2, 5, 8, 11), (1, 4, 7, 10), (0, 3, 6, 9)}
