"""What a generator is told of planar keypoints, a tool and a goal.

A network learns fine differences of its inputs slowly. Pushing needs them: which corner the tool is
near, how far the block is from its mark. So they are given outright, on scales of their own.

Source: sines and cosines of coordinates: Tancik et al., Fourier Features, arXiv:2006.10739.
Shapes: B batch, O observed steps, D state size (P points x, y, then the tool x, y), F features.
"""

from dataclasses import dataclass
from typing import Literal

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
    kind: Literal["keypoints"] = "keypoints"


class KeypointEncoder(nn.Module):
    """Observed steps -> features for the generator."""

    inputs = ("state",)
    lesson = None

    def __init__(self, config: KeypointConfig, observed_steps: int, state: Normaliser) -> None:
        super().__init__()
        self.config = config
        self.state = state
        self._shape = (observed_steps, len(config.goal) + 2)
        self.size = (observed_steps + 1) * self._shape[1] + 6 * len(config.goal)
        self.goal: Tensor
        self.register_buffer("goal", torch.tensor(config.goal), persistent=False)

    def example(self, batch: int) -> tuple[Tensor, ...]:
        """Inputs of the right shapes."""
        return (torch.zeros(batch, *self._shape),)

    def forward(self, state: Tensor) -> Tensor:
        """(B, O, D) -> (B, F)."""
        config = self.config
        now, before = state[:, -1], state[:, -2:][:, 0]  # the same step where there is one
        points, tool = now[:, :-2], now[:, -2:]
        from_tool = points - tool.repeat(1, points.shape[1] // 2)  # (B, 2 P)
        to_goal = points - self.goal  # (B, 2 P)
        waves = torch.cat([from_tool, to_goal], dim=1) / config.wave  # (B, 4 P)
        return torch.cat(
            [
                self.state.normalise(state).flatten(1),
                (now - before) / config.motion,
                from_tool / config.reach,
                to_goal / config.error,
                waves.sin(),
                waves.cos(),
            ],
            dim=1,
        )
