"""Point clouds: every point through one small network, the strongest answer of each feature kept.

Source: PointNet: Qi et al., arXiv:1612.00593; without its alignment networks, with layer
normalisation, as in 3D Diffusion Policy: Ze et al., arXiv:2403.03954.
Shapes: B batch, O observed steps, N points, D state size, F features.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from policies.normaliser import Normaliser


@dataclass(frozen=True, kw_only=True)
class PointsConfig:
    """Sizes of the network, and where the points lie."""

    state_size: int
    count: int = 512  # N
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)  # [m], becomes the origin
    extent: float = 0.25  # [m] from the centre that becomes 1
    widths: tuple[int, ...] = (64, 128, 256)
    features: int = 64  # per observed step
    kind: Literal["points"] = "points"


class PointsEncoder(nn.Module):
    """Observed steps -> features for the generator; the order of points does not matter."""

    inputs = ("state", "points")
    lesson = None

    def __init__(self, config: PointsConfig, observed_steps: int, state: Normaliser) -> None:
        super().__init__()
        self.config = config
        self.state = state
        self.size = observed_steps * (config.state_size + config.features)
        self._steps = observed_steps
        layers: list[nn.Module] = []
        for inner, outer in zip((3, *config.widths[:-1]), config.widths, strict=True):
            layers += [nn.Linear(inner, outer), nn.LayerNorm(outer), nn.ReLU()]
        self.each = nn.Sequential(*layers)
        self.all = nn.Sequential(
            nn.Linear(config.widths[-1], config.features), nn.LayerNorm(config.features)
        )
        self.centre: Tensor
        self.register_buffer("centre", torch.tensor(config.centre), persistent=False)

    def example(self, batch: int) -> tuple[Tensor, ...]:
        """Inputs of the right shapes."""
        points = torch.zeros(batch, self._steps, self.config.count, 3)
        return torch.zeros(batch, self._steps, self.config.state_size), points

    def forward(self, state: Tensor, points: Tensor) -> Tensor:
        """State (B, O, D), points (B, O, N, 3) [m] -> (B, F)."""
        placed = (points - self.centre) / self.config.extent
        strongest = self.each(placed).amax(dim=2)  # (B, O, widths[-1])
        return torch.cat([self.state.normalise(state), self.all(strongest)], dim=-1).flatten(1)
