"""The features of keypoints: relative where they should be, and of the declared size."""

import torch

from policies.encoders import KeypointConfig, KeypointEncoder
from policies.normaliser import Normaliser

CONFIG = KeypointConfig(goal=(1.0, 2.0, 3.0, 4.0), reach=2.0, motion=0.5, error=4.0, wave=8.0)
OBSERVED = torch.rand(5, 2, 6, generator=torch.Generator().manual_seed(0)) * 10


def encode(observed: torch.Tensor) -> torch.Tensor:
    return KeypointEncoder(CONFIG)(observed, Normaliser.blank(6))


def test_the_declared_size_is_the_size():
    assert encode(OBSERVED).shape == (5, KeypointEncoder.size(2, 6))
    assert encode(OBSERVED[:, :1]).shape == (5, KeypointEncoder.size(1, 6))


def test_points_at_their_goal_have_no_error():
    at_goal = torch.tensor([[[1.0, 2.0, 3.0, 4.0, 9.0, 9.0]] * 2])
    features = encode(at_goal)
    observation, motion, points = 12, 6, 4
    start = observation + motion + points
    torch.testing.assert_close(features[:, start : start + points], torch.zeros(1, points))


def test_what_is_told_of_the_tool_does_not_change_when_all_is_moved_alike():
    start, numbers = 12, 6 + 4  # motion, then points from the tool
    shift = torch.tensor([3.0, -7.0]).repeat(3)
    here, there = encode(OBSERVED), encode(OBSERVED + shift)
    torch.testing.assert_close(here[:, start : start + numbers], there[:, start : start + numbers])
    assert not torch.allclose(here[:, :start], there[:, :start])
