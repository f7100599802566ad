"""What a denoiser is told of an observation of planar keypoints, a tool and a goal.

A network learns fine differences of its inputs slowly. Pushing needs them: which corner the tool is
near, how far the block is from its mark. So they are given outright, on scales of their own.

Source: sines and cosines of coordinates: Tancik et al., Fourier Features, arXiv:2006.10739.
Shapes: B batch, O observed steps, D observation size (P points x, y, then the tool x, y), F
features.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from policies.normaliser import Normaliser


@dataclass(frozen=True, kw_only=True)
class KeypointConfig:
    """Scales in the observation's own unit; what is divided by them should be about 1."""

    goal: tuple[float, ...]  # where the points must go, 2 P numbers
    reach: float  # distance of points to the tool that matters
    motion: float  # how far things move in a step
    error: float  # distance of points to their goal that matters
    wave: float  # distance in which a sine turns by one radian


class KeypointEncoder(nn.Module):
    """Observed steps -> features for the denoiser."""

    def __init__(self, config: KeypointConfig) -> None:
        super().__init__()
        self.config = config
        self.goal: Tensor
        self.register_buffer("goal", torch.tensor(config.goal), persistent=False)

    @staticmethod
    def size(observed_steps: int, observation_size: int) -> int:
        """F: how many features come out."""
        numbers = observation_size - 2  # of the points
        return observed_steps * observation_size + observation_size + 6 * numbers

    def forward(self, observed: Tensor, normaliser: Normaliser) -> Tensor:
        """(B, O, D) -> (B, F)."""
        config = self.config
        now, before = observed[:, -1], observed[:, -2:][:, 0]  # the same step where there is one
        points, tool = now[:, :-2], now[:, -2:]
        from_tool = points - tool.repeat(1, points.shape[1] // 2)  # (B, 2 P)
        to_goal = points - self.goal  # (B, 2 P)
        waves = torch.cat([from_tool, to_goal], dim=1) / config.wave  # (B, 4 P)
        return torch.cat(
            [
                normaliser.normalise(observed).flatten(1),
                (now - before) / config.motion,
                from_tool / config.reach,
                to_goal / config.error,
                waves.sin(),
                waves.cos(),
            ],
            dim=1,
        )
